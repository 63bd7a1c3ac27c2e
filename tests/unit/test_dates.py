from __future__ import annotations

from datetime import date

import pytest

from remit.core.dates import Period, SchemeYear, add_months, month_end, parse_date, whole_months


@pytest.mark.parametrize(
    ("day", "months", "after"),
    [
        ("2025-01-31", 1, "2025-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2025-08-31", 6, "2026-02-28"),
        ("2025-08-31", 1, "2025-09-30"),
        ("2025-12-15", 1, "2026-01-15"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2025-05-01", 0, "2025-05-01"),
    ],
)
def test_months_are_those_of_the_calendar_and_end_with_it(day: str, months: int, after: str) -> None:
    assert add_months(date.fromisoformat(day), months) == date.fromisoformat(after)


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        ("2024-04-01", "2025-03-31", 12),
        ("2024-07-01", "2025-03-31", 9),
        ("2024-07-02", "2025-03-31", 8),
        ("2024-07-31", "2025-03-31", 8),
        ("2024-04-01", "2024-09-30", 6),
        ("2024-04-01", "2024-09-29", 5),
        ("2024-04-01", "2025-02-28", 11),
        ("2023-04-01", "2024-02-28", 10),
        ("2024-07-15", "2024-09-20", 1),
        ("2024-07-15", "2024-08-31", 1),
        ("2024-07-15", "2024-08-20", 0),
        ("2024-07-15", "2024-07-20", 0),
        ("2024-07-15", "2024-07-15", 0),
        ("2024-02-01", "2024-02-29", 1),
    ],
)
def test_whole_months_lie_wholly_between(first: str, last: str, months: int) -> None:
    assert whole_months(date.fromisoformat(first), date.fromisoformat(last)) == months


def test_the_last_day_of_february() -> None:
    assert month_end(2024, 2) == date(2024, 2, 29)
    assert month_end(1900, 2) == date(1900, 2, 28)


@pytest.mark.parametrize("text", ["31/03/2025", "2025-3-31", "2025-03-31 ", "20250331", "", "2025-W10-1", "٢٠٢٥-03-31"])
def test_a_date_has_one_form(text: str) -> None:
    with pytest.raises(ValueError, match="2025-03-31"):
        parse_date(text)


@pytest.mark.parametrize("text", ["2025-02-29", "2025-04-31", "2025-13-01", "0000-01-01"])
def test_a_day_that_is_not_in_the_calendar(text: str) -> None:
    with pytest.raises(ValueError, match=f"there is no such day as {text}"):
        parse_date(text)


def test_a_year_runs_from_april_to_march() -> None:
    year = SchemeYear.parse("2024-25")
    assert (year.start, year.end) == (date(2024, 4, 1), date(2025, 3, 31))
    assert SchemeYear.parse("2024/25") == year
    assert str(year) == "2024-25"
    assert str(SchemeYear.parse("2099-00")) == "2099-00"
    days = [str(day) for day in year.months()]
    assert days[0] == "2024-04-30"
    assert days[10:] == ["2025-02-28", "2025-03-31"]


@pytest.mark.parametrize("text", ["2024", "2024-26", "2024-24", "24-25", "2024-2025", "2024–25", ""])
def test_another_year_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected a year written as 2024-25"):
        SchemeYear.parse(text)


@pytest.mark.parametrize(
    ("text", "year", "day"),
    [
        ("2016-17", "2016-17", None),
        ("2024-Q1", "2024-25", "2024-06-30"),
        ("2024-Q3", "2024-25", "2024-12-31"),
        ("2024-Q4", "2024-25", "2025-03-31"),
        ("2024-25 Q3", "2024-25", "2024-12-31"),
        ("2024-q2", "2024-25", "2024-09-30"),
        ("2025-03-31", "2024-25", "2025-03-31"),
        ("2025-04-01", "2025-26", "2025-04-01"),
    ],
)
def test_a_period_is_a_year_a_quarter_or_a_date(text: str, year: str, day: str | None) -> None:
    period = Period.parse(text)
    assert str(period.year) == year
    assert (str(period.day) if period.day else None) == day


@pytest.mark.parametrize("text", ["2024-Q5", "2024-Q0", "Q3", "December", "2024-26 Q1", "2024-02-30", "2024"])
def test_another_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"expected a year|no such day"):
        Period.parse(text)
