"""Adjustments: an amount that no rule of the scheme gives, proposed with its reason and decided by a second person.

An approved one is entered in the books on its day, or on the first day of the next open month where that is closed. It
is paid, or set against what is due, by the next payment run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max

from remit.contract.adjustment import MACHINE, State, Step
from remit.contract.limits import Limits, Risk
from remit.contract.machine import after
from remit.core import say
from remit.core.dates import add_months
from remit.payment import book
from remit.payment.book import PracticeYear
from remit.service import clock
from remit.service.audit.log import Detail, record
from remit.service.declarations.limits import Key, amounts_of
from remit.service.money.ledger import Posting, closed_until, post
from remit.service.money.models import Adjustment, AdjustmentStep
from remit.service.money.successors import commissioners_of, keeper_of
from remit.service.offers.models import Participation, SchemeYear
from remit.service.organisations.models import Organisation
from remit.service.organisations.standing import as_service
from remit.service.people.roles import Action
from remit.service.scope.acting import acting
from remit.service.scope.scope import current
from remit.service.steps import done_by, led, open_steps, parties_in

Declared = Mapping[Key, Iterable[tuple[int, int]]]
"""The ids and pence of what is declared, by practice and scheme year."""
LARGEST = 10**11
"""In pence: more than a scheme pays."""
_EVENTS = {
    Step.APPROVE: "adjustment.approved",
    Step.REFUSE: "adjustment.refused",
    Step.TAKE_BACK: "adjustment.taken-back",
}


def of_books(organisation: Organisation) -> list[Adjustment]:
    """Those of a commissioner's books, the newest first."""
    rows = Adjustment.objects.filter(organisation__in=commissioners_of(organisation, clock.today()))
    return list(rows.select_related("practice", "scheme_year", "organisation").order_by("-number"))


def years_of(organisation: Organisation) -> list[SchemeYear]:
    """The scheme years of a commissioner, and of those it took over from, whose books are not closed."""
    rows = SchemeYear.objects.filter(
        organisation__in=commissioners_of(organisation, clock.today()), closed__isnull=True
    )
    return list(rows.select_related("organisation").order_by("-starts", "title"))


def propose(year: SchemeYear, practice: Organisation, pence: int, day: date, reason: str) -> Adjustment:
    """Propose an adjustment: above zero for the practice, below for it to pay. Raises Refused with what is wrong."""
    _check_may(year.organisation)
    fault = _fault(year, practice, pence, day)
    with transaction.atomic():
        with acting(as_service()):
            Organisation.objects.select_for_update(no_key=True).get(pk=year.organisation_id)
            last = Adjustment.objects.filter(organisation=year.organisation_id).aggregate(last=Max("number"))["last"]
        state = led(MACHINE, None, Step.PROPOSE, parties_in(year.organisation), words=reason, fault=fault)
        made = Adjustment.objects.create(
            practice=practice, organisation=year.organisation, scheme_year=year, number=(last or 0) + 1,
            state=state.value, pence=pence, day=day, reason=reason.strip(),
        )  # fmt: skip
        _take(made, Step.PROPOSE, state, reason)
        record("adjustment.proposed", year.organisation, _subject(made), amount_pence=pence, reason=made.reason)
    return made


def decide(adjustment: Adjustment, step: Step, words: str = "") -> Adjustment:
    """Approve, refuse or take back a proposed adjustment; what is approved is entered in the books at once."""
    _check_may(adjustment.organisation)
    with transaction.atomic():
        locked = (
            Adjustment.objects.select_for_update(of=("self",), no_key=True)
            .select_related("practice", "organisation", "scheme_year")
            .get(pk=adjustment.pk)
        )
        done = done_by(current().person, MACHINE, locked.steps.all())
        fault = _fault(locked.scheme_year, locked.practice, locked.pence, locked.day, is_new=False)
        state = led(MACHINE, locked.state, step, parties_in(locked.organisation), done, words, fault)
        locked.state = state.value
        locked.save()
        _take(locked, step, state, words)
        if state == State.APPROVED:
            _enter(locked)
        details: dict[str, Detail] = {"amount_pence": locked.pence}
        if step == Step.REFUSE:
            details["reason"] = words.strip()
        record(_EVENTS[step], locked.organisation, _subject(locked), None, **details)
    return locked


def steps_for(adjustment: Adjustment) -> tuple[Step, ...]:
    """What the person at work can do with an adjustment now."""
    done = done_by(current().person, MACHINE, adjustment.steps.all())
    return open_steps(MACHINE, adjustment.state, parties_in(adjustment.organisation), done)


def why_not(adjustment: Adjustment) -> str:
    """Why the person at work cannot decide on a proposed adjustment by who they are and what they did; empty where
    they can."""
    done = done_by(current().person, MACHINE, adjustment.steps.all())
    found = after(MACHINE, State(adjustment.state), Step.APPROVE, parties_in(adjustment.organisation), done)
    return "" if isinstance(found, State) or adjustment.state != State.PROPOSED else found.why


def risk_of(
    adjustment: Adjustment,
    others: Iterable[Adjustment],
    declared: Declared | None = None,
) -> tuple[Risk, int]:
    """The risk class of an adjustment with all others of the same practice and year that are approved or wait, and
    with what is declared there: an amount is not made small by parts. With the amount, in pence, that it is the class
    of."""
    counts = (State.PROPOSED.value, State.APPROVED.value)
    key = (adjustment.practice_id, adjustment.scheme_year_id)
    parts = [
        one.pence
        for one in others
        if one.pk != adjustment.pk and (one.practice_id, one.scheme_year_id) == key and one.state in counts
    ]
    parts += [pence for _, pence in (declared or {}).get(key, ())]
    limits = Limits.from_dict(adjustment.scheme_year.rules)
    together = limits.needed(adjustment.pence, parts).together
    return limits.risk(together), together


def declared_beside(those: Iterable[Adjustment]) -> Declared:
    """What is declared, and is approved or waits, of the practices and years of some adjustments."""
    return amounts_of((one.practice_id, one.scheme_year_id) for one in those)[0]


def _enter(adjustment: Adjustment) -> None:
    keeper = keeper_of(adjustment.organisation, clock.today())
    closed = closed_until(commissioners_of(keeper, clock.today()))
    first = add_months(closed, 1) if closed else adjustment.day
    whose = PracticeYear(adjustment.practice.code, adjustment.scheme_year.scheme_id)
    made = book.adjustment(whose, max(adjustment.day, first), adjustment.pence, adjustment.number, adjustment.reason)
    year = adjustment.scheme_year
    post(
        [Posting(one, year, adjustment.practice_id, adjustment=adjustment.pk) for one in made],
        f"adjustment {adjustment.number}",
        keeper,
    )


def _fault(year: SchemeYear, practice: Organisation, pence: int, day: date, is_new: bool = True) -> str:
    """What is wrong with an adjustment, in a sentence."""
    if year.closed:
        return f"The books of {year} are closed."
    if not pence or abs(pence) > LARGEST:
        return "Give an amount other than zero, of at most a thousand million pounds."
    if day > clock.today():
        return "Its day has not come yet. Choose today, or an earlier day."
    closed = closed_until(commissioners_of(keeper_of(year.organisation, clock.today()), clock.today()))
    if is_new and closed and day.replace(day=1) <= closed:
        return f"The books of that month are closed. Choose a day from {say.day(add_months(closed, 1))} on."
    if is_new and not Participation.objects.filter(scheme_year=year, practice=practice).exists():
        return f"{practice} was offered no part in {year}."
    return ""


def _take(adjustment: Adjustment, step: Step, state: State, words: str) -> None:
    AdjustmentStep.objects.create(
        practice=adjustment.practice, organisation=adjustment.organisation, adjustment=adjustment, step=step.value,
        state=state.value, person_id=current().person, at=clock.now(), words=words.strip(),
    )  # fmt: skip


def _subject(adjustment: Adjustment) -> str:
    return f"adjustment {adjustment.number} of {adjustment.practice} in {adjustment.scheme_year}"


def _check_may(organisation: Organisation) -> None:
    if not current().may(Action.KEEP_BOOKS, organisation.pk):
        raise PermissionDenied(Action.KEEP_BOOKS)
