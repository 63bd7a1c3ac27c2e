"""A set sum for something done, by milestones, per head or on a target; every figure worked out by hand."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from pydantic import ValidationError
from tests.figures import brought

from remit.scheme.kinds.base import Calculation
from remit.scheme.kinds.fixed import Fixed

TRAINING = {"pays": "£4,000", "for": "training and project management"}
# Tower Hamlets: £14,000 a network, half in advance and half on performance (PMC5819982).
PACKAGE = {
    "pays": "£14,000",
    "for": "the MMR package",
    "milestones": {
        "signed": {"share": "50%", "words": "agreement signed"},
        "reached": {"share": "50%", "words": "95% immunised"},
    },
}


def calculate(file: dict[str, Any], figures: dict[tuple[str, str], int] | None = None, **inputs: Any) -> Calculation:
    kind = Fixed.model_validate(file)
    result = {(subject, measure, ""): Fraction(value) for (subject, measure), value in (figures or {}).items()}
    return kind.calculate(brought("setup", "2017-18", result, **inputs))


@pytest.mark.parametrize(("declared", "pounds"), [(1, 4000), (0, 0)])
def test_it_is_paid_once_it_is_declared(declared: int, pounds: int) -> None:
    result = calculate(TRAINING, {("", "DECLARED"): declared})
    assert (result.earned, result.rate) == (pounds, declared)


def test_a_declaration_that_nobody_made_is_asked_for() -> None:
    assert calculate(TRAINING).earned is None
    assert calculate(TRAINING).reason == "Supply DECLARED for setup (training and project management)."


@pytest.mark.parametrize(("signed", "reached", "pounds"), [(0, 0, 0), (1, 0, 7000), (0, 1, 7000), (1, 1, 14_000)])
def test_each_milestone_pays_its_share(signed: int, reached: int, pounds: int) -> None:
    result = calculate(PACKAGE, {("signed", "DECLARED"): signed, ("reached", "DECLARED"): reached})
    assert result.earned == pounds
    assert result.counted == f"{signed + reached} of 2 milestones"


def test_every_milestone_that_nobody_declared_is_asked_for() -> None:
    result = calculate(PACKAGE)
    assert result.earned is None
    assert result.reason == (
        "Supply DECLARED for signed (agreement signed). Supply DECLARED for reached (95% immunised)."
    )
    assert dict(Fixed.model_validate(PACKAGE).elements()) == {"signed": "agreement signed", "reached": "95% immunised"}


def test_a_sum_per_head() -> None:
    file = {**TRAINING, "pays": "£1.05", "per": "head"}
    result = calculate(file, {("", "DECLARED"): 1, ("*", "LIST_SIZE"): 10_001})
    assert result.earned == Fraction("10501.05")
    assert str(result.lines[-1]) == "£1.05 × 10,001 patients = £10,501.05"
    assert Fixed.model_validate(file).most_earned() is None


def test_a_sum_per_head_asks_for_the_list_too_unless_nothing_was_done() -> None:
    file = {**TRAINING, "pays": "£1.05", "per": "head"}
    reason = calculate(file).reason
    assert "Supply DECLARED" in reason
    assert "Supply LIST_SIZE" in reason
    assert calculate(file, {("", "DECLARED"): 0}).earned == 0


@pytest.mark.parametrize(("numerator", "points"), [(949, 0), (950, 45), (951, 45)])
def test_a_target_pays_all_from_it_on(numerator: int, points: int) -> None:
    file = {"points": "45", "for": "reaching 95%", "target": "95%"}
    result = calculate(file, rate=Fraction(numerator, 1000), numerator=numerator, denominator=1000)
    assert result.earned == points
    assert result.rate == Fraction(numerator, 1000)
    assert Fixed.model_validate(file).unit == "points"


def test_a_target_without_an_achievement_says_why_and_nobody_to_count_pays_nothing() -> None:
    file = {**TRAINING, "target": "95%"}
    assert calculate(file, why="Supply NUMERATOR.").reason == "Supply NUMERATOR."
    assert calculate(file, empty=True).earned == 0


def test_what_must_be_supplied_and_what_does_not_fit() -> None:
    assert Fixed.model_validate({**TRAINING, "pays": "required", "target": "required"}).missing() == "amount, target"
    milestones = {**PACKAGE["milestones"], "late": {"share": "1%", "words": "more"}}  # type: ignore[dict-item]
    over = Fixed.model_validate({**PACKAGE, "milestones": milestones})
    assert [message for _, message in over.faults()] == ["the milestones' shares add up to 101%, not 100%"]
    assert not list(Fixed.model_validate(PACKAGE).faults())
    for wrong in (
        {"for": "x"},
        {**TRAINING, "points": "4"},
        {"points": "4", "for": "x", "per": "head"},
        {**PACKAGE, "target": "95%"},
    ):
        with pytest.raises(ValidationError):
            Fixed.model_validate(wrong)


def test_in_words() -> None:
    assert Fixed.model_validate(TRAINING).words() == "£4,000 for training and project management"
    assert Fixed.model_validate(PACKAGE).words() == (
        "£14,000 for the MMR package: 50% for agreement signed, 50% for 95% immunised"
    )
    unknown = Fixed.model_validate({"pays": "required", "for": "the gateway"})
    assert unknown.words() == "a sum still to be supplied for the gateway"
