"""How practices differ in one rate by more than chance: a beta-binomial fitted by maximum likelihood.

Each practice has a rate of its own, drawn from Beta(alpha, beta); its numerator is binomial given that rate.
alpha / (alpha + beta) is the mean of the practices' rates, and alpha + beta says how alike they are: infinite where
they differ by no more than chance. Methods: Adams, The Reliability of Provider Profiling (RAND TR-653).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isinf

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]

_MOST_ALIKE = 1e7
"""Above this alpha + beta, practices differ by less than any of them could show."""
_LEAST_ALIKE = 1e-3
_STEPS, _NEAR = 200, 1e-8
"""At most so many steps to the most likely, and how near is near enough, in logarithms."""


@dataclass(frozen=True)
class BetaBinomial:
    """The spread of practices' own rates: their `mean` (0 to 1), and `alike`, alpha + beta (0 to infinity).

    `practices` is how many practices with at least one patient the fit rests on.
    """

    mean: float
    alike: float
    practices: int

    @property
    def alpha(self) -> float:
        return self.mean * self.alike

    @property
    def beta(self) -> float:
        return (1 - self.mean) * self.alike

    @property
    def between(self) -> float:
        """The variance of the practices' own rates: ab / ((a + b)^2 (a + b + 1))."""
        return 0.0 if isinf(self.alike) else self.mean * (1 - self.mean) / (self.alike + 1)

    def reliability(self, size: float) -> float:
        """The share of the variance of rates that is the practices' own and not chance, expected at a denominator of
        `size` patients: n / (n + alpha + beta)."""
        return 0.0 if isinf(self.alike) else size / (size + self.alike)

    def size_for(self, reliability: float) -> float:
        """The denominator that gives a reliability (0 to 1): R (alpha + beta) / (1 - R). Infinite where practices
        do not differ."""
        return reliability * self.alike / (1 - reliability)


@dataclass(frozen=True)
class NotFitted:
    """Why nothing can be said of how practices differ."""

    reason: str


def fit(numerators: Counts, denominators: Counts) -> BetaBinomial | NotFitted:
    """The beta-binomial of practices' counts, one of each a practice. Practices with nobody to count say nothing.

    Raises ValueError for a numerator below 0 or above its denominator.
    """
    if ((numerators < 0) | (numerators > denominators)).any():
        raise ValueError("a numerator is below 0 or above its denominator")
    counted = denominators > 0
    over, under = numerators[counted].astype(np.float64), denominators[counted].astype(np.float64)
    if len(under) < 2:
        nobody = "Nobody was there to be counted" if len(denominators) else "No practice's counts are known"
        few = "One practice alone" if len(under) else nobody
        return NotFitted(f"{few}: nothing can be said of how practices differ.")
    mean = float(over.sum() / under.sum())
    if mean in (0.0, 1.0):
        return BetaBinomial(mean, inf, len(under))
    return _most_likely(_Tails.of(over, under), mean, _by_moments(over, under, mean), len(under))


@dataclass(frozen=True)
class _Tails:
    """Over j = 0, 1, …: how many practices have more than j in the numerator, in the rest and in the denominator.

    A ratio of gamma functions of whole numbers apart is a product, so that the logarithm of the likelihood, and what
    it is by the two, are sums over j and not over practices: all of England is a few thousand terms.
    """

    over: Floats
    rest: Floats
    under: Floats

    @classmethod
    def of(cls, over: Floats, under: Floats) -> _Tails:
        return cls(_above(over), _above(under - over), _above(under))

    def slopes(self, a: float, b: float) -> tuple[Floats, Floats]:
        """The first and the second derivatives by a, by b and, of what is taken off, by a + b."""
        first, second = [], []
        for tail, at in ((self.over, a), (self.rest, b), (self.under, a + b)):
            each = 1 / (at + np.arange(len(tail)))
            weighed = tail * each  # summed without the linear algebra library, which would start threads for it
            first.append(float(weighed.sum()))
            second.append(-float((weighed * each).sum()))
        return np.array(first), np.array(second)


def _above(counts: Floats) -> Floats:
    """How many of the counts are above 0, above 1 and so on, to the largest."""
    by_count = np.bincount(counts.astype(np.int64))
    return (len(counts) - np.cumsum(by_count))[:-1].astype(np.float64)


def _most_likely(tails: _Tails, mean: float, alike: float, practices: int) -> BetaBinomial:
    """By Newton's method on the logit of the mean and the logarithm of alpha + beta: each step goes uphill, is no
    longer than 2, and is halved while it ends as steep on the other side."""
    least, most = [-30.0, np.log(_LEAST_ALIKE)], [30.0, np.log(_MOST_ALIKE)]
    at = np.array([np.log(mean / (1 - mean)), np.log(alike)])
    slope, bend = _derivatives(tails, at)
    for _ in range(_STEPS):
        step = _uphill(slope, bend)
        step *= min(1.0, 2 / max(float(np.abs(step).max()), 1e-300))
        new = np.clip(at + step, least, most)
        moved = float(np.abs(new - at).max())
        if moved < _NEAR:
            break
        new_slope, bend = _derivatives(tails, new)
        while (new_slope * step).sum() < -0.9 * (slope * step).sum() and moved > _NEAR:
            step, moved = step / 2, moved / 2
            new = np.clip(at + step, least, most)
            new_slope, bend = _derivatives(tails, new)
        at, slope = new, new_slope
    middle, alike = float(1 / (1 + np.exp(-at[0]))), float(np.exp(at[1]))
    return BetaBinomial(mean, inf, practices) if alike > _MOST_ALIKE / 10 else BetaBinomial(middle, alike, practices)


def _uphill(slope: Floats, bend: Floats) -> Floats:
    """Newton's step where the likelihood bends down every way; elsewhere straight up, by how sharply it bends."""
    (first, corner), (_, last) = bend
    area = first * last - corner * corner
    if first < 0 and area > 0:
        newton: Floats = np.array([corner * slope[1] - last * slope[0], corner * slope[0] - first * slope[1]]) / area
        return newton
    sharp: Floats = slope / np.maximum(np.abs([first, last]) + abs(corner), 1e-9)
    return sharp


def _ab(at: Floats) -> tuple[float, float]:
    mean, alike = float(1 / (1 + np.exp(-at[0]))), float(np.exp(at[1]))
    return mean * alike, (1 - mean) * alike


def _derivatives(tails: _Tails, at: Floats) -> tuple[Floats, Floats]:
    """The slope and the second derivatives of the likelihood's logarithm where `at` is."""
    a, b = _ab(at)
    whole = a + b
    (to_a, to_b, off), (bend_a, bend_b, bend_off) = tails.slopes(a, b)
    by_mean = a * b / whole  # how a changes with the logit of the mean, and b the other way
    slope = np.array([(to_a - to_b) * by_mean, to_a * a + to_b * b - off * whole])
    across = (to_a - to_b) * by_mean
    corner = bend_a * by_mean * a - bend_b * by_mean * b + across
    first = by_mean**2 * (bend_a + bend_b) + across * (b - a) / whole
    last = bend_a * a * a + bend_b * b * b - bend_off * whole * whole + slope[1]
    return slope, np.array([[first, corner], [corner, last]])


def _by_moments(over: Floats, under: Floats, mean: float) -> float:
    """Where to begin: alpha + beta by the variance of the rates beyond the binomial's."""
    rates = over / under
    spread = float((under * (rates - mean) ** 2).sum() / under.sum())
    chance = mean * (1 - mean) * len(under) / float(under.sum())
    between = max(spread - chance, mean * (1 - mean) * 1e-4)
    return min(max(mean * (1 - mean) / between - 1, 0.1), 1e5)
