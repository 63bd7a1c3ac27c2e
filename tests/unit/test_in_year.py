"""What is paid for activity within the year, by the quarter: worked out by hand."""

from __future__ import annotations

from tests.spec.run import TERMS, local, paid

PRACTICE = "practice_code,practice_name,list_size\nA1,One,6000\n"
FLOOR = """
items:
  - {item: A, title: One thing, pays: {activity: {tariff: £10}}}
  - {item: F, title: A floor, pays: {income_protection: {floor: 100%, of: QOF, year: 2023-24, covers: [A]}}}
  - {item: B, title: Another while the floor is paid, requires: [F], pays: {activity: {tariff: £100}}}
"""


def test_where_a_later_quarter_is_worth_less_the_next_pays_only_what_is_above_the_most() -> None:
    """A floor of £95: with £10 of A it is paid, and so are the five of B: £510 after the first quarter.

    With £100 of A no floor is paid and B is not met: the year comes to £100 after the second quarter, £300 after the
    third and £600 after the fourth. Only then is it above the £510 that were paid: £90 more.
    """
    found = local(FLOOR, terms=TERMS.replace("terms:\n", "terms:\n  paid_on_activity: {days: 30}\n"))
    activity = "A1 A ACTIVITY 1 2024-Q1\nA1 A ACTIVITY 9 2024-Q2\nA1 A ACTIVITY 20 2024-Q3\nA1 A ACTIVITY 30 2024-Q4\n"
    counts = activity + "A1 B ACTIVITY 5 2024-Q1\nA1 F HISTORIC_POUNDS 95 2023-24"
    columns = ("due_date", "kind", "pounds")
    dues = paid(found, counts, *columns, table="schedule.csv", practices=PRACTICE)
    assert [due for due in dues if due[1] == "activity"] == [
        ("2024-07-30", "activity", "510.00"),
        ("2025-04-30", "activity", "90.00"),
    ]


def test_what_a_practice_delivered_that_merged_into_it_is_paid_to_it() -> None:
    """Three in the first quarter and, of the practice that merged into it, four; and two of its own in the second."""
    activity = local("items: [{item: A, title: A thing, pays: {activity: {tariff: £10}}}]")
    practices = "practice_code,practice_name,list_size,left,successor_code\nA1,One,6000,,\nA2,Two,4000,2024-09-30,A1\n"
    counts = "A1 A ACTIVITY 3 2024-Q1\nA2 A ACTIVITY 4 2024-Q1\nA2 A ACTIVITY 2 2024-Q2"
    assert paid(activity, counts, "practice_code", "pounds", practices=practices) == [("A1", "90.00"), ("A2", "")]
