"""`networks`: money that is a network's, and what its members receive of it."""

from __future__ import annotations

import pytest
from tests.spec.run import Rows, local, paid

ITEMS = """
items:
  - {item: A, title: Training, pays: {fixed: {pays: £50.01, for: training}}}
"""
YES = "A1 * AGREED 1\nA2 * AGREED 1\n"
BOTH = "A1 A DECLARED 1\nA2 A DECLARED 1\n"


def shared(rule: str, counts: str, assent: str = "every member", practices: str = "") -> Rows:
    networks = f"networks: {{earned_by: practice, distribution: {rule}, assent: {assent}}}"
    more = {"practices": practices} if practices else {}
    return paid(local(ITEMS, networks), counts, "practice_code", "pounds", "reason", table="distribution.csv", **more)


@pytest.mark.parametrize(
    ("rule", "more", "parts"),
    [
        ("equal", "", ["50.01", "50.01"]),
        ("list", "", ["60.01", "40.01"]),  # 60.012 and 40.008: the penny left over goes to the larger remainder
        ("historic", "A1 * HISTORIC_POUNDS 1\nA2 * HISTORIC_POUNDS 2", ["33.34", "66.68"]),
        ("contribution", "", ["50.01", "50.01"]),
        ("agreed", "A1 * AGREED_POUNDS 100.02\nA2 * AGREED_POUNDS 0", ["100.02", "0.00"]),
    ],
)
def test_the_members_parts_add_up_to_the_pool(rule: str, more: str, parts: list[str]) -> None:
    found = [pounds for _, pounds, _ in shared(rule, BOTH + YES + more)]
    assert found == parts
    assert sum(round(100 * float(part)) for part in found) == 2 * 5001


@pytest.mark.parametrize(
    ("answer", "words"),
    [("A2 * AGREED 0", "A2 has said no (AGREED 0)"), ("", "A2 has not said yes (add AGREED)")],
)
def test_one_member_who_has_not_agreed_stops_it_for_all(answer: str, words: str) -> None:
    found = shared("equal", f"{BOTH}A1 * AGREED 1\n{answer}")
    assert [pounds for _, pounds, _ in found] == ["", ""]
    assert all(words in reason for _, _, reason in found)


def test_where_no_assent_is_asked_nobody_stops_it() -> None:
    assert [pounds for _, pounds, _ in shared("equal", BOTH, "none")] == ["50.01", "50.01"]


def test_amounts_that_do_not_add_up_are_blocked() -> None:
    found = shared("agreed", f"{BOTH}{YES}A1 * AGREED_POUNDS 60\nA2 * AGREED_POUNDS 40")
    assert [pounds for _, pounds, _ in found] == ["", ""]
    assert "the amounts agreed add up to £100.00, £0.02 less than the pool of £100.02" in found[0][2]


HEADER = "practice_code,practice_name,network_code,list_size,joined,left,successor_code\n"


def test_a_member_that_joined_in_march_has_a_twelfth_of_a_share() -> None:
    practices = f"{HEADER}A1,One,N1,1,,,\nA2,Two,N1,1,2025-03-01,,\n"
    assert [pounds for _, pounds, _ in shared("equal", BOTH + YES, practices=practices)] == ["92.33", "7.69"]


def test_a_member_that_merged_is_counted_with_its_successor() -> None:
    practices = f"{HEADER}A1,One,N1,1,,,\nA2,Two,N1,2,,2024-09-30,A1\nA3,Three,N1,3,,,\n"
    counts = "A1 A DECLARED 1\nA3 A DECLARED 1\nA1 * AGREED 1\nA3 * AGREED 1"
    found = shared("list", counts, practices=practices)
    assert [row[:2] for row in found] == [("A1", "50.01"), ("A2", "0.00"), ("A3", "50.01")]


def test_a_network_counted_as_one_earns_on_all_of_its_members_patients() -> None:
    items = """
        items:
          - item: A
            title: MMR
            indicator: CHD005
            measure: achievement
            pays: {fixed: {pays: £100, for: MMR, target: 95%}}
    """
    networks = "networks: {earned_by: network, distribution: contribution, assent: none}"
    counts = """
        A1 A NUMERATOR    99
        A1 A DENOMINATOR 100
        A2 A NUMERATOR    91
        A2 A DENOMINATOR 100
    """
    found = paid(local(items, networks), counts, "practice_code", "contribution", "pounds", table="distribution.csv")
    assert found == [("A1", "99", "52.11"), ("A2", "91", "47.89")]  # 190 of 200 is 95%
