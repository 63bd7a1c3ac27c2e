"""What pricing gives: an award for each item, and what a practice's money rests on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from remit.pricing.part_of_year import Participation
from remit.pricing.weights import Factor
from remit.scheme.conditions import Verdict
from remit.scheme.kinds import Calculation, Unit, WorkingLine
from remit.scheme.model import Item
from remit.scoring.achievement import Achievement


# Not frozen, though only the evaluator changes it: England makes half a million of them, each at five times the cost.
@dataclass(slots=True)
class Award:
    """What a practice is awarded for an item.

    `earned` is in points (after the scheme's rounding) or pounds per weighted head; `pence` is what it pays, None
    while it is not known; `pence_at_one` what it would pay with every prevalence and target population factor at 1.
    An item that is paid `within` another has here what it is worth there, and is not paid by itself. `unmet` are the
    items that it requires and that were not met; `calculation` is the working of a kind that calculates from figures.
    `waits` says why its pounds are not final though they are known, `doubt` which figures do not fit. `trail` is how
    its pounds went on from what its kind earned, `before`, to `pounds`, which is exact and not yet rounded: by the
    clauses of the item, and by what all practices of a run come to together. Without a trail both are None. `only_if`
    is whether the condition holds without which it pays nothing, None for an item without one.
    """

    item: Item
    achievement: Achievement
    gate: Fraction | None
    earned: Fraction | None
    factors: tuple[Factor, ...]
    pence: int | None
    pence_at_one: int | None
    review: str = ""
    reason: str = ""
    within: str = ""
    unmet: tuple[str, ...] = ()
    calculation: Calculation | None = None
    waits: str = ""
    doubt: str = ""
    trail: tuple[WorkingLine, ...] = ()
    before: int | None = None
    pounds: Fraction | None = None
    only_if: Verdict | None = None

    @property
    def shut(self) -> bool:
        """Whether it pays nothing for what it requires, or because its condition does not hold."""
        return bool(self.unmet) or (self.only_if is not None and self.only_if.holds is False)

    @property
    def reckoning(self) -> Calculation | None:
        """The earlier name of `calculation`."""
        return self.calculation

    @property
    def unpaid(self) -> bool:
        """Whether its pounds are still to be known. What is paid within another item is that item's to know."""
        return self.pence is None and not self.within


@dataclass(frozen=True, slots=True)
class Base:
    """What one practice's money rests on: its heads, the value of a point at its list, its share of the year.

    `sums` is the share of what is paid once for the practice, and not by its list. `own_heads` is its list where that
    is below the scheme's least list, which `heads` then is.
    """

    heads: Fraction | None
    per_point: Fraction | None
    list_factor: Factor | None
    share: Fraction | None
    sums: Fraction | None = None
    own_heads: Fraction | None = None

    def share_of(self, weights: Iterable[str]) -> Fraction | None:
        """The part of the year for which points are paid that have these weights."""
        return self.share if self.sums is None or "list" in weights else self.sums

    def times(self, unit: Unit) -> Fraction | None:
        """What an amount by one rate is multiplied by: heads x the share of the year, or the share of set sums."""
        if unit == "pounds":
            return self.sums
        return None if self.heads is None or self.share is None else self.heads * self.share


@dataclass(frozen=True, slots=True)
class Priced:
    """The awards of one practice or network, in the order of the scheme, with its part of the year and its base."""

    participation: Participation
    base: Base
    awards: tuple[Award, ...]

    def by_item(self) -> dict[str, Award]:
        """The awards by item code."""
        return {award.item.item: award for award in self.awards}
