"""Quality improvement (R004-12): two national topics and one local, declared and evidenced, 37 points in thirds."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from pydantic import ValidationError
from tests.figures import brought

from remit.scheme.kinds.base import Calculation
from remit.scheme.kinds.quality_improvement import QualityImprovement

MODULE: dict[str, Any] = {
    "points": "37",
    "units": "3",
    "national": {"presc": "prescribing safety", "eol": "end of life care"},
    "local": {"choose": "1", "menu": {"falls": "falls in older people", "access": "access"}},
    "evidence": "true",
}
PLAIN: dict[str, Any] = {**MODULE, "evidence": "false"}
OWN: dict[str, Any] = {"pays": "£3,000", "units": "1", "local": {"choose": "1"}}


def calculate(file: dict[str, Any], declared: dict[str, int], evidenced: dict[str, int] | None = None) -> Calculation:
    figures = {(code, "DECLARED", ""): Fraction(value) for code, value in declared.items()}
    figures |= {(code, "EVIDENCED", ""): Fraction(value) for code, value in (evidenced or {}).items()}
    return QualityImprovement.model_validate(file).calculate(brought("qi", "2019-20", figures))


@pytest.mark.parametrize(
    ("declared", "thirds"),
    [
        ({"presc": 0, "eol": 0, "falls": 0}, 0),
        ({"presc": 1, "eol": 0, "falls": 0}, 1),
        ({"presc": 1, "eol": 1, "access": 0}, 2),
        ({"presc": 1, "eol": 1, "access": 1}, 3),
        ({"presc": 0, "eol": 1, "falls": 1, "access": 1}, 2),
    ],
)
def test_each_topic_earns_its_part_and_no_more_local_ones_count_than_are_chosen(
    declared: dict[str, int], thirds: int
) -> None:
    result = calculate(PLAIN, declared)
    assert result.earned == Fraction(37 * thirds, 3)
    assert (result.rate, result.numerator, result.denominator) == (Fraction(thirds, 3), thirds, 3)


def test_a_local_topic_beyond_the_choice_is_named() -> None:
    result = calculate(PLAIN, {"presc": 0, "eol": 1, "falls": 1, "access": 1})
    assert result.reason == "Beyond the choice of 1 local topic: access (access)."


def test_half_done_is_not_done_a_topic_declared_without_evidence_does_not_count() -> None:
    declared = {"presc": 1, "eol": 1, "falls": 0}
    result = calculate(MODULE, declared, {"presc": 1, "eol": 0})
    assert result.earned == Fraction(37, 3)
    assert result.reason == "Declared but not evidenced: end of life care (eol)."


def test_evidence_is_asked_for_where_a_topic_was_declared_and_only_there() -> None:
    result = calculate(MODULE, {"presc": 1, "eol": 0, "falls": 0})
    assert result.earned is None
    assert result.reason == "Supply EVIDENCED for presc (evidence of prescribing safety)."


def test_of_a_menu_that_nobody_mentions_the_chosen_topic_is_asked_for() -> None:
    result = calculate(PLAIN, {"presc": 1})
    assert result.reason == (
        "Supply DECLARED for eol (end of life care). "
        "Supply DECLARED for the local topic that was chosen: falls in older people (falls); access (access)."
    )


def test_nothing_is_asked_for_that_could_not_change_the_award() -> None:
    two = {**PLAIN, "units": "2"}
    assert calculate(two, {"presc": 1, "eol": 1}).earned == 37
    assert calculate(two, {"presc": 1, "eol": 1, "falls": 1}).earned == 37


@pytest.mark.parametrize(("declared", "pounds"), [(1, 3000), (0, 0)])
def test_without_a_menu_the_one_topic_is_locally_defined(declared: int, pounds: int) -> None:
    assert calculate(OWN, {"local": declared}).earned == pounds
    assert calculate(OWN, {}).reason == "Supply DECLARED for local (locally defined topic)."
    named = {**OWN, "local": {"choose": "1", "code": "own-audit"}}
    assert calculate(named, {"own-audit": declared}).earned == pounds


def test_what_must_be_supplied_and_what_does_not_fit() -> None:
    kind = QualityImprovement.model_validate({**MODULE, "points": "required", "units": "required"})
    assert kind.missing() == "points, number of units"

    def faults(**keys: Any) -> list[str]:
        return [message for _, message in QualityImprovement.model_validate({**MODULE, **keys}).faults()]

    assert faults() == []
    assert faults(units="4") == ["4 topics earn it all, but only 3 can count"]
    assert faults(units="0") == ["expected 1 or more, found 0"]
    assert faults(local={"choose": "3", "menu": {"a": "x"}}) == ["3 are to be chosen, of 1"]
    assert faults(local={"choose": "1", "menu": {"eol": "x"}}) == ["eol is a national topic and a local one"]
    for wrong in ({"points": "1", "units": "1"}, {**MODULE, "pays": "£1"}, {"units": "1", "local": {"choose": "1"}}):
        with pytest.raises(ValidationError):
            QualityImprovement.model_validate(wrong)


def test_in_words() -> None:
    assert QualityImprovement.model_validate(MODULE).words() == (
        "37 points in equal parts for 3 topics declared and evidenced: 2 national and 1 local, from a menu of 2"
    )
