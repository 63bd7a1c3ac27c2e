"""Every rule of every complete definition is reached on both branches by a case."""

from tests.rules.coverage import lacking, reached


def test_cases_reach_both_branches_of_every_rule_of_a_complete_definition() -> None:
    lacks = [f"{code} rule {number} is never {side}" for code, number, side in lacking(reached(), "complete")]
    assert lacks == []
