"""What is to be paid in a month: what is due by its end, less what the book has paid, and why.

It is cumulative. Late joiners, mergers and corrections come out right because each month pays the difference between
what is due to date and what was paid to date; a month that is left out, or prepared twice, changes nothing in the end.
Of one practice's year, with all amounts in pence:

    due less paid = what is due by kind (instalments by the newest figures; activity and balance only as an approved
                    declaration released them; adjustments as the book has them), less what was paid by kind
    it owes       = the recovery that was released, and what is below zero in `due less paid`
    it is paid    = `due less paid` above zero, and what it paid back beyond what it owes
    it pays back  = what its recovery plan has due by then, at most what it owes, less what it paid back before
    carried over  = what it owes and no plan covers: it is set against what comes next

What was paid to a practice after it merged, in ignorance of the merger, is set against what its successor is due.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from remit.core import say
from remit.payment import book
from remit.payment.book import ACTIVITY, ADJUSTMENT, ADJUSTMENT_PAID, BALANCE, INSTALMENT, RECOVERY, PracticeYear
from remit.payment.instalments import DuePayment
from remit.payment.to_pay_reasons import carried_reason, payment_reason, recovery_reason
from remit.payment.year_to_pay import YearToPay as YearToPay
from remit.payment.year_to_pay import day_of

NO_OFFER = "no offer was accepted"


@dataclass(frozen=True)
class Line:
    """What is paid to a practice, or by it where the kind is a recovery. `number` is which of its kind it is.

    The key is the same whenever the same line is prepared again, and is used up when it is paid.
    """

    whose: PracticeYear
    kind: str
    pence: int
    why: str
    number: int

    @property
    def key(self) -> str:
        return book.key_of(self.whose, self.kind, self.number)

    @property
    def received(self) -> bool:
        return self.kind == RECOVERY

    def transfers(self, day: date) -> book.Transfers:
        """What the book gets when it is paid."""
        return _POSTINGS[self.kind](self.whose, day, self.pence, self.number, self.why)


@dataclass(frozen=True)
class Held:
    """What is not paid although it may be due; pence are None where they are not known."""

    whose: PracticeYear
    kind: str
    pence: int | None
    why: str


@dataclass(frozen=True)
class Carried:
    """What a practice owes that no recovery plan covers."""

    whose: PracticeYear
    pence: int
    why: str


@dataclass(frozen=True)
class ToPay:
    """A month's payments and receipts, what is held and what is carried over, by practice and scheme year."""

    lines: tuple[Line, ...]
    held: tuple[Held, ...]
    carried: tuple[Carried, ...]

    @property
    def paid(self) -> int:
        return sum(line.pence for line in self.lines if not line.received)

    @property
    def received(self) -> int:
        return sum(line.pence for line in self.lines if line.received)


@dataclass(frozen=True)
class _Merged:
    """What was overpaid to those that merged into a practice, and whether it merged itself."""

    over: Mapping[str, int]
    handed_on: bool


def to_pay(years: Iterable[YearToPay], until: date) -> ToPay:
    """What is to be paid by the end of a month. The same inputs give the same lines, in whatever order they come."""
    by_whose = {year.whose: year for year in sorted(years, key=lambda year: year.whose)}
    rest = {whose: _less_paid(year, until) for whose, year in by_whose.items()}
    nets, inherited = _nets(by_whose, rest)
    lines: list[Line] = []
    held: list[Held] = []
    carried: list[Carried] = []
    for whose, year in by_whose.items():
        if year.dues is None:
            why = f"the instalments are not known. {year.reason}".strip()
            held.append(Held(whose, INSTALMENT, None, why))
        undated = [due for due in _recoverable(year) if not due.day] + [
            due for due in year.released if not due.day and due.kind != RECOVERY
        ]
        held += [Held(whose, due.kind, due.pence, f"the {due.kind} has no day yet") for due in undated]
        merged = _Merged(inherited[whose], _successor(year, by_whose) is not None)
        one = _settled(year, rest[whose], nets[whose], merged, until)
        why_held = _held(year)
        for line in one.lines:
            if why_held and not line.received:
                held.append(Held(whose, line.kind, line.pence, why_held))
            else:
                lines.append(line)
        carried += one.carried
    return ToPay(tuple(lines), tuple(held), tuple(carried))


def owed(years: Iterable[YearToPay], until: date) -> dict[PracticeYear, int]:
    """What each practice owes by a day, with what it paid back so far: the recovery that was released, and what was
    paid beyond what is due."""
    by_whose = {year.whose: year for year in years}
    nets, _ = _nets(by_whose, {whose: _less_paid(year, until) for whose, year in by_whose.items()})
    return {
        whose: _owes(year, 0 if _successor(year, by_whose) else max(0, -nets[whose]))
        for whose, year in by_whose.items()
    }


def _less_paid(year: YearToPay, until: date) -> dict[str, int]:
    """Due to date less paid to date, of each kind that is known."""
    kinds = [ACTIVITY, BALANCE] if year.dues is None else [INSTALMENT, ACTIVITY, BALANCE]
    due: dict[str, int] = dict.fromkeys(kinds, 0)
    for one in [*year.instalments, *year.released]:
        if one.day and one.day <= until and one.kind in due:
            due[one.kind] += one.pence
    rest = {kind: pence - year.of(kind).pence for kind, pence in due.items()}
    return {**rest, ADJUSTMENT_PAID: year.of(ADJUSTMENT).pence - year.of(ADJUSTMENT_PAID).pence}


def _nets(
    years: Mapping[PracticeYear, YearToPay], rest: Mapping[PracticeYear, dict[str, int]]
) -> tuple[dict[PracticeYear, int], dict[PracticeYear, dict[str, int]]]:
    """Due less paid over all kinds, with what was overpaid to those that merged into a practice; and that, by them."""
    into: dict[PracticeYear, list[PracticeYear]] = defaultdict(list)
    for year in years.values():
        if (successor := _successor(year, years)) is not None:
            into[successor].append(year.whose)
    nets: dict[PracticeYear, int] = {}
    inherited: dict[PracticeYear, dict[str, int]] = {}

    def net(whose: PracticeYear) -> int:
        if whose not in nets:
            nets[whose] = own = sum(rest[whose].values())  # whatever the practices' file says, this ends
            over = {one.practice: _handed_on(years[one], net(one)) for one in into[whose]}
            inherited[whose] = {practice: pence for practice, pence in over.items() if pence}
            nets[whose] = own - sum(over.values())
        return nets[whose]

    for whose in years:
        net(whose)
    return nets, inherited


def _successor(year: YearToPay, years: Mapping[PracticeYear, YearToPay]) -> PracticeYear | None:
    into = PracticeYear(year.successor, year.whose.scheme_year)
    return into if year.successor and into in years and into != year.whose else None


def _handed_on(year: YearToPay, net: int) -> int:
    """What a practice that merged was overpaid, and did not pay back."""
    back = max(0, year.of(RECOVERY).pence - _released_recovery(year))
    return max(0, -net - back)


def _settled(year: YearToPay, rest: Mapping[str, int], net: int, merged: _Merged, until: date) -> ToPay:
    """The lines of one practice's year, whether or not they are held."""
    whose, received, plan = year.whose, year.of(RECOVERY), _recoverable(year)
    owes = _owes(year, max(0, -net))
    lines = list(_payments(year, rest, net, max(0, received.pence - owes), merged, until))
    if merged.handed_on:
        owes = _owes(year, 0)
    dated = sorted((due for due in plan if due.day), key=day_of)
    planned = sum(due.pence for due in dated if day_of(due) <= until)
    receipt = min(planned, owes) - received.pence
    if receipt > 0:
        lines.append(
            Line(whose, RECOVERY, receipt, recovery_reason(dated, receipt, received.pence), received.times + 1)
        )
    over = owes - max(sum(due.pence for due in plan), received.pence)
    carried = (Carried(whose, over, carried_reason(year, over, until, merged.over)),) if over > 0 else ()
    return ToPay(tuple(lines), (), carried)


def _payments(
    year: YearToPay, rest: Mapping[str, int], net: int, back: int, merged: _Merged, until: date
) -> Iterator[Line]:
    """What goes to the practice by kind: what was overpaid is set against it in the order of the kinds.

    `back` is what the practice paid back beyond what it owes.
    """
    over = sum(pence for pence in rest.values() if pence > 0) - max(0, net)
    for kind in book.PAID_KINDS:
        due = max(0, rest.get(kind, 0))
        against = min(over, due)
        over -= against
        more = back if kind == BALANCE else 0
        if due - against + more:
            why = payment_reason(year, kind, due, against, more, until, merged.over)
            yield Line(year.whose, kind, due - against + more, why, year.of(kind).times + 1)


def _recoverable(year: YearToPay) -> Sequence[DuePayment]:
    """What is to be paid back and when: as agreed, else as the scheme says."""
    return year.plan if year.plan is not None else [due for due in year.released if due.kind == RECOVERY]


def _owes(year: YearToPay, over: int) -> int:
    """The recovery that was released and what was overpaid; what was paid back stands with a declaration that does."""
    owes = _released_recovery(year) + over
    return max(owes, year.of(RECOVERY).pence) if year.stands else owes


def _released_recovery(year: YearToPay) -> int:
    return sum(due.pence for due in year.released if due.kind == RECOVERY)


def _held(year: YearToPay) -> str:
    """Why nothing is paid to a practice; empty where it may be."""
    if year.accepted is None:
        return NO_OFFER
    accepted, joined = max(year.accepted, year.begins), max(year.joined or year.begins, year.begins)
    if accepted != joined:
        return (
            f"the practices' file says that it joined on {say.day(joined)}, and the offer was accepted from "
            f"{say.day(accepted)}"
        )
    return ""


_POSTINGS = {
    INSTALMENT: book.instalment_paid,
    ACTIVITY: book.activity_paid,
    BALANCE: book.balance_paid,
    ADJUSTMENT_PAID: book.adjustment_paid,
    RECOVERY: book.recovery_received,
}
