"""How much of a shared saving is chance: what a rule pays a group that saved nothing, and withholds from one that did.

A group's activity in a year is Poisson around patients × rate, or with a variance that is `spread` times its mean
(negative binomial); the baseline's years and this one vary independently. What is paid for a baseline and a year is
asked of the payment kind itself, and nowhere worked out again: for each baseline it says below which activity it pays,
where it is capped, and what it pays there. Between those, a share of a saving is a straight line in the activity.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import gcd, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.stats import nbinom, poisson

from remit.core.dates import SchemeYear
from remit.core.figures import FigureKey
from remit.scheme.kinds.base import KindInputs
from remit.scheme.kinds.shared_savings import SharedSavings

Floats = NDArray[np.float64]
Paid = Callable[[Fraction, int], Fraction]
"""What is paid, in pounds, for a baseline (in activity, where it may be a mean of years) and this year's activity."""

_LEFT_OUT = 1e-9
"""The chance that is left out at either end of each distribution."""
_STEPS = 200
"""Baselines that are priced one by one; for a larger group, values between two of them are interpolated."""


@dataclass(frozen=True)
class Activity:
    """What a group's activity is like: so many a patient and year, each at a price in pounds, and its variance over its
    mean (1 by chance alone)."""

    rate: Fraction
    price: Fraction
    spread: float = 1.0

    def distribution(self, mean: float) -> object:
        """Of the activity of a year, or of several together, around a mean."""
        if self.spread <= 1:
            return poisson(mean)
        return nbinom(mean / (self.spread - 1), 1 / self.spread)


@dataclass(frozen=True)
class Odds:
    """Of a group of so many patients: how likely it is paid, and the pounds that it is paid on average.

    `expected_cost` is what a year costs on average where nothing is saved.
    """

    patients: int
    expected_cost: float
    paid_for_nothing: float
    pounds_for_nothing: float
    saving: float
    paid_for_saving: float
    pounds_for_saving: float

    @property
    def missed(self) -> float:
        """How likely a true saving is not paid."""
        return 1 - self.paid_for_saving


def paid_by(kind: SharedSavings, price: Fraction) -> Paid:
    """What the kind pays in pounds; both years have the same list."""
    year = SchemeYear(2000)
    lists = {("*", FigureKey(name)): Fraction(1) for name in ("LIST_SIZE", "BASELINE_LIST_SIZE")}

    def paid(baseline: Fraction, activity: int) -> Fraction:
        costs = {
            ("", FigureKey("BASELINE_POUNDS")): baseline * price,
            ("", FigureKey("ACTUAL_POUNDS")): activity * price,
        }
        earned = kind.calculate(KindInputs("", year, {**costs, **lists})).earned
        assert earned is not None, "every figure is supplied"
        return earned

    return paid


def odds(kind: SharedSavings, activity: Activity, patients: int, saving: Fraction, years: int = 1) -> Odds:
    """Of a group of so many patients, with the mean of so many years as its baseline, and a true saving of 0 to 1.

    Where the rule lets the baseline grow, activity is taken to grow as much.
    """
    mean = float(patients * activity.rate)
    grown = mean * float(1 + _growth(kind))
    before = activity.distribution(mean * years)
    baselines, weights = _in_steps(*_support(before), years)
    paid = paid_by(kind, activity.price)
    lines = list(_lines(paid, baselines))
    results = []
    for cut in (0.0, float(saving)):
        counts, chances = _support(activity.distribution(grown * (1 - cut)))
        results.append(_together(lines, weights, counts, chances))
    (chance, pounds), (chance_saved, pounds_saved) = results
    cost = grown * float(activity.price)
    return Odds(patients, cost, chance, pounds, float(saving), chance_saved, pounds_saved)


def _in_steps(counts: NDArray[np.int64], chances: Floats, years: int) -> tuple[list[Fraction], Floats]:
    """At most some `_STEPS` baselines, as means of so many years: of more, the chance of those between two goes to both
    of these, to the nearer one more. A step that shares no divisor with the years meets every part of a year's mean."""
    step = -(-len(counts) // _STEPS)
    while gcd(step, years) > 1:
        step += 1
    nodes = np.unique(np.append(np.arange(0, len(counts), step), len(counts) - 1))
    every = np.arange(len(counts))
    after = np.searchsorted(nodes, every)
    before = np.maximum(after - 1, 0)
    share = (every - nodes[before]) / np.maximum(nodes[after] - nodes[before], 1)
    weights = np.zeros(len(nodes))
    np.add.at(weights, before, chances * (1 - share))
    np.add.at(weights, after, chances * share)
    return [Fraction(int(count), years) for count in counts[nodes]], weights


def _growth(kind: SharedSavings) -> Fraction:
    if kind.growth_down:
        return -kind.growth_down.known()
    return kind.growth.known() if kind.growth else Fraction(0)


def _support(distribution: object) -> tuple[NDArray[np.int64], Floats]:
    """The counts that matter, and the chance of each."""
    low, high = (int(distribution.ppf(p)) for p in (_LEFT_OUT, 1 - _LEFT_OUT))  # type: ignore[attr-defined]
    counts = np.arange(low, high + 1)
    return counts, np.asarray(distribution.pmf(counts), np.float64)  # type: ignore[attr-defined]


@dataclass(frozen=True)
class PaidLine:
    """What is paid for one baseline: `top` up to the activity `capped`, then a straight line through two points to
    `last`, the most activity that is paid for; nothing where `last` is below 0."""

    last: int = -1
    capped: int = -1
    top: float = 0.0
    at: float = 0.0
    """What is paid just above `capped`."""
    end: float = 0.0
    """What is paid at `last`."""


def _lines(paid: Paid, baselines: Sequence[Fraction]) -> Iterator[PaidLine]:
    """For baselines in rising order: with a higher baseline, no less activity is paid for and capped."""
    last = capped = -1
    for baseline in baselines:
        last = _furthest(last, lambda n, of=baseline: paid(of, n) > 0)  # type: ignore[misc]
        if last < 0:
            yield PaidLine()
            continue
        top = paid(baseline, 0)
        capped = _furthest(max(capped, 0), lambda n, of=baseline, top=top: paid(of, n) == top)  # type: ignore[misc]
        first = min(capped + 1, last)
        yield PaidLine(last, capped, float(top), float(paid(baseline, first)), float(paid(baseline, last)))


def _furthest(start: int, holds: Callable[[int], bool]) -> int:
    """The last whole number for which it holds, where it holds up to there and no further; `start` is not beyond it."""
    step, here = 1, start
    while holds(here + step):
        here += step
        step *= 2
    while step > 1:
        step //= 2
        if holds(here + step):
            here += step
    return here


def _together(
    lines: Sequence[PaidLine], weights: Floats, counts: NDArray[np.int64], chances: Floats
) -> tuple[float, float]:
    """How likely anything is paid, and the pounds on average, over baselines and this year's activity."""
    below = np.concatenate([[0.0], np.cumsum(chances)])
    sums = np.concatenate([[0.0], np.cumsum(chances * counts)])
    first = int(counts[0])

    def up_to(limit: int) -> int:
        return min(max(limit - first + 1, 0), len(counts))

    chance = pounds = 0.0
    for line, weight in zip(lines, weights.tolist(), strict=True):
        if line.last < 0:
            continue
        a, b = up_to(min(line.capped, line.last)), up_to(line.last)
        chance += weight * below[b]
        pounds += weight * below[a] * line.top
        start = line.capped + 1
        if b > a:
            slope = (line.end - line.at) / (line.last - start) if line.last > start else 0.0
            within, moment = below[b] - below[a], sums[b] - sums[a]
            pounds += weight * (within * line.at + slope * (moment - start * within))
    return float(chance), float(pounds)


# Which size is enough, how activity varies, and another population's growth.


def size_needed(
    kind: SharedSavings, activity: Activity, saving: Fraction, years: int, false: float, missed: float, most: int
) -> int | None:
    """The smallest group, to the nearest thousand patients, that is paid for nothing and missed no more often than
    that; None where none up to `most` is."""

    def enough(thousands: int) -> bool:
        found = odds(kind, activity, thousands * 1000, saving, years)
        return found.paid_for_nothing <= false and found.missed <= missed

    low, high = 0, 1
    while not enough(high):
        low, high = high, high * 2
        if high * 1000 > most:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high * 1000


def spread_of(yearly: Sequence[Sequence[tuple[int, int]]]) -> float | None:
    """The variance over the mean of groups' activity from year to year, by Pearson's statistic over its degrees of
    freedom: of each group its years as patients and activity. At least 1; None where no group has two years."""
    total, free = 0.0, 0
    for years in yearly:
        patients, events = sum(one[0] for one in years), sum(one[1] for one in years)
        if len(years) < 2 or not events:
            continue
        expected = [one[0] * events / patients for one in years]
        total += sum((one[1] - mean) ** 2 / mean for one, mean in zip(years, expected, strict=True) if mean)
        free += len(years) - 1
    return max(1.0, total / free) if free else None


@dataclass(frozen=True)
class Drawn:
    """Against another population's growth: how likely a group that saved nothing is paid, from draws, and how far that
    estimate may be off (a standard error). `missed` is how likely a true saving is not paid, `pounds_for_saving` what
    is paid for it on average, with their errors."""

    chance: float
    error: float
    pounds: float
    pounds_error: float
    missed: float
    missed_error: float
    pounds_for_saving: float
    pounds_for_saving_error: float
    draws: int = field(default=0)


def drawn_growth(
    kind: SharedSavings,
    activity: Activity,
    patients: int,
    others: int,
    saving: Fraction = Fraction(0),
    seed: int = 1,
    draws: int = 1000,
) -> Drawn:
    """The baseline of a group is its year before, times the growth of another population of so many patients.

    The baselines are drawn (numpy's Philox); given a baseline, the chance and the pounds are exact.
    """
    random = np.random.Generator(np.random.Philox(seed))
    means = [float(size * activity.rate) for size in (patients, others, others)]
    own, before, after = (
        np.asarray(activity.distribution(mean).rvs(draws, random_state=random))  # type: ignore[attr-defined]
        for mean in means
    )
    grown = means[0] * float(1 + _growth(kind))
    baselines = [Fraction(int(n) * int(b), int(a)) for n, b, a in zip(own, after, before, strict=True) if a]
    lines = list(_lines(paid_by(kind, activity.price), sorted(baselines)))
    figures: list[float] = []
    for cut in (0.0, float(saving)):
        counts, chances = _support(activity.distribution(grown * (1 - cut)))
        each = np.array([_together([line], np.ones(1), counts, chances) for line in lines])
        means_, errors = each.mean(axis=0), each.std(axis=0, ddof=1) / sqrt(len(each))
        figures += [float(one) for pair in zip(means_, errors, strict=True) for one in pair]
    chance, error, pounds, pounds_error, paid, paid_error, saved, saved_error = figures
    return Drawn(chance, error, pounds, pounds_error, 1 - paid, paid_error, saved, saved_error, len(lines))
