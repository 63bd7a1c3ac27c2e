"""How much of a run's payments is chance: by practice and item, and together. One place for every page that says it.

The steps, points and pounds are the plan's: what a count earns is its kind's, and what that is worth to a practice is
what the evaluator pays it in full for the item. Items are taken as independent of each other. Amounts are in pence, as
floats: they are estimates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from remit.analysis.beta_binomial import BetaBinomial
from remit.analysis.repeat_year import HIGH, LOW, RepeatYear, awards_of, repeat_year
from remit.analysis.run_counts import ItemCounts, WithoutChance, counted_items
from remit.pricing.award import Award
from remit.pricing.evaluator import price
from remit.pricing.scenario import Scenario
from remit.runs.engine import Run
from remit.scoring.achievement import Achievement

Floats = NDArray[np.float64]

MOST_SUMMED = 20
"""Up to so many items an interval sums every combination; with more, the sum of so many is all but normal."""
_POINTS = 4000
_NORMAL_90 = 1.6448536269514722


@dataclass(frozen=True, slots=True)
class ItemChance:
    """One item of one practice, in a repeat of the year with the same care.

    `other` is the probability of another award. In the kind's unit: what was `earned`, the `mean` of a repeat, the mean
    distance of the two (`apart`), the `variance` of a repeat, and `least` and `most`, between which 90% lie. `pence` is
    the year's award, and `worth` what one of the unit is worth to the practice; None where they are not known.
    """

    counts: ItemCounts
    place: int
    other: float
    earned: float
    mean: float
    apart: float
    variance: float
    least: float
    most: float
    pence: int | None
    worth: float | None

    @property
    def code(self) -> str:
        return self.counts.code

    @property
    def moved(self) -> float | None:
        """The mean distance of its pounds from the year's, in pence."""
        return None if self.worth is None else self.apart * self.worth


@dataclass(frozen=True)
class PracticeChance:
    """A practice's items of which a chance is stated, and their pounds together."""

    code: str
    items: tuple[ItemChance, ...]

    @property
    def others(self) -> float:
        """How many items can be expected to earn another award."""
        return sum(one.other for one in self.items)

    @property
    def priced(self) -> list[ItemChance]:
        """The items whose pounds are known."""
        return [one for one in self.items if one.worth is not None]

    @property
    def pence(self) -> int:
        return sum(one.pence or 0 for one in self.priced)

    @property
    def moved(self) -> float:
        """The pounds that can be expected to move, up or down, in pence."""
        return sum(one.moved or 0.0 for one in self.priced)

    @property
    def deviation(self) -> float:
        """The standard deviation of the sum, in pence."""
        return sqrt(sum(one.variance * (one.worth or 0.0) ** 2 for one in self.priced))


@dataclass(frozen=True)
class RunChance:
    """A run's items that count people, and those of which no chance is stated with the reason.

    `practice` gives any one of its practices, so that a statement needs no other's.
    """

    run: Run
    items: tuple[ItemCounts, ...]
    without: tuple[WithoutChance, ...]

    @cached_property
    def stated(self) -> tuple[ItemCounts, ...]:
        """The items whose practices could be compared: with two at least that have somebody to count."""
        return tuple(one for one in self.items if isinstance(one.spread, BetaBinomial))

    @cached_property
    def _of_item(self) -> dict[tuple[str, str], RepeatYear]:
        return {(one.scheme, one.code): _repeat(one, one.counted) for one in self.stated}

    def everyone(self) -> Sequence[PracticeChance]:
        """Every practice of which any chance can be stated, in the order of their codes."""
        codes = sorted({code for one in self.stated for code in one.place})
        return [self._practice(code, self.run.practice(code).awards, every=True) for code in codes]

    def practice(self, code: str, awards: Sequence[Award] | None = None) -> PracticeChance:
        """One practice, whose `awards` may be known already."""
        return self._practice(code, self.run.practice(code).awards if awards is None else awards, every=False)

    def _practice(self, code: str, awards: Sequence[Award], every: bool) -> PracticeChance:
        those = [one for one in self.stated if code in one.place]
        if not those:
            return PracticeChance(code, ())
        pence = {award.item.item: award.pence for award in awards}
        full = _worth(self.run, code, those)
        lines = []
        for counts in those:
            at = counts.place[code]
            if every:
                repeat, n = self._of_item[counts.scheme, counts.code], int(np.searchsorted(counts.counted, at))
            else:
                repeat, n = _repeat(counts, np.array([at])), 0
            lines.append(_line(counts, at, repeat, n, pence.get(counts.code), full.get(counts.code)))
        return PracticeChance(code, tuple(lines))


def chance(run: Run, only: Sequence[str] = ()) -> RunChance:
    """How much of a run is chance; `only` of some of its items."""
    items, without = counted_items(run, only)
    return RunChance(run, tuple(items), tuple(without))


def interval(practice: PracticeChance) -> tuple[float, float] | None:
    """Between which sums of the items' pounds 90% of the repeats lie, in pence; None where no item's are known."""
    priced = practice.priced
    if not priced:
        return None
    if len(priced) > MOST_SUMMED:
        mean = sum(one.mean * (one.worth or 0.0) for one in priced)
        reach = _NORMAL_90 * practice.deviation
        return mean - reach, mean + reach
    values, chances = np.zeros(1), np.ones(1)
    for one in priced:
        more, with_chance = _pence_of(one)
        values, chances = _merged(
            (values[:, None] + more).ravel(), (chances[:, None] * with_chance).ravel()
        )
    summed = np.cumsum(chances)
    ends = [float(values[min(int((summed < p - 1e-12).sum()), len(values) - 1)]) for p in (LOW, HIGH)]
    return ends[0], ends[1]


def _repeat(counts: ItemCounts, places: NDArray[np.int64]) -> RepeatYear:
    assert isinstance(counts.spread, BetaBinomial)
    return repeat_year(counts.scale, counts.spread, counts.over[places], counts.under[places])


def _worth(run: Run, code: str, those: Sequence[ItemCounts]) -> Mapping[str, float]:
    """The pence that one of the kind's unit is worth to a practice, by item, as it is paid in full."""
    achieved = {one.code: Achievement(Fraction(0 if one.item.kind.falls else 1)) for one in those}
    plan, standing = run.standings.plan(code), run.standing(code)
    awards = price(plan, standing, Scenario(achieved=achieved, items=frozenset(achieved))).awards
    return {
        award.item.item: award.pence / float(award.earned)
        for award in awards
        if award.pence is not None and award.earned
    }


def _line(
    counts: ItemCounts, place: int, repeat: RepeatYear, n: int, pence: int | None, worth: float | None
) -> ItemChance:
    named = (repeat.earned, repeat.mean, repeat.moved, repeat.variance, repeat.low, repeat.high)
    other, known = min(float(repeat.other[n]), 1.0), pence is not None and worth is not None
    return ItemChance(counts, place, other, *(float(each[n]) for each in named), pence, worth if known else None)


def _pence_of(one: ItemChance) -> tuple[Floats, Floats]:
    """What a practice may be paid for an item in a repeat of the year, in pence, and with which probability each."""
    counts = one.counts
    assert isinstance(counts.spread, BetaBinomial)
    earned, chances = awards_of(counts.scale, counts.spread, int(counts.over[one.place]), int(counts.under[one.place]))
    return _merged(earned * (one.worth or 0.0), chances)


def _merged(pence: Floats, chances: Floats) -> tuple[Floats, Floats]:
    """Amounts that are the same to the penny together; of very many, those that are near each other."""
    step = max(1.0, float(pence.max() - pence.min()) / _POINTS)
    values, place = np.unique(np.rint(pence / step), return_inverse=True)
    return values * step, np.bincount(place, chances)
