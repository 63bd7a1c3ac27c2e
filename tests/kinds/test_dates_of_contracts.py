"""Kind: the days and the parts in which a contract is paid, as its sentences say them.

Each is set beside the arithmetic of `tests/sentences/dates.py`, which imports nothing of Remit, and a table by hand.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.sentences import dates as sentence

import remit
from remit.core.problems import Refused
from remit.runs.results import PracticeResult
from remit.scheme.loader import build
from remit.scheme.model import Scheme
from remit.scheme.source import parse_source

HEAD = """
scheme: dated
version: "1"
title: Dated
commissioner: Exampleshire
year: 2025-26
achievement_date: 2026-03-31
sources: {us: {title: Ours}}
source: us
heads: {column: weighted_list_size, called: weighted list, at: 2025-10-01}
"""
TERMS = "{{paid_in_advance: {}, balance: {{due: 2026-07-31}}, recovery: {}, changes: {}}}"
RECOVERY = "{months: 2, first: 2026-08-31}"
CHANGES = "{joiner: whole months, leaver: whole months, merger: successor}"
ITEMS = """
items:
  - {item: A, indicator: CHD005, measure: achievement, pays: {steps: {most: 60p, steps: [from 50% pays 60p]}}}
  - {item: B, indicator: AST007, measure: achievement, pays: {steps: {most: 40p, steps: [from 50% pays 40p]}}}
  - {item: START, title: Start payment, pays: {fixed: {pays: £1000, for: signing, declared: not asked}}}
"""


def scheme(ahead: str, recovery: str = RECOVERY, head: str = HEAD, items: str = ITEMS) -> Scheme:
    terms = "terms: " + TERMS.format(ahead, recovery, CHANGES) + "\n"
    return build(parse_source(head + terms + items, "dated.yaml"))


def result(of: Scheme, weighted: str = "10000", met: bool = True, **more: str) -> PracticeResult:
    """One practice that reaches everything, or nothing but its start payment."""
    rows = [{"practice_code": "P1", "practice_name": "One", "weighted_list_size": weighted, **more}]
    run = remit.run(of, remit.dict_rows("practices", rows), remit.dict_rows("counts", counts(met)))
    return run.practice("P1")


def counts(met: bool) -> list[dict[str, str]]:
    numerator = "9" if met else "0"
    return [
        {"practice_code": "P1", "indicator_code": code, "measure": measure, "value": value}
        for code in ("A", "B")
        for measure, value in (("DENOMINATOR", "10"), ("NUMERATOR", numerator))
    ]


def paid(of: Scheme, kind: str, **more: Any) -> list[tuple[str, int]]:
    return [(str(due.day), due.pence) for due in result(of, **more).schedule if due.kind == kind]


QUARTERLY = "{share: 50%, of: award for full achievement, due: last day of each quarter}"
MONTHLY = (
    "{share: 50%, of: award for full achievement, items: [A, B], instalments: 6, due: last day of each month, "
    "first: 2025-10-31}"
)
START = "{share: 100%, of: award for full achievement, items: [START], due: [2025-10-31]}"


def test_four_equal_instalments_on_the_last_day_of_june_september_december_and_march() -> None:
    """Half of £1.00 x 10,000.25 and of £1,000 is £5,500.125, £5,500.13 to the penny; 550013 / 4 is 137503.25."""
    assert paid(scheme(QUARTERLY), "instalment", weighted="10000.25") == [
        ("2025-06-30", 137503),
        ("2025-09-30", 137503),
        ("2025-12-31", 137503),
        ("2026-03-31", 137504),
    ]


def test_on_listed_dates_the_odd_pence_come_first_where_it_says_so() -> None:
    """70% of 60p x 10,001 is £4,200.42: 420042 / 3 is 140014; less than a penny is left over nowhere."""
    days = "[2025-05-15, 2025-08-15, 2026-04-15]"
    ahead = f"{{share: 70%, of: award for full achievement, items: [A], due: {days}, remainder: first}}"
    assert paid(scheme(ahead), "instalment", weighted="10001") == [
        ("2025-05-15", 140014),
        ("2025-08-15", 140014),
        ("2026-04-15", 140014),
    ]
    assert paid(scheme(ahead), "instalment", weighted="10001.05") == [  # £4,200.441: 420044 / 3 is 140014.67
        ("2025-05-15", 140014),
        ("2025-08-15", 140015),
        ("2026-04-15", 140015),
    ]


def test_a_start_payment_in_the_first_month_beside_a_monthly_advance_of_others() -> None:
    """Half of £1.00 x 6,431.5 is £3,215.75: 321575 / 6 is 53595.83; with £1,000 in October."""
    made = result(scheme(f"[{MONTHLY}, {START}]"), "6431.5")
    assert [(str(d.day), d.pence) for d in made.schedule if d.kind == "instalment"] == [
        ("2025-10-31", 153596),
        ("2025-11-30", 53596),
        ("2025-12-31", 53596),
        ("2026-01-31", 53596),
        ("2026-02-28", 53596),
        ("2026-03-31", 53595),
    ]
    assert made.settlement.advance == 421575
    assert made.advance.working == "50% × (£1.00 × 6431.5) + 100% × (£1,000.00)"


@pytest.mark.parametrize(
    ("recovery", "days"),
    [
        ("{months: 2, first: 2026-08-31}", ["2026-08-31", "2026-09-30"]),
        ("{months: 3, first: 2026-08-31, due: last day of each month}", ["2026-08-31", "2026-09-30", "2026-10-31"]),
        ("{months: 3, first: 2026-08-31}", ["2026-08-31", "2026-09-30", "2026-10-31"]),
        ("{months: 3, first: 2026-09-30}", ["2026-09-30", "2026-10-30", "2026-11-30"]),
        ("{months: 3, first: 2026-09-30, due: last day of each month}", ["2026-09-30", "2026-10-31", "2026-11-30"]),
        ("{months: 2, first: 2026-08-10, due: last day of each month}", ["2026-08-31", "2026-09-30"]),
        ("{months: 3, notified: 2026-08-31}", ["2026-09-30", "2026-10-31", "2026-11-30"]),
        ("{months: 2, notified: 2027-01-31}", ["2027-02-28", "2027-03-31"]),
        ("{months: 2, notified: 2026-08-10, due: last day of each month}", ["2026-09-30", "2026-10-31"]),
    ],
)
def test_a_recovery_falls_on_its_days(recovery: str, days: list[str]) -> None:
    """£5,000.01 in advance, £1,000 earned: £4,500.01 less £1,000 of the start payment, half of which was in advance."""
    dues = paid(scheme(QUARTERLY, recovery), "recovery", met=False)
    assert [day for day, _ in dues] == days
    assert sum(pence for _, pence in dues) == 550000 - 100000


@pytest.mark.parametrize(
    ("notified", "days"),
    [("2026-07-15", ["2026-08-31", "2026-09-30"]), ("2026-09-15", ["2026-10-15", "2026-11-15"])],
)
def test_a_practice_notified_by_itself_pays_back_no_earlier_than_the_stated_day(notified: str, days: list[str]) -> None:
    rows = [{"practice_code": "P1", "practice_name": "One", "weighted_list_size": "10000"}]
    plan = [{"practice_code": "P1", "notified": notified}]
    given_ = (remit.dict_rows("practices", rows), remit.dict_rows("counts", counts(False)))
    run = remit.run(scheme(QUARTERLY), *given_, recovery=remit.dict_rows("recovery", plan))
    assert [str(due.day) for due in run.practice("P1").schedule if due.kind == "recovery"] == days


@given(
    st.integers(1, 40_000_00),
    st.integers(1, 100),
    st.dates(date(2025, 4, 1), date(2025, 10, 1)),
    st.integers(1, 6),
    st.sampled_from(["last day of each month", "same day of each month", "last day of each quarter", "listed"]),
    st.dates(date(2026, 4, 1), date(2027, 3, 1)),
    st.integers(1, 12),
    st.booleans(),
    st.booleans(),
)
def test_instalments_balance_and_recovery_add_up_on_their_days(
    list_100: int, percent: int, first: date, many: int, due: str, back: date, months: int, at_ends: bool, met: bool
) -> None:
    """The share of £1.00 a patient and £1,000, in equal parts on the days that the sentence says, and what is left."""
    expected = {
        "last day of each month": sentence.month_end_instalments(first, many),
        "same day of each month": sentence.same_day_instalments(first, many),
        "last day of each quarter": sentence.quarter_ends_of_the_year(2025),
        "listed": [first + timedelta(days=17 * n) for n in range(many)],
    }[due]
    how = {
        "last day of each month": f"due: last day of each month, first: {expected[0]}, instalments: {many}",
        "same day of each month": f"due: same day of each month, first: {first}, instalments: {many}",
        "last day of each quarter": "due: last day of each quarter, instalments: 4",
        "listed": f"due: [{', '.join(map(str, expected))}]",
    }[due]
    ends = ", due: last day of each month" if at_ends else ""
    ahead = f"{{share: {percent}%, of: award for full achievement, {how}}}"
    made = result(
        scheme(ahead, f"{{months: {months}, first: {back}{ends}}}"), f"{list_100 // 100}.{list_100 % 100:02d}", met
    )

    heads = Fraction(list_100, 100)
    advance = sentence.pence_of(Fraction(percent, 100) * (heads + 1000))
    earned = 100000 + (sentence.pence_of(Fraction(6, 10) * heads) + sentence.pence_of(Fraction(4, 10) * heads)) * met
    paid_ = {
        day: pence for day, pence in zip(expected, sentence.equal_parts(advance, len(expected)), strict=True) if pence
    }
    assert {d.day: d.pence for d in made.schedule if d.kind == "instalment"} == paid_
    assert sum(d.pence for d in made.schedule if d.kind == "balance") == max(0, earned - advance)
    days = sentence.month_end_instalments(back, months) if at_ends else sentence.same_day_instalments(back, months)
    parts = sentence.equal_parts(max(0, advance - earned), months)
    assert [(d.day, d.pence) for d in made.schedule if d.kind == "recovery"] == [
        (day, pence) for day, pence in zip(days, parts, strict=True) if pence
    ]


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ("due: last day of each month", "the key 'instalments' is missing"),
        ("due: same day of each month, instalments: 2", "the key 'first' is missing"),
        ("due: [2025-06-30, 2025-05-31]", "2025-05-31 does not come after 2025-06-30"),
        ("due: [2025-06-30], instalments: 2", "2 instalments on 1 dates"),
        ("due: []", "the list of dates is empty"),
        ("due: [2025-06-31]", "there is no such day as 2025-06-31"),
        ("due: [2025-06-30], first: 2025-06-30", "the list of dates says it already"),
        ("due: last day of each quarter, first: 2025-06-29", "the first instalment is on 2025-06-29"),
        ("due: last day of each month, instalments: 13", "expected 1 to 12, found 13"),
        ("due: last day of each quarter, instalments: 5", "5 instalments are more than the 4"),
        ("items: [C], due: last day of each quarter", "there is no item 'C'"),
        ("due: last day of each quater", "last day of each quarter"),
        ("due: last day of each quarter, sahre: 5%", "unknown key 'sahre'"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_line(how: str, says: str) -> None:
    refused_at_line_11(f"{{share: 5%, of: award for full achievement, {how}}}", says)


@pytest.mark.parametrize(
    ("ahead", "says"),
    [
        (f"[{START}, {START}]", "START is paid in advance twice"),
        (f"[{QUARTERLY}, {QUARTERLY}]", "two advances name no items"),
        (f"[{QUARTERLY.replace('due:', 'dew:')}]", "unknown key 'dew'"),
        (START.replace("award for full achievement", "previous achievement or agreed points"), "of all items together"),
    ],
)
def test_advances_that_do_not_fit_one_another_are_refused_at_their_line(ahead: str, says: str) -> None:
    refused_at_line_11(ahead, says)


def refused_at_line_11(ahead: str, says: str) -> None:
    with pytest.raises(Refused) as refused:
        scheme(ahead)
    those = [problem for problem in refused.value.problems if says in problem.message]
    assert those, [problem.message for problem in refused.value.problems]
    assert {(one.place.file, one.place.line) for one in those if one.place} == {("dated.yaml", 11)}


def test_an_advance_of_what_pays_by_points_names_the_items_that_do() -> None:
    points = "{item: P, indicator: CHD005, measure: achievement, pays: {linear: {points: 1, lower: 40%, upper: 90%}}}"
    items = f"{ITEMS}  - {points}\n"
    with pytest.raises(Refused) as refused:
        scheme(QUARTERLY, head=HEAD + "point: {value: £100}\n", items=items)
    assert "and P does not" in refused.value.problems[0].message
    assert scheme(MONTHLY, head=HEAD + "point: {value: £100}\n", items=items).terms.advances[0].items == ("A", "B")
