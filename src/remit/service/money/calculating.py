"""The lines of a payment run, calculated from what is known: nothing is stored here, so that the same can be asked
again when the run is released."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from remit.application.progress import OnProgress, silent
from remit.contract.declaration import State as Declared
from remit.core.dates import month_end
from remit.payment import book
from remit.payment.book import ACTIVITY, ADJUSTMENT_PAID, BALANCE, RECOVERY, PracticeYear
from remit.payment.to_pay import NO_OFFER, Carried, Held, Line, to_pay
from remit.service import clock
from remit.service.money.known import Known, known_of, years_of
from remit.service.money.models import PaymentLine, PaymentRun
from remit.service.money.resting import Resting
from remit.service.money.successors import commissioners_of

BY_DECLARATION = (ACTIVITY, BALANCE)
"""Kinds that a declaration releases; a recovery rests on its plan and its declaration."""


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

    def __init__(self, run: PaymentRun, known: Iterable[Known], resting: Resting) -> None:
        self.run, self.resting, self.until = run, resting, month_end(run.month.year, run.month.month)
        self.known = {one.to_pay.whose: one for one in known}
        self.held_times: Counter[tuple[PracticeYear, str]] = Counter()

    def made(self) -> Iterator[PaymentLine]:
        """What is paid, what is held and what is carried over."""
        found = to_pay([one.to_pay for one in self.known.values()], self.until)
        for line in found.lines:
            yield self._paid(line)
        for held in found.held:
            yield self._held(held)
        for carried in found.carried:
            yield self._held(_as_held(carried))
        for one in self.known.values():
            for held in _waiting(one):
                yield self._held(held)

    def _paid(self, line: Line) -> PaymentLine:
        pence = -line.pence if line.received else line.pence
        return self._line(line.whose, line.kind, pence, False, line.why, line.key)

    def _held(self, held: Held) -> PaymentLine:
        self.held_times[held.whose, held.kind] += 1
        number = f"held {self.held_times[held.whose, held.kind]}"
        why = _refused(self.known[held.whose]) if held.why == NO_OFFER else held.why
        key = book.key_of(held.whose, held.kind, number)
        pence = -held.pence if held.kind == RECOVERY and held.pence is not None else held.pence
        return self._line(held.whose, held.kind, pence, True, why, key)

    def _line(self, whose: PracticeYear, kind: str, pence: int | None, held: bool, why: str, key: str) -> PaymentLine:
        one = self.known[whose]
        by_declaration = kind in BY_DECLARATION or (kind == RECOVERY and one.declaration is not None)
        declaration = one.declaration if by_declaration else None
        figures = declaration.figures_id if declaration is not None else one.figures
        other = one.year.organisation_id != self.run.organisation_id
        return PaymentLine(
            run=self.run, practice_id=one.practice, organisation=one.year.organisation, scheme_year=one.year,
            kind=kind, pence=pence, held=held, why=why[:1].upper() + why[1:],
            key=f"{one.year.organisation.code}:{key}" if other else key, figures_id=figures, declaration=declaration,
            plan=one.plan if kind == RECOVERY else None,
            adjustment_id=one.adjustment if kind == ADJUSTMENT_PAID else None,
            rests=self.resting.of(one, by_declaration),
        )  # fmt: skip


def _as_held(carried: Carried) -> Held:
    return Held(carried.whose, RECOVERY, carried.pence, carried.why)


def _refused(one: Known) -> str:
    return f"{NO_OFFER} for {one.year.title}"


def _waiting(one: Known) -> Iterator[Held]:
    """What would be paid if a declaration that waits were approved; what was withdrawn pays nothing more."""
    row = one.other
    if row is None:
        return
    if row.state == Declared.WITHDRAWN.value:
        stands = "what was paid on it stays, and nothing more is paid, until new figures are declared and approved"
        yield Held(one.to_pay.whose, BALANCE, None, f"declaration {row.number} was withdrawn: {stands}")
        return
    yield Held(one.to_pay.whose, BALANCE, None, f"declaration {row.number} is not approved yet ({row.state})")
