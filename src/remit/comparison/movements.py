"""What a comparison of two runs holds: items, practices and the whole, each with what each cause moved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from operator import add

from remit.comparison.stages import CAUSES

NOTHING = (0,) * len(CAUSES)
Pair = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class Movement:
    """One item of one practice: its pounds in both runs (pennies; None: none known) and what each cause moved.

    `held` says which of the runs have the item for this practice at all.
    """

    practice: str
    item: str
    pennies: Pair
    causes: tuple[int, ...]
    explanation: str = ""
    held: tuple[bool, bool] = (True, True)

    @property
    def difference(self) -> int:
        """Run 2 less run 1, in pennies; what is not known counts as 0. It is the sum of the causes."""
        return (self.pennies[1] or 0) - (self.pennies[0] or 0)

    @property
    def moved(self) -> bool:
        """Whether a cause moved anything, even where the causes cancel out."""
        return any(self.causes)

    def unknown(self, run: int) -> bool:
        """Whether run 0 or 1 has the item but no pounds for it, which then count as 0."""
        return self.held[run] and self.pennies[run] is None


@dataclass(frozen=True)
class PracticeMovement:
    """One practice: its items, and its payment in both runs (pennies; None: not known, or not in that run)."""

    code: str
    name: str
    schemes: tuple[str, str]
    status: tuple[str, str]
    movements: tuple[Movement, ...]
    advance: Pair
    balance: Pair
    recovery: Pair
    note: str = ""
    share: Pair = (None, None)
    """Its part of its network's money, where that is how it is paid; the items are then what it contributes."""
    network: bool = False
    """Whether it is a network, through which practices are paid."""

    @cached_property
    def pennies(self) -> tuple[int, int]:
        """The sums of what is known, run 1 and run 2."""
        return sum(m.pennies[0] or 0 for m in self.movements), sum(m.pennies[1] or 0 for m in self.movements)

    @property
    def difference(self) -> int:
        return self.pennies[1] - self.pennies[0]

    @cached_property
    def causes(self) -> tuple[int, ...]:
        """What each cause moved, in pennies, in the order of `CAUSES`."""
        return _sum(m.causes for m in self.movements)

    @property
    def moved(self) -> bool:
        return any(m.moved for m in self.movements)


@dataclass(frozen=True)
class Comparison:
    """Two runs side by side. `changes` say what differs in the inputs, by cause; `notes` what to know of the sums."""

    practices: tuple[PracticeMovement, ...]
    titles: dict[str, str]
    changes: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]

    @cached_property
    def pennies(self) -> tuple[int, int]:
        """The sums of what is known, run 1 and run 2."""
        return sum(p.pennies[0] for p in self.practices), sum(p.pennies[1] for p in self.practices)

    @property
    def difference(self) -> int:
        return self.pennies[1] - self.pennies[0]

    @cached_property
    def causes(self) -> tuple[int, ...]:
        """What each cause moved, in pennies, in the order of `CAUSES`."""
        return _sum(p.causes for p in self.practices)

    def movements(self) -> Iterator[Movement]:
        """Every item of every practice, in the order of practices and of the scheme's items."""
        return (movement for practice in self.practices for movement in practice.movements)

    def items(self) -> dict[str, Movement]:
        """Each item over all practices, in the order of the scheme."""
        sums: dict[str, tuple[int, int, tuple[int, ...]]] = dict.fromkeys(self.titles, (0, 0, NOTHING))
        for m in self.movements():
            one, two, causes = sums[m.item]
            causes = tuple(map(add, causes, m.causes)) if m.moved else causes
            sums[m.item] = one + (m.pennies[0] or 0), two + (m.pennies[1] or 0), causes
        return {code: Movement("*", code, (one, two), causes) for code, (one, two, causes) in sums.items()}

    def movers(self) -> list[PracticeMovement]:
        """The practices that moved, the largest difference first."""
        return sorted((p for p in self.practices if p.moved), key=lambda p: (-abs(p.difference), p.code))

    def shares(self) -> list[PracticeMovement]:
        """The members of networks whose part of their network's money is another, the largest difference first."""
        moved = [p for p in self.practices if p.share[0] != p.share[1]]
        return sorted(moved, key=lambda p: (-abs((p.share[1] or 0) - (p.share[0] or 0)), p.code))

    def payments(self) -> dict[str, tuple[int, int]]:
        """Paid in advance, balance and recovery over all practices: the sums of what is known."""
        return {
            name: (
                sum(getattr(p, name)[0] or 0 for p in self.practices),
                sum(getattr(p, name)[1] or 0 for p in self.practices),
            )
            for name in ("advance", "balance", "recovery")
        }


def _sum(rows: Iterable[tuple[int, ...]]) -> tuple[int, ...]:
    total = NOTHING
    for row in rows:
        if row is not NOTHING:
            total = tuple(map(add, total, row))
    return total
