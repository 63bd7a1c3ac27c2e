"""Why a payment run comes to another sum than the one before: each penny of the difference has one cause."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from remit.payment.book import ACTIVITY, ADJUSTMENT_PAID, BALANCE, INSTALMENT, RECOVERY, PracticeYear

NEW, ENDED, HELD, CORRECTION = "new", "ended", "held", "correction"
CAUSES = (NEW, ENDED, HELD, INSTALMENT, CORRECTION, ACTIVITY, BALANCE, ADJUSTMENT_PAID, RECOVERY)
"""`new`: nothing was paid to the practice before. `ended`: nothing is paid any more. `held`: a payment is held, or no
longer. `correction`: what was paid before is put right. The others: more or less of that kind."""


@dataclass(frozen=True)
class RunLine:
    """A line of a run, as far as its difference goes: `pence` below zero are received, None are not known.

    `first`: nothing of this kind was paid to the practice before. `corrects`: it puts right what was paid.
    """

    whose: PracticeYear
    kind: str
    pence: int | None
    held: bool = False
    first: bool = False
    corrects: bool = False


@dataclass(frozen=True)
class Difference:
    """What a cause comes to in one practice's year."""

    whose: PracticeYear
    cause: str
    pence: int


def differences(now: Sequence[RunLine], before: Sequence[RunLine]) -> tuple[Difference, ...]:
    """The differences by practice and cause. They add up to what this run comes to less what the one before did."""
    old, new = _by_year(before), _by_year(now)
    found: list[Difference] = []
    for whose in sorted({*old, *new}):
        sums: dict[str, int] = defaultdict(int)
        for cause, pence in _of_year(new.get(whose, []), old.get(whose, [])):
            sums[cause] += pence
        found += [Difference(whose, cause, sums[cause]) for cause in CAUSES if sums.get(cause)]
    return tuple(found)


def total(lines: Sequence[RunLine]) -> int:
    """What goes out less what comes in; what is held is not in it."""
    return sum(line.pence or 0 for line in lines if not line.held)


def _by_year(lines: Sequence[RunLine]) -> dict[PracticeYear, list[RunLine]]:
    found: dict[PracticeYear, list[RunLine]] = defaultdict(list)
    for line in lines:
        found[line.whose].append(line)
    return found


def _of_year(now: Sequence[RunLine], before: Sequence[RunLine]) -> list[tuple[str, int]]:
    paid, paid_before = ([line for line in lines if not line.held] for lines in (now, before))
    held, held_before = (any(line.held for line in lines) for lines in (now, before))
    if paid and not paid_before and all(line.first for line in paid):
        return [(HELD if held_before else NEW, total(paid))]
    if paid_before and not paid:
        return [(HELD if held else ENDED, -total(paid_before))]
    kinds = {line.kind for line in (*paid, *paid_before)}
    return [(_cause(kind, paid), _sum(kind, paid) - _sum(kind, paid_before)) for kind in sorted(kinds)]


def _sum(kind: str, lines: Sequence[RunLine]) -> int:
    return sum(line.pence or 0 for line in lines if line.kind == kind)


def _cause(kind: str, paid: Sequence[RunLine]) -> str:
    """A correction where the line of this run is one; else more or less of its kind."""
    return CORRECTION if any(line.corrects for line in paid if line.kind == kind) else kind
