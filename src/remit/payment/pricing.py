"""Award to pounds: points x value of a point x weights, or pounds per head x list, rounded where the scheme says.

pounds(item) = points x value of a point x CPI x APDF        (each weight where the item names it)
pounds(item) = pounds per weighted head x weighted list      (stepped schemes)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from remit.core.rounding import scaled
from remit.organisation import Practice
from remit.payment.weights import Factor, Weigher
from remit.scheme.kinds import Steps
from remit.scheme.model import Item, Scheme
from remit.scoring.achievement import Achievement, Measurer, Subjects

_ONE = Fraction(1)


@dataclass(frozen=True, slots=True)
class Award:
    """What a practice is awarded for an item.

    `earned` is in points (after the scheme's rounding) or pounds per weighted head; `pennies` is what it pays, None
    while it is not known; `pennies_at_one` what it would pay with every prevalence and target population factor at 1.
    """

    item: Item
    achievement: Achievement
    gate: Fraction | None
    earned: Fraction | None
    factors: tuple[Factor, ...]
    pennies: int | None
    pennies_at_one: int | None
    review: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Base:
    """What one practice's money rests on: its heads, the value of a point at its list, its share of the year."""

    heads: Fraction | None
    per_point: Fraction | None
    list_factor: Factor | None
    share: Fraction | None


class Pricer:
    """Prices the items of one scheme for one practice at a time."""

    def __init__(self, scheme: Scheme, weigher: Weigher, measurers: Mapping[str, Measurer]) -> None:
        self.scheme, self.weigher, self.measurers = scheme, weigher, measurers
        self.rounding = scheme.rounding
        self.value = scheme.point.value.value if scheme.point else None

    def base(self, practice: Practice, merged: tuple[Practice, ...], share: Fraction | None) -> Base:
        """The practice's lists, with those of practices that merged into it."""
        heads: Fraction | None = None
        if self.scheme.heads:
            column = self.scheme.heads.column
            sizes = [getattr(p, column) for p in (practice, *merged)]
            heads = None if any(size is None for size in sizes) else Fraction(sum(sizes))
        factor = None
        if self.scheme.weights.list:
            factor = self.weigher.list_factor(practice, sum(p.list_size or 0 for p in merged))
        return Base(heads, self.value, factor, share)

    def price(
        self,
        item: Item,
        done: Achievement,
        gate: Fraction | None,
        base: Base,
        practice: Practice,
        subjects: Subjects,
        cache: dict[tuple[str, str], Factor],
    ) -> Award:
        """The award for one achievement, and the pounds that it pays. `cache` holds this practice's group weights."""
        kind, reason = item.kind, done.reason
        if done.rate is None and not done.empty:
            return Award(item, done, gate, None, (), None, None, reason=reason)
        if kind.missing():
            why = f"The {kind.missing()} of {item.item} must be supplied: nobody published it."
            return Award(item, done, gate, None, (), None, None, reason=why)
        if done.empty:
            earned = Fraction(0)
        elif isinstance(kind, Steps) and kind.gate and gate is None:
            why = f"The achievement of {kind.gate} is not known, which chooses the table of {item.item}."
            return Award(item, done, gate, None, (), None, None, reason=why)
        else:
            earned = kind.earned(done.rate, gate)  # type: ignore[arg-type]
        if base.share is None:
            return Award(item, done, gate, earned, (), None, None, reason=reason)
        if kind.unit == "points":
            return self._points(item, done, earned, base, practice, subjects, cache)
        if base.heads is None:
            return Award(item, done, gate, earned, (), None, None, reason=f"{reason} The list is not known.".strip())
        amount = earned * base.heads * base.share
        pennies = _pennies(amount, self.rounding.pounds.places, self.rounding.pounds.mode)
        return Award(item, done, gate, earned, (), pennies, None, reason=reason)

    def _points(
        self,
        item: Item,
        done: Achievement,
        earned: Fraction,
        base: Base,
        practice: Practice,
        subjects: Subjects,
        cache: dict[tuple[str, str], Factor],
    ) -> Award:
        rounding = self.rounding
        if rounding.points.places is not None:
            earned = rounding.points.apply(earned)
        factors, reasons = [], [done.reason] if done.reason else []
        known: Fraction | None = base.per_point
        at_one = known
        for name in item.weights:
            if name == "list":
                factor = base.list_factor
                assert factor is not None
            else:
                group = (name, self.measurers[item.item].group)
                own = subjects.get(item.item)
                if own is not None and ("REGISTER" in own or "LIST_SIZE" in own):
                    group = (name, f"item {item.item}")
                factor = cache.get(group)
                if factor is None:
                    measurer = self.measurers[item.item]
                    factor = cache[group] = self.weigher.prevalence_factor(practice, subjects, measurer, name)
            factors.append(factor)
            if factor.rounded is None:
                if earned:
                    reasons.append(factor.reason)
                known = None
                at_one = None if name == "list" else at_one
            else:
                known = known * factor.rounded if known is not None else None
                if name == "list" and at_one is not None:
                    at_one = at_one * factor.rounded
        share = base.share or Fraction(0)
        pennies = self._pounds(earned, known, share)
        at = self._pounds(earned, at_one, share) if known is not at_one else pennies
        return Award(item, done, None, earned, tuple(factors), pennies, at, reason=" ".join(reasons))

    def _pounds(self, points: Fraction, per_point: Fraction | None, share: Fraction) -> int | None:
        if not points:
            return 0
        if per_point is None:
            return None
        if self.rounding.pounds_per_point.places is not None:
            per_point = self.rounding.pounds_per_point.apply(per_point)
        top, below = points.numerator * per_point.numerator, points.denominator * per_point.denominator
        if share != _ONE:
            top, below = top * share.numerator, below * share.denominator
        if self.rounding.pounds.places == 2:
            return scaled(top, below, 2, self.rounding.pounds.mode)
        return _pennies(Fraction(top, below), self.rounding.pounds.places, self.rounding.pounds.mode)


def _pennies(amount: Fraction, places: int | None, mode: str) -> int:
    """The scheme's rounding of pounds, then whole pennies: money leaves Remit with two decimals."""
    if places is not None and places != 2:
        amount = Fraction(scaled(amount.numerator, amount.denominator, places, mode), 10**places)  # type: ignore[arg-type]
    return scaled(amount.numerator, amount.denominator, 2, mode if places == 2 else "half up")  # type: ignore[arg-type]
