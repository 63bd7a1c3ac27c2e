"""A share drawn in: the expected share of Beta(alpha, beta) after x of n, by hand and beside scipy."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest
from scipy.stats import beta

from remit.analysis.beta_binomial import BetaBinomial
from remit.analysis.shrinkage import drawn_in


def test_by_hand() -> None:
    """Alpha 2 and beta 2: 3 of 4 is expected to be (3 + 2) / (4 + 4), and 0 of 4 to be 2 / 8."""
    fitted = BetaBinomial(0.5, 4.0, 10)
    assert drawn_in(fitted, np.array([0.75, 0.0]), np.array([4, 4])).tolist() == [5 / 8, 2 / 8]


def test_it_is_the_mean_of_what_scipy_says_of_the_rate() -> None:
    fitted = BetaBinomial(0.8, 50.0, 10)
    over, under = np.array([70, 95, 3]), np.array([100, 100, 3])
    expected = beta(fitted.alpha + over, fitted.beta + under - over).mean()
    assert drawn_in(fitted, over / under, under) == pytest.approx(expected)


def test_units_that_differ_by_chance_alone_are_all_the_mean() -> None:
    assert drawn_in(BetaBinomial(0.9, inf, 10), np.array([0.1, 1.0]), np.array([5, 5000])).tolist() == [0.9, 0.9]


def test_one_without_patients_is_the_mean() -> None:
    assert drawn_in(BetaBinomial(0.5, 4.0, 10), np.array([0.0]), np.array([0])).tolist() == [0.5]
