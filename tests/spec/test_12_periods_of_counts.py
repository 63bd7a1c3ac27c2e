"""`period`: a figure of this year, of one of its quarters, or of an earlier year."""

from __future__ import annotations

import pytest
from tests.spec.run import TERMS, local, paid

from remit.core.problems import Refused

ACTIVITY = "items: [{item: A, title: A thing, pays: {activity: {tariff: £10}}}]"
EARLIER = "items: [{item: A, title: A block, pays: {historic: {of: QOF, years: [2021-22, 2022-23], in: pounds}}}]"
BETTER = """
items:
  - item: A
    indicator: CHD001
    measure: register
    pays: {better_of_two_years: {other: 2023-24, boolean: {points: 1}}}
"""


def pounds(scheme: str, counts: str, period: str | None = None) -> str:
    return paid(local(scheme), counts, "pounds", period=period)[0][0]


@pytest.mark.parametrize("period", ["2024-Q1", "2024-25-Q1", "2024-06-30"])
def test_a_quarter_is_written_in_any_of_three_ways(period: str) -> None:
    assert pounds(ACTIVITY, f"A1 A ACTIVITY 3 {period}") == "30.00"


def test_a_figure_without_a_period_is_the_years() -> None:
    assert pounds(ACTIVITY, "A1 A ACTIVITY 3 -") == pounds(ACTIVITY, "A1 A ACTIVITY 3 2024-25") == "30.00"


def test_an_earlier_year_is_named() -> None:
    assert pounds(EARLIER, "A1 A HISTORIC_POUNDS 10 2021-22\nA1 A HISTORIC_POUNDS 20 2022/23") == "15.00"


@pytest.mark.parametrize(
    ("scheme", "counts", "words"),
    [
        (ACTIVITY, "A1 A ACTIVITY 3 2024-Q1\nA1 A ACTIVITY 3 2024-06-30", "is given again"),
        (ACTIVITY, "A1 A ACTIVITY 3 2024-Q1\nA1 A ACTIVITY 3 -", "is given for the year and by quarter"),
        (ACTIVITY, "A1 A ACTIVITY 3 2023-Q1", "is for one of a quarter such as 2024-25-Q1: found 2023-Q1"),
        (EARLIER, "A1 A HISTORIC_POUNDS 10 -", "is for one of 2021-22, 2022-23: found none"),
        (EARLIER, "A1 A HISTORIC_POUNDS 10 2020-21", "is for one of 2021-22, 2022-23: found 2020-21"),
    ],
)
def test_a_period_that_cannot_be_meant_is_refused(scheme: str, counts: str, words: str) -> None:
    with pytest.raises(Refused) as caught:
        pounds(scheme, counts)
    assert words in str(caught.value)


@pytest.mark.parametrize(("period", "expected"), [("2024-Q1", "20.00"), ("2024-Q3", "60.00"), (None, "100.00")])
def test_a_position_in_the_year_has_the_quarters_until_then(period: str | None, expected: str) -> None:
    counts = "".join(f"A1 A ACTIVITY {n} 2024-Q{q}\n" for q, n in ((1, 2), (2, 3), (3, 1), (4, 4)))
    assert pounds(ACTIVITY, counts, period=period) == expected


def test_the_years_own_figure_is_no_position_in_it() -> None:
    counts = "A1 A REGISTER 0 2024-Q2\nA1 A REGISTER 9 -\nA1 A REGISTER 0 2023-24"
    assert (pounds(BETTER, counts), pounds(BETTER, counts, period="2024-Q2")) == ("200.00", "0.00")


def test_what_is_delivered_in_a_quarter_is_paid_after_it() -> None:
    """A quarter that nobody reported is paid with the next; what is given for the year alone, when it is over."""
    terms = TERMS.replace("terms:\n", "terms:\n  paid_on_activity: {days: 30}\n")
    found = local(ACTIVITY, terms=terms)
    counts = "A1 A ACTIVITY 2 2024-Q2\nA1 A ACTIVITY 5 2024-Q4\nA2 A ACTIVITY 4 -"
    assert paid(found, counts, "practice_code", "due_date", "kind", "pounds", table="schedule.csv") == [
        ("A1", "2024-10-30", "activity", "20.00"),
        ("A1", "2025-04-30", "activity", "50.00"),
        ("A2", "2025-04-30", "activity", "40.00"),
    ]
