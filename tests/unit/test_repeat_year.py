"""A repeat of the year: probabilities beside scipy's beta-binomial, awards beside the kinds' own, count by count."""

from __future__ import annotations

from fractions import Fraction
from math import inf

import numpy as np
import pytest
from scipy import integrate, stats

from remit.analysis.beta_binomial import BetaBinomial
from remit.analysis.payment_scale import payment_scale
from remit.analysis.repeat_year import awards_of, own_rate_earns_other, repeat_year
from remit.scheme.kinds import Kind, Linear, Steps, StepThenLinear

STEPS = Steps.model_validate(
    {"steps": ["above 40% pays 13p", "from 45% pays 17p", "above 70% pays 20p"], "most": "20p"}
)
LINE = Linear.model_validate({"points": "12", "lower": "40%", "upper": "90%"})
FALLING = Linear.model_validate({"points": "12", "better": "lower", "lower": "60%", "upper": "40%"})
AFTER_A_STEP = StepThenLinear.model_validate({"points": "18", "points_at_lower": "3", "lower": "90%", "upper": "95%"})
TO_THE_END = Linear.model_validate({"points": "5", "lower": "0%", "upper": "100%"})
KINDS = [STEPS, LINE, FALLING, AFTER_A_STEP, TO_THE_END]
SPREADS = [
    BetaBinomial(0.8, 20, 50),
    BetaBinomial(0.45, 0.5, 50),
    BetaBinomial(0.42, inf, 50),
    BetaBinomial(0.03, 900, 9),
]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.words())
@pytest.mark.parametrize("size", [1, 7, 20, 100, 333])
def test_every_count_earns_what_its_kind_says(kind: Kind, size: int) -> None:
    counts = np.arange(size + 1)
    earned = payment_scale(kind).earned(counts, np.full(size + 1, size))
    assert earned == pytest.approx([float(kind.earned(Fraction(n, size))) for n in range(size + 1)], abs=1e-12)


def by_hand(kind: Kind, spread: BetaBinomial, over: int, under: int) -> tuple[np.ndarray, np.ndarray]:
    """Each count's award by the kind, and its probability by scipy."""
    counts = np.arange(under + 1)
    chances = stats.betabinom.pmf(counts, under, spread.alpha + over, spread.beta + under - over)
    if spread.alike == inf:
        chances = stats.binom.pmf(counts, under, spread.mean)
    return np.array([float(kind.earned(Fraction(int(n), under))) for n in counts]), chances


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.words())
@pytest.mark.parametrize("spread", SPREADS, ids=str)
def test_the_chance_of_another_award_is_the_sum_over_counts_by_scipy(kind: Kind, spread: BetaBinomial) -> None:
    pairs = [(0, 1), (3, 7), (41, 100), (45, 100), (300, 900), (2, 2), (1800, 2000), (0, 40)]
    over, under = (np.array(side) for side in zip(*pairs, strict=True))
    found = repeat_year(payment_scale(kind), spread, over, under)
    for n, (x, of) in enumerate(pairs):
        awards, chances = by_hand(kind, spread, x, of)
        now = float(kind.earned(Fraction(x, of)))
        apart = np.abs(awards - now)
        other = apart > (1e-9 if kind is STEPS else now / 10 + 1e-9)
        mean = float(awards @ chances)
        assert found.other[n] == pytest.approx(chances[other].sum(), abs=1e-9)
        assert found.moved[n] == pytest.approx(apart @ chances, abs=1e-8)
        assert found.mean[n] == pytest.approx(mean, abs=1e-8)
        assert found.variance[n] == pytest.approx((awards - mean) ** 2 @ chances, abs=1e-7)
        assert chances[awards < found.low[n] - 1e-9].sum() <= 0.05 + 1e-9
        assert chances[awards > found.high[n] + 1e-9].sum() <= 0.05 + 1e-9
        one, with_chance = awards_of(payment_scale(kind), spread, x, of)
        assert float(one @ with_chance) == pytest.approx(mean, abs=1e-8)


def test_one_of_two_steps_by_hand() -> None:
    """2 of 4 under Beta(1, 1): the repeat of 4 is beta-binomial with alpha 3 and beta 3, and B(k + 3, 7 - k) / B(3, 3).

    Of 4: C(4, k) (k + 2)! (6 - k)! / 9! x 5! / (2! 2!) = 15, 20 x 2, 54 ... over 126: 15, 30, 36, 30, 15. A step above
    40% is lost with 0 or 1: 45 of 126.
    """
    kind = Steps.model_validate({"steps": ["above 40% pays 13p"], "most": "13p"})
    found = repeat_year(payment_scale(kind), BetaBinomial(0.5, 2, 9), np.array([2]), np.array([4]))
    assert found.other[0] == pytest.approx(45 / 126)
    assert found.moved[0] == pytest.approx(0.13 * 45 / 126)
    assert (found.low[0], found.high[0]) == (0, 0.13)


def test_where_all_have_the_same_rate_of_none_or_all_nothing_is_another() -> None:
    for mean, over in ((0.0, [0, 0]), (1.0, [5, 9])):
        found = repeat_year(payment_scale(LINE), BetaBinomial(mean, inf, 2), np.array(over), np.array([5, 9]))
        assert (found.other.tolist(), found.moved.tolist()) == ([0, 0], [0, 0])


@pytest.mark.parametrize("kind", [STEPS, LINE, FALLING, AFTER_A_STEP], ids=lambda kind: kind.words())
@pytest.mark.parametrize(("over", "under"), [(41, 100), (45, 100), (93, 100), (5, 9), (0, 3)])
def test_the_chance_that_the_own_rate_earns_another_award_is_the_integral_of_its_density(
    kind: Kind, over: int, under: int
) -> None:
    spread = BetaBinomial(0.6, 8, 50)
    [found] = own_rate_earns_other(payment_scale(kind), spread, np.array([over]), np.array([under]))
    now = float(kind.earned(Fraction(over, under)))
    slack = 1e-9 if kind is STEPS else now / 10 + 1e-9
    rates = np.linspace(0, 1, 20_001)
    earned = np.array([float(kind.earned(Fraction(n, 20_000))) for n in range(20_001)])
    density = stats.beta.pdf(rates, spread.alpha + over, spread.beta + under - over)
    outside = integrate.trapezoid(np.where(np.abs(earned - now) > slack, density, 0), rates)
    assert found == pytest.approx(outside, abs=2e-3)  # the grid's own step at the ends
