"""The lines of a payment run, calculated from what is known: nothing is stored here, so that the same can be asked
again when the run is released."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from remit.application.progress import OnProgress, silent
from remit.contract.declaration import State as Declared
from remit.core import say
from remit.core.dates import month_end
from remit.payment import book
from remit.payment.book import ACTIVITY, ADJUSTMENT_PAID, BALANCE, RECOVERY, PracticeYear
from remit.payment.to_pay import NO_OFFER, Carried, Held, Line, to_pay
from remit.service import clock
from remit.service.money.known import Known, known_of, years_of
from remit.service.money.models import PaymentLine, PaymentRun
from remit.service.money.resting import Resting
from remit.service.money.successors import commissioners_of
from remit.service.organisations.models import Organisation, Succession

BY_DECLARATION = (ACTIVITY, BALANCE)
"""Kinds that a declaration releases; a recovery rests on its plan and its declaration."""


class Waits(StrEnum):
    """What a line waits for that is held."""

    OFFER = "offer"
    DAYS = "days"
    FIGURES = "figures"
    PLAN = "plan"
    CARRIED = "carried"
    APPROVAL = "approval"
    DECLARATION = "declaration"
    CLOSED = "closed"


@dataclass(frozen=True)
class Calculated:
    """What a run pays, and all that it was calculated from."""

    lines: tuple[PaymentLine, ...]
    known: tuple[Known, ...]

    @property
    def payments(self) -> int:
        """How many lines are paid or received."""
        return sum(not line.held for line in self.lines)

    @property
    def pence(self) -> int:
        """What goes out, less what comes in."""
        return sum(line.pence or 0 for line in self.lines if not line.held)


def calculated(run: PaymentRun, on_progress: OnProgress = silent) -> Calculated:
    """The lines of a run as they come to now. Whoever calls acts as the service for the run's commissioner."""
    until = month_end(run.month.year, run.month.month)
    commissioners = commissioners_of(run.organisation, clock.today())
    on_progress(0, 3)
    known = known_of(years_of(commissioners, until), until)
    on_progress(1, 3)
    resting, lines = Resting(known), list[PaymentLine]()
    by_commissioner: dict[int, list[Known]] = defaultdict(list)
    for one in known:
        by_commissioner[one.year.organisation_id].append(one)
    for those in by_commissioner.values():
        lines += _Lines(run, those, resting).made()
    on_progress(2, 3)
    return Calculated(tuple(lines), tuple(known))


class _Lines:
    """The lines of one commissioner's years."""

    def __init__(self, run: PaymentRun, known: Sequence[Known], resting: Resting) -> None:
        self.run, self.resting, self.until = run, resting, month_end(run.month.year, run.month.month)
        self.known = {one.to_pay.whose: one for one in known}
        self.closed = _closed_for_good([one.practice for one in known], run.pay_on)
        self.held_times: Counter[tuple[PracticeYear, str]] = Counter()

    def made(self) -> Iterator[PaymentLine]:
        """What is paid, what is held and what is carried over."""
        found = to_pay([one.to_pay for one in self.known.values()], self.until)
        for line in found.lines:
            if line.received and (closed := self.closed.get(self.known[line.whose].practice)):
                why = f"it closed on {say.day(closed)}: nothing can be taken of what it is paid"
                yield self._held(Held(line.whose, line.kind, line.pence, why), Waits.CLOSED)
            else:
                yield self._paid(line)
        for held in found.held:
            yield self._held(held, _waits(held))
        for carried in found.carried:
            yield self._held(_as_held(carried), Waits.CARRIED)
        for one in self.known.values():
            for held, waits in _waiting(one):
                yield self._held(held, waits)

    def _paid(self, line: Line) -> PaymentLine:
        pence = -line.pence if line.received else line.pence
        return self._line(line.whose, line.kind, pence, "", line.why, line.key)

    def _held(self, held: Held, waits: Waits) -> PaymentLine:
        self.held_times[held.whose, held.kind] += 1
        number = f"held {self.held_times[held.whose, held.kind]}"
        why = _refused(self.known[held.whose]) if held.why == NO_OFFER else held.why
        key = book.key_of(held.whose, held.kind, number)
        pence = -held.pence if held.kind == RECOVERY and held.pence is not None else held.pence
        return self._line(held.whose, held.kind, pence, waits.value, why, key)

    def _line(self, whose: PracticeYear, kind: str, pence: int | None, waits: str, why: str, key: str) -> PaymentLine:
        one = self.known[whose]
        by_declaration = kind in BY_DECLARATION or (kind == RECOVERY and one.declaration is not None)
        declaration = one.declaration if by_declaration else None
        figures = declaration.figures_id if declaration is not None else one.figures
        other = one.year.organisation_id != self.run.organisation_id
        return PaymentLine(
            run=self.run, practice_id=one.practice, organisation=one.year.organisation, scheme_year=one.year,
            kind=kind, pence=pence, held=bool(waits), why=why[:1].upper() + why[1:],
            key=f"{one.year.organisation.code}:{key}" if other else key, figures_id=figures, declaration=declaration,
            plan=one.plan if kind == RECOVERY else None,
            adjustment_id=one.adjustment if kind == ADJUSTMENT_PAID else None,
            rests={**self.resting.of(one, by_declaration), **({"waits_for": waits} if waits else {})},
        )  # fmt: skip


def _closed_for_good(practices: Sequence[int], day: date) -> dict[int, date]:
    """Practices that have closed by a day and that nobody carries on, with their last day."""
    rows = Organisation.objects.filter(pk__in=practices, closed__lt=day)
    carried_on = Succession.objects.filter(predecessor__in=practices).values("predecessor")
    return dict(rows.exclude(pk__in=carried_on).values_list("pk", "closed"))


def _as_held(carried: Carried) -> Held:
    return Held(carried.whose, RECOVERY, carried.pence, carried.why)


def _refused(one: Known) -> str:
    return f"{NO_OFFER} for {one.year.title}"


def _waits(held: Held) -> Waits:
    """What something waits for that the book-keeping holds: it names four reasons."""
    if held.why == NO_OFFER:
        return Waits.OFFER
    if held.kind == RECOVERY:
        return Waits.PLAN
    return Waits.FIGURES if held.pence is None or held.why.endswith("no day yet") else Waits.DAYS


def _waiting(one: Known) -> Iterator[tuple[Held, Waits]]:
    """What would be paid if a declaration that waits were approved; what was withdrawn pays nothing more."""
    row = one.other
    if row is None:
        return
    kind = BALANCE if row.is_year_end else ACTIVITY
    if row.state != Declared.WITHDRAWN.value:
        why = f"declaration {row.number} is not approved yet ({row.state})"
        yield Held(one.to_pay.whose, kind, None, why), Waits.APPROVAL
        return
    stands = "what was paid on it stays, and no more of it is paid" if row.approved_at else "nothing is paid on it"
    why = f"declaration {row.number} was withdrawn: {stands}, until new figures are declared and approved"
    yield Held(one.to_pay.whose, kind, None, why), Waits.DECLARATION
