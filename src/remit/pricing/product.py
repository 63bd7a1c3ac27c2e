"""What an award's pounds are the product of, before they are rounded to the penny, and what a point comes to.

The evaluator prices in whole numbers and keeps the pence. Who shows how the pence came about takes the exact product
from here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from remit.core.sums import Sum
from remit.pricing.award import Award, Base
from remit.scheme.model import RoundingPolicy, Scheme


def value_of_a_point(award: Award, base: Base, rounding: RoundingPolicy) -> Fraction:
    """Pounds per point of an award: the value of a point x its weights, as the scheme rounds that. A weight that is not
    known counts as nought."""
    value = base.per_point or Fraction(0)
    for factor in award.factors:
        value *= factor.rounded or 0
    return rounding.pounds_per_point.apply(value)


def unrounded(award: Award, base: Base, rounding: RoundingPolicy) -> Fraction:
    """An award's pounds before the last rounding, as its kind earned them and before its clauses; what is not known
    counts as nought."""
    earned, kind = award.earned or Fraction(0), award.item.kind
    if kind.unit == "points":
        share = base.share_of(award.item.weights) or Fraction(0)
        return earned * value_of_a_point(award, base, rounding) * share
    if kind.unit == "pounds" and kind.by_figures:
        return Fraction(0) if base.sums == 0 else earned  # whom nothing is due to for the year is paid no set sum
    return earned * (base.times(kind.unit) or Fraction(0))


def is_half_penny(amount: Fraction) -> bool:
    """Whether pounds lie exactly half a penny between two amounts."""
    return (amount * 100) % 1 == Fraction(1, 2)


def sum_of(awards: Iterable[Award]) -> Sum:
    """What awards come to, in pence. What is paid within another item is that item's."""
    return Sum.of(award.pence for award in awards if not award.within)


def worth_of(awards: Iterable[Award]) -> int | None:
    """What awards are worth in pence, as far as it is known, with what is paid within another item."""
    return Sum.of(award.pence for award in awards).value


def points_of(awards: Iterable[Award]) -> Fraction:
    """The points that awards earned, as far as they are known."""
    return sum((award.earned or Fraction(0) for award in awards if award.item.kind.unit == "points"), Fraction(0))


@dataclass(frozen=True)
class PointWorth:
    """What a point comes to for one practice, in pounds.

    `at_list` is the value of a point x the list's weight; `mean` and `by_factor` are that x the plain average of the
    prevalence factors that are known, and x each of them. `mean_factor` is None where none is known.
    """

    at_list: Fraction
    mean_factor: Fraction | None = None
    mean: Fraction | None = None
    by_factor: tuple[Fraction, ...] = ()


def point_worth(base: Base, factors: Sequence[Fraction]) -> PointWorth | None:
    """A point at the practice's list, and with its prevalence `factors`; None while list or value is not known."""
    if base.per_point is None or base.list_factor is None or base.list_factor.rounded is None:
        return None
    at_list = base.per_point * base.list_factor.rounded
    if not factors:
        return PointWorth(at_list)
    mean = sum(factors, Fraction(0)) / len(factors)
    return PointWorth(at_list, mean, at_list * mean, tuple(at_list * factor for factor in factors))


@dataclass(frozen=True)
class LabelPoints:
    """Points that a scheme prints beside items paid by head: how many, what full achievement pays a head and in all,
    and that by the point, in pounds."""

    points: Fraction
    per_head: Fraction
    full: Fraction
    each: Fraction


def label_points(scheme: Scheme, base: Base) -> LabelPoints | None:
    """None where no such points are printed, or where the practice's heads are not known."""
    most, heads = scheme.most_per_head(), base.heads
    points = sum((item.label_points.value or Fraction(0) for item in scheme.items if item.label_points), Fraction(0))
    if most is None or heads is None or not points:
        return None
    return LabelPoints(points, most, most * heads, most * heads / points)
