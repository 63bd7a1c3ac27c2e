"""`claims`: from single claims to activity that is paid once."""

from __future__ import annotations

import pytest
from tests.spec.run import claimed, local

ITEMS = """
items:
  - {item: L3, title: Level 3, pays: {activity: {tariff: £10}}}
  - {item: L4, title: Level 4, pays: {activity: {tariff: £20}}}
  - {item: START, title: Start, pays: {activity: {tariff: £5}}}
"""
CLAIMS = "claims: {exclusive: care, levels: [L3, L4], counted: at the quarter's end, once: {START: 1}}"
ONE = local(ITEMS, CLAIMS)


@pytest.mark.parametrize(
    ("what", "claims", "outcomes"),
    [
        ("a claim counts", "A1 p1 L3 2024-Q1 - -", ["counted"]),
        ("once", "A1 p1 L3 2024-Q1 - -\nA1 p1 L3 2024-Q1 - -", ["counted", "refused"]),
        ("a quarter each", "A1 p1 L3 2024-Q1 - -\nA1 p1 L3 2024-Q2 - -", ["counted", "counted"]),
        ("two practices wait", "A1 p1 L3 2024-Q1 - -\nA2 p1 L3 2024-Q1 - -", ["held", "held"]),
        ("two levels wait", "A1 p1 L3 2024-Q1 - -\nA1 p1 L4 2024-Q1 - -", ["held", "held"]),
        (
            "the days decide: who is on a level on the last day",
            "A1 p1 L3 2024-Q1 - 2024-06-29\nA1 p1 L4 2024-Q1 2024-06-30 -",
            ["refused", "counted"],
        ),
        ("the last day itself counts", "A1 p1 L3 2024-Q1 - 2024-06-30", ["counted"]),
        (
            "a second beginning within a month of the last is not paid",
            "A1 p1 START 2024-Q1 2024-04-01 -\nA1 p1 L3 2024-Q1 2024-04-01 2024-06-30\n"
            "A1 p1 START 2024-Q2 2024-07-30 -",
            ["counted", "counted", "refused"],
        ),
        (
            "after more than a month it is",
            "A1 p1 START 2024-Q1 2024-04-01 -\nA1 p1 L3 2024-Q1 2024-04-01 2024-06-30\n"
            "A1 p1 START 2024-Q2 2024-07-31 -",
            ["counted", "counted", "counted"],
        ),
    ],
)
def test_a_claim_has_one_fate(what: str, claims: str, outcomes: list[str]) -> None:
    found = claimed([ONE], claims, "quarter", "outcome")
    assert sorted(outcome for _, outcome in found) == sorted(outcomes), what


def test_services_that_share_a_name_exclude_one_another() -> None:
    text = ITEMS.replace("L3", "M3").replace("L4", "M4").replace("START", "BEGIN")
    terms = CLAIMS.replace("L3", "M3").replace("L4", "M4").replace("START", "BEGIN")
    other = local(text, terms).model_copy(update={"scheme": "another"})
    alone = local(text, terms.replace("exclusive: care, ", "")).model_copy(update={"scheme": "another"})
    claims = "A1 p1 L3 2024-Q1 - -\nA2 p1 M3 2024-Q1 - -"
    assert claimed([ONE, other], claims, "outcome") == [("held",), ("held",)]
    assert claimed([ONE, alone], claims, "outcome") == [("counted",), ("counted",)]
