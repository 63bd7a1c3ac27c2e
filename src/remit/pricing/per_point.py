"""What a point is worth to a practice under an item's weights, and how points and pounds become pence."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from remit.core.rounding import Mode, Rounding, scaled
from remit.organisation import Practice
from remit.pricing.award import Base
from remit.pricing.plan import PlannedItem, PricingPlan
from remit.pricing.weights import Factor
from remit.scoring.achievement import Subjects


class PerPoint(NamedTuple):
    """What a point is worth to one practice for the items that share their weights.

    `pounds` is the value of a point x the factors, as the scheme rounds it, x the practice's share of the year, over
    and under the line; None while a factor is not known, for which `reason` says what to supply. `at_one` is the same
    with every prevalence and target population factor at 1.
    """

    factors: tuple[Factor, ...]
    pounds: tuple[int, int] | None
    at_one: tuple[int, int] | None
    reason: str


def worth_of_a_point(
    plan: PricingPlan, base: Base, practice: Practice, weighed: Subjects, line: PlannedItem
) -> PerPoint:
    """A point of an item, for a practice with all its people on its list; on `weighed` its prevalence weights rest."""
    factors = []
    for name in line.item.weights:
        if name == "list":
            assert base.list_factor is not None
            factors.append(base.list_factor)
        else:
            factors.append(plan.weigher.prevalence_factor(practice, weighed, line.measurer, name))
    value, step = base.per_point, plan.scheme.rounding.pounds_per_point
    without = weighed_value = value.as_integer_ratio() if value is not None else None
    for factor in factors:
        weighed_value = _times(weighed_value, factor.rounded)
        if factor.name == "list":
            without = _times(without, factor.rounded)
    reason = " ".join([factor.reason for factor in factors if factor.rounded is None])
    share = base.share_of(line.item.weights)
    at_one = _for_the_year(without, share, step)
    return PerPoint(tuple(factors), _for_the_year(weighed_value, share, step), at_one, reason)


def _times(amount: tuple[int, int] | None, factor: Fraction | None) -> tuple[int, int] | None:
    """An amount (over and under the line) x a factor; None while either is not known."""
    if amount is None or factor is None:
        return None
    return amount[0] * factor.numerator, amount[1] * factor.denominator


def _for_the_year(per_point: tuple[int, int] | None, share: Fraction | None, step: Rounding) -> tuple[int, int] | None:
    """As the scheme rounds it, and for the practice's share of the year."""
    if per_point is None or share is None:
        return None
    if step.places is not None:
        per_point = step.apply(Fraction(*per_point)).as_integer_ratio()
    return per_point[0] * share.numerator, per_point[1] * share.denominator


def points_to_pence(top: int, below: int, per_point: tuple[int, int] | None, step: Rounding) -> int | None:
    """What `top / below` points pay."""
    if per_point is None:
        return None
    if step.places == 2:
        return scaled(top * per_point[0], below * per_point[1], 2, step.mode)
    return to_pence(Fraction(top * per_point[0], below * per_point[1]), step.places, step.mode)


def to_pence(amount: Fraction, places: int | None, mode: Mode) -> int:
    """The scheme's rounding of pounds, then whole pence: money leaves Remit with two decimals."""
    if places is not None and places != 2:
        amount = Fraction(scaled(amount.numerator, amount.denominator, places, mode), 10**places)
    return scaled(amount.numerator, amount.denominator, 2, mode if places == 2 else "half up")
