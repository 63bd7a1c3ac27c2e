"""`at_most`, `at_least`: what a contract says of an item's pounds beside how they are earned."""

from __future__ import annotations

import pytest
from tests.spec.language import refused
from tests.spec.run import local, paid

from remit.pricing.full_achievement import full_achievement

VISITS = "items: [{{item: A, title: Visits, {clauses}, pays: {{activity: {{tariff: £12.50, each: visit}}}}}}]"
HEADS = "heads: {column: list_size, called: list, at: 2024-01-01}"
BY_HEAD = """
items:
  - item: A
    indicator: CHD005
    measure: achievement
    at_most: £400
    pays: {steps: {steps: [from 50% pays 10p], most: 10p}}
"""


def pounds(clauses: str, visits: int) -> tuple[str, ...]:
    return paid(local(VISITS.format(clauses=clauses)), f"A1 A ACTIVITY {visits}", "pounds", "reason")[0]


@pytest.mark.parametrize(("visits", "expected"), [(39, "487.50"), (40, "500.00"), (41, "500.00"), (0, "0.00")])
def test_an_item_pays_at_most(visits: int, expected: str) -> None:
    assert pounds("at_most: £500", visits)[0] == expected


@pytest.mark.parametrize(("visits", "expected"), [(0, "0.00"), (1, "50.00"), (4, "50.00"), (5, "62.50")])
def test_an_item_that_earns_anything_pays_at_least(visits: int, expected: str) -> None:
    assert pounds("at_least: £50", visits)[0] == expected


def test_a_limit_holds_of_what_is_paid_per_head() -> None:
    counts = "A1 A NUMERATOR 60\nA1 A DENOMINATOR 100\nA2 A NUMERATOR 70\nA2 A DENOMINATOR 100"
    assert paid(local(BY_HEAD, HEADS), counts, "pounds") == [("400.00",), ("400.00",)]
    assert paid(local(BY_HEAD.replace("£400", "£500"), HEADS), counts, "pounds") == [("500.00",), ("400.00",)]


def test_while_a_limit_is_required_nothing_is_paid() -> None:
    found = pounds("at_most: required", 41)
    assert found[0] == ""
    assert "amount of at_most" in found[1]


def test_the_least_is_not_more_than_the_most() -> None:
    items = VISITS.format(clauses="at_most: £50, at_least: £60")
    assert "item A pays at least £60, which is more than its most, £50." in " ".join(refused(items=items))


def test_full_achievement_is_limited_too() -> None:
    found = local(BY_HEAD, HEADS)
    assert [full_achievement(found, patients).pence for patients in (3_000, 4_000, 6_000)] == [300_00, 400_00, 400_00]
