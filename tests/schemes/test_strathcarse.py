"""Strathcarse's contract, whole: one file, a key for each clause, and every amount of the contract's table of payments.

The table of practices and the table of payments are those that the contract prints. Clauses 11 and 12 were worked out
by hand before anything was run:

Clause 11. Items 1 to 5, without the bonus, over all five practices:
    22,105.61 + 11,657.05 + 11,152.66 + 8,887.70 + 16,724.65 = 70,527.67, which is over 60,000.00.
    Each amount is multiplied by 60,000 / 70,527.67 and rounded: S1's 3,858.90 becomes 3,282.88.

Clause 12. A sixth practice in cluster C2 (vetoed): 3,400 patients, 3,500 weighted, a deprivation score of 20.0; it
counts 2/8, 9/9, 8/9 and 10/10 under items 1 to 4, 340 attendances, 10 visits in the first quarter, and has signed.
    Item 1, 8 patients: the board's rate is (132 + 60 + 400 + 69 + 70 + 2) / (240 + 200 + 500 + 100 + 100 + 8),
        733 / 1,148, 63.85%. (733/1,148 - 30%) / 40% x 1.10 x 3,500 = 7,480,550 / 2,296 = 3,258.0793: 3,258.08.
        Its own 25% is nothing.
    Item 2, 9 patients: (65 + 15 + 66 + 50 + 20 + 9) / 509 = 225 / 509, 44.20%, below 50%: nothing. Its own 100% is 60p.
    Item 3, 9 patients: (70 + 71 + 75 + 80 + 72 + 8) / 509 = 376 / 509, 73.87%, above 70%: 45p x 3,500 = 1,575.00.
    Item 4, 10 patients, not fewer than 10: its own 100%: 40p x 3,500 = 1,400.00.
    Bonus: items 3 and 4 are at their top step: 1,500.00. Item 5: 340 / 3,400 is 100 per 1,000: 60p x 3,500 = 2,100.00.
    Item 7: 10 x 12.00 = 120.00. Item 8: nothing. Start: 1,000.00, not repaid, as 44.20% is not below 20%.
    The sum of clause 11 is then 70,527.67 + 3,258.08 + 1,575.00 + 1,400.00 + 2,100.00 = 78,860.75.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest
from tests.sentences import strathcarse_payment as clauses

import remit
from remit.application.check import CheckRequest
from remit.application.check import evaluate as check
from remit.core.problems import Refused
from remit.documents.statement.making import statement
from remit.runs.results import PracticeResult
from remit.scheme.loader import build
from remit.scheme.source import parse_source

FILE = Path(__file__).parent / "contracts" / "strathcarse.yaml"

PRACTICES = """
S1 C1 6200  6431.5   38.2 132/240 65/100 70/100 60/100 555  80/100  no  40/35 yes
S2 C1 2450  2612.8   22.0 60/200  15/100 71/100 39/100 294  60/100  no  20/10 yes
S3 C1 11300 10905.25 35.0 400/500 66/100 75/100 65/100 1017 240/300 no  90/80 yes
S4 C2 4800  5020     41.7 69/100  50/100 80/100 59/100 720  90/100  no  0/0   yes
S5 C2 3100  2999.99  36.0 70/100  20/100 72/100 61/100 200  90/100  yes 50/1  yes
"""
SIXTH = "S6 C2 3400 3500 20.0 2/8 9/9 8/9 10/10 340 30/40 no 10/0 yes"

ITEMS = ("1", "2", "3", "4", "BONUS", "5", "6", "7", "8", "START")
SCALED = ("1", "2", "3", "4", "5")
DUE = """
S1 4421.66 3858.90 1286.30 2572.60 1500.00 6431.50 1934.33 825.00  3215.75 1000.00
S2 0.00    0.00    1350.00 0.00    0.00    750.00  785.82  360.00  0.00    0.00
S3 9000.00 6543.15 4907.36 4362.10 1500.00 6543.15 3279.85 1500.00 0.00    1000.00
S4 5383.95 1255.00 2259.00 753.00  0.00    0.00    0.00    0.00    2510.00 1000.00
S5 3300.00 0.00    1350.00 1200.00 1500.00 3000.00 0.00    609.00  1500.00 1000.00
"""
DUE_OF_THE_SIXTH = "S6 3258.08 0.00 1575.00 1400.00 1500.00 2100.00 0.00 120.00 0.00 1000.00"
VISITS = {"S1": (480, 345), "S2": (240, 120), "S3": (960, 540), "S4": (0, 0), "S5": (600, 9)}
ADVANCE = {"S1": "8200.16", "S2": "3825.00", "S3": "13904.19", "S4": "6400.50", "S5": "3825.00"}
SUM = Fraction("70527.67")
SUM_OF_SIX = Fraction("78860.75")
FIVE = tuple(ADVANCE)


def due(text: str = DUE) -> dict[str, dict[str, Fraction]]:
    """The table of payments: pounds by practice and item."""
    rows = (line.split() for line in text.strip().splitlines())
    return {code: dict(zip(ITEMS, map(Fraction, cells), strict=True)) for code, *cells in rows}


def counted(line: str) -> tuple[dict[str, str], list[dict[str, str]]]:
    """A practice's row of the practices file, and its rows of counts."""
    code, cluster, size, weighted, score, *rates, attendances, reviews, veto, visits, signed = line.split()
    practice = {"practice_code": code, "practice_name": f"Practice {code}", "network_code": cluster}
    practice |= {"list_size": size, "weighted_list_size": weighted, "deprivation": score, "signed": signed}
    rows = [("5", "NUMERATOR", attendances, "")]
    for item, rate in zip(("1", "2", "3", "4", "6"), (*rates, reviews), strict=True):
        over, under = rate.split("/")
        rows += [(item, "NUMERATOR", over, ""), (item, "DENOMINATOR", under, "")]
    rows += [("7", "ACTIVITY", many, f"2025-Q{n}") for n, many in enumerate(visits.split("/"), 3)]
    rows += [("6", "VETO", "1", "2026-02-14")] if veto == "yes" else []
    names = ("practice_code", "indicator_code", "measure", "value", "period")
    return practice, [dict(zip(names, (code, *row), strict=True)) for row in rows]


@cache
def contract(budget: str = "£60,000", practices: str = PRACTICES) -> remit.Run:
    """The run of the contract, with another budget where one is given."""
    text = FILE.read_text(encoding="utf-8")
    assert text.count("budget: £60,000") == 1
    parts = [counted(line) for line in practices.strip().splitlines()]
    return remit.run(
        build(parse_source(text.replace("budget: £60,000", f"budget: {budget}"), FILE.name)),
        remit.dict_rows("practices", [practice for practice, _ in parts]),
        remit.dict_rows("counts", [row for _, rows in parts for row in rows]),
    )


def awarded(run: remit.Run, code: str) -> dict[str, Fraction | None]:
    return {a.item.item: None if a.pence is None else Fraction(a.pence, 100) for a in run.practice(code).awards}


def reason(result: PracticeResult, item: str) -> str:
    return next(award.reason for award in result.awards if award.item.item == item)


def dues(code: str, kind: str) -> dict[date | None, int]:
    return {one.day: one.pence for one in contract().practice(code).schedule if one.kind == kind}


def in_proportion(amount: Fraction, over_all: Fraction) -> Fraction:
    """Clause 11, to the penny half up."""
    return Fraction(int(amount * 60_000 / over_all * 100 + Fraction(1, 2)), 100)


def weighted(code: str) -> Fraction:
    return next(Fraction(line.split()[3]) for line in PRACTICES.strip().splitlines() if line.startswith(code))


def test_the_file_has_no_error_and_no_warning_and_items_1_to_4_are_worth_2_pounds_55() -> None:
    found = check(CheckRequest((str(FILE),)))
    assert (found.errors, found.warnings) == ((), 0)
    text = FILE.read_text(encoding="utf-8").replace("per_head: £2.55", "per_head: £2.56")
    with pytest.raises(Refused, match=r"£2\.55"):
        build(parse_source(text, FILE.name))


@pytest.mark.parametrize("code", FIVE)
def test_every_amount_of_the_table_where_the_sum_is_just_within_the_budget(code: str) -> None:
    run = contract("£70,527.67")
    assert awarded(run, code) == due()[code]
    assert run.practice(code).status == "final"


@pytest.mark.parametrize("code", FIVE)
def test_clause_11_reduces_items_1_to_5_and_nothing_else(code: str) -> None:
    expected = {item: in_proportion(amount, SUM) if item in SCALED else amount for item, amount in due()[code].items()}
    assert awarded(contract(), code) == expected
    assert sum(due()[one][item] for one in FIVE for item in SCALED) == SUM


def test_clause_11_in_single_amounts() -> None:
    # 9,000.00 x 70,526.67 / 70,527.67 = 8,999.8724: a pound over the budget is enough
    assert awarded(contract("£70,526.67"), "S3")["1"] == Fraction("8999.87")
    # 3,858.90 x 60,000 / 70,527.67 = 3,282.8819
    assert awarded(contract(), "S1")["2"] == Fraction("3282.88")


def test_clause_4_says_which_items_reach_the_top_step() -> None:
    why = "Pays nothing: 1 of items 2, 3 and 4 reaches the top step (item 3), not at least 2."
    assert [reason(contract().practice(code), "BONUS") for code in ("S2", "S4")] == [why, why]


def test_clause_6_is_final_at_nothing_where_a_practice_vetoed_it_with_the_reason() -> None:
    vetoed = "Vetoed by S5 on 14 February 2026: nothing is paid to any practice of C2."
    for code in ("S4", "S5"):
        result = contract().practice(code)
        assert (awarded(contract(), code)["6"], reason(result, "6"), result.status) == (0, vetoed, "final")
    # Without the veto 180 of 200; 6,000.00 by 5,020 : 2,999.99. By clause 1's 3,000 it would be 3,755.61 and 2,244.39.
    run = contract(practices=PRACTICES.replace(" yes 50/1", " no 50/1"))
    assert (awarded(run, "S4")["6"], awarded(run, "S5")["6"]) == (Fraction("3755.62"), Fraction("2244.38"))


@pytest.mark.parametrize("code", FIVE)
def test_clause_7_is_paid_45_days_after_each_quarter(code: str) -> None:
    days = (date(2026, 2, 14), date(2026, 5, 15))
    assert dues(code, "activity") == {day: many * 100 for day, many in zip(days, VISITS[code], strict=True) if many}


@pytest.mark.parametrize("code", FIVE)
def test_clause_10_pays_in_six_instalments_and_the_start_payment_in_the_first_month(code: str) -> None:
    days = [(2025, 10, 31), (2025, 11, 30), (2025, 12, 31), (2026, 1, 31), (2026, 2, 28), (2026, 3, 31)]
    paid = dues(code, "instalment")
    assert [day for day in paid if day] == [date(*day) for day in days]
    assert paid == clauses.instalments(weighted(code))
    assert sum(paid.values()) == Fraction(ADVANCE[code]) * 100 + clauses.START


def test_the_six_instalments_of_the_first_practice_in_pence() -> None:
    # 8,200.16 / 6 = 1,366.6933: five of 1,366.69 and 1,366.71; the first with 1,000.00 more
    assert list(dues("S1", "instalment").values()) == [236669, 136669, 136669, 136669, 136669, 136671]


@pytest.mark.parametrize("code", FIVE)
def test_what_is_left_is_the_balance_or_comes_back_in_two_months(code: str) -> None:
    result = contract().practice(code)
    own = due()[code]
    earned = sum(in_proportion(own[item], SUM) if item in SCALED else own[item] for item in ITEMS)
    left = (earned - sum(VISITS[code]) - Fraction(ADVANCE[code]) - 1000) * 100
    assert dues(code, "balance") == ({date(2026, 7, 31): left} if left > 0 else {})
    back = -left if left < 0 else 0
    half = int(back / 2 + Fraction(1, 2))
    days = (date(2026, 8, 31), date(2026, 9, 30))
    assert dues(code, "recovery") == (dict(zip(days, (half, back - half), strict=True)) if back else {})
    recovered = sum(one.pence for one in result.schedule if one.kind == "recovery")
    assert sum(one.pence for one in result.schedule) - 2 * recovered == earned * 100


def test_clause_9_is_repaid_by_the_practice_below_20_per_cent() -> None:
    result = contract().practice("S2")
    assert reason(result, "START") == "Repaid in full: the achievement of item 2 is 15%, below 20%."
    # 4,825.00 in advance; earned 1,148.49 + 638.05 + 785.82 = 2,572.36 beside the visits: 2,252.64 come back
    assert dues("S2", "recovery") == {date(2026, 8, 31): 112632, date(2026, 9, 30): 112632}


def test_a_practice_that_has_not_signed_has_no_start_payment_and_none_in_advance() -> None:
    run = contract(practices=PRACTICES.replace("0/0   yes", "0/0   no"))
    assert awarded(run, "S4")["START"] == 0
    assert run.practice("S4").settlement.advance == 640050


def test_clause_12_pays_a_sixth_practice_at_the_boards_rate() -> None:
    within = contract("£78,860.75", PRACTICES + SIXTH)
    assert awarded(within, "S6") == due(DUE_OF_THE_SIXTH)["S6"]
    rates = {award.item.item: award.achievement.rate for award in within.practice("S6").awards}
    assert [rates[item] for item in "1234"] == [Fraction(733, 1148), Fraction(225, 509), Fraction(376, 509), 1]
    for code in FIVE:
        assert awarded(within, code) == due()[code]


@pytest.mark.parametrize("code", [*FIVE, "S6"])
def test_clause_11_is_over_all_six(code: str) -> None:
    own = due(DUE + DUE_OF_THE_SIXTH)[code]
    expected = {item: in_proportion(own[item], SUM_OF_SIX) if item in SCALED else own[item] for item in ITEMS}
    assert awarded(contract(practices=PRACTICES + SIXTH), code) == expected


def test_each_amount_has_its_own_multiplication() -> None:
    views = {view.code: [str(line) for line in view.lines] for view in statement(contract(), "S1").items}
    assert "(132 / 240 − 30%) / (70% − 30%) × £1.10 = £0.6875 a head" in views["1"][1]
    assert "£3,858.90 × £60,000.00 / £70,527.67 = £3,282.88" in views["2"][-1]
    assert "10 × £12.00 + 25 × £9.00 = £345.00" in views["7"][1]
