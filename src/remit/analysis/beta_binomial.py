"""How practices differ in one rate beyond chance: a beta-binomial fitted by maximum likelihood.

Each practice has a rate of its own, drawn from Beta(alpha, beta); its numerator is binomial given that rate.
alpha / (alpha + beta) is the mean of the practices' rates, and alpha + beta says how alike they are: infinite where
they differ by no more than chance. Methods: Adams, The Reliability of Provider Profiling (RAND TR-653).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isinf

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import betaln, digamma, expit, gammaln, logit

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]

_MOST_ALIKE = 1e7
"""Above this alpha + beta, practices differ by less than any of them could show."""
_LEAST_ALIKE = 1e-3


@dataclass(frozen=True)
class BetaBinomial:
    """The spread of practices' own rates: their `mean` (0 to 1), and `alike`, alpha + beta (0 to infinity).

    `practices` are those that the fit rests on: with at least one patient.
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
        """Which share of the variance of rates is of the practices and not of chance, expected at a denominator of
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
        few = "Nobody was there to be counted" if not len(under) else "One practice alone"
        return NotFitted(f"{few}: nothing can be said of how practices differ.")
    mean = float(over.sum() / under.sum())
    if mean in (0.0, 1.0):
        return BetaBinomial(mean, inf, len(under))
    best = minimize(
        _minus_log_likelihood,
        np.array([logit(mean), np.log(_by_moments(over, under, mean))]),
        args=(over, under),
        jac=True,
        method="L-BFGS-B",
        bounds=[(-20.0, 20.0), (np.log(_LEAST_ALIKE), np.log(_MOST_ALIKE))],
        options={"ftol": 1e-13, "gtol": 1e-9, "maxiter": 500},
    )
    middle, alike = float(expit(best.x[0])), float(np.exp(best.x[1]))
    if alike > _MOST_ALIKE / 10:
        return BetaBinomial(mean, inf, len(under))
    return BetaBinomial(middle, alike, len(under))


def log_likelihood(fitted: BetaBinomial, numerators: Counts, denominators: Counts) -> float:
    """Of the counts, without the binomial coefficients, which do not depend on the fit."""
    over, rest = numerators, denominators - numerators
    if isinf(fitted.alike):
        return float((over * np.log(fitted.mean) + rest * np.log1p(-fitted.mean)).sum())
    return float((betaln(over + fitted.alpha, rest + fitted.beta) - betaln(fitted.alpha, fitted.beta)).sum())


def _minus_log_likelihood(at: Floats, over: Floats, under: Floats) -> tuple[float, Floats]:
    """And its slope by the logit of the mean and by the logarithm of alpha + beta."""
    mean, alike = expit(at[0]), np.exp(at[1])
    a, b = mean * alike, (1 - mean) * alike
    rest = under - over
    value = (gammaln(over + a) + gammaln(rest + b) - gammaln(under + alike)).sum() + len(over) * (
        gammaln(alike) - gammaln(a) - gammaln(b)
    )
    to_a = (digamma(over + a) - digamma(under + alike)).sum() + len(over) * (digamma(alike) - digamma(a))
    to_b = (digamma(rest + b) - digamma(under + alike)).sum() + len(over) * (digamma(alike) - digamma(b))
    by_mean = (to_a - to_b) * alike * mean * (1 - mean)
    by_alike = to_a * a + to_b * b
    return -float(value), -np.array([by_mean, by_alike])


def _by_moments(over: Floats, under: Floats, mean: float) -> float:
    """Where to begin: alpha + beta by the variance of the rates beyond the binomial's."""
    rates = over / under
    spread = float((under * (rates - mean) ** 2).sum() / under.sum())
    chance = mean * (1 - mean) * len(under) / float(under.sum())
    between = max(spread - chance, mean * (1 - mean) * 1e-4)
    return min(max(mean * (1 - mean) / between - 1, 0.1), 1e5)
