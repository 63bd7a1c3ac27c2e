"""Kind: what practices had before they merged is lost, or paid twice.

Activity, pounds of earlier years, caps, days: each way in which a successor's figures and those of the practices that
merged into it meet. Either the sum, by hand, or the item has no pounds and says what to give.
"""

from __future__ import annotations

import pytest
from tests.spec.run import TERMS, local, paid

import remit
from remit.core.problems import Refused
from remit.core.rows import dict_rows
from remit.runs.several_schemes import claimed_runs
from remit.scheme import load_scheme

HEADER = "practice_code,practice_name,network_code,list_size,joined,left,successor_code\n"
TAKEN_IN = f"{HEADER}A1,One,N1,6000,,,\nA2,Two,N1,4000,,2024-12-31,A1\n"
NEW = f"{HEADER}A1,New,N1,0,2025-01-01,,\nA2,Two,N1,4000,,2024-12-31,A1\nA3,Three,N1,6000,,2024-12-31,A1\n"
JULY = f"{HEADER}A1,One,N1,6000,2024-07-01,,\nA2,Two,N1,4000,,2024-12-31,A1\n"
PLAIN = "items: [{item: A, title: A thing, pays: {activity: {tariff: £10}}}]"
CAPPED = "items: [{item: A, title: A thing, pays: {activity: {tariff: £10, most_per_quarter: 5}}}]"
YEAR = "items: [{item: A, title: A thing, pays: {activity: {tariff: £10, most_per_year: 9}}}]"
BLOCK = "items: [{item: A, title: A block, pays: {historic: {of: QOF, years: [2012-13], in: pounds}}}]"
POOL = "items: [{item: A, title: A pool, pays: {pooled: {streams: {QOF: QOF, DES: DES}, year: 2012-13}}}]"
SAVED = "items: [{item: A, title: Savings, pays: {shared_savings: {share: 50%}}}]"
FIXED = "items: [{item: A, title: A sum, pays: {fixed: {pays: £100, for: a thing}}}]"
Q1, Q4 = "2024-Q1", "2024-Q4"
KNOWN = {
    "activity of both": (PLAIN, TAKEN_IN, f"A1 A ACTIVITY 3 {Q1}\nA2 A ACTIVITY 4 {Q1}", "70.00"),
    "activity of both into a new code": (
        PLAIN, NEW, f"A1 A ACTIVITY 1 {Q4}\nA2 A ACTIVITY 4 {Q1}\nA3 A ACTIVITY 2 {Q1}", "70.00"),
    "activity for the year alone": (PLAIN, TAKEN_IN, "A1 A ACTIVITY 3\nA2 A ACTIVITY 4", "70.00"),
    "activity below every cap": (CAPPED, TAKEN_IN, f"A1 A ACTIVITY 3 {Q1}\nA2 A ACTIVITY 2 {Q1}", "50.00"),
    "activity above the cap in the rows of one": (CAPPED, TAKEN_IN, f"A1 A ACTIVITY 9 {Q1}", "50.00"),
    "pounds of an earlier year": (
        BLOCK, TAKEN_IN, "A1 A HISTORIC_POUNDS 60 2012-13\nA2 A HISTORIC_POUNDS 40.50 2012-13", "100.50"),
    "pounds of an earlier year into a new code": (
        BLOCK, NEW, "A2 A HISTORIC_POUNDS 60 2012-13\nA3 A HISTORIC_POUNDS 40.50 2012-13", "100.50"),
    "pounds of an earlier year of the successor alone": (BLOCK, NEW, "A1 A HISTORIC_POUNDS 60 2012-13", "60.00"),
    "streams of both": (
        POOL, TAKEN_IN,
        "\n".join(f"{one} HISTORIC_POUNDS 10 2012-13" for one in ("A1 QOF", "A1 DES", "A2 QOF", "A2 DES")),
        "40.00"),
    "costs of both": (  # half of 100 + 60 less 80 + 50
        SAVED, TAKEN_IN,
        "A1 A BASELINE_POUNDS 100\nA1 A ACTUAL_POUNDS 80\nA2 A BASELINE_POUNDS 60\nA2 A ACTUAL_POUNDS 50", "15.00"),
    "a set sum is paid once": (FIXED, TAKEN_IN, "A1 A DECLARED 1\nA2 A DECLARED 1", "100.00"),
    "a set sum is paid once, whole, to a new code": (FIXED, NEW, "A1 A DECLARED 1", "100.00"),
}  # fmt: skip


@pytest.mark.parametrize("name", KNOWN)
def test_what_practices_had_before_they_merged_is_their_successors(name: str) -> None:
    items, practices, counts, pounds = KNOWN[name]
    found = paid(local(items), counts, "practice_code", "pounds", practices=practices)
    assert found[0] == ("A1", pounds)
    assert {cell for _, cell in found[1:]} == {""}


ASKED = {
    "by quarter of one, for the year of the other": (
        PLAIN, TAKEN_IN, f"A1 A ACTIVITY 3 {Q1}\nA2 A ACTIVITY 3", "give it by quarter for each"),
    "a quarter before the new code joined, of both": (
        PLAIN, NEW, f"A1 A ACTIVITY 6 {Q1}\nA2 A ACTIVITY 4 {Q1}\nA3 A ACTIVITY 2 {Q1}", "leave it out for A1"),
    "a cap of the quarter that two would not meet": (
        CAPPED, TAKEN_IN, f"A1 A ACTIVITY 4 {Q1}\nA2 A ACTIVITY 4 {Q1}", "£80.00 for A, under one together £50.00"),
    "a cap of the year that two would not meet": (
        YEAR, TAKEN_IN, f"A1 A ACTIVITY 8 {Q1}\nA2 A ACTIVITY 4 {Q1}", "£120.00 for A, under one together £90.00"),
    "pounds of an earlier year of one of those that merged": (
        BLOCK, NEW, "A2 A HISTORIC_POUNDS 60 2012-13", "and not for A3: give it for each"),
    "pounds of an earlier year of the one taken in alone": (
        BLOCK, TAKEN_IN, "A2 A HISTORIC_POUNDS 60 2012-13", "and not for A1: give it for each"),
    "pounds of an earlier year of a new code beside the others'": (
        BLOCK, NEW, "\n".join(f"{code} A HISTORIC_POUNDS 60 2012-13" for code in ("A1", "A2", "A3")),
        "leave it out for A1"),
    "a block of practices that were there for different parts": (
        BLOCK, JULY, "A1 A HISTORIC_POUNDS 60 2012-13\nA2 A HISTORIC_POUNDS 40 2012-13", "different parts of the year"),
}  # fmt: skip


@pytest.mark.parametrize("name", ASKED)
def test_what_their_sum_is_where_that_is_not_clear_is_asked_for(name: str) -> None:
    items, practices, counts, words = ASKED[name]
    found = paid(local(items), counts, "practice_code", "pounds", "reason", practices=practices)
    assert found[0][:2] == ("A1", "")
    assert words in found[0][2]


def test_a_word_is_said_of_activity_before_a_practice_joined_or_after_it_left() -> None:
    those = [
        {"practice_code": "A1", "practice_name": "One", "joined": "2024-10-02"},
        {"practice_code": "A2", "practice_name": "Two", "left": "2024-12-31"},
    ]
    figures = [
        {"practice_code": code, "indicator_code": "A", "measure": "ACTIVITY", "value": 1, "period": f"2024-Q{n}"}
        for code in ("A1", "A2")
        for n in (1, 2, 3, 4)
    ]
    run = remit.run(local(PLAIN), dict_rows("practices.csv", those), dict_rows("counts.csv", figures))
    said = [str(one.message) for one in run.inputs.warnings if one.code == "counts.activity-outside"]
    assert [(text.split(" is given")[0], text.split("for ")[1][:2]) for text in said] == [
        ("ACTIVITY of 2024-25-Q1", "A1"),
        ("ACTIVITY of 2024-25-Q2", "A1"),
        ("ACTIVITY of 2024-25-Q4", "A2"),
    ]


ON_ACTIVITY = TERMS.replace("terms:\n", "terms:\n  paid_on_activity: {days: 30}\n")


def test_activity_is_paid_to_who_was_there_on_the_day_and_set_against_the_award() -> None:
    """Q1 of A2, £40, and A3, £20, is paid to them on 30 July; what fell due later, and Q4, to the new code."""
    counts = f"A2 A ACTIVITY 4 {Q1}\nA3 A ACTIVITY 2 {Q1}\nA2 A ACTIVITY 1 2024-Q3\nA1 A ACTIVITY 5 {Q4}"
    scheme = local(PLAIN, terms=ON_ACTIVITY)
    columns = ("practice_code", "due_date", "kind", "pounds")
    assert paid(scheme, counts, *columns, table="schedule.csv", practices=NEW) == [
        ("A1", "2025-01-30", "activity", "10.00"),
        ("A1", "2025-04-30", "activity", "50.00"),
        ("A2", "2024-07-30", "activity", "40.00"),
        ("A3", "2024-07-30", "activity", "20.00"),
    ]
    sums = ("practice_code", "pounds", "paid_in_advance", "balance", "recovery")
    assert paid(scheme, counts, *sums, table="payment.csv", practices=NEW)[0] == (
        "A1",
        "120.00",
        "60.00",
        "0.00",
        "0.00",
    )


INSTALMENTS = """
terms:
  paid_in_advance: {{share: 50%, of: award for full achievement, instalments: {instalments}, due: {due}}}
  balance: {{due: 2025-07-31}}
  recovery: {{months: 6, notified: 2025-05-31}}
  changes: {{joiner: full year, leaver: days, merger: successor}}
"""


@pytest.mark.parametrize(
    ("joined", "instalments", "due", "days"),
    [
        ("2025-03-02", 12, "first day of each month", []),
        ("2025-03-01", 12, "first day of each month", ["2025-03-01"]),
        ("2025-02-01", 10, "last day of each month", []),
        ("2025-01-31", 10, "last day of each month", ["2025-01-31"]),
        ("2024-05-01", 1, "last day of each month", []),
        ("2024-12-15", 12, "last day of each month", ["2024-12-31", "2025-01-31", "2025-02-28", "2025-03-31"]),
    ],
)
def test_no_instalment_is_dated_before_the_practice_joined(
    joined: str, instalments: int, due: str, days: list[str]
) -> None:
    """Who joined after the last one has its whole award as the balance."""
    scheme = local(FIXED, terms=INSTALMENTS.format(instalments=instalments, due=due))
    practices = f"{HEADER}A1,One,N1,6000,{joined},,\n"
    found = paid(scheme, "A1 A DECLARED 1", "due_date", "kind", table="schedule.csv", practices=practices)
    assert [day for day, kind in found if kind == "instalment"] == days
    if not days:
        columns = ("pounds", "paid_in_advance", "balance", "recovery")
        sums = paid(scheme, "A1 A DECLARED 1", *columns, table="payment.csv", practices=practices)
        assert sums == [("100.00", "0.00", "100.00", "0.00")]


def test_claims_of_those_who_merged_are_paid_to_their_successor() -> None:
    """A2 claims one test in April and one in January, after it closed; the new code one in May, before it joined."""
    scheme = load_scheme("spirometry-staffordshire")
    told = {"terms.changes.merger": "successor", "DIAG.tariff": "£40", "DIAG.did_not_attend.pays": "0%"}
    row = {"practice_code": "A1", "practice_name": "New", "joined": "2026-01-01", "eligible_from": "2025-04-01"}
    gone = {
        "practice_code": "A2",
        "practice_name": "Old",
        "left": "2025-12-31",
        "successor_code": "A1",
        "eligible_from": "2025-04-01",
    }
    claims = [
        {"practice_code": code, "pseudonym": f"p{n}", "item": "DIAG", "quarter": quarter, "date": day}
        for n, (code, quarter, day) in enumerate(
            [
                ("A2", "2025-Q1", "2025-04-10"),
                ("A2", "2025-Q4", "2026-01-10"),
                ("A1", "2025-Q1", "2025-05-10"),
                ("A1", "2025-Q4", "2026-02-10"),
            ]
        )
    ]
    made = claimed_runs(
        [scheme], dict_rows("practices.csv", [row, gone]), dict_rows("claims.csv", claims), settings=told
    )
    assert [one.outcome for one in made.decided.decisions] == ["counted", "refused", "refused", "counted"]
    award = made.runs["spirometry-staffordshire"].practice("A1").awards[0]
    assert (award.item.item, award.pence) == ("DIAG", 80_00)


def test_a_held_claim_of_one_that_merged_keeps_its_successor_from_being_final() -> None:
    """Two levels of one patient in a quarter, without days: which of them counts is not known."""
    scheme = load_scheme("anticoagulation-joint-staffordshire")
    told = {"terms.changes.merger": "successor", "JOINT-DOAC.tariff": "£14", "JOINT-WARFARIN.tariff": "£37.50"}
    told |= {"JOINT-START.tariff": "£55", "terms.paid_on_activity.days": "30", "terms.balance.due": "2026-06-30"}
    row = {"practice_code": "A1", "practice_name": "One", "eligible_from": "2025-04-01"}
    gone = row | {"practice_code": "A2", "left": "2025-12-31", "successor_code": "A1"}
    claims = [
        {"practice_code": "A2", "pseudonym": "p1", "item": item, "quarter": "2025-Q1"}
        for item in ("JOINT-DOAC", "JOINT-WARFARIN")
    ]
    people, claimed = dict_rows("practices.csv", [row, gone]), dict_rows("claims.csv", claims)
    made = claimed_runs([scheme], people, claimed, settings=told)
    result = made.runs[scheme.scheme].practice("A1")
    assert result.status == "provisional"
    assert "A2, which merged into it: 2 claims are held" in result.reason


SHARED = "networks: {earned_by: practice, distribution: list, assent: none}"
STEPS = """
heads: {column: list_size, called: list, at: 2024-01-01}
items:
  - item: A
    title: A thing
    indicator: CHD005
    measure: achievement
    pays: {steps: {steps: [above 0% pays 10p], most: 10p}}
"""


@pytest.mark.parametrize("joiner", ["whole months", "nothing", "days", "full year"])
def test_a_new_code_of_a_network_takes_part_by_the_lists_that_it_took_over(joiner: str) -> None:
    """10p for each of 10,000 is £1,000.00, and half of £2,000.00 is shared out by lists of 10,000 each."""
    scheme = local(STEPS, SHARED, terms=TERMS.replace("joiner: whole months", f"joiner: {joiner}"))
    practices = NEW + "B1,Other,N1,10000,,,\n"
    counts = "".join(f"{code} A NUMERATOR 1\n{code} A DENOMINATOR 2\n" for code in ("A1", "B1"))
    found = paid(scheme, counts, "practice_code", "pounds", table="distribution.csv", practices=practices)
    assert found == [("A1", "1000.00"), ("A2", "0.00"), ("A3", "0.00"), ("B1", "1000.00")]


def test_a_merger_across_networks_is_asked_about() -> None:
    scheme = local(STEPS, SHARED)
    practices = TAKEN_IN.replace("A2,Two,N1", "A2,Two,N2")
    with pytest.raises(Refused, match="does not say which network is paid for its list until then"):
        paid(scheme, "A1 A NUMERATOR 1\nA1 A DENOMINATOR 2", "pounds", practices=practices)


def test_a_merger_into_a_provider_of_another_level_is_refused() -> None:
    practices = "practice_code,practice_name,left,successor_code,level\nA1,One,,,federation\nA2,Two,2024-12-31,A1,\n"
    with pytest.raises(Refused, match="A2 is a practice and merged into A1, a federation"):
        paid(local(PLAIN), "A1 A ACTIVITY 1", "pounds", practices=practices)
