"""How values are written, and what each means."""

from __future__ import annotations

from fractions import Fraction

import pytest
from tests.spec.language import TERMS, item, refused, scheme


@pytest.mark.parametrize(
    ("written", "pounds"),
    [
        ("£2.10", Fraction(21, 10)),
        ("15p", Fraction(3, 20)),
        ("0.5p", Fraction(1, 200)),
        ("£297,890", 297890),
        ("£204K", 204000),
    ],
)
def test_money_is_exact(written: str, pounds: Fraction) -> None:
    found = scheme(f'budgets: [{{place: a, list: 1, rate: £1, budget: "{written}"}}]')
    assert found.budgets[0].budget.value == pounds


@pytest.mark.parametrize(
    ("written", "rate"),
    [("40%", Fraction(2, 5)), ("0.75%", Fraction(3, 400)), ("100%", Fraction(1)), ("5.0%", Fraction(1, 20))],
)
def test_a_percentage_is_an_exact_rate(written: str, rate: Fraction) -> None:
    ahead = scheme(terms=TERMS.replace("80%", written)).terms.advances[0]
    assert ahead is not None
    assert ahead.share.value == rate


def test_a_number_is_shown_as_it_was_written() -> None:
    ahead = scheme(terms=TERMS.replace("80%", "80.0%")).terms.advances[0]
    assert ahead is not None
    assert str(ahead.share) == "80.0%"


def test_a_value_is_text_until_its_key_says_otherwise() -> None:
    # YAML itself would read these as false, as the number ten and as a date.
    found = scheme('about: no\nobligations: {a: 012, b: 2025-01-01}\nplaces: {north: "off"}')
    assert (found.about, found.obligations, found.places) == ("no", {"a": "012", "b": "2025-01-01"}, {"north": "off"})


@pytest.mark.parametrize("written", ["40", "-1%", "101%", "1e1%", "forty%", "40 %%"])
def test_what_is_no_percentage_is_refused(written: str) -> None:
    assert "expected a percentage" in refused(terms=TERMS.replace("80%", written))[0]


@pytest.mark.parametrize("written", ["2.10", "£1,00", "$5", "£-1", "p"])
def test_what_is_no_money_is_refused(written: str) -> None:
    assert "expected money such as £2.10 or 15p" in refused(f'totals: {{most: "{written}"}}')[0]


def test_a_year_runs_from_april_to_march() -> None:
    year = scheme().year
    assert (str(year.start), str(year.end)) == ("2024-04-01", "2025-03-31")


def test_a_day_that_is_not_in_the_calendar_is_refused() -> None:
    assert "there is no such day as 2025-02-30" in refused(terms=TERMS.replace("2025-07-31", "2025-02-30"))[0]


def test_a_number_that_no_source_gives_is_required() -> None:
    found = scheme(items=item("{linear: {points: 10, lower: required, upper: 90%}}"))
    assert found.items[0].kind.missing() == "lower threshold"
