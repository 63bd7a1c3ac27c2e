"""What practices are like: every row's mistake at once, and the fifths of deprivation by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from remit.analysis.simulation.groups import groups
from remit.core.problems import Refused
from remit.core.rows import dict_rows
from remit.organisation import Practice
from remit.organisation.attributes import PracticeAttributes, check_attributes, without_unknown


def rows(*given: dict[str, str]) -> dict[str, PracticeAttributes]:
    return check_attributes(dict_rows("about", list(given)))


def test_what_is_empty_is_not_known() -> None:
    found = rows(
        {"practice_code": "A1", "deprivation": "21.75", "rurality": "rural"},
        {"practice_code": "A2", "deprivation": "", "rurality": ""},
    )
    assert found["A1"] == PracticeAttributes(Fraction(87, 4), None, "rural")
    assert found["A2"] == PracticeAttributes()


def test_all_mistakes_are_named_at_once() -> None:
    with pytest.raises(Refused) as refused:
        rows(
            {"practice_code": "A1", "deprivation": "high", "deprivation_fifth": "6"},
            {"practice_code": "", "deprivation": "1", "deprivation_fifth": "1"},
            {"practice_code": "A1", "deprivation": "1", "deprivation_fifth": "1"},
        )
    assert [one.code for one in refused.value.problems] == [
        "practices.value-unreadable",
        "practices.value-unreadable",
        "practices.code-empty",
        "practices.code-twice",
    ]
    assert "expected 1 (the most deprived fifth) to 5 (the least), found '6'" in refused.value.problems[1].message


def test_practices_that_are_not_in_the_run_are_left_out_by_name() -> None:
    found, warnings = without_unknown(
        {"A1": PracticeAttributes(), "A9": PracticeAttributes()}, frozenset({"A1", "A8"}), "about.csv"
    )
    assert list(found) == ["A1"]
    [warning] = warnings
    assert warning.code == "practices.not-in-run"
    assert "A9" in warning.message
    assert "A8" in warning.hint


def fifths(scores: dict[str, str]) -> dict[str, str]:
    practices = [Practice(code, list_size=1000) for code in scores]
    about = {code: PracticeAttributes(Fraction(text) if text else None) for code, text in scores.items()}
    found = groups(practices, about)
    return {code: group.key for group, codes in found.items() if group.dimension == "deprivation" for code in codes}


def test_fifths_hold_equally_many_practices_the_most_deprived_first() -> None:
    scores = {f"A{n}": str(10 * n) for n in range(10)}
    assert fifths(scores) == {
        "A9": "1", "A8": "1", "A7": "2", "A6": "2", "A5": "3", "A4": "3", "A3": "4", "A2": "4", "A1": "5", "A0": "5",
    }  # fmt: skip


def test_practices_of_one_score_are_in_one_fifth_and_those_without_in_none() -> None:
    assert fifths({"A1": "9", "A2": "9", "A3": "9", "A4": "", "A5": "1"}) == {
        "A1": "1",
        "A2": "1",
        "A3": "1",
        "A4": "",
        "A5": "4",
    }


def test_what_nobody_gave_has_no_groups() -> None:
    found = groups([Practice("A1", list_size=2999), Practice("A2", list_size=3000)], {})
    assert [(group.dimension, group.name, codes) for group, codes in found.items()] == [
        ("all", "All practices", ("A1", "A2")),
        ("list size", "below 3,000", ("A1",)),
        ("list size", "3,000 to 5,999", ("A2",)),
    ]
