"""The key of a figure: the same object however it comes about, and texts as the counts have them."""

from __future__ import annotations

import copy
import pickle

import pytest

from remit.core.dates import SchemeYear
from remit.core.figures import (
    EACH_QUARTER,
    NUMERATOR,
    THE_YEAR,
    FigureKey,
    FigurePeriod,
    Quarter,
    Whole,
    figure_keys,
    quarters,
)

YEAR = SchemeYear(2024)


def test_a_key_is_the_same_object_copied_pickled_or_made_again() -> None:
    key = FigureKey("ACTIVITY", Quarter(SchemeYear(2024), 1))
    assert key is FigureKey("ACTIVITY", Quarter(YEAR, 1))
    assert copy.deepcopy(key) is key
    assert pickle.loads(pickle.dumps(key)) is key
    assert FigureKey("NUMERATOR") is NUMERATOR


def test_keys_of_other_measures_and_periods_are_apart() -> None:
    periods: list[FigurePeriod] = [THE_YEAR, Whole.FOR_ITS_PARTS, YEAR, SchemeYear(2023), *quarters(YEAR)]
    keys = {FigureKey(measure, period) for measure in ("NUMERATOR", "DENOMINATOR") for period in periods}
    assert len(keys) == 16


def test_a_key_does_not_change() -> None:
    with pytest.raises(AttributeError):
        NUMERATOR.measure = "DENOMINATOR"


def test_keys_are_in_order_by_measure_then_year_before_its_quarters() -> None:
    keys = figure_keys("ACTIVITY", EACH_QUARTER, YEAR)
    assert [str(key.period) for key in sorted([*keys, FigureKey("A", YEAR)])] == [
        "2024-25", "", "2024-25-Q1", "2024-25-Q2", "2024-25-Q3", "2024-25-Q4",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("quarter", "last"), [(1, "2024-06-30"), (2, "2024-09-30"), (3, "2024-12-31"), (4, "2025-03-31")]
)
def test_a_quarter_ends_with_its_last_month(quarter: int, last: str) -> None:
    assert Quarter(YEAR, quarter).end.isoformat() == last
