"""The better of two years, by hand: 12 points on a line from 40% to 90%, so 0.24 of a point for each 1%."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given as forall
from hypothesis import strategies as st
from pydantic import ValidationError
from tests.figures import brought
from tests.profiles import examples

from remit.scheme.kinds.base import KindInputs
from remit.scheme.kinds.better_of_two_years import BetterOfTwoYears

LINE = {"linear": {"points": "12", "lower": "40%", "upper": "90%"}}
STEP = {"step_then_linear": {"points": "18", "points_at_lower": "3", "lower": "90%", "upper": "95%"}}
REGISTER = {"boolean": {"points": "4"}}


def kind(form: dict[str, Any] = LINE) -> BetterOfTwoYears:
    return BetterOfTwoYears.model_validate({"other": "2016-17", **form})


def inputs(this: tuple[int, int] | None, why: str = "", **other: str) -> KindInputs:
    figures = {("", measure, "2016-17"): Fraction(value) for measure, value in other.items()}
    numerator, denominator = this or (None, None)
    rate = Fraction(numerator, denominator) if numerator is not None and denominator else None
    return brought("DM007", "2017-18", figures, rate, numerator, denominator, denominator == 0, why)


def earned(has: KindInputs, form: dict[str, Any] = LINE) -> Fraction:
    result = kind(form).calculate(has)
    assert result.earned is not None, result.reason
    return result.earned


@pytest.mark.parametrize(
    ("this", "other", "points"),
    [
        ((65, 100), ("60", "100"), "6"),  # 25 x 0.24 beats 20 x 0.24
        ((60, 100), ("65", "100"), "6"),
        ((65, 100), ("130", "200"), "6"),  # both years equal
        ((40, 100), ("0", "100"), "0"),  # exactly at the lower threshold nothing is earned
        ((41, 100), ("40", "100"), "0.24"),
        ((90, 100), ("10", "100"), "12"),  # exactly at the upper threshold all is
        ((0, 100), ("900", "1000"), "12"),
        ((100, 100), ("100", "100"), "12"),
    ],
)
def test_the_higher_of_the_two_is_paid(this: tuple[int, int], other: tuple[str, str], points: str) -> None:
    assert earned(inputs(this, NUMERATOR=other[0], DENOMINATOR=other[1])) == Fraction(points)


def test_the_working_shows_both_years() -> None:
    result = kind().calculate(inputs((60, 100), NUMERATOR="65", DENOMINATOR="100"))
    assert [(line.label, str(line)) for line in result.lines] == [
        ("2017-18", "12 × (60 / 100 − 40%) / (90% − 40%) = 4.8 points"),
        ("2016-17", "12 × (65 / 100 − 40%) / (90% − 40%) = 6 points"),
        ("The better of the two", "the higher of 4.8 and 6 = 6 points"),
    ]
    assert result.reached == "2016-17 is the better year"
    assert (result.rate, result.numerator, result.denominator) == (Fraction(3, 5), 60, 100)


def test_two_equal_years_are_called_so() -> None:
    result = kind().calculate(inputs((65, 100), NUMERATOR="130", DENOMINATOR="200"))
    assert result.reached == "both years earn the same"


@pytest.mark.parametrize(
    ("this", "points"),
    [((899, 1000), "0"), ((900, 1000), "3"), ((925, 1000), "10.5"), ((950, 1000), "18")],  # 3 + 15 x 2.5 / 5 = 10.5
)
def test_a_step_and_a_line_on_both_years(this: tuple[int, int], points: str) -> None:
    low = {"NUMERATOR": "0", "DENOMINATOR": "1"}
    assert earned(inputs(this, **low), STEP) == Fraction(points)
    swapped = inputs((0, 1), NUMERATOR=str(this[0]), DENOMINATOR=str(this[1]))
    assert earned(swapped, STEP) == Fraction(points)


def test_a_register_kept_in_either_year_earns_its_points() -> None:
    kept, lost = brought("AF001", "2017-18", rate=Fraction(1)), brought("AF001", "2017-18", rate=Fraction(0))
    for has, register, points in ((kept, 0, 4), (lost, 5, 4), (kept, 5, 4), (lost, 0, 0)):
        result = kind(REGISTER).calculate(
            brought(has.item, str(has.year), {("", "REGISTER", "2016-17"): Fraction(register)}, has.rate)
        )
        assert result.earned == points


def test_a_declaration_of_the_other_year_counts_too() -> None:
    has = brought("CN1", "2017-18", {("", "DECLARED", "2016-17"): Fraction(1)}, Fraction(0))
    assert kind(REGISTER).calculate(has).earned == 4


def test_nobody_in_a_denominator_counts_nothing_in_that_year_only() -> None:
    assert earned(inputs((0, 0), NUMERATOR="65", DENOMINATOR="100")) == 6
    assert earned(inputs((65, 100), NUMERATOR="0", DENOMINATOR="0")) == 6
    assert earned(inputs((0, 0), DENOMINATOR="0")) == 0


def test_what_is_said_of_this_year_alone_does_not_stand_beside_the_other_years_pay() -> None:
    nobody = "No patients are in the denominator, so there is nothing to pay for."
    assert kind().calculate(inputs((0, 0), nobody, HISTORIC_POINTS="6")).reason == "Paid on 2016-17, the better year."
    assert kind().calculate(inputs((0, 0), nobody, HISTORIC_POINTS="0")).reason == ""
    assert kind().calculate(inputs((65, 100), HISTORIC_POINTS="7")).reason == "Paid on 2016-17, the better year."


def test_points_that_the_other_year_was_settled_at_hold_before_its_counts() -> None:
    # 100% would be 12 points; the year was settled at 7.5
    assert earned(inputs((60, 100), HISTORIC_POINTS="7.5", NUMERATOR="100", DENOMINATOR="100")) == Fraction("7.5")
    assert earned(inputs((90, 100), HISTORIC_POINTS="12")) == 12


def test_more_points_than_there_are_pay_nothing() -> None:
    result = kind().calculate(inputs((90, 100), HISTORIC_POINTS="12.01"))
    assert result.earned is None
    assert result.reason == "HISTORIC_POINTS 12.01 of 2016-17 are above the 12 points of DM007: correct one of them."


def test_more_in_the_other_years_numerator_than_its_denominator_pays_nothing() -> None:
    result = kind().calculate(inputs((90, 100), NUMERATOR="101", DENOMINATOR="100"))
    assert result.earned is None
    assert "NUMERATOR 101 is above DENOMINATOR 100 for DM007, period 2016-17" in result.reason


def test_even_a_year_with_all_points_waits_for_the_other() -> None:
    result = kind().calculate(inputs((90, 100)))
    assert result.earned is None
    assert result.reason == (
        "Supply NUMERATOR and DENOMINATOR for DM007, period 2016-17 (or HISTORIC_POINTS of that year)."
    )


def test_what_lacks_of_both_years_is_named() -> None:
    result = kind().calculate(inputs(None, "No counts: supply NUMERATOR for DM007.", NUMERATOR="65"))
    assert result.earned is None
    assert result.reason == (
        "No counts: supply NUMERATOR for DM007. "
        "Supply DENOMINATOR for DM007, period 2016-17 (or HISTORIC_POINTS of that year)."
    )


def test_what_lacks_of_a_register_is_named() -> None:
    result = kind(REGISTER).calculate(brought("AF001", "2017-18", rate=Fraction(1)))
    assert result.earned is None
    assert result.reason == "Supply REGISTER, DECLARED or HISTORIC_POINTS for AF001, period 2016-17."


def test_it_is_of_its_awards_form() -> None:
    assert kind().unit == "points"
    assert kind().uses_rate()
    assert [kind(form).most_earned() for form in (LINE, STEP, REGISTER)] == [12, 18, 4]
    assert kind().words() == "12 points, on a line from 40% to 90%; the better of this year and 2016-17"
    assert kind({"linear": {"points": "12", "lower": "required", "upper": "90%"}}).missing() == "lower threshold"
    upside_down = kind({"linear": {"points": "12", "lower": "90%", "upper": "40%"}})
    assert [path for path, _ in upside_down.faults()] == [("linear", "upper")]


@pytest.mark.parametrize("wrong", [{}, {**LINE, **REGISTER}, {"steps": {"most": "£1"}}])
def test_anything_but_one_award_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        kind(wrong)


@examples(2)
@forall(
    st.integers(1, 1000).flatmap(lambda d: st.tuples(st.integers(0, d), st.just(d))),
    st.integers(0, 1000).flatmap(lambda d: st.tuples(st.integers(0, d), st.just(d))),
    st.sampled_from([LINE, STEP]),
)
def test_never_below_either_year_and_always_one_of_them(
    this: tuple[int, int], other: tuple[int, int], form: dict[str, Any]
) -> None:
    result = earned(inputs(this, NUMERATOR=str(other[0]), DENOMINATOR=str(other[1])), form)
    alone = earned(inputs(this, NUMERATOR="0", DENOMINATOR="0"), form)
    turned = earned(inputs((0, 0), NUMERATOR=str(other[0]), DENOMINATOR=str(other[1])), form)
    assert result >= alone
    assert result >= turned
    assert result in (alone, turned)
