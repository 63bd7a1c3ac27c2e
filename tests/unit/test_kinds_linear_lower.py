"""A line on which lower is better: all the points at or below the upper threshold, none at or above the lower.

points = P x (LT - x) / (LT - UT), LT above UT (the Investment and Impact Fund; the formula is unverified, from memory).
"""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.scheme.boundaries import just
from remit.scheme.kinds.linear import Linear

LOWER = Linear.model_validate({"points": "12", "better": "lower", "lower": "60%", "upper": "40%"})
rates = st.fractions(0, 1)


@pytest.mark.parametrize(
    ("rate", "points"),
    [
        ("0", "12"),
        ("0.40", "12"),
        ("0.4001", "11.994"),  # 12 x 19.99 / 20
        ("0.45", "9"),  # 12 x 15 / 20
        ("0.50", "6"),
        ("0.5999", "0.006"),
        ("0.60", "0"),
        ("1", "0"),
    ],
)
def test_points_fall_from_the_upper_threshold_to_none_at_the_lower(rate: str, points: str) -> None:
    assert LOWER.earned(Fraction(rate)) == Fraction(points)


@given(rates, rates)
def test_a_lower_rate_never_earns_less(one: Fraction, other: Fraction) -> None:
    low, high = sorted([one, other])
    assert 12 >= LOWER.earned(low) >= LOWER.earned(high) >= 0


@given(rates)
def test_it_is_the_mirror_of_a_line_on_which_higher_is_better(rate: Fraction) -> None:
    higher = Linear.model_validate({"points": "12", "lower": "40%", "upper": "60%"})
    assert LOWER.earned(rate) == higher.earned(1 - rate)


def test_its_bounds_stand_lowest_first_and_the_award_changes_just_beyond_them() -> None:
    full, none = LOWER.thresholds()
    assert (full.at, full.above, full.words) == (Fraction(2, 5), True, "up to 40%: all 12 points")
    assert (none.at, none.above, none.words) == (Fraction(3, 5), False, "below 60%: points begin")
    step = just(full.at, [none.at])
    assert LOWER.earned(full.at) == 12 > LOWER.earned(full.at + step)
    assert LOWER.earned(none.at - step) > LOWER.earned(none.at) == 0


def test_thresholds_the_wrong_way_round_are_a_fault() -> None:
    def faults(**keys: str) -> list[str]:
        return [message for _, message in Linear.model_validate({"points": "12", **keys}).faults()]

    assert not list(LOWER.faults())
    assert faults(better="lower", lower="40%", upper="60%") == [
        "lower is better, but the upper threshold 60% is not below the lower, 40%"
    ]
    assert faults(better="lower", lower="40%", upper="40%")
    assert faults(lower="60%", upper="40%") == ["the upper threshold 40% is not above the lower, 60%"]
    assert not faults(better="lower", lower="required", upper="40%")


def test_in_words() -> None:
    assert LOWER.words() == "12 points, on a line from 60% to 40% (lower is better)"
