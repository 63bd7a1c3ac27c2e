"""What a finance officer begins from: this month's run, how it differs from the last, what is owed, what waits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, Sum

from remit.contract import adjustment, payment_run, recovery_plan
from remit.core import say
from remit.core.sums import Sum as SumOfKnown
from remit.core.words import agreed
from remit.documents.payment_run import CAUSE_WORDS
from remit.payment.book import CASH, COST, OWED, RECOVERY
from remit.service import clock
from remit.service.money import accruals, closing, showing
from remit.service.money.models import (
    OPEN_PLANS,
    Adjustment,
    PaymentLine,
    PaymentRun,
    RecoveryPlan,
    Transfer,
)
from remit.service.offers.models import Participation, SchemeYear
from remit.service.organisations.models import Organisation
from remit.service.year.payments import titles
from remit.service.year.to_do import ToDo, nothing, to_do

_Run = payment_run.State
_MOST = 10
"""How many practices are listed of those that are owed or owe."""


@dataclass(frozen=True)
class Difference:
    """A cause by which a run differs from the one before: of how many practices' years, and by how much in all."""

    cause: str
    lines: int
    pence: int


@dataclass(frozen=True)
class Owed:
    """What is owed to a practice of a scheme year (above zero), or by it (below zero), by the ledger."""

    practice: Organisation
    scheme: str
    pence: int


@dataclass(frozen=True)
class Plan:
    """A recovery plan that is open, with what was paid back so far."""

    plan: RecoveryPlan
    practice: Organisation
    scheme: str
    back: int

    @property
    def left(self) -> int:
        """What is still to be paid back."""
        return self.plan.pence - self.back


@dataclass(frozen=True)
class Finance:
    """All that the page shows. `run` is the newest that was not cancelled, `before` the last released before it,
    `to_close` the next month to close, by its first day."""

    run: PaymentRun | None
    before: PaymentRun | None
    held: int
    differences: tuple[Difference, ...]
    to_do: tuple[ToDo, ...]
    owed: tuple[Owed, ...]
    plans: tuple[Plan, ...]
    adjustments: tuple[Adjustment, ...]
    to_close: date | None
    cost: int
    paid: int
    accrued: SumOfKnown

    @property
    def next(self) -> ToDo:
        """What is to do first."""
        return self.to_do[0] if self.to_do else nothing(self.run)

    @property
    def accrual(self) -> tuple[str, str]:
        """The accrual to date, and what it leaves out, in words."""
        left = self.accrued.unknown
        words = "earned so far and not paid yet"
        if self.accrued.value is not None and self.accrued.pence < 0:
            words = "below zero: more was paid than is earned so far"
        if left:
            years = agreed(f"{left:,} practice{{’s year is|s’ years are}} left out", left)
            words = f"{words}; {years}: what was earned is not known"
        return say.so_far(self.accrued), words

    @property
    def to_practices(self) -> int:
        """What is owed to practices in all."""
        return sum(one.pence for one in self.owed if one.pence > 0)

    @property
    def from_practices(self) -> int:
        """What practices owe in all."""
        return -sum(one.pence for one in self.owed if one.pence < 0)

    @property
    def largest(self) -> list[Owed]:
        """The largest of what is owed either way."""
        return sorted(self.owed, key=lambda one: -abs(one.pence))[:_MOST]


def finance_of(commissioner: Organisation) -> Finance:
    """What there is of a commissioner's money."""
    runs = list(
        PaymentRun.objects.filter(organisation=commissioner).exclude(state=_Run.CANCELLED.value)
        .select_related("prepared_by", "released_by").defer("file").order_by("-number")[:13]
    )  # fmt: skip
    run = runs[0] if runs else None
    before = next((one for one in runs[1:] if one.state == _Run.RELEASED.value), None)
    differences = _differences(run, before) if run and before else []
    waiting = Adjustment.objects.filter(organisation=commissioner, state=adjustment.State.PROPOSED.value)
    cost, paid = _to_date(commissioner)
    held = PaymentLine.objects.filter(run=run, held=True).count() if run else 0
    return Finance(
        run, before, held, tuple(differences), tuple(to_do(commissioner)), tuple(_owed(commissioner)),
        tuple(_plans(commissioner)), tuple(waiting.select_related("practice").order_by("number")),
        closing.next_to_close(closing.kept_by(commissioner)), cost, paid, _accrued(commissioner),
    )  # fmt: skip


def _differences(run: PaymentRun, before: PaymentRun) -> list[Difference]:
    """By which causes a run differs from the one before, as the run's own page has them: the largest first."""
    causes: dict[str, tuple[int, int]] = {}
    for one in showing.differences_of(showing.lines_of(run), showing.lines_of(before)):
        years, pence = causes.get(one.cause, (0, 0))
        causes[one.cause] = (years + 1, pence + one.pence)
    found = [Difference(CAUSE_WORDS[cause], *both) for cause, both in causes.items()]
    return sorted(found, key=lambda one: -abs(one.pence))


def _accrued(commissioner: Organisation) -> SumOfKnown:
    """What practices have earned so far and were not paid, today, over those whose figures are seen."""
    years = list(SchemeYear.objects.filter(organisation__in=closing.kept_by(commissioner)))
    return accruals.on_day(years, clock.today()).accrual.sum_of("accrued")


def _owed(commissioner: Organisation) -> Iterable[Owed]:
    """What stands in the ledger's account of what is owed to practices, by practice and scheme year. What a practice
    that merged was paid is set against its successor's award: both are one."""
    into = _successors(commissioner)
    sums: dict[tuple[int, int], int] = {}
    rows = Transfer.objects.filter(organisation=commissioner).order_by()
    for side, sign in (("debit", -1), ("credit", 1)):
        found = rows.filter(**{side: OWED}).values_list("practice", "scheme_year").annotate(sum=Sum("pence"))
        for practice, year, pence in found:
            whose = into.get((practice, year), practice)
            sums[whose, year] = sums.get((whose, year), 0) + sign * pence
    open_ones = {key: pence for key, pence in sums.items() if pence}
    practices = Organisation.objects.filter(pk__in={practice for practice, _ in open_ones}).in_bulk()
    names = titles(year for _, year in open_ones)
    for (practice, year), pence in sorted(open_ones.items()):
        if practice in practices:
            yield Owed(practices[practice], names.get(year, ""), pence)


def _successors(commissioner: Organisation) -> dict[tuple[int, int], int]:
    """Who carries a practice's year on in the end, by practice and scheme year, of those that merged."""
    rows = Participation.objects.filter(organisation=commissioner, into__isnull=False)
    into = {(practice, year): last for practice, year, last in rows.values_list("practice", "scheme_year", "into")}
    for key in into:
        while (further := into.get((into[key], key[1]))) is not None:
            into[key] = further
    return into


def _plans(commissioner: Organisation) -> Iterable[Plan]:
    """The recovery plans that are proposed or agreed."""
    rows = RecoveryPlan.objects.filter(organisation=commissioner, state__in=OPEN_PLANS).select_related("practice")
    plans = list(rows.order_by("practice__name", "number"))
    names = titles(one.scheme_year_id for one in plans)
    of_plans = Transfer.objects.filter(kind=RECOVERY, debit=CASH, scheme_year__in=[one.scheme_year_id for one in plans])
    sums = of_plans.order_by().values_list("practice", "scheme_year").annotate(sum=Sum("pence"))
    back = {(practice, year): pence for practice, year, pence in sums}
    for one in plans:
        agreed = one.state == recovery_plan.State.AGREED.value
        so_far = back.get((one.practice_id, one.scheme_year_id), 0) if agreed else 0
        yield Plan(one, one.practice, names.get(one.scheme_year_id, ""), so_far)


def _to_date(commissioner: Organisation) -> tuple[int, int]:
    """The cost of schemes by the ledger, and what was paid less what came back."""
    rows = Transfer.objects.filter(organisation=commissioner)
    found = rows.aggregate(
        cost=Sum("pence", filter=Q(debit=COST)), less=Sum("pence", filter=Q(credit=COST)),
        out=Sum("pence", filter=Q(credit=CASH)), back=Sum("pence", filter=Q(debit=CASH)), many=Count("pk"),
    )  # fmt: skip
    return (found["cost"] or 0) - (found["less"] or 0), (found["out"] or 0) - (found["back"] or 0)


def state_words(run: PaymentRun) -> str:
    """What became of a run, with who did it."""
    if run.state == _Run.RELEASED.value and run.released_by and run.released_at:
        return f"released by {run.released_by.name}"
    if run.state == _Run.PREPARED.value and run.prepared_by:
        return f"prepared by {run.prepared_by.name}, not released yet"
    return run.state


__all__ = ["Finance", "finance_of", "state_words"]
