"""`requires`: an item that pays only once others are met."""

from __future__ import annotations

import pytest
from tests.spec.language import refused
from tests.spec.run import local, paid

ITEMS = """
items:
  - {item: GATE, title: The gateway, pays: {gateway: {elements: {emis: EMIS}, pays: £100}}}
  - {item: A, title: A thing, requires: [GATE], pays: {activity: {tariff: £10}}}
  - {item: B, title: The next, requires: [A], pays: {fixed: {pays: £5, for: it}}}
"""


@pytest.mark.parametrize(
    ("gate", "activity", "pounds", "reason"),
    [
        ("1", "3", ["100.00", "30.00", "5.00"], ""),
        ("0", "3", ["0.00", "0.00", "0.00"], "Pays nothing: GATE is not met."),
        ("1", "0", ["100.00", "0.00", "0.00"], ""),
    ],
)
def test_what_is_not_met_shuts_what_rests_on_it(gate: str, activity: str, pounds: list[str], reason: str) -> None:
    counts = f"""
        A1 emis DECLARED {gate}
        A1 A    ACTIVITY {activity} 2024-Q1
        A1 B    DECLARED 1
    """
    found = [row[1:] for row in paid(local(ITEMS), counts, "practice_code", "pounds", "reason") if row[0] == "A1"]
    assert [row[0] for row in found] == pounds
    assert found[1][1] == reason


def test_while_a_gateway_is_not_known_nothing_behind_it_is_decided() -> None:
    found = paid(local(ITEMS), "A1 A ACTIVITY 3 2024-Q1", "practice_code", "indicator_code", "pounds", "reason")
    assert found[1][:3] == ("A1", "A", "")
    assert "Whether GATE is met is not known yet." in found[1][3]


@pytest.mark.parametrize("rests_on", ["B", "A", "GATEWAY"])
def test_what_it_rests_on_stands_before_it(rests_on: str) -> None:
    wrong = refused(items=ITEMS.replace("requires: [GATE]", f"requires: [{rests_on}]"))
    assert f"item A rests on '{rests_on}', which is not an earlier item." in wrong[0]
