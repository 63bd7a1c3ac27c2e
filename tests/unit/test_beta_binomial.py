"""The beta-binomial fit beside scipy's own distribution: no nearby alpha and beta make the counts more likely."""

from __future__ import annotations

from math import isinf

import numpy as np
import pytest
from scipy import optimize, stats

from remit.analysis.beta_binomial import BetaBinomial, NotFitted, fit

SIZES = np.array([12, 40, 75, 110, 230, 18, 64, 150, 90, 33, 300, 51])
COUNTS = np.array([3, 31, 70, 60, 190, 17, 40, 90, 30, 30, 240, 20])


def log_likelihood(alpha: float, beta: float) -> float:
    return float(stats.betabinom.logpmf(COUNTS, SIZES, alpha, beta).sum())


def test_no_alpha_and_beta_nearby_are_more_likely() -> None:
    fitted = fit(COUNTS, SIZES)
    assert isinstance(fitted, BetaBinomial)
    best = log_likelihood(fitted.alpha, fitted.beta)
    for a in (0.99, 1.0, 1.01):
        for b in (0.99, 1.0, 1.01):
            assert log_likelihood(fitted.alpha * a, fitted.beta * b) <= best + 1e-9


def test_the_spread_that_made_the_counts_is_found_again() -> None:
    draw = np.random.Generator(np.random.Philox(15))
    sizes = draw.integers(20, 200, 20_000)
    counts = draw.binomial(sizes, draw.beta(16, 4, 20_000))
    fitted = fit(counts, sizes)
    assert isinstance(fitted, BetaBinomial)
    assert fitted.mean == pytest.approx(0.8, abs=0.004)  # four of its standard errors, and of those below
    assert fitted.alike == pytest.approx(20, rel=0.05)
    assert fitted.between == pytest.approx(16 * 4 / (20**2 * 21), rel=0.05)


def test_reliability_is_by_the_formula() -> None:
    spread = BetaBinomial(0.8, 20.0, 100)
    assert spread.reliability(20) == 0.5
    assert spread.size_for(0.7) == pytest.approx(7 / 3 * 20)


def test_practices_that_differ_by_chance_alone() -> None:
    alike = fit(np.full(50, 60), np.full(50, 100))
    assert isinstance(alike, BetaBinomial)
    assert isinf(alike.alike)
    assert (alike.mean, alike.between, alike.reliability(1000)) == (0.6, 0.0, 0.0)


@pytest.mark.parametrize("sizes", [[], [0, 0], [10], [10, 0]])
def test_fewer_than_two_practices_say_nothing(sizes: list[int]) -> None:
    under = np.array(sizes, dtype=np.int64)
    assert isinstance(fit(under // 2, under), NotFitted)


def test_a_numerator_above_its_denominator_is_refused() -> None:
    with pytest.raises(ValueError, match="above its denominator"):
        fit(np.array([3, 11]), np.array([10, 10]))


def test_a_published_fit_is_met() -> None:
    """Boys among the first 12 of 13 children of 6,115 families of Saxony (Geissler): alpha 34.09558, beta 31.5715, an
    AIC of 24989.74 beside 25070.34 of the binomial (Wikipedia, "Beta-binomial distribution", point estimates)."""
    boys = np.repeat(np.arange(13), [3, 24, 104, 286, 670, 1033, 1343, 1112, 829, 478, 181, 45, 7])
    fitted = fit(boys, np.full(len(boys), 12))
    assert isinstance(fitted, BetaBinomial)
    assert (fitted.alpha, fitted.beta) == (pytest.approx(34.09558, rel=5e-4), pytest.approx(31.5715, rel=5e-4))

    def likely(alpha: float, beta: float) -> float:
        return float(stats.betabinom.logpmf(boys, 12, alpha, beta).sum())

    assert likely(fitted.alpha, fitted.beta) >= likely(34.09558, 31.5715)
    assert 2 * 2 - 2 * likely(fitted.alpha, fitted.beta) == pytest.approx(24989.74, abs=0.01)
    binomial = stats.binom.logpmf(boys, 12, boys.mean() / 12).sum()
    assert 2 * 1 - 2 * binomial == pytest.approx(25070.34, abs=0.01)


@pytest.mark.parametrize(
    ("practices", "mean", "alike", "least", "most"),
    [(300, 0.8, 20, 5, 500), (5, 0.5, 3, 5, 50), (144, 0.07, 300, 3_000, 9_000), (40, 0.97, 60, 30, 200)],
)
def test_scipys_own_search_ends_at_the_same_fit(
    practices: int, mean: float, alike: float, least: int, most: int
) -> None:
    draw = np.random.Generator(np.random.Philox(16))
    sizes = draw.integers(least, most, practices)
    counts = draw.binomial(sizes, draw.beta(mean * alike, (1 - mean) * alike, practices))

    def unlikely(at: list[float]) -> float:
        middle, whole = 1 / (1 + np.exp(-at[0])), np.exp(at[1])
        return -float(stats.betabinom.logpmf(counts, sizes, middle * whole, (1 - middle) * whole).sum())

    theirs = optimize.minimize(
        unlikely,
        [np.log(mean / (1 - mean)), np.log(alike)],
        method="Nelder-Mead",
        options={"xatol": 1e-8, "fatol": 1e-10},
    )
    fitted = fit(counts, sizes)
    assert isinstance(fitted, BetaBinomial)
    assert fitted.mean == pytest.approx(1 / (1 + np.exp(-theirs.x[0])), rel=1e-5)
    assert fitted.alike == pytest.approx(np.exp(theirs.x[1]), rel=1e-4)
