"""Kind: a contract that begins or ends inside the year: its instalments, quarters and part of the year are its own.

The contract is Strathcarse's clauses 1, 2 to 4 in short, 7, 9 and 10; the amounts are those of its table.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.profiles import examples
from tests.sentences import dates as sentence
from tests.sentences import strathcarse_payment as strathcarse

import remit
from remit.core.problems import Refused
from remit.runs.results import PracticeResult
from remit.scheme.loader import build
from remit.scheme.model import Scheme
from remit.scheme.source import parse_source
from remit.scoring.wanted import wanted

FILE = """
scheme: strathcarse-2025-26
version: "1"
title: Strathcarse
commissioner: Strathcarse Health Board
year: 2025-26
term: {from: 2025-10-01, to: 2026-03-31AGREED}
achievement_date: 2026-03-31
sources: {contract: {title: The contract}}
source: contract
heads: {column: weighted_list_size, called: weighted list, at: 2025-10-01, at_least: 3000}
terms:
  paid_in_advance:
    - share: 50%
      of: award for full achievement
      items: ["1"]
      instalments: 6
      due: last day of each month
      first: 2025-10-31
    - {share: 100%, of: award for full achievement, items: [START], due: [2025-10-31]}
  paid_on_activity: {days: 45}
  balance: {due: 2026-07-31}
  recovery: {months: 2, first: 2026-08-31}
  changes: {joiner: JOINER, leaver: whole months, merger: successor}
items:
  - item: "1"
    title: Items 1 to 4 in short
    indicator: CHD005
    measure: achievement
    pays: {steps: {most: £2.55, steps: [from 50% pays 255p]}}
  - item: "7"
    title: Domiciliary phlebotomy
    pays: {activity: {tiers: [£12.00 for the first 50, £9.00 after], each: visit, most: £1500}}
  - item: START
    title: Start payment
    pays: {fixed: {pays: £1000, for: signing, declared: not asked}}
"""
QUARTERS = ("2025-Q3", "2025-Q4")


def contract(agreed: str = "", joiner: str = "whole months", text: str = FILE) -> Scheme:
    text = text.replace("AGREED", f", agreed: {agreed}" if agreed else "").replace("JOINER", joiner)
    return build(parse_source(text, "strathcarse.yaml"))


def rows(weighted: str, visits: tuple[int, ...], met: bool, when: tuple[str, ...] = QUARTERS, **more: str) -> remit.Run:
    practice = {"practice_code": "S1", "practice_name": "One", "weighted_list_size": weighted, "list_size": "6200"}
    counts = [("1", "NUMERATOR", "90" if met else "0", ""), ("1", "DENOMINATOR", "100", "")]
    counts += [("7", "ACTIVITY", str(many), quarter) for many, quarter in zip(visits, when, strict=False)]
    names = ("practice_code", "indicator_code", "measure", "value", "period")
    figures = [dict(zip(names, ("S1", *one), strict=True)) for one in counts]
    agreed, joiner = more.pop("agreed", ""), more.pop("joiner_rule", "whole months")
    return remit.run(
        contract(agreed, joiner),
        remit.dict_rows("practices", [{**practice, **more}]),
        remit.dict_rows("counts", figures),
    )


def paid(run: remit.Run, kind: str) -> dict[date | None, int]:
    return {due.day: due.pence for due in run.practice("S1").schedule if due.kind == kind}


def result(*args: object, **more: str) -> PracticeResult:
    return rows(*args, **more).practice("S1")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("weighted", "advance", "visits", "quarters"),
    [
        ("6431.5", "8200.16", (40, 35), {"2026-02-14": 48000, "2026-05-15": 34500}),
        ("2612.8", "3825.00", (20, 10), {"2026-02-14": 24000, "2026-05-15": 12000}),
        ("10905.25", "13904.19", (90, 80), {"2026-02-14": 96000, "2026-05-15": 54000}),
        ("5020", "6400.50", (0, 0), {}),
        ("2999.99", "3825.00", (50, 1), {"2026-02-14": 60000, "2026-05-15": 900}),
    ],
)
def test_the_advances_and_the_visits_of_the_table(
    weighted: str, advance: str, visits: tuple[int, int], quarters: dict[str, int]
) -> None:
    run = rows(weighted, visits, met=True)
    pence = int(Fraction(advance) * 100)
    assert run.practice("S1").settlement.advance == pence + strathcarse.START
    assert paid(run, "instalment") == strathcarse.instalments(Fraction(weighted))
    assert sum(paid(run, "instalment").values()) == pence + strathcarse.START
    assert {str(day): amount for day, amount in paid(run, "activity").items()} == quarters
    assert list(paid(run, "balance")) == [date(2026, 7, 31)]


def test_overpayments_come_back_on_31_august_and_30_september() -> None:
    """Nothing of £2.55 is earned: the £8,200.16 come back in two; the start payment is earned."""
    assert paid(rows("6431.5", (0, 0), met=False), "recovery") == {date(2026, 8, 31): 410008, date(2026, 9, 30): 410008}


@examples(0.6)
@given(st.integers(100_000, 2_000_000), st.integers(0, 200), st.integers(0, 200), st.booleans())
def test_any_practice_is_paid_as_the_clauses_say(hundredths: int, third: int, fourth: int, met: bool) -> None:
    weighted = Fraction(hundredths, 100)
    run = rows(f"{hundredths // 100}.{hundredths % 100:02d}", (third, fourth), met)
    visits = strathcarse.visits(third, fourth)
    assert paid(run, "instalment") == strathcarse.instalments(weighted)
    assert paid(run, "activity") == visits
    earned = strathcarse.START + sum(visits.values())
    earned += sentence.pence_of(Fraction(255, 100) * strathcarse.heads(weighted)) if met else 0
    left = earned - strathcarse.advance(weighted) - strathcarse.START - sum(visits.values())
    assert sum(paid(run, "balance").values()) == max(0, left)
    assert sum(paid(run, "recovery").values()) == max(0, -left)


@pytest.mark.parametrize(
    ("joined", "left", "rule", "share"),
    [
        ("", "", "whole months", Fraction(1)),
        ("2019-04-01", "", "whole months", Fraction(1)),  # there long before the contract
        ("2025-10-01", "2026-03-31", "nothing", Fraction(1)),  # for the whole contract
        ("2025-11-01", "", "whole months", Fraction(5, 6)),
        ("2025-12-15", "", "whole months", Fraction(3, 6)),
        ("2026-03-01", "", "days", Fraction(31, 182)),
        ("", "2026-01-31", "full year", Fraction(4, 6)),
        ("2026-04-01", "", "full year", Fraction(0)),
        ("", "2025-09-30", "full year", Fraction(0)),
    ],
)
def test_the_part_of_the_year_is_a_part_of_the_contract(joined: str, left: str, rule: str, share: Fraction) -> None:
    one = result("6000", (0, 0), True, joiner_rule=rule, joined=joined, left=left)
    assert one.participation.share == share


@pytest.mark.parametrize("agreed", ["2025-10-15", "2025-11-20", "2025-11-30", "2026-02-01", "2026-04-09"])
def test_the_instalments_missed_before_it_was_agreed_are_paid_with_the_first(agreed: str) -> None:
    """£7,650.00 in six of £1,275.00, the £1,000 with the first of them."""
    on = date.fromisoformat(agreed)
    days = sentence.month_end_instalments(date(2025, 10, 31), 6)
    expected = sentence.paid_with_the_first(days, [227500, 127500, 127500, 127500, 127500, 127500], on)
    run = rows("6000", (0, 0), True, agreed=agreed)
    assert paid(run, "instalment") == expected
    assert sum(expected.values()) == run.practice("S1").settlement.advance == 865000


def test_november_by_hand() -> None:
    paid_ = paid(rows("6000", (0, 0), True, agreed="2025-11-20"), "instalment")
    assert next(iter(paid_.items())) == (date(2025, 11, 30), 227500 + 127500)
    assert len(paid_) == 5


def test_activity_of_a_quarter_outside_the_contract_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        rows("6000", (4, 4), True, ("2025-Q2", "2025-Q3"))
    assert "ACTIVITY of 7 is for one of a quarter such as 2025-26-Q3" in refused.value.problems[0].message


def test_only_the_quarters_of_the_contract_are_asked_for() -> None:
    assert [one.period for one in wanted(contract()) if one.measure == "ACTIVITY"] == ["2025-Q3", "2025-Q4"]


@pytest.mark.parametrize(
    ("before", "after", "line", "says"),
    [
        ("from: 2025-10-01", "from: 2025-03-01", 7, "2025-03-01 is not in the year 2025-26"),
        ("to: 2026-03-31", "to: 2026-04-30", 7, "2026-04-30 is not in the year 2025-26"),
        ("to: 2026-03-31", "to: 2025-09-30", 7, "ends on 2025-09-30, before it begins on 2025-10-01"),
        ("achievement_date: 2026-03-31", "achievement_date: 2025-09-30", 8, "outside 2025-10-01 to 2026-03-31"),
        ("AGREED", ", agreed: 2025-09-01", 7, "agreed on 2025-09-01, by its first day"),
        ("AGREED", ", agred: 2025-09-01", 7, "unknown key 'agred'"),
        ("      first: 2025-10-31\n", "", 17, ""),
    ],
)
def test_days_that_do_not_fit_are_refused_at_their_line(before: str, after: str, line: int, says: str) -> None:
    text = FILE.replace(before, after, 1)
    if not says:
        text = text.replace("instalments: 6", "instalments: 7")
        says = "7 instalments are more than the 6 such days to the contract's end"
    with pytest.raises(Refused) as refused:
        contract(text=text)
    those = [one for one in refused.value.problems if says in one.message]
    assert those, [one.message for one in refused.value.problems]
    assert [one.place.line for one in those if one.place] == [line]


SET_OFF = FILE.replace("paid_on_activity: {days: 45}", "paid_on_activity: {days: 45, set_off: HOW}").replace(
    'items: ["1"]', 'items: ["7"]'
)


@pytest.mark.parametrize(
    ("how", "visits", "activity", "balance", "recovery"),
    [
        # half of £1,500 in advance, £125 by the month: £500 of it by 14 February, all £750 by 15 May
        ("nothing", (40, 35), {"2026-02-14": 48000, "2026-05-15": 34500}, 0, 75000),
        ("nothing", (0, 0), {}, 0, 75000),
        ("what was paid in advance", (60, 35), {"2026-02-14": 19000, "2026-05-15": 6500}, 0, 0),
        ("what was paid in advance", (40, 35), {"2026-05-15": 7500}, 0, 0),
        ("what was paid in advance", (40, 0), {}, 0, 27000),
        ("what was paid in advance", (0, 0), {}, 0, 75000),
    ],
)
def test_what_is_set_off_against_activity(
    how: str, visits: tuple[int, int], activity: dict[str, int], balance: int, recovery: int
) -> None:
    """Of item 7 alone: 60 visits are £600 and £90, 40 are £480, 75 are £825, 95 are £1,005."""
    text = SET_OFF.replace("HOW", how).split("    - {share: 100%")
    scheme = contract(text=text[0] + text[1].partition("\n")[2])
    figures = [("7", "ACTIVITY", str(many), when) for many, when in zip(visits, QUARTERS, strict=True)]
    figures += [("1", "NUMERATOR", "0", ""), ("1", "DENOMINATOR", "100", "")]
    names = ("practice_code", "indicator_code", "measure", "value", "period")
    run = remit.run(
        scheme,
        remit.dict_rows("practices", [{"practice_code": "S1", "practice_name": "One", "weighted_list_size": "6000"}]),
        remit.dict_rows("counts", [dict(zip(names, ("S1", *one), strict=True)) for one in figures]),
    )
    assert {str(day): pence for day, pence in paid(run, "activity").items()} == activity
    assert sum(paid(run, "instalment").values()) == 75000
    start = 100000  # which is paid with the balance here
    left = start + balance - recovery
    assert sum(paid(run, "balance").values()) == max(0, left)
    assert sum(paid(run, "recovery").values()) == max(0, -left)
