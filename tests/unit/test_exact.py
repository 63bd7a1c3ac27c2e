from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest

from remit.core import exact


@pytest.mark.parametrize(
    "text",
    [
        "-1",
        "+1",
        "1.0",
        "1.5",
        "1e5",
        "1E400",
        "NaN",
        "nan",
        "inf",
        "-Infinity",
        "1,000",
        "",
        " ",
        "1 000",
        "0x10",
        "٣",
        "²",
        "1_000",
        "1234567890123456",
        "9" * 400,
        "twelve",
        "½",
    ],
)
def test_a_count_is_digits(text: str) -> None:
    with pytest.raises(ValueError, match="expected a whole number of 0 or more, found"):
        exact.whole(text)


@pytest.mark.parametrize(("text", "count"), [("0", 0), ("84", 84), ("007", 7), ("123456789012345", 123456789012345)])
def test_a_count(text: str, count: int) -> None:
    assert exact.whole(text) == count


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("-5", "negative"),
        ("1.5", "not whole"),
        ("1e400", "write the digits out"),
        ("1,000", "without commas"),
        ("NaN", "leave the row out"),
        ("n/a", "leave the row out"),
        ("", "nothing"),
        ("9" * 400, "..."),
    ],
)
def test_a_wrong_count_is_told_why(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        exact.whole(text)


@pytest.mark.parametrize("text", ["-1.5", "1e3", "NaN", "inf", ".5", "5.", "1,000.5", "", "1/3", "1.1234567890123"])
def test_a_number_is_digits_and_decimals(text: str) -> None:
    with pytest.raises(ValueError, match="expected a number of 0 or more"):
        exact.number(text)


def test_a_number_is_exact() -> None:
    assert exact.number("8604.1") == Fraction(86041, 10)
    assert exact.number("0.1") * 3 == Fraction(3, 10)


@pytest.mark.parametrize(
    ("text", "pounds"),
    [
        ("£2.10", "2.1"),
        ("15p", "0.15"),
        ("£297,890", "297890"),
        ("£204K", "204000"),
        ("£1,237,735", "1237735"),
        ("£0", "0"),
        ("0.5p", "0.005"),
        ("£4", "4"),
    ],
)
def test_money(text: str, pounds: str) -> None:
    assert exact.money(text) == Fraction(pounds)


@pytest.mark.parametrize(
    "text",
    ["2.10", "£-2.10", "-15p", "£2,10", "£1,2345", "$2", "£2.10p", "15 p", "£", "p", "", "£NaN", "£1e5", "GBP 2", "€2"],
)
def test_other_money_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"expected money such as £2\.10 or 15p"):
        exact.money(text)


@pytest.mark.parametrize(
    ("text", "rate"), [("0.75%", "3/400"), ("100%", "1"), ("0%", "0"), ("10.61 %", "0.1061"), ("35.00%", "7/20")]
)
def test_a_percentage(text: str, rate: str) -> None:
    assert exact.percent(text) == Fraction(rate)


@pytest.mark.parametrize(
    "text", ["0.75", "100.01%", "101%", "-1%", "%", "1e1%", "40 per cent", "NaN%", "1,5%", "0.1234567%"]
)
def test_another_percentage_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected a percentage of 0% to 100%"):
        exact.percent(text)


@pytest.mark.parametrize("read", [exact.whole, exact.number, exact.money, exact.percent])
def test_a_line_end_is_no_part_of_a_number(read: Callable[[str], object]) -> None:
    for text in ("5\n", "£5\n", "5p\n", "5%\n"):
        with pytest.raises(ValueError, match="expected"):
            read(text)
