"""What a comparison of two runs holds: items, practices and the whole, each with what each cause moved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import add

from remit.comparison.stages import CAUSES, NOTHING
from remit.core.sums import Sum

Pair = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class Movement:
    """One item of one practice: its pounds in both runs (pence; None: none known) and what each cause moved.

    `held` says which of the runs have the item for this practice at all. Where a run has it and does not know its
    pounds, it is not compared: no cause moved it, and it is in no sum.
    """

    practice: str
    item: str
    pence: Pair
    causes: tuple[int, ...]
    explanation: str = ""
    held: tuple[bool, bool] = (True, True)

    @property
    def compared(self) -> tuple[int, int] | None:
        """The pounds of both runs, 0 in one that lacks the item; None where one has it and does not know its pounds."""
        return None if self.unknown(0) or self.unknown(1) else (self.pence[0] or 0, self.pence[1] or 0)

    @property
    def difference(self) -> int | None:
        """Run 2 less run 1, in pence: the sum of the causes; None where it is not compared."""
        return None if self.compared is None else self.compared[1] - self.compared[0]

    @property
    def moved(self) -> bool:
        """Whether a cause moved anything, even where the causes cancel out."""
        return any(self.causes)

    def unknown(self, run: int) -> bool:
        """Whether run 0 or 1 has the item but no pounds for it."""
        return self.held[run] and self.pence[run] is None


@dataclass(frozen=True)
class PracticeMovement:
    """One practice: its items, and its payment in both runs (pence; None: not known, or not in that run)."""

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

    @property
    def share_moved(self) -> int | None:
        """How its part of its network's money moved; None where one is not known. A run that lacks it pays it none."""
        parts = [part if status else 0 for part, status in zip(self.share, self.status, strict=True)]
        return None if parts[0] is None or parts[1] is None else parts[1] - parts[0]

    @cached_property
    def pence(self) -> tuple[int, int]:
        """The sums of what is compared, run 1 and run 2."""
        both = [m.compared for m in self.movements if m.compared is not None]
        return sum(one for one, _ in both), sum(two for _, two in both)

    @property
    def difference(self) -> int:
        return self.pence[1] - self.pence[0]

    @cached_property
    def causes(self) -> tuple[int, ...]:
        """What each cause moved, in pence, in the order of `CAUSES`."""
        return _sum(m.causes for m in self.movements)

    @property
    def moved(self) -> bool:
        return any(m.moved for m in self.movements)

    @property
    def sums(self) -> tuple[Sum, Sum]:
        """The sums of what is compared, run 1 and run 2, with how many awards are not."""
        return _sums(self.movements, self.pence)

    def payment(self, name: str, run: int) -> int | None:
        """An amount of its payment in run 0 or 1: nothing where that run does not have it."""
        pair: Pair = getattr(self, name)
        return pair[run] if self.status[run] else 0


@dataclass(frozen=True)
class Comparison:
    """Two runs side by side. `changes` say what differs in the inputs, by cause; `notes` what to know of the sums."""

    practices: tuple[PracticeMovement, ...]
    titles: dict[str, str]
    changes: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]

    @cached_property
    def pence(self) -> tuple[int, int]:
        """The sums of what is compared, run 1 and run 2."""
        return sum(p.pence[0] for p in self.practices), sum(p.pence[1] for p in self.practices)

    @cached_property
    def sums(self) -> tuple[Sum, Sum]:
        """The sums of what is compared, run 1 and run 2, with how many awards are not."""
        return _sums(tuple(self.movements()), self.pence)

    @cached_property
    def causes_that_moved(self) -> tuple[int, ...]:
        """The causes, by their place in `CAUSES`, that moved any pounds: of the whole, or of one item."""
        moved = [m.causes for m in self.movements() if m.causes is not NOTHING]
        return tuple(n for n in range(len(CAUSES)) if any(causes[n] for causes in moved))

    @property
    def difference(self) -> int:
        return self.pence[1] - self.pence[0]

    @cached_property
    def causes(self) -> tuple[int, ...]:
        """What each cause moved, in pence, in the order of `CAUSES`."""
        return _sum(p.causes for p in self.practices)

    def movements(self) -> Iterator[Movement]:
        """Every item of every practice, in the order of practices and of the scheme's items."""
        return (movement for practice in self.practices for movement in practice.movements)

    def items(self) -> dict[str, Movement]:
        """Each item over all practices, in the order of the scheme."""
        sums: dict[str, tuple[int, int, tuple[int, ...]]] = dict.fromkeys(self.titles, (0, 0, NOTHING))
        for m in self.movements():
            if m.compared is not None:
                one, two, causes = sums[m.item]
                causes = tuple(map(add, causes, m.causes)) if m.moved else causes
                sums[m.item] = one + m.compared[0], two + m.compared[1], causes
        return {code: Movement("*", code, (one, two), causes) for code, (one, two, causes) in sums.items()}

    def movers(self) -> list[PracticeMovement]:
        """The practices that moved, the largest difference first."""
        return sorted((p for p in self.practices if p.moved), key=lambda p: (-abs(p.difference), p.code))

    def unmoved(self) -> list[PracticeMovement]:
        """The practices whose awards are the same in both runs, in the order of their codes."""
        return [p for p in self.practices if not p.moved and all(m.compared is not None for m in p.movements)]

    def not_compared(self) -> list[Movement]:
        """The awards whose pounds a run has and does not know."""
        return [m for m in self.movements() if m.compared is None]

    def shares(self) -> list[PracticeMovement]:
        """The members of networks whose part of their network's money is another, the largest difference first."""
        moved = [p for p in self.practices if p.share[0] != p.share[1]]
        return sorted(moved, key=lambda p: (-abs(p.share_moved or 0), p.code))

    def settled(self) -> dict[str, tuple[Sum, Sum, Sum]]:
        """Paid in advance, balance and recovery over all practices: run 1, run 2, and the difference where both are
        known."""
        sums = {}
        for name in ("advance", "balance", "recovery"):
            pairs = [(p.payment(name, 0), p.payment(name, 1)) for p in self.practices]
            moved = (None if one is None or two is None else two - one for one, two in pairs)
            sums[name] = Sum.of(one for one, _ in pairs), Sum.of(two for _, two in pairs), Sum.of(moved)
        return sums

    def payments(self) -> Mapping[str, Pair]:
        """The same as amounts, run 1 and run 2: as `Sum.value`."""
        return {name: (one.value, two.value) for name, (one, two, _) in self.settled().items()}


def _sums(movements: Sequence[Movement], pence: tuple[int, int]) -> tuple[Sum, Sum]:
    known = sum(m.compared is not None for m in movements)
    one, two = (Sum(total, known, len(movements) - known) for total in pence)
    return one, two


def _sum(rows: Iterable[tuple[int, ...]]) -> tuple[int, ...]:
    total = NOTHING
    for row in rows:
        if row is not NOTHING:
            total = tuple(map(add, total, row))
    return total
