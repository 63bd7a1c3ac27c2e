"""How concentrated pounds are: by hand, and against scipy's mean absolute difference, which knows no Lorenz curve."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import pdist

from remit.analysis.concentration import concentration


def test_by_hand() -> None:
    """Two practices of 100 patients, £1 and £3 in all: the first half of patients has a quarter of the pounds.

    The area under the curve is 1/2 x 1/4 / 2 + 1/2 x (1/4 + 1) / 2 = 1/16 + 5/16 = 3/8, and Gini = 1 - 2 x 3/8 = 1/4.
    The tenth with the most is 20 of the second's 100 patients: a fifth of £3, which is 3/20 of £4.
    """
    found = concentration([(300, 100), (100, 100)])
    assert found is not None
    assert (found.gini, found.top_tenth) == (Fraction(1, 4), Fraction(3, 20))
    assert found.lorenz == ((0, 0), (Fraction(1, 2), Fraction(1, 4)), (1, 1))


@pytest.mark.parametrize("practices", [[(500, 100), (1000, 200), (5, 1)], [(7, 3)]])
def test_where_all_have_the_same_it_is_0(practices: list[tuple[int, int]]) -> None:
    found = concentration(practices)
    assert found is not None
    assert found.gini == 0
    assert found.top_tenth == Fraction(1, 10)


@pytest.mark.parametrize("practices", [[], [(0, 10)], [(10, 0)], [(10, 5), (-1, 5)]])
def test_there_is_none_without_pounds_or_patients_or_with_a_loss(practices: list[tuple[int, int]]) -> None:
    assert concentration(practices) is None


@given(st.lists(st.tuples(st.integers(0, 10_000), st.integers(1, 12)), min_size=2, max_size=12))
def test_it_is_half_the_relative_mean_difference(practices: list[tuple[int, int]]) -> None:
    """Gini is the mean absolute difference over twice the mean (Gini 1912): of each patient, by scipy's pdist."""
    found = concentration(practices)
    if found is None:
        assert not sum(pence for pence, _ in practices)
        return
    each = np.repeat([pence / patients for pence, patients in practices], [patients for _, patients in practices])
    differences = 2 * pdist(each[:, None], "cityblock").sum() / len(each) ** 2
    assert float(found.gini) == pytest.approx(differences / (2 * each.mean()), abs=1e-9)
