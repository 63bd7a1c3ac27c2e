"""How far a hidden count can move while all that is shown stays as it is: the arithmetic on which `suppression` rests.

A *class* is hidden groups that share every shown total. Patients can be dealt out anew within it, and no shown figure
changes. A *target* is the groups of the class that a count is of. Of the others, one may be an insider's, which knows
its own counts and so deals out nothing.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from heapq import nlargest

Widths = tuple[int, ...]
"""How far apart the ends of each count of a target are: of those achieved and those missed, or of one count."""


@dataclass
class _Sides:
    """Groups of a class: those of the target and the rest, with their patients and the fewest that each must keep."""

    within: int = 0
    within_patients: int = 0
    within_kept: int = 0
    out: int = 0
    out_patients: int = 0
    out_kept: int = 0

    def add(self, inside: bool, patients: int, kept: int, sign: int = 1) -> None:
        """Count a group in, or with the sign of -1 out again."""
        if inside:
            self.within, self.within_kept = self.within + sign, self.within_kept + sign * kept
            self.within_patients += sign * patients
        else:
            self.out, self.out_kept = self.out + sign, self.out_kept + sign * kept
            self.out_patients += sign * patients

    def width(self) -> int:
        """From the least that each of the target has, to all but the least of the rest."""
        if not (self.within and self.out):
            return 0
        return self.within_patients + self.out_patients - self.within_kept - self.out_kept

    def most(self) -> tuple[int, int]:
        """The most patients that the target can have, and the most that the rest can have."""
        both = self.within_patients + self.out_patients
        return (both - self.out_kept if self.within else 0, both - self.within_kept if self.out else 0)


class MovableCounts:
    """A class of hidden counts: of PCAs, or of denominators. Each group is its name, its side, its count and the fewest
    that it must keep."""

    def __init__(self, groups: Iterable[tuple[str, bool, int, int]]) -> None:
        self.groups = {name: (inside, count, kept) for name, inside, count, kept in groups}
        self.sides = _Sides()
        for inside, count, kept in self.groups.values():
            self.sides.add(inside, count, kept)

    def widths(self, insider: str | None = None) -> Widths:
        """How far the target can move; against all others but an insider."""
        if insider is None:
            return (self.sides.width(),)
        self.sides.add(*self.groups[insider], sign=-1)
        width = self.sides.width()
        self.sides.add(*self.groups[insider])
        return (width,)


@dataclass(frozen=True)
class Spare:
    """A class of hidden counts, each a target by itself: what `least_widths` finds for it, without asking every group.

    `total` is what all of them can give up, `most` what each of the two with most can. An insider takes its own away.
    """

    total: int
    groups: int
    most: tuple[tuple[int, str], ...]
    insiders: bool

    @classmethod
    def of(cls, spare: Mapping[str, int], insiders: bool) -> Spare:
        """Of what each group of the class has above the fewest that it must keep."""
        most = nlargest(2, ((many, name) for name, many in spare.items()))
        return cls(sum(spare.values()), len(spare), tuple(most), insiders)

    def width(self, target: str) -> int:
        """How far the count of one of them can move, for anybody and for each other group."""
        if self.groups < 2:
            return 0
        if not self.insiders:
            return self.total
        if self.groups < 3:
            return min(self.total, 0)
        return min(self.total, self.total - next(many for many, name in self.most if name != target))


class Rates:
    """A class of hidden numerators. Nobody can have more achieved than patients; hidden denominators move as well.

    Each group is its name, its side, those achieved, those missed, the fewest patients that it must keep, and with whom
    it shares a hidden denominator: its own name where the denominator is shown.
    """

    def __init__(self, groups: Iterable[tuple[str, bool, int, int, int, Hashable]]) -> None:
        self.groups = {name: (inside, a, m, kept, pool) for name, inside, a, m, kept, pool in groups}
        self.pools: dict[Hashable, _Sides] = {}
        self.achieved = self.missed = 0
        for inside, achieved, missed, kept, pool in self.groups.values():
            self.pools.setdefault(pool, _Sides()).add(inside, achieved + missed, kept)
            self.achieved, self.missed = self.achieved + achieved, self.missed + missed
        most = [sides.most() for sides in self.pools.values()]
        self.here, self.there = sum(one for one, _ in most), sum(other for _, other in most)

    def widths(self, insider: str | None = None) -> Widths:
        """How far those achieved of the target can move, and those missed; against all others but an insider."""
        achieved, missed, here, there = self.achieved, self.missed, self.here, self.there
        if insider is not None:
            inside, own_achieved, own_missed, kept, pool = self.groups[insider]
            sides = self.pools[pool]
            before = sides.most()
            sides.add(inside, own_achieved + own_missed, kept, sign=-1)
            after = sides.most()
            sides.add(inside, own_achieved + own_missed, kept)
            here, there = here + after[0] - before[0], there + after[1] - before[1]
            achieved, missed = achieved - own_achieved, missed - own_missed
        return tuple(min(here, both) - max(0, both - there) for both in (achieved, missed))


def least_widths(classes: Iterable[MovableCounts | Rates], insiders: bool) -> Widths:
    """How far a target in these classes can move, for anybody and for each insider, whoever knows most.

    A group is no danger to itself, nor to a total of which it is all that is hidden.
    """
    every = [(one, one.widths()) for one in classes]
    whole = tuple(sum(parts) for parts in zip(*(widths for _, widths in every), strict=True))
    if not insiders:
        return whole
    least = whole
    for one, widths in every:
        own = [name for name, group in one.groups.items() if group[0]]
        for name in one.groups:
            if len(every) == 1 and own == [name]:
                continue
            narrowed = zip(least, whole, widths, one.widths(name), strict=True)
            least = tuple(min(so_far, width - all_ + known) for so_far, width, all_, known in narrowed)
    return least
