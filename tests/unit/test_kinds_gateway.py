"""A gateway: all elements or n of m. Wales 2017/18: three of five national priorities, 45 points."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from pydantic import ValidationError
from tests.figures import brought

from remit.scheme.kinds.base import Calculation
from remit.scheme.kinds.gateway import Gateway

ELEMENTS = {"p1": "access", "p2": "frailty", "p3": "flu", "p4": "sepsis", "p5": "dementia"}
WALES: dict[str, Any] = {"elements": ELEMENTS, "needs": "3", "points": "45"}
FOUNDATION: dict[str, Any] = {"elements": {"emis": "EMIS", "ers": "e-referral"}, "pays": "£2,500"}


def calculate(file: dict[str, Any], answers: dict[str, int]) -> Calculation:
    figures = {(code, "DECLARED", ""): Fraction(value) for code, value in answers.items()}
    return Gateway.model_validate(file).calculate(brought("priorities", "2017-18", figures))


@pytest.mark.parametrize(("met", "points"), [(2, 0), (3, 45), (4, 45)])
def test_three_of_five_exactly_one_fewer_and_one_more(met: int, points: int) -> None:
    answers = {code: int(n < met) for n, code in enumerate(ELEMENTS)}
    result = calculate(WALES, answers)
    assert result.earned == points
    assert (result.rate, result.numerator, result.denominator) == (int(met >= 3), met, 3)
    assert result.counted == f"{met} of 5 elements"


def test_all_elements_are_needed_unless_a_number_is_named() -> None:
    assert calculate(FOUNDATION, {"emis": 1, "ers": 1}).earned == 2500
    assert calculate({**FOUNDATION, "needs": "all"}, {"emis": 1, "ers": 1}).earned == 2500
    result = calculate(FOUNDATION, {"emis": 1, "ers": 0})
    assert result.earned == 0
    assert result.reason == "Not passed: e-referral (ers) not declared."


def test_what_was_not_declared_is_asked_for_while_it_matters() -> None:
    result = calculate(WALES, {"p1": 1, "p2": 1, "p3": 0})
    assert (result.earned, result.rate) == (None, None)
    assert result.reason == "Supply DECLARED for p4 (sepsis). Supply DECLARED for p5 (dementia)."


def test_what_was_not_declared_no_longer_matters_once_it_is_passed_or_lost() -> None:
    assert calculate(WALES, {"p1": 1, "p2": 1, "p3": 1}).earned == 45
    assert calculate(WALES, {"p1": 0, "p2": 0, "p3": 0}).earned == 0
    assert calculate(FOUNDATION, {"ers": 0}).earned == 0


def test_an_amount_that_must_be_supplied_leaves_known_whether_it_is_passed() -> None:
    file = {**FOUNDATION, "pays": "required"}
    assert Gateway.model_validate(file).missing() == "amount"
    passed = calculate(file, {"emis": 1, "ers": 1})
    assert (passed.earned, passed.rate) == (None, 1)
    assert passed.reason == "Passed, but its amount must be supplied."
    assert calculate(file, {"emis": 1, "ers": 0}).earned == 0
    open_ = calculate({**WALES, "needs": "required"}, {"p1": 1})
    assert (open_.earned, open_.rate) == (None, None)
    assert open_.reason == "The number of elements needed must be supplied."


def test_what_is_still_open_is_open_only_where_it_could_change_the_answer() -> None:
    """Against every way in which the open elements could turn out: 3^5 states of five elements."""
    for state in product((0, 1, None), repeat=5):
        answers = {code: value for code, value in zip(ELEMENTS, state, strict=True) if value is not None}
        ends = {sum(end) >= 3 for end in product(*[(0, 1) if value is None else (value,) for value in state])}
        expected = None if len(ends) == 2 else 45 * ends.pop()
        assert calculate(WALES, answers).earned == expected


@pytest.mark.parametrize("needs", ["0", "6"])
def test_a_number_that_the_elements_cannot_give_is_a_fault(needs: str) -> None:
    messages = [message for _, message in Gateway.model_validate({**WALES, "needs": needs}).faults()]
    assert messages == [f"expected all, or 1 to 5 of its elements, found {needs}"]


def test_it_pays_pounds_or_points() -> None:
    assert (Gateway.model_validate(WALES).unit, Gateway.model_validate(FOUNDATION).unit) == ("points", "pounds")
    for wrong in ({**WALES, "pays": "£1"}, {**WALES, "elements": {}}, {**WALES, "needs": "x"}):
        with pytest.raises(ValidationError):
            Gateway.model_validate(wrong)


def test_without_a_sum_it_only_opens_what_rests_on_it() -> None:
    gate = Gateway.model_validate({"elements": ELEMENTS})
    assert (gate.unit, gate.most_earned(), gate.missing()) == ("pounds", 0, "")
    assert gate.words() == "opens what rests on it, for all 5 elements"


def test_in_words() -> None:
    assert Gateway.model_validate(WALES).words() == "45 points for 3 of 5 elements, else nothing"
    assert Gateway.model_validate(FOUNDATION).words() == "£2,500 for all 2 elements, else nothing"
