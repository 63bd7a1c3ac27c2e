"""What practices have earned so far and were not paid yet, or were paid before they earned it, on any day; what moved.

Of a practice's year, in pence:

    accrued = earned so far, by the newest figures that were known on the day
              + adjustments - what was paid + what was paid back

Above zero it is owed to the practice, below zero it is a prepayment. What is not known stays not known, and a total
says how many it leaves out. What was paid to a practice that merged counts with its successor, whose award has both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from remit.core.sums import Sum
from remit.payment.book import ADJUSTMENT, AWARD, OWED, PAID_KINDS, RECOVERY, RESTATEMENT, PracticeYear, Transfer

Basis = Literal["figures", "declared", "approved"]

PAID, RECOVERED, ADJUSTED, RESTATED = "paid since", "recovered since", "adjustments", "restatements"
JOINED, LEFT = "joined", "left or merged"
AGREED, OTHER = "declared or approved amounts", "figures"
KNOWN, UNKNOWN = "became known", "no longer known"
CAUSES = {
    "counts": "counts",
    "list": "list sizes",
    "prevalence": "prevalence",
    "definition": "indicator definitions",
    "terms": "payment terms",
    "practice": LEFT,
}
"""What a comparison of two runs calls a cause, and its name here."""


@dataclass(frozen=True)
class Earned:
    """What a practice has earned so far, as it was known from a day on; pence are None where they are not known.

    `source` says which figures or declaration it is of. `into` is whom the practice merged into.
    """

    whose: PracticeYear
    known_on: date
    pence: int | None
    basis: Basis = "figures"
    source: str = ""
    reason: str = ""
    into: str = ""


@dataclass(frozen=True)
class AccrualLine:
    """A practice's year on a day. `by_kind` has what the book moved of each kind, adjustments and restatements with
    their signs; `of_merged` is what was paid, less what was paid back, to those that merged into it."""

    whose: PracticeYear
    earned: Earned | None
    by_kind: Mapping[str, int] = field(default_factory=dict)
    of_merged: int = 0

    @property
    def into(self) -> str:
        return self.earned.into if self.earned else ""

    @property
    def pence(self) -> int | None:
        """What it has earned so far; of one that merged nothing, for its award is its successor's."""
        if self.into:
            return 0
        return self.earned.pence if self.earned else None

    @property
    def own_paid(self) -> int:
        """What was paid to it less what it paid back."""
        return sum(self.by_kind.get(kind, 0) for kind in PAID_KINDS) - self.by_kind.get(RECOVERY, 0)

    @property
    def paid(self) -> int:
        """What counts as paid on its award."""
        return 0 if self.into else self.own_paid + self.of_merged

    @property
    def adjusted(self) -> int:
        return self.by_kind.get(ADJUSTMENT, 0)

    @property
    def accrued(self) -> int | None:
        """Owed to the practice, below zero prepaid; None where what it earned is not known."""
        return None if self.pence is None else self.pence + self.adjusted - self.paid

    @property
    def reason(self) -> str:
        """Why it is not known."""
        if self.pence is not None:
            return ""
        return self.earned.reason if self.earned and self.earned.reason else "no figures were known"


@dataclass(frozen=True)
class Accrual:
    """All practices' years on a day, by practice and scheme year."""

    day: date
    lines: tuple[AccrualLine, ...]

    def sum_of(self, name: Literal["pence", "paid", "adjusted", "accrued"]) -> Sum:
        """A total over those that are known, which says how many are not."""
        known = (None if line.accrued is None else getattr(line, name) for line in self.lines)
        return Sum.of(known)

    @property
    def owed(self) -> int:
        """What is owed to practices, of those that are known."""
        return sum(max(0, line.accrued or 0) for line in self.lines)

    @property
    def prepaid(self) -> int:
        """What was paid before it was earned, above zero, of those that are known."""
        return sum(max(0, -(line.accrued or 0)) for line in self.lines)


def accrual(day: date, known: Iterable[Earned], transfers: Iterable[Transfer]) -> Accrual:
    """The accrual at the end of a day. Of what was known on the same day, the later in order holds."""
    newest: dict[PracticeYear, Earned] = {}
    for one in sorted((one for one in known if one.known_on <= day), key=lambda one: one.known_on):
        newest[one.whose] = one
    by_kind: dict[PracticeYear, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for transfer in transfers:
        if transfer.day <= day:
            by_kind[transfer.whose][transfer.kind] += _signed(transfer)
    lines = {
        whose: AccrualLine(whose, newest.get(whose), dict(by_kind.get(whose, {}))) for whose in {*newest, *by_kind}
    }
    of_merged: dict[PracticeYear, int] = defaultdict(int)
    for line in lines.values():
        if line.into and (last := _last(line, lines)) is not None:
            of_merged[last] += line.own_paid
    whole = [
        AccrualLine(whose, line.earned, line.by_kind, of_merged.get(whose, 0)) for whose, line in sorted(lines.items())
    ]
    return Accrual(day, tuple(whole))


def _last(line: AccrualLine, lines: Mapping[PracticeYear, AccrualLine]) -> PracticeYear | None:
    """The practice that one merged into, and that one into another, to the last."""
    seen, whose = {line.whose}, PracticeYear(line.into, line.whose.scheme_year)
    while whose in lines and lines[whose].into and whose not in seen:
        seen.add(whose)
        whose = PracticeYear(lines[whose].into, whose.scheme_year)
    return whose if whose in lines else None


def _signed(one: Transfer) -> int:
    """Below zero where an adjustment or a restatement of the award is against the practice."""
    signed = one.kind in (ADJUSTMENT, AWARD, RESTATEMENT)
    return -one.pence if signed and one.debit == OWED else one.pence


Moves = dict[str, int]


def moved(
    before: Accrual, after: Accrual, causes: Mapping[PracticeYear, Mapping[str, int]] | None = None
) -> dict[PracticeYear, Moves]:
    """By what the accrual of each practice's year moved, in pence, by cause; the causes add up to the difference.

    What is not known counts as nothing on its side, as in a total. `causes` are what a comparison of the figures of the
    two days found of what was earned, by the names of `CAUSES`.
    """
    first = {line.whose: line for line in before.lines}
    last = {line.whose: line for line in after.lines}
    found = {}
    for whose in sorted({*first, *last}):
        moves = _moved(first.get(whose), last.get(whose), (causes or {}).get(whose, {}))
        if moves := {cause: pence for cause, pence in moves.items() if pence}:
            found[whose] = moves
    return found


def total_moves(moves: Iterable[Mapping[str, int]]) -> Moves:
    """What each cause moved over all, the largest first."""
    sums: Moves = defaultdict(int)
    for one in moves:
        for cause, pence in one.items():
            sums[cause] += pence
    return dict(sorted(sums.items(), key=lambda pair: (-abs(pair[1]), pair[0])))


def _moved(one: AccrualLine | None, two: AccrualLine | None, causes: Mapping[str, int]) -> Moves:
    if one is None and two is not None and two.pence is not None:
        one = AccrualLine(two.whose, Earned(two.whose, date.min, 0, into=two.into))
        return _parts(one, two, {}, JOINED)
    before, after = one.accrued if one else None, two.accrued if two else None
    if one is None or two is None or before is None or after is None:
        cause = UNKNOWN if after is None else KNOWN
        return {LEFT if two is None else cause: (after or 0) - (before or 0)}
    if one.into != two.into:
        return {LEFT: after - before}
    return _parts(one, two, causes, "")


def _parts(one: AccrualLine, two: AccrualLine, causes: Mapping[str, int], rest: str) -> Moves:
    """The causes between two lines that are both known."""
    moves: Moves = defaultdict(int)

    def since(kinds: Sequence[str]) -> int:
        return sum(two.by_kind.get(kind, 0) - one.by_kind.get(kind, 0) for kind in kinds)

    if not two.into:
        moves[PAID] -= since(PAID_KINDS)
        moves[RECOVERED] += since((RECOVERY,))
        moves[LEFT] -= two.of_merged - one.of_merged
    moves[ADJUSTED] += since((ADJUSTMENT,))
    left = (two.pence or 0) - (one.pence or 0)
    restated = _within(since((RESTATEMENT,)), left)
    moves[RESTATED] += restated
    left -= restated
    if not restated:
        for cause, pence in causes.items():
            moves[CAUSES.get(cause, cause)] += pence
            left -= pence
    moves[rest or (AGREED if _agreed(one, two) else OTHER)] += left
    return moves


def _within(part: int, whole: int) -> int:
    """As much of a part as goes the way of the whole, and no further."""
    return max(0, min(part, whole)) if whole >= 0 else min(0, max(part, whole))


def _agreed(one: AccrualLine, two: AccrualLine) -> bool:
    """Whether what was earned is now a declared or approved amount, and was not, or another."""
    if one.earned is None or two.earned is None or two.earned.basis == "figures":
        return False
    return (one.earned.basis, one.earned.source) != (two.earned.basis, two.earned.source)
