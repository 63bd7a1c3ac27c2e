from __future__ import annotations

from fractions import Fraction

import pytest

from remit.core.rounding import Mode, Rounding, exact_text, pence_text, pounds, scaled


@pytest.mark.parametrize(
    ("number", "mode", "rounded"),
    [
        ("1.005", "half up", 101),
        ("1.004999999999999999999", "half up", 100),
        ("1.0050000000000000001", "half even", 101),
        ("1.005", "half even", 100),
        ("1.015", "half even", 102),
        ("1.009", "down", 100),
        ("1.0000000001", "up", 101),
        ("1.00", "up", 100),
        ("0", "up", 0),
        ("0.005", "half up", 1),
        ("-1.005", "half up", -101),
        ("-1.004", "half up", -100),
        ("-1.009", "down", -100),
        ("-1.001", "up", -101),
    ],
)
def test_to_the_penny(number: str, mode: Mode, rounded: int) -> None:
    exact = Fraction(number)
    assert scaled(exact.numerator, exact.denominator, 2, mode) == rounded


def test_two_thirds_of_a_huge_amount_keeps_every_digit() -> None:
    """A float has 15 to 17 digits; 10**30 × 2/3 to the penny has 32."""
    assert scaled(2 * 10**30, 3, 2) == int("6" * 31 + "7")


@pytest.mark.parametrize(
    ("amount", "text"), [("2.675", "2.68"), ("1.005", "1.01"), ("0.125", "0.13"), ("700", "700.00")]
)
def test_pounds_are_half_up_where_a_float_would_fall_short(amount: str, text: str) -> None:
    assert str(pounds(Fraction(amount))) == text


@pytest.mark.parametrize(
    ("text", "places", "mode"),
    [
        ("none", None, "half up"),
        ("2 places, half up", 2, "half up"),
        ("1 place, down", 1, "down"),
        ("0 places, up", 0, "up"),
    ],
)
def test_a_policy_is_read_and_written(text: str, places: int | None, mode: Mode) -> None:
    assert Rounding.parse(text) == Rounding(places, mode)
    assert Rounding.parse(str(Rounding.parse(text))) == Rounding(places, mode)


@pytest.mark.parametrize(
    "text", ["", "2", "2 places", "2 places half up", "-1 places, up", "two places, up", "None", "2 places, bankers"]
)
def test_another_policy_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected 'none' or like '2 places, half up'"):
        Rounding.parse(text)


def test_no_policy_keeps_a_third() -> None:
    assert Rounding().apply(Fraction(1, 3)) == Fraction(1, 3)
    assert Rounding(2).apply(Fraction(1, 3)) == Fraction(33, 100)


@pytest.mark.parametrize(
    ("pence", "text"), [(0, "0.00"), (5, "0.05"), (-5, "-0.05"), (1610000, "16100.00"), (-99, "-0.99")]
)
def test_pence_as_text(pence: int, text: str) -> None:
    assert pence_text(pence) == text


@pytest.mark.parametrize(
    ("number", "least", "most", "text"),
    [
        ("5", 0, 12, "5"),
        ("5", 2, 12, "5.00"),
        ("2.5", 2, 12, "2.50"),
        ("1/3", 2, 12, "0.333333333333"),
        ("2/3", 0, 6, "0.666667"),
        ("0.0024", 2, 12, "0.0024"),
        ("-1/8", 0, 12, "-0.125"),
        ("1/1000000", 0, 2, "0"),
        ("-1/1000000", 0, 2, "0"),
    ],
)
def test_an_exact_number_as_text(number: str, least: int, most: int, text: str) -> None:
    assert exact_text(Fraction(number), least, most) == text
