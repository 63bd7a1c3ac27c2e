"""Shared savings, worked out by hand. The shares are those of three published schemes: 50%, 30%, 50%."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given as generated
from hypothesis import strategies as st
from pydantic import ValidationError
from tests.figures import brought
from tests.profiles import examples

from remit.scheme.kinds.base import Calculation
from remit.scheme.kinds.shared_savings import SharedSavings

HALF = {"share": "50%"}


def calculate(
    file: dict[str, Any],
    baseline: int = 1_000_000,
    actual: int = 900_000,
    lists: tuple[int, int] | None = None,
    spent: int | None = None,
) -> Calculation:
    """`lists` are this year's and the baseline's."""
    figures = {("", "BASELINE_POUNDS", ""): Fraction(baseline), ("", "ACTUAL_POUNDS", ""): Fraction(actual)}
    if lists:
        figures |= {("*", "LIST_SIZE", ""): Fraction(lists[0]), ("*", "BASELINE_LIST_SIZE", ""): Fraction(lists[1])}
    if spent is not None:
        figures["", "REINVESTED_POUNDS", ""] = Fraction(spent)
    return SharedSavings.model_validate(file).calculate(brought("outpatients", "2017-18", figures))


@pytest.mark.parametrize(("share", "pounds"), [("50%", 50_000), ("30%", 30_000)])
def test_a_share_of_what_was_saved(share: str, pounds: int) -> None:
    assert calculate({"share": share}).earned == pounds


@pytest.mark.parametrize("actual", [1_000_000, 1_200_000])
def test_nothing_saved_or_more_spent_pays_nothing(actual: int) -> None:
    result = calculate(HALF, actual=actual)
    assert (result.earned, result.reached) == (0, "nothing saved")


def test_the_baseline_grows_shrinks_and_follows_the_list() -> None:
    # 1,000,000 x 1.02 = 1,020,000, less 900,000 is 120,000.
    assert calculate({**HALF, "growth": "2%"}).earned == 60_000
    # 1,000,000 x 0.99 = 990,000, less 900,000 is 90,000.
    assert calculate({**HALF, "growth_down": "1%"}).earned == 45_000
    # 1,000,000 x 1.02 x 10,200 / 10,000 = 1,040,400, less 900,000 is 140,400.
    result = calculate({**HALF, "growth": "2%", "list_adjusted": "true"}, lists=(10_200, 10_000))
    assert result.earned == 70_200
    assert str(result.lines[0]) == "£1,000,000.00 × 1.02 × 10,200 / 10,000 = £1,040,400.00"


@pytest.mark.parametrize(("actual", "pounds"), [(980_001, 0), (980_000, 10_000), (979_999, Fraction("10000.50"))])
def test_the_minimum_rate_itself_pays(actual: int, pounds: Fraction) -> None:
    assert calculate({**HALF, "minimum_rate": "2%"}, actual=actual).earned == pounds


def test_a_rate_near_the_minimum_is_printed_on_its_own_side() -> None:
    result = calculate({**HALF, "minimum_rate": "2%"}, actual=980_001)
    assert "= 1.9999%, below the minimum of 2%" in str(result.lines[-2])


@pytest.mark.parametrize(("actual", "pounds"), [(990_000, 0), (989_999, Fraction("0.50")), (900_000, 45_000)])
def test_within_the_corridor_nothing_is_shared_and_beyond_it_only_what_is_beyond(actual: int, pounds: Fraction) -> None:
    assert calculate({**HALF, "corridor": "1%"}, actual=actual).earned == pounds


@pytest.mark.parametrize(("actual", "pounds"), [(900_002, 49_999), (900_000, 50_000), (899_998, 50_000)])
def test_the_cap_reached_exactly_and_passed_by_a_pound(actual: int, pounds: int) -> None:
    assert calculate({**HALF, "most": "£50,000"}, actual=actual).earned == pounds
    assert calculate({**HALF, "most_of_expected": "5%"}, actual=actual).earned == pounds


def test_of_two_caps_the_lower_holds() -> None:
    assert calculate({**HALF, "most": "£40,000", "most_of_expected": "3%"}).earned == 30_000
    assert calculate({**HALF, "most": "£20,000", "most_of_expected": "3%"}).earned == 20_000


def test_a_baseline_of_nothing_pays_nothing_and_a_list_of_nothing_is_refused() -> None:
    file = {**HALF, "minimum_rate": "2%", "list_adjusted": "true"}
    assert calculate(file, baseline=0, actual=0, lists=(10, 10)).earned == 0
    result = calculate(file, lists=(10, 0))
    assert result.earned is None
    assert result.reason.startswith("BASELINE_LIST_SIZE is 0")


def test_everything_that_is_missing_is_asked_for_at_once() -> None:
    kind = SharedSavings.model_validate({**HALF, "list_adjusted": "true", "reinvest": "services"})
    reason = kind.calculate(brought("outpatients", "2017-18")).reason
    needed = ("BASELINE_POUNDS", "ACTUAL_POUNDS", "LIST_SIZE", "BASELINE_LIST_SIZE")
    assert [word for word in reason.split() if word in (*needed, "REINVESTED_POUNDS")] == list(needed)


@pytest.mark.parametrize(
    ("spent", "left"),
    [
        (None, "£50,000.00 in community services; nothing reported yet"),
        (20_000, "£50,000.00 in community services, less £20,000.00 reported = £30,000.00 still to report"),
        (50_000, "£50,000.00 in community services; £50,000.00 reported: all of it"),
    ],
)
def test_the_duty_to_reinvest_is_followed_up_and_never_changes_the_pay(spent: int | None, left: str) -> None:
    result = calculate({**HALF, "reinvest": "community services"}, spent=spent)
    assert (result.earned, str(result.lines[-1])) == (50_000, left)


def test_what_must_be_supplied_and_what_does_not_fit() -> None:
    kind = SharedSavings.model_validate({"share": "required", "growth": "required"})
    assert kind.missing() == "share, growth of the baseline"
    assert [part for part, _ in SharedSavings.model_validate({"share": "0%"}).faults()] == [("share",)]
    with pytest.raises(ValidationError):
        SharedSavings.model_validate({**HALF, "growth": "1%", "growth_down": "1%"})


def test_in_words() -> None:
    file = {**HALF, "growth": "2%", "minimum_rate": "2%", "corridor": "1%", "most": "£50,000", "reinvest": "services"}
    assert SharedSavings.model_validate(file).words() == (
        "50% of the saving against the baseline, adjusted for 2% growth, from a saving of 2%, beyond a corridor of 1%; "
        "at most £50,000; to be reinvested in services"
    )


FULL = {
    **HALF,
    "growth": "1.5%",
    "list_adjusted": "true",
    "minimum_rate": "1%",
    "corridor": "0.5%",
    "most_of_expected": "3%",
    "most": "£30,000",
}


@examples(2)
@generated(st.integers(0, 2_000_000), st.integers(0, 2_000_000), st.integers(0, 9_999), st.integers(1, 9_999))
def test_saving_a_pound_more_never_pays_less_and_no_cap_is_passed(
    baseline: int, actual: int, now: int, before: int
) -> None:
    one = calculate(FULL, baseline, actual + 1, (now, before)).earned
    two = calculate(FULL, baseline, actual, (now, before)).earned
    assert one is not None
    assert two is not None
    assert 0 <= one <= two <= 30_000
    assert two <= Fraction(baseline) * Fraction(203, 200) * now / before * Fraction(3, 100)
