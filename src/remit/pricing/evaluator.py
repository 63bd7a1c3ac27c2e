"""Award to pounds: points x value of a point x weights, or pounds per head x list, rounded where the scheme says.

pounds(item) = points x value of a point x CPI x APDF        (each weight where the item names it)
pounds(item) = pounds per weighted head x weighted list      (stepped schemes)
pounds(item) = what a kind reckons from figures of its own   (activity, blocks, gateways, blends, shared savings …)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from types import MappingProxyType
from typing import NamedTuple

from remit.core.figures import LIST_SIZE, REGISTER, FigureKey, figure_keys
from remit.core.rounding import scaled
from remit.organisation import Practice
from remit.pricing.weights import Factor, Weigher
from remit.scheme.kinds import Given, Kind, Reckoned, Reckoning, Steps, Worth
from remit.scheme.model import Item, Scheme
from remit.scoring.achievement import Achievement, Measurer, Subjects

_ZERO = Fraction(0)


# Not frozen, though nothing changes it: a run of England makes half a million, each at five times the cost.
@dataclass(slots=True)
class Award:
    """What a practice is awarded for an item.

    `earned` is in points (after the scheme's rounding) or pounds per weighted head; `pennies` is what it pays, None
    while it is not known; `pennies_at_one` what it would pay with every prevalence and target population factor at 1.
    An item that is paid `within` another has here what it is worth there, and is not paid by itself. `unmet` are the
    items that it requires and that were not met; `reckoning` is the working of a kind that reckons from figures.
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
    within: str = ""
    unmet: tuple[str, ...] = ()
    reckoning: Reckoning | None = None

    @property
    def unpaid(self) -> bool:
        """Whether its pounds are still to be known. What is paid within another item is that item's to know."""
        return self.pennies is None and not self.within


@dataclass(frozen=True, slots=True)
class Base:
    """What one practice's money rests on: its heads, the value of a point at its list, its share of the year."""

    heads: Fraction | None
    per_point: Fraction | None
    list_factor: Factor | None
    share: Fraction | None


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


WeightsOf = tuple[str, ...]
"""The weights of an item and whose register they take: its group's, or its own."""


@dataclass(frozen=True, slots=True)
class _Ready:
    """What the price of an item rests on, whoever the practice is."""

    kind: Kind
    missing: str
    gate: str
    in_points: bool
    weights: WeightsOf
    measurer: Measurer
    within: str
    reckoned: Reckoned | None
    plain: bool
    all_or_nothing: bool


class Pricer:
    """Prices the items of one scheme for one practice at a time."""

    def __init__(self, scheme: Scheme, weigher: Weigher, measurers: Mapping[str, Measurer]) -> None:
        self.scheme, self.weigher, self.measurers = scheme, weigher, measurers
        self.rounding = scheme.rounding
        self.value = scheme.point.value.value if scheme.point else None
        self._ready = {item.item: self._make_ready(item) for item in scheme.items}

    def _make_ready(self, item: Item) -> _Ready:
        kind, measurer = item.kind, self.measurers[item.item]
        gate = kind.gate or "" if isinstance(kind, Steps) else ""
        in_points = kind.unit == "points"
        within = self.scheme.within.get(item.item, "")
        reckoned = kind if isinstance(kind, Reckoned) else None
        plain = not (reckoned or item.requires or within)
        weights = (*item.weights, measurer.group)
        whole = reckoned is None or reckoned.met_by_all
        return _Ready(kind, kind.missing(), gate, in_points, weights, measurer, within, reckoned, plain, whole)

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
        cache: dict[WeightsOf, PerPoint],
        others: Mapping[str, Worth] = MappingProxyType({}),
        figures: Subjects | None = None,
    ) -> Award:
        """The award for one achievement, and the pounds that it pays.

        `cache` holds this practice's group weights, `others` what its earlier items came to. A kind that reckons reads
        its figures from `figures`, where those are not `subjects`.
        """
        ready = self._ready[item.item]
        if ready.plain:
            return self._price(ready, item, done, gate, base, practice, subjects, cache)
        given = self._given(ready, item, done, base, subjects if figures is None else figures, others)
        reckoning = None
        open_ = [code for code in item.requires if code in others and others[code].met is None]
        unmet = [code for code in item.requires if code in others and others[code].met is False]
        if unmet:
            why = f"Pays nothing: {' and '.join(unmet)} {'is' if len(unmet) == 1 else 'are'} not met."
            zero = None if base.share is None else 0
            reason = f"{why} {done.reason}".strip()
            award = Award(item, done, gate, _ZERO, (), zero, zero, reason=reason, unmet=tuple(unmet))
        elif open_ and not self._nothing(ready, given):
            why = f"Whether {' and '.join(open_)} {'is' if len(open_) == 1 else 'are'} met is not known yet."
            award = Award(item, done, gate, None, (), None, None, reason=f"{why} {done.reason}".strip())
        elif ready.reckoned is None:
            award = self._price(ready, item, done, gate, base, practice, subjects, cache)
        elif ready.missing and not ready.reckoned.met_by_all:  # whether a gateway is passed is known without its amount
            why = f"The {ready.missing} of {item.item} must be supplied: no source gives that."
            award = Award(item, done, gate, None, (), None, None, reason=why)
        else:
            reckoning = ready.reckoned.reckon(given)
            done = replace(
                done, rate=reckoning.rate if reckoning.rate is not None else done.rate,
                numerator=done.numerator if reckoning.numerator is None else reckoning.numerator,
                denominator=done.denominator if reckoning.denominator is None else reckoning.denominator,
                reason=reckoning.reason or done.reason,
            )  # fmt: skip
            award = self._reckoned(ready, item, done, reckoning, base, practice, subjects, cache)
        return replace(award, within=ready.within, reckoning=reckoning)

    @staticmethod
    def _nothing(ready: _Ready, given: Given) -> bool:
        """Whether an item earns nothing whatever it requires: no activity needs no gate."""
        if ready.reckoned is None or ready.missing:
            return False
        found = ready.reckoned.reckon(given)
        return found.earned == 0 and found.met is not True

    def worth(self, award: Award) -> Worth:
        """What an award is to the items after it."""
        ready, pennies = self._ready[award.item.item], award.pennies
        met: bool | None = None
        if award.unmet:
            met = False
        elif award.reckoning is not None and award.reckoning.met is not None:
            met = award.reckoning.met
        elif award.achievement.rate is not None and not ready.kind.takes_rate and ready.all_or_nothing:
            met = award.achievement.rate == 1
        elif award.earned is not None:
            met = award.earned > 0
        pounds = None if pennies is None else Fraction(pennies, 100)
        return Worth(ready.kind.unit, award.earned, ready.kind.most_earned(), pounds, met, award.within)

    def _given(
        self, ready: _Ready, item: Item, done: Achievement, base: Base, subjects: Subjects, others: Mapping[str, Worth]
    ) -> Given:
        figures: dict[tuple[str, FigureKey], Fraction] = {}
        year = self.scheme.year
        for read in ready.reckoned.reads() if ready.reckoned else ():
            held = subjects.get(read.subject or item.item, {})
            for key in figure_keys(read.measure, read.period, year):
                value = held.get(key)
                if value is not None:
                    figures[read.subject, key] = Fraction(value)
        share = _ZERO if base.share is None else base.share
        counted = (done.rate, done.numerator, done.denominator, done.empty, done.reason)
        return Given(item.item, year, figures, *counted, share, others)

    def _reckoned(
        self,
        ready: _Ready,
        item: Item,
        done: Achievement,
        reckoning: Reckoning,
        base: Base,
        practice: Practice,
        subjects: Subjects,
        cache: dict[WeightsOf, PerPoint],
    ) -> Award:
        earned = reckoning.earned
        if earned is None or base.share is None:
            return Award(item, done, None, earned, (), None, None, review=reckoning.review, reason=done.reason)
        if ready.in_points:
            award = self._points(ready, item, done, earned, base, practice, subjects, cache)
        else:
            due = earned if base.share else _ZERO  # whom nothing is due to for the year is paid no set sum either
            pennies = _pennies(due, self.rounding.pounds.places, self.rounding.pounds.mode)
            award = Award(item, done, None, earned, (), pennies, pennies, reason=done.reason)
        return replace(award, review=reckoning.review)

    def _price(
        self,
        ready: _Ready,
        item: Item,
        done: Achievement,
        gate: Fraction | None,
        base: Base,
        practice: Practice,
        subjects: Subjects,
        cache: dict[WeightsOf, PerPoint],
    ) -> Award:
        rate, reason = done.rate, done.reason
        if ready.missing and (rate is not None or done.empty):
            reason = f"The {ready.missing} of {item.item} must be supplied: no source gives that."
            return Award(item, done, gate, None, (), None, None, reason=reason)
        if done.empty:
            earned = _ZERO
        elif rate is None:
            return Award(item, done, gate, None, (), None, None, reason=reason)
        elif ready.gate and gate is None:
            why = f"The achievement of {ready.gate} is not known, which chooses the table of {item.item}."
            return Award(item, done, gate, None, (), None, None, reason=why)
        else:
            earned = ready.kind.earned(rate, gate)
        if base.share is None:
            return Award(item, done, gate, earned, (), None, None, reason=reason)
        if ready.in_points:
            return self._points(ready, item, done, earned, base, practice, subjects, cache)
        if base.heads is None:
            return Award(item, done, gate, earned, (), None, None, reason=f"{reason} The list is not known.".strip())
        amount = earned * base.heads * base.share
        pennies = _pennies(amount, self.rounding.pounds.places, self.rounding.pounds.mode)
        return Award(item, done, gate, earned, (), pennies, None, reason=reason)

    def _points(
        self,
        ready: _Ready,
        item: Item,
        done: Achievement,
        earned: Fraction,
        base: Base,
        practice: Practice,
        subjects: Subjects,
        cache: dict[WeightsOf, PerPoint],
    ) -> Award:
        if self.rounding.points.places is not None:
            earned = self.rounding.points.apply(earned)
        weights, own = ready.weights, subjects.get(item.item)
        if own is not None and (REGISTER in own or LIST_SIZE in own):
            weights = (*item.weights, f"item {item.item}")
        if self.scheme.point is None:  # paid within another item, by its share of the points
            return Award(item, done, None, earned, (), 0, 0, reason=done.reason)
        per_point = cache.get(weights)
        if per_point is None:
            per_point = cache[weights] = self._per_point(ready, item, base, practice, subjects)
        factors, pounds, at_one, lacks = per_point
        top, below = earned.as_integer_ratio()
        if not top:
            return Award(item, done, None, earned, factors, 0, 0, "", done.reason)
        pennies = self._pennies(top, below, pounds)
        pennies_at_one = pennies if at_one == pounds else self._pennies(top, below, at_one)
        reason = f"{done.reason} {lacks}".strip() if lacks else done.reason
        return Award(item, done, None, earned, factors, pennies, pennies_at_one, "", reason)

    def _per_point(self, ready: _Ready, item: Item, base: Base, practice: Practice, subjects: Subjects) -> PerPoint:
        factors = []
        for name in item.weights:
            if name == "list":
                assert base.list_factor is not None
                factors.append(base.list_factor)
            else:
                factors.append(self.weigher.prevalence_factor(practice, subjects, ready.measurer, name))
        without = weighed = base.per_point.as_integer_ratio() if base.per_point is not None else None
        for factor in factors:
            weighed = _times(weighed, factor.rounded)
            if factor.name == "list":
                without = _times(without, factor.rounded)
        reason = " ".join([factor.reason for factor in factors if factor.rounded is None])
        return PerPoint(tuple(factors), self._per_year(weighed, base), self._per_year(without, base), reason)

    def _per_year(self, per_point: tuple[int, int] | None, base: Base) -> tuple[int, int] | None:
        """As the scheme rounds it, and for the practice's share of the year."""
        if per_point is None or base.share is None:
            return None
        step, share = self.rounding.pounds_per_point, base.share
        if step.places is not None:
            per_point = step.apply(Fraction(*per_point)).as_integer_ratio()
        return per_point[0] * share.numerator, per_point[1] * share.denominator

    def _pennies(self, top: int, below: int, per_point: tuple[int, int] | None) -> int | None:
        """What `top / below` points pay."""
        if per_point is None:
            return None
        step = self.rounding.pounds
        if step.places == 2:
            return scaled(top * per_point[0], below * per_point[1], 2, step.mode)
        return _pennies(Fraction(top * per_point[0], below * per_point[1]), step.places, step.mode)


def _times(amount: tuple[int, int] | None, factor: Fraction | None) -> tuple[int, int] | None:
    """An amount (over and under the line) x a factor; None while either is not known."""
    if amount is None or factor is None:
        return None
    return amount[0] * factor.numerator, amount[1] * factor.denominator


def _pennies(amount: Fraction, places: int | None, mode: str) -> int:
    """The scheme's rounding of pounds, then whole pennies: money leaves Remit with two decimals."""
    if places is not None and places != 2:
        amount = Fraction(scaled(amount.numerator, amount.denominator, places, mode), 10**places)  # type: ignore[arg-type]
    return scaled(amount.numerator, amount.denominator, 2, mode if places == 2 else "half up")  # type: ignore[arg-type]
