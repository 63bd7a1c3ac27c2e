"""Funnel limits beside independent implementations: scipy's binomial by its definition, statsmodels' between variance.

Spiegelhalter, Statistics in Medicine 2005;24:1185 (A.1.1), and QSHC 2005;14:347.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.meta_analysis import combine_effects

from remit.analysis.funnel import Funnel, NoFunnel, funnel, winsorised

DRAW = np.random.Generator(np.random.Philox(5))
SIZES = DRAW.integers(15, 400, 120)
COUNTS = DRAW.binomial(SIZES, DRAW.beta(24, 6, 120))


@pytest.fixture
def found() -> Funnel:
    made = funnel(COUNTS, SIZES)
    assert isinstance(made, Funnel)
    return made


@pytest.mark.parametrize("level", [0.95, 0.998])
@pytest.mark.parametrize("size", [5, 20, 57, 300])
def test_exact_limits_lie_between_the_steps_of_the_binomial(found: Funnel, level: float, size: int) -> None:
    """r is the least count with P(R <= r) > p; the limit (r - alpha) / n, alpha = (P(R <= r) - p) / P(R = r)."""
    [low], [high] = found.limits(np.array([size]), level)
    for p, limit in (((1 - level) / 2, low), ((1 + level) / 2, high)):
        count, summed = 0, stats.binom.pmf(0, size, found.target)
        while summed <= p:
            count += 1
            summed += stats.binom.pmf(count, size, found.target)
        alpha = (summed - p) / stats.binom.pmf(count, size, found.target)
        assert limit == pytest.approx(min(max((count - alpha) / size, 0), 1), abs=1e-9)


def test_without_winsorising_tau2_is_dersimonian_and_lairds_by_statsmodels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("remit.analysis.funnel.winsorised", lambda z: z)
    found = funnel(COUNTS, SIZES)
    assert isinstance(found, Funnel)
    variance = found.target * (1 - found.target) / SIZES
    theirs = combine_effects(COUNTS / SIZES, variance, method_re="chi2")
    assert found.target == pytest.approx(theirs.mean_effect_fe)
    assert found.tau2 == pytest.approx(theirs.tau2, rel=1e-9)


def test_winsorised_values_are_scipys() -> None:
    z = np.arange(21.0)
    assert winsorised(z).tolist() == np.asarray(stats.mstats.winsorize(z, (0.1, 0.1))).tolist()
    assert (winsorised(z).min(), winsorised(z).max()) == (2, 18)


def test_limits_with_overdispersion_and_who_is_outside(found: Funnel) -> None:
    low, high = found.wide_limits(SIZES, 0.95)
    rates = COUNTS / SIZES
    assert found.outside(0.95).tolist() == np.flatnonzero((rates < low) | (rates > high)).tolist()
    assert (high - found.target)[0] == pytest.approx(
        stats.norm.ppf(0.975) * np.sqrt(found.target * (1 - found.target) / SIZES[0] + found.tau2)
    )
    assert found.phi > 1
    assert set(found.outside(0.998)) < set(found.outside(0.95)) < set(np.flatnonzero(np.abs(found.z) > 1.96))


def test_by_hand() -> None:
    """10 of 20 and 30 of 40: target 2/3, variances 1/90 and 1/180, z -sqrt(2.5) and sqrt(1.25). Winsorised at 10% of
    two values each moves a tenth of their distance."""
    made = funnel(np.array([10, 30]), np.array([20, 40]))
    assert isinstance(made, Funnel)
    one, two = -(2.5**0.5), 1.25**0.5
    step = (two - one) / 10
    phi = ((one + step) ** 2 + (two - step) ** 2) / 2
    assert (made.target, made.phi) == (pytest.approx(2 / 3), pytest.approx(phi))
    assert made.tau2 == pytest.approx(max(0, (2 * phi - 1) / (270 - (90**2 + 180**2) / 270)))


@pytest.mark.parametrize(("counts", "sizes"), [([3], [9]), ([], []), ([0, 0], [4, 9]), ([4, 9], [4, 9])])
def test_where_there_is_nothing_to_compare_the_reason_is_said(counts: list[int], sizes: list[int]) -> None:
    assert isinstance(funnel(np.array(counts, dtype=np.int64), np.array(sizes, dtype=np.int64)), NoFunnel)
