"""Recovery plans: proposed by finance where a practice was paid too much, agreed by the practice or by a second person
of finance, and from then on taken in the payment runs, instalment by instalment.

A plan is of all that a practice owes for a year. A new one that takes its place has what was paid back so far as its
first instalment, so that no penny is asked for twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max

from remit.contract.machine import Party
from remit.contract.recovery_plan import WITHOUT_PRACTICE as MACHINE
from remit.contract.recovery_plan import State, Step
from remit.core import say
from remit.core.dates import month_end
from remit.core.problems import Refused, refuse
from remit.payment.book import RECOVERY
from remit.payment.recovery_plan import Plan, most_months, recovery_plan
from remit.payment.to_pay import owed
from remit.scheme import load_scheme
from remit.scheme.model import Scheme
from remit.service import clock
from remit.service.audit.log import record
from remit.service.money.known import Known, known_of
from remit.service.money.models import OPEN_PLANS, RecoveryPlan, RecoveryPlanStep
from remit.service.money.scopes import for_commissioner
from remit.service.offers.models import SchemeYear
from remit.service.organisations.models import Organisation
from remit.service.people.roles import Action
from remit.service.register.models import SchemeVersion
from remit.service.register.reading import file_of
from remit.service.register.states import State as Published
from remit.service.scope.scope import current
from remit.service.steps import done_by, led, parties_in


@dataclass(frozen=True)
class Owed:
    """What a practice owes for a year: all of it, what it paid back so far, and what no agreed plan covers yet."""

    known: Known
    pence: int
    received: int
    planned: int

    @property
    def left(self) -> int:
        """What is still to come in."""
        return self.pence - self.received

    @property
    def is_covered(self) -> bool:
        """Whether a plan that was agreed covers it."""
        return self.planned >= self.pence


def owed_of(years: list[SchemeYear], until: date | None = None) -> list[Owed]:
    """Who owes what by what is approved and paid: in the order of years and practices. Whoever calls acts as the
    service for the commissioner."""
    today = clock.today()
    day = until or month_end(today.year, today.month)
    known = known_of(years, day)
    found = []
    for year in years:
        those = [one for one in known if one.year.pk == year.pk]
        owes = owed([one.to_pay for one in those], day)
        for one in those:
            pence, received = owes[one.to_pay.whose], one.to_pay.of(RECOVERY).pence
            if pence > received:
                found.append(Owed(one, pence, received, sum(due.pence for due in one.to_pay.plan or ())))
    return found


def proposal(debt: Owed, notified: date, months: int | None, exceptional: str) -> Plan:
    """The plan for what is left. Raises Refused where so many months are not possible."""
    plan: Plan = recovery_plan(scheme_of(debt.known.year), debt.left, notified, months, exceptional)
    return plan


def most_of(year: SchemeYear) -> int:
    """The months that the scheme of a year allows."""
    return most_months(scheme_of(year))


def scheme_of(year: SchemeYear) -> Scheme:
    """The newest published version of a year's scheme. Raises Refused where there is none."""
    rows = SchemeVersion.objects.filter(
        organisation=year.organisation_id, scheme_id=year.scheme_id, state=Published.PUBLISHED.value
    )
    version = rows.order_by("-version").first()
    if version is None:
        raise refuse("service.scheme-not-published", f"{year.title} is not published.", None, "Publish it first.")
    return load_scheme(str(file_of(version)))


def propose(
    year: SchemeYear, practice: Organisation, months: int | None = None, exceptional: str = "", reason: str = "",
    notified: date | None = None,
) -> RecoveryPlan:  # fmt: skip
    """Propose how a practice pays back what it owes for a year, from its notification (today) on.

    Six months unless the scheme says otherwise; more need exceptional circumstances in words. A proposal that is open
    is replaced, with the reason; a plan that was agreed goes on until this one is agreed. Raises Refused.
    """
    check_may(year)
    person, parties = current().person, parties_in(year.organisation_id)
    day = notified or clock.today()
    with transaction.atomic():
        locked = (
            SchemeYear.objects.select_for_update(of=("self",), no_key=True)
            .select_related("organisation")
            .get(pk=year.pk)
        )
        with for_commissioner(year.organisation):
            debt = next((one for one in owed_of([locked]) if one.known.practice == practice.pk), None)
            if debt is None:
                raise refuse("service.recovery", f"{practice} owes nothing for {year.title}.", None, "")
            plan, fault = None, ""
            try:
                plan = proposal(debt, day, months, exceptional)
            except Refused as refused:
                fault = " ".join(one.message for one in refused.problems)
            state = led(MACHINE, None, Step.PROPOSE, parties, fault=fault[:1].upper() + fault[1:])
            assert plan is not None
            for open_one in _locked(practice, locked, (State.PROPOSED.value,)):
                _move(open_one, Step.REPLACE, parties, reason, person)
            last = RecoveryPlan.objects.filter(practice=practice, scheme_year=locked).aggregate(n=Max("number"))["n"]
            before = [{"day": day.isoformat(), "pence": debt.received, "paid": True}] if debt.received else []
            dues = [{"day": due.day.isoformat(), "pence": due.pence} for due in plan.instalments if due.day]
            made = RecoveryPlan.objects.create(
                practice=practice, organisation=locked.organisation, scheme_year=locked,
                declaration=debt.known.declaration, number=(last or 0) + 1, state=state.value, pence=debt.pence,
                months=plan.months, notified=day, exception=plan.exceptional, schedule=[*before, *dues],
            )  # fmt: skip
            _step(made, Step.PROPOSE, person, exceptional)
            record(
                "recovery.proposed", practice, str(made), person, scheme=locked.title, months=plan.months,
                left_pence=debt.left, exceptional=plan.exceptional or "none",
            )  # fmt: skip
    return made


def agree(plan: RecoveryPlan) -> RecoveryPlan:
    """Agree to a plan, as the practice or as a second person of finance; one that was agreed before is replaced."""
    return _decided(plan, Step.AGREE, "")


def turn_down(plan: RecoveryPlan, reason: str) -> RecoveryPlan:
    """Refuse a plan, as the practice, with a reason."""
    return _decided(plan, Step.REFUSE, reason)


def _decided(plan: RecoveryPlan, step: Step, words: str) -> RecoveryPlan:
    person, parties = current().person, parties_in(plan.practice_id, plan.organisation_id)
    with transaction.atomic(), for_commissioner(plan.organisation):  # the year, which is locked, is the commissioner's
        year = SchemeYear.objects.select_for_update(no_key=True).get(pk=plan.scheme_year_id)
        locked = (
            RecoveryPlan.objects.select_for_update(of=("self",), no_key=True).select_related("practice").get(pk=plan.pk)
        )
        done = done_by(person, MACHINE, locked.steps.all())
        state = led(MACHINE, locked.state, step, parties, done, words)
        if step is Step.AGREE:
            for before in _locked(locked.practice, year, (State.AGREED.value,)):
                why = f"{locked} was agreed in its place."
                _move(before, Step.REPLACE, frozenset({Party.SERVICE}), why, None)
        locked.state = state.value
        locked.save()
        _step(locked, step, person, words)
        event = "recovery.agreed" if step is Step.AGREE else "recovery.refused"
        record(event, locked.practice, str(locked), person, scheme=year.title, reason=words.strip() or "none")
    return locked


def _locked(practice: Organisation, year: SchemeYear, states: tuple[str, ...]) -> list[RecoveryPlan]:
    rows = RecoveryPlan.objects.select_for_update(of=("self",), no_key=True).filter(practice=practice, scheme_year=year)
    return list(rows.filter(state__in=states).select_related("practice", "scheme_year").order_by("number"))


def _move(plan: RecoveryPlan, step: Step, parties: frozenset[Party], words: str, person: int | None) -> None:
    state = led(MACHINE, plan.state, step, parties, words=words)
    plan.state = state.value
    plan.save()
    _step(plan, step, person, words)
    record("recovery.replaced", plan.practice, str(plan), person, scheme=plan.scheme_year.title, reason=words.strip())


def _step(plan: RecoveryPlan, step: Step, person: int | None, words: str = "") -> None:
    RecoveryPlanStep.objects.create(
        practice_id=plan.practice_id, organisation_id=plan.organisation_id, plan=plan, step=step.value,
        state=plan.state, person_id=person, at=clock.now(), words=words.strip(),
    )  # fmt: skip


def end(plan: RecoveryPlan) -> None:
    """End a plan of which all is paid back."""
    plan.state = led(MACHINE, plan.state, Step.END, frozenset({Party.SERVICE})).value
    plan.save()
    _step(plan, Step.END, None)


def open_plans(years: list[SchemeYear]) -> list[RecoveryPlan]:
    """The plans that are proposed or agreed, the newest first."""
    rows = RecoveryPlan.objects.filter(scheme_year__in=years, state__in=OPEN_PLANS)
    return list(rows.select_related("practice", "scheme_year", "organisation").order_by("-pk"))


def check_may(year: SchemeYear) -> None:
    """Raises PermissionDenied where the person at work does not keep the books of a year's commissioner."""
    if not current().may(Action.KEEP_BOOKS, year.organisation_id):
        raise PermissionDenied(Action.KEEP_BOOKS)


def words_of(plan: RecoveryPlan) -> str:
    """`£600.00 in 6 months from 14 June 2025`."""
    return (
        f"{say.money(plan.pence)} in {plan.months} month{'' if plan.months == 1 else 's'} from {say.day(plan.notified)}"
    )
