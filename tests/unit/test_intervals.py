"""Intervals of rates and gaps beside published examples, worked out by others, and at the ends."""

from __future__ import annotations

from fractions import Fraction

import pytest

from remit.core.intervals import of_gap, of_rate
from remit.core.rounding import exact_text

# Newcombe 1998, Statistics in Medicine 17: 857-872, table I, method 3 (Wilson score).
RATES = {
    (81, 263): ("0.2553", "0.3662"),
    (15, 148): ("0.0624", "0.1605"),
    (0, 20): ("0.0000", "0.1611"),
    (1, 29): ("0.0061", "0.1718"),
}

# Newcombe 1998, Statistics in Medicine 17: 873-890, table II, method 10.
GAPS = {
    ((56, 70), (48, 80)): ("0.2000", "0.0524", "0.3339"),
    ((9, 10), (3, 10)): ("0.6000", "0.1705", "0.8090"),
    ((10, 10), (0, 20)): ("1.0000", "0.6791", "1.0000"),
    ((0, 10), (0, 20)): ("0.0000", "-0.1611", "0.2775"),
}


def text(value: Fraction) -> str:
    return exact_text(value, least=4, most=4)


@pytest.mark.parametrize("counts", RATES, ids=str)
def test_the_interval_of_a_rate_is_the_published_one(counts: tuple[int, int]) -> None:
    found = of_rate(*counts)
    assert (text(found.low), text(found.high)) == RATES[counts]


@pytest.mark.parametrize("counts", GAPS, ids=str)
def test_the_interval_of_a_gap_is_the_published_one(counts: tuple[tuple[int, int], tuple[int, int]]) -> None:
    found = of_gap(*counts)
    assert (text(found.size), text(found.interval.low), text(found.interval.high)) == GAPS[counts]


@pytest.mark.parametrize("size", [1, 7, 100, 54_321])
def test_nobody_and_everybody_are_exactly_at_the_ends(size: int) -> None:
    assert of_rate(0, size).low == 0
    assert of_rate(size, size).high == 1
    assert of_rate(0, size).high == 1 - of_rate(size, size).low


def test_a_gap_turned_round_is_the_same_with_its_sign_changed() -> None:
    one, other = of_gap((56, 70), (48, 80)), of_gap((48, 80), (56, 70))
    assert (one.size, one.interval.low, one.interval.high) == (
        -other.size, -other.interval.high, -other.interval.low)  # fmt: skip


@pytest.mark.parametrize("counts", [(3, 8), (21, 34), (1, 3), (4_999, 10_007)])
def test_a_limit_solves_the_score_equation(counts: tuple[int, int]) -> None:
    """(p - l)^2 = z^2 l (1 - l) / n, to within the decimals that are carried."""
    done, size = counts
    z = Fraction("1.959964")
    for limit in (of_rate(*counts).low, of_rate(*counts).high):
        assert abs((Fraction(done, size) - limit) ** 2 - z**2 * limit * (1 - limit) / size) < Fraction(1, 10**35)
