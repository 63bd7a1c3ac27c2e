"""Activity times a tariff, its caps and its did-not-attends; every figure worked out by hand."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given as generated
from hypothesis import strategies as st
from pydantic import ValidationError
from tests.checked import checked
from tests.figures import brought
from tests.profiles import examples

from remit.core.dates import SchemeYear
from remit.scheme.kinds.activity import QUARTERS, Activity
from remit.scheme.kinds.base import Calculation

TEST = {"tariff": "£45.00", "each": "diagnostic test"}


def calculate(
    file: dict[str, Any],
    activity: dict[str, int],
    missed: dict[str, int] | None = None,
    share: Fraction = Fraction(1),
    year: str = "2017-18",
) -> Calculation:
    """`activity` and `missed` by quarter, or under '' for the year."""
    kind = Activity.model_validate(file)
    figures: dict[tuple[str, str, str], Fraction] = {}
    for measure, by in ((kind.measure, activity), ("DID_NOT_ATTEND", missed or {})):
        figures |= {("", measure, f"{year}-{q}" if q else ""): Fraction(n) for q, n in by.items()}
    return kind.calculate(brought("spirometry", year, figures, share=share))


def workings(result: Calculation) -> list[str]:
    return [f"{line.label}: {line}" for line in result.lines]


def test_each_activity_pays_the_tariff() -> None:
    result = calculate(TEST, {"Q1": 12, "Q3": 8})
    assert result.earned == 900  # 20 x 45
    assert workings(result) == [
        "Q1: 12 × £45.00 = £540.00",
        "Q3: 8 × £45.00 = £360.00",
        "Together: £540.00 + £360.00 = £900.00",
    ]


def test_the_year_alone_will_do_where_no_cap_is_of_the_quarter() -> None:
    assert calculate(TEST, {"": 20}).earned == 900


def test_no_activity_is_paid_nothing_and_is_known() -> None:
    result = calculate({**TEST, "most_per_quarter": "10"}, {"Q1": 0})
    assert (result.earned, result.reason) == (0, "")


def test_an_activity_that_nobody_gave_is_asked_for() -> None:
    result = calculate(TEST, {})
    assert result.earned is None
    assert result.reason == "Supply ACTIVITY for spirometry by quarter (each diagnostic test)."


def test_a_quarters_cap_asks_for_the_quarters() -> None:
    result = calculate({**TEST, "most_per_quarter": "100"}, {"": 300})
    assert result.earned is None
    assert result.reason.startswith("Supply ACTIVITY for spirometry by quarter")


def test_quarters_that_do_not_add_up_to_the_year_are_named() -> None:
    result = calculate(TEST, {"": 21, "Q1": 12, "Q3": 8})
    assert result.earned is None
    assert result.reason == "The quarters' ACTIVITY of spirometry add up to 20, but the year's is 21."


@pytest.mark.parametrize(("claimed", "pounds"), [(99, 4455), (100, 4500), (101, 4500)])
def test_a_quarters_cap_reached_exactly_and_passed_by_one(claimed: int, pounds: int) -> None:
    assert calculate({**TEST, "most_per_quarter": "100"}, {"Q4": claimed}).earned == pounds


def test_what_a_quarters_cap_took_off_is_not_made_up_for_in_another() -> None:
    result = calculate({**TEST, "most_per_quarter": "100"}, {"Q1": 150, "Q2": 50})
    assert result.earned == 150 * 45
    assert workings(result)[0] == "Q1: 100 × £45.00 (150 claimed; at most 100 a quarter) = £4,500.00"
    assert result.counted == "200, 150 of them paid"


def test_the_years_cap_goes_to_the_earlier_quarters_first() -> None:
    result = calculate({**TEST, "most_per_year": "100"}, {"Q1": 60, "Q2": 30, "Q3": 20, "Q4": 5})
    assert result.earned == 4500
    assert [line.working.split(" × ")[0] for line in result.lines[:4]] == ["60", "30", "10", "0"]
    assert result.reached == "at most 100 a year"


@pytest.mark.parametrize(("claimed", "pounds", "reached"), [(20, 900, ""), (21, 900, "at most £900.00")])
def test_the_cap_in_pounds(claimed: int, pounds: int, reached: str) -> None:
    result = calculate({**TEST, "most": "£900"}, {"Q1": claimed})
    assert (result.earned, result.reached) == (pounds, reached)


def test_those_who_did_not_attend_are_paid_in_part_for_a_tenth_of_the_activity() -> None:
    file = {**TEST, "did_not_attend": {"pays": "50%", "most": "10%"}}
    # Q1: 10% of 39 is 3.9, so 3 of 5; Q2: 4 of 4, at 10% of 40. Half of £45 is £22.50.
    result = calculate(file, {"Q1": 39, "Q2": 40}, {"Q1": 5, "Q2": 4})
    assert result.earned == 79 * 45 + 7 * Fraction("22.50")
    assert "Q1, did not attend: 3 × 50% × £45.00 (5 claimed; at most 10% of 39, rounded down) = £67.50" in workings(
        result
    )


def test_the_did_not_attends_of_a_quarter_go_by_what_is_paid_in_it() -> None:
    file = {**TEST, "most_per_quarter": "20", "did_not_attend": {"pays": "50%", "most": "10%"}}
    assert calculate(file, {"Q1": 50}, {"Q1": 5}).earned == 20 * 45 + 2 * Fraction("22.50")


def test_did_not_attends_in_a_quarter_without_activity_are_paid_nothing() -> None:
    file = {**TEST, "did_not_attend": {"pays": "50%", "most": "10%"}}
    assert calculate(file, {"Q1": 10}, {"Q2": 4}).earned == 450


def test_did_not_attends_of_the_year_are_asked_for_by_quarter_where_the_activity_is() -> None:
    file = {**TEST, "did_not_attend": {"pays": "50%", "most": "10%"}}
    result = calculate(file, {"Q1": 10}, {"": 1})
    assert result.reason == "Supply DID_NOT_ATTEND for spirometry by quarter (did not attend)."


def test_the_years_caps_shrink_for_a_provider_that_joined_and_the_quarters_do_not() -> None:
    file = {**TEST, "most_per_quarter": "100", "most_per_year": "350", "caps_pro_rata": "true"}
    # Joined on 1 September: 7 of 12 months. 350 x 7/12 = 204.17, so 204.
    result = calculate(file, {"Q2": 30, "Q3": 100, "Q4": 90}, share=Fraction(7, 12))
    assert result.earned == 204 * 45
    assert workings(result)[0] == "Year's cap: 350 × 7/12 of the year, rounded down = 204"


def test_a_cap_in_pounds_pro_rata_is_rounded_down_to_the_penny() -> None:
    file = {**TEST, "most": "£20,000", "caps_pro_rata": "true"}
    # £20,000 x 7/12 = £11,666.66 and two thirds of a penny.
    assert calculate(file, {"Q4": 1000}, share=Fraction(7, 12)).earned == Fraction("11666.66")


@pytest.mark.parametrize(
    ("year", "quarter", "days"),
    [("2017-18", "Q1", 91), ("2017-18", "Q2", 92), ("2017-18", "Q3", 92), ("2017-18", "Q4", 90), ("2023-24", "Q4", 91)],
)
def test_the_days_of_a_quarter(year: str, quarter: str, days: int) -> None:
    assert SchemeYear.parse(year).quarter_days()[QUARTERS.index(quarter)] == days


def test_patient_days_are_paid_over_the_days_of_their_quarter() -> None:
    file = {"tariff": "£37.50", "each": "patient and quarter", "counted": "days"}
    # Ten patients all quarter, and in Q4 of a leap year one from 15 March: 17 of 91 days.
    assert calculate(file, {"Q1": 910}).earned == 375
    assert calculate(file, {"Q4": 17}, year="2023-24").earned == Fraction("37.50") * 17 / 91
    # 20 and 3 of 92 days are a quarter of a quarter: £9.375, half a penny exactly, which printed parts would miss.
    result = calculate(file, {"Q2": 20, "Q3": 3})
    assert result.earned == Fraction("9.375")
    assert workings(result)[-1] == "Together: (20 / 92 + 3 / 92) × £37.50 = £9.375"


def test_patient_days_up_to_a_cap() -> None:
    file = {"tariff": "£37.50", "counted": "days", "most_per_quarter": "10"}
    assert calculate(file, {"Q1": 911}).earned == 375
    assert calculate(file, {"": 910}).reason.startswith("Supply ACTIVITY_DAYS for spirometry by quarter")


def test_what_it_pays_at_most() -> None:
    def most(**keys: Any) -> Fraction | None:
        return Activity.model_validate({**TEST, **keys}).most_earned()

    assert most() is None
    assert most(most_per_quarter="100") == 18_000
    assert most(most_per_quarter="100", most_per_year="350") == 15_750
    assert most(most_per_year="350", most="£15,000") == 15_000
    assert most(most_per_year="350", did_not_attend={"pays": "50%"}) is None
    assert most(tariff="required", most_per_year="350") is None


def test_what_must_be_supplied_and_what_does_not_fit() -> None:
    file = {"tariff": "required", "did_not_attend": {"pays": "required", "most": "10%"}, "most_per_year": "required"}
    assert Activity.model_validate(file).missing() == "tariff, share paid for a did-not-attend, most a year"
    odd = Activity.model_validate({**TEST, "most_per_quarter": "101", "most_per_year": "100"})
    assert [message for _, message in odd.faults()] == ["more in a quarter, 101, than the 100 in the year"]
    for wrong in ({"counted": "days", "did_not_attend": {"pays": "50%"}}, {"caps_pro_rata": "true"}):
        with pytest.raises(ValidationError):
            Activity.model_validate({**TEST, **wrong})


def test_in_words() -> None:
    file = {**TEST, "most_per_quarter": "100", "most": "£20,000", "did_not_attend": {"pays": "50%", "most": "10%"}}
    assert Activity.model_validate(file).words() == (
        "£45.00 for each diagnostic test; at most 100 a quarter, £20,000 in all; "
        "50% of it for a did-not-attend, for at most 10% of the activity"
    )


counts = st.dictionaries(st.sampled_from(["Q1", "Q2", "Q3", "Q4"]), st.integers(0, 300), min_size=1)


@pytest.mark.checks("activity without missed appointments")
@examples(2)
@generated(counts, st.just({}) | counts, st.sampled_from(["Q1", "Q2", "Q3", "Q4"]))
def test_one_more_activity_never_pays_less_and_no_cap_is_passed(
    activity: dict[str, int], missed: dict[str, int], quarter: str
) -> None:
    file = {
        **TEST,
        "did_not_attend": {"pays": "30%", "most": "15%"},
        "most_per_quarter": "90",
        "most_per_year": "250",
        "most": "£11,500",
    }
    less = calculate(file, activity, missed).earned
    more = calculate(file, {**activity, quarter: activity.get(quarter, 0) + 1}, missed).earned
    assert less is not None
    assert more is not None
    assert 0 <= less <= 11_500
    if not missed:
        checked("activity without missed appointments")
        assert less <= more <= 250 * 45
