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


TOGETHER = """
items:
  - {item: A, title: Visits, pays: {activity: {tariff: £10, each: visit}}}
  - {item: B, title: Calls, pays: {activity: {tariff: £1, each: call}}}
  - {item: C, title: Set up, pays: {fixed: {pays: £100, for: it}}}
"""


@pytest.mark.parametrize(
    ("limits", "counts", "expected"),
    [
        # £300.00 and £33.00 are £333.00; 100/333 of each is 90.0900… and 9.9099…, and the penny goes to the larger rest
        ("[{items: [A, B], at_most: £100}]", (30, 33, 1), ["90.09", "9.91", "100.00"]),
        ("[{items: [A, B], at_most: £333}]", (30, 33, 1), ["300.00", "33.00", "100.00"]),
        ("[{items: [A, B], at_least: £600}]", (30, 0, 0), ["600.00", "0.00", "0.00"]),
        ("[{items: [A, B], at_least: £666}]", (30, 33, 0), ["600.00", "66.00", "0.00"]),
        ("[{items: [A, B], at_least: £600}]", (0, 0, 0), ["0.00", "0.00", "0.00"]),
        ("[{items: all, at_most: £43.30}]", (30, 33, 1), ["30.00", "3.30", "10.00"]),
        # the group first, to £100.00; then all, of which there is £200.00, to half of that
        ("[{items: [A, B], at_most: £100}, {items: all, at_most: £100}]", (30, 33, 1), ["45.05", "4.95", "50.00"]),
    ],
)
def test_items_together_pay_at_most_and_at_least(limits: str, counts: tuple[int, ...], expected: list[str]) -> None:
    visits, calls, done = counts
    figures = f"A1 A ACTIVITY {visits}\nA1 B ACTIVITY {calls}\nA1 C DECLARED {done}"
    found = paid(local(TOGETHER, f"limits: {limits}"), figures, "practice_code", "pounds")
    assert [row[1] for row in found if row[0] == "A1"] == expected


def test_while_one_of_them_is_not_known_the_others_are_not_final() -> None:
    scheme = local(TOGETHER, "limits: [{items: [A, B], at_most: £100}]")
    found = paid(scheme, "A1 A ACTIVITY 30\nA1 C DECLARED 1", "practice_code", "status", "reason", table="payment.csv")
    assert found[0][1] == "provisional"
    assert "items A and B together: at most £100, and B has no pounds yet" in found[0][2]


@pytest.mark.parametrize(
    ("limits", "says"),
    [
        ("[{items: [A, D], at_most: £100}]", "the limit is of 'D', which is no item of the scheme."),
        ("[{items: [A, A], at_most: £100}]", "the limit names item A twice."),
        ("[{items: [A, B]}]", "a limit needs 'at_most' or 'at_least'"),
        ("[{items: [A], at_most: £100}]", "at least 2"),
        ("[{items: [A, B], at_most: £100, at_least: £200}]", "at least £200 is more than at most £100"),
    ],
)
def test_what_a_limit_cannot_say(limits: str, says: str) -> None:
    assert says in " ".join(refused(f"limits: {limits}", items=TOGETHER))


def test_a_small_list_is_paid_as_the_least() -> None:
    heads = "heads: {column: list_size, called: list, at: 2024-01-01, at_least: 4500}"
    counts = "A1 A NUMERATOR 60\nA1 A DENOMINATOR 100\nA2 A NUMERATOR 70\nA2 A DENOMINATOR 100"
    items = BY_HEAD.replace("at_most: £400", "title: A thing")
    assert paid(local(items, heads), counts, "pounds") == [("600.00",), ("450.00",)]
    assert full_achievement(local(items, heads), 4_000).pence == 450_00
