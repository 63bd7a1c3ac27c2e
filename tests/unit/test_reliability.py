"""Reliability by its formulas, and what pooling does to it: worked by hand, and met by a simulation's own variances."""

from __future__ import annotations

from math import isinf

import numpy as np
import pytest

from remit.analysis.beta_binomial import BetaBinomial
from remit.analysis.reliability import formula, own_reliability, pooled, reliability, with_earlier


def test_the_formulas_by_hand() -> None:
    """Beta(4, 1): between = 4 / (25 x 6) = 2/75. At p = 0.8, n = 30: within 0.16 / 30 = 2/375, so R = 5/6; expected
    30 / 35 = 6/7 at n = 30; 0.7 takes 7/3 x 5 = 35/3 patients."""
    spread = BetaBinomial(0.8, 5.0, 99)
    assert formula(spread.between, np.array([0.8]), np.array([30]))[0] == pytest.approx(5 / 6)
    assert spread.reliability(30) == pytest.approx(6 / 7)
    assert spread.size_for(0.7) == pytest.approx(35 / 3)


def test_a_practice_with_all_of_few_is_not_sure_of_it() -> None:
    """4 of 4 under Beta(4, 1) has the rate 8 / 9: 2/75 / (2/75 + 8/81/4) = 27/52."""
    found = own_reliability(BetaBinomial(0.8, 5.0, 99), np.array([4]), np.array([4]))
    assert found[0] == pytest.approx(0.02666666667 / (0.02666666667 + 8 / 324))
    assert found[0] < 1


def test_an_item_of_a_run() -> None:
    draw = np.random.Generator(np.random.Philox(3))
    sizes = draw.integers(20, 61, 4000)
    rates = draw.beta(8, 2, 4000)
    counts = draw.binomial(sizes, rates)
    found = reliability(counts, sizes, np.full(4000, 8000))
    assert found.practices == 4000
    assert found.median == 40
    assert found.expected == pytest.approx(40 / 50, abs=0.02)
    assert found.needed == pytest.approx(7 / 3 * 10, rel=0.1)
    assert found.per_10_000 == pytest.approx(50, rel=0.02)
    assert found.list_needed == pytest.approx(7 / 3 * 10 / 40 * 8000, rel=0.1)
    assert found.own is not None
    assert found.reaching == int((found.own >= 0.7).sum())
    share = np.corrcoef(rates, counts / sizes)[0, 1] ** 2  # what the rates tell of the practices' own, by the draws
    assert found.own.mean() == pytest.approx(share, abs=0.03)


def test_practices_that_differ_by_chance_alone_need_more_than_any_list() -> None:
    found = reliability(np.full(50, 60), np.full(50, 100), np.full(50, 5000))
    assert (found.expected, found.reaching) == (0.0, 0)
    assert found.list_needed is not None
    assert isinf(found.list_needed)


@pytest.mark.parametrize(
    ("sizes", "words"), [([0, 0], "Nobody"), ([40], "One practice alone"), ([40, 0], "One practice")]
)
def test_what_cannot_be_said_is_said(sizes: list[int], words: str) -> None:
    under = np.array(sizes)
    found = reliability(under // 2, under, np.zeros(len(under), dtype=np.int64))
    assert found.reason.startswith(words)
    assert (found.own, found.expected, found.needed, found.list_needed, found.reaching) == (None,) * 5


def test_counts_pooled_by_network_leave_out_who_has_none() -> None:
    names, [over, under] = pooled(["N2", "N1", "", "N2"], np.array([1, 2, 4, 8]), np.array([10, 20, 40, 80]))
    assert (names, over.tolist(), under.tolist()) == (("N1", "N2"), [2, 9], [20, 90])


def test_years_are_added_for_the_same_practices() -> None:
    over, under, many = with_earlier(["A", "B"], np.array([1, 2]), np.array([4, 8]), {"B": (3, 9), "C": (1, 1)})
    assert (over.tolist(), under.tolist(), many) == ([1, 5], [4, 17], 1)
