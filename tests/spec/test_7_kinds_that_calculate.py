"""Kinds that calculate from figures of their own: a small table in, the pounds out."""

from __future__ import annotations

import pytest
from tests.spec.run import local, paid


def item(pays: str, more: str = "") -> str:
    return f"items: [{{item: A, title: A thing, {more}pays: {pays}}}]"


@pytest.mark.parametrize(
    ("what", "pays", "counts", "pounds"),
    [
        (
            "each thing done has its tariff",
            "{activity: {tariff: £12.50}}",
            """
            A1 A ACTIVITY 3 2024-Q1
            A1 A ACTIVITY 5 2024-Q4
            """,
            "100.00",
        ),
        (
            "a quarter's cap is the quarter's, and the year's cap leaves the rest unpaid",
            "{activity: {tariff: £10, most_per_quarter: 10, most_per_year: 15}}",
            """
            A1 A ACTIVITY 12 2024-Q1
            A1 A ACTIVITY  9 2024-Q2
            """,
            "150.00",  # 10 of 12, then 5 of 9
        ),
        (
            "of those who did not attend, at most a tenth of what is paid, at half the tariff",
            "{activity: {tariff: £10, did_not_attend: {pays: 50%, most: 10%}}}",
            """
            A1 A ACTIVITY       19 2024-Q1
            A1 A DID_NOT_ATTEND  4 2024-Q1
            """,
            "195.00",  # 190 and 1 x £5
        ),
        (
            "patient-days are divided by the days of their quarter",
            "{activity: {tariff: £45.50, counted: days}}",
            "A1 A ACTIVITY_DAYS 182 2024-Q1",
            "91.00",  # 91 days: two patients
        ),
        (
            "a block pays what was paid before, raised by its uplift",
            "{historic: {of: QOF, years: [2014-15], in: pounds, uplift: 5%}}",
            "A1 A HISTORIC_POUNDS 80960 2014-15",
            "85008.00",
        ),
        (
            "or the average of several years",
            "{historic: {of: QOF, years: [2012-13, 2013-14, 2014-15], in: pounds}}",
            """
            A1 A HISTORIC_POUNDS 100 2012-13
            A1 A HISTORIC_POUNDS 100 2013-14
            A1 A HISTORIC_POUNDS 101 2014-15
            """,
            "100.33",
        ),
        (
            "streams are rolled into one",
            "{pooled: {streams: {QOF: framework, DES: enhanced}, year: 2015-16}}",
            """
            A1 QOF HISTORIC_POUNDS 1000.10 2015-16
            A1 DES HISTORIC_POUNDS   20.20 2015-16
            """,
            "1020.30",
        ),
        (
            "a gateway pays for all of its elements",
            "{gateway: {elements: {emis: EMIS, ers: e-referral}, pays: £400}}",
            """
            A1 emis DECLARED 1
            A1 ers  DECLARED 1
            """,
            "400.00",
        ),
        (
            "and nothing for most of them",
            "{gateway: {elements: {emis: EMIS, ers: e-referral}, pays: £400}}",
            """
            A1 emis DECLARED 1
            A1 ers  DECLARED 0
            """,
            "0.00",
        ),
        (
            "unless so many are enough: what is not said yet then does not matter",
            "{gateway: {elements: {x: x, y: y, z: z}, needs: 2, pays: £400}}",
            """
            A1 x DECLARED 1
            A1 y DECLARED 1
            """,
            "400.00",
        ),
        (
            "each topic of quality improvement earns an equal part",
            "{quality_improvement: {pays: £300, units: 3, national: {x: x, y: y}, local: {choose: 1}}}",
            """
            A1 x     DECLARED 1
            A1 y     DECLARED 0
            A1 local DECLARED 1
            """,
            "200.00",
        ),
        (
            "a sum is paid by its milestones",
            "{fixed: {pays: '£4,000', for: training, milestones: {begun: {share: 25%, words: begun}, "
            "done: {share: 75%, words: done}}}}",
            """
            A1 begun DECLARED 1
            A1 done  DECLARED 0
            """,
            "1000.00",
        ),
        (
            "half of what was saved against a baseline that grew by 2%",
            "{shared_savings: {share: 50%, growth: 2%}}",
            """
            A1 A BASELINE_POUNDS 10000
            A1 A ACTUAL_POUNDS    9000
            """,
            "600.00",
        ),
    ],
)
def test_a_kind_pays(what: str, pays: str, counts: str, pounds: str) -> None:
    found = paid(local(item(pays)), counts, "practice_code", "pounds")
    by_practice = {row[0]: row[1] for row in found}
    assert by_practice["A1"] == pounds, what
    assert by_practice["A2"] == "", "who supplied nothing is paid nothing yet"


@pytest.mark.parametrize(
    ("other", "points"),
    [("A1 A HISTORIC_POINTS 6 2016-17", "6.00"), ("A1 A HISTORIC_POINTS 4 2016-17", "5.00")],
)
def test_the_better_of_two_years_is_the_higher_of_both(other: str, points: str) -> None:
    pays = "{better_of_two_years: {other: 2016-17, linear: {points: 10, lower: 40%, upper: 90%}}}"
    found = local(item(pays, "indicator: CHD005, measure: achievement, "))
    counts = f"""
        A1 A NUMERATOR    65
        A1 A DENOMINATOR 100
        {other}
    """
    rows = {row[0]: row[1] for row in paid(found, counts, "practice_code", "points")}
    assert rows["A1"] == points


POT = """
items:
  - {item: P, title: P, indicator: CHD005, measure: achievement, pays: {linear: {points: 8, lower: 0%, upper: 80%}}}
  - {item: Q, title: More, measure: declared, pays: {boolean: {points: 2}}}
  - {item: POT, title: The pot, pays: {pot: {money: "£1,000", items: [P, Q]}}}
  - {item: BLOCK, title: A block, pays: {historic: {of: QOF, years: [2016-17], in: pounds}}}
  - {item: BLEND, title: Half and half, pays: {blend: {parts: {POT: 50%, BLOCK: 50%}}}}
  - {item: FLOOR, title: A floor, pays: {income_protection: {floor: 95%, of: QOF, year: 2016-17}}}
"""


def test_a_pot_a_blend_and_a_floor_rest_on_items_before_them() -> None:
    counts = """
        A1 P     NUMERATOR         40
        A1 P     DENOMINATOR      100
        A1 Q     DECLARED           1
        A1 BLOCK HISTORIC_POUNDS  900 2016-17
        A1 FLOOR HISTORIC_POUNDS 1000 2016-17
    """
    found = paid(local(POT), counts, "practice_code", "indicator_code", "pounds", "reason")
    assert [(item, pounds) for code, item, pounds, _ in found if code == "A1"] == [
        ("P", "0.00"),  # paid within the pot: 4 of 8 points
        ("Q", "0.00"),  # and 2 of 2
        ("POT", "0.00"),  # £600 for 6 of 10 points, paid within the blend
        ("BLOCK", "0.00"),  # £900
        ("BLEND", "750.00"),
        ("FLOOR", "200.00"),  # to £950
    ]
    assert ("A1", "POT", "0.00", "Paid within BLEND, where it is worth £600.00.") in found


def test_a_part_without_a_share_need_not_be_known() -> None:
    """Dudley 2016-17 paid all on the block and nothing on the framework that had yet to begin."""
    counts = "A1 BLOCK HISTORIC_POUNDS 900 2016-17"
    found = local(POT.replace("{POT: 50%, BLOCK: 50%}", "{POT: 0%, BLOCK: 100%}").partition("  - {item: FLOOR")[0])
    assert paid(found, counts, "practice_code", "status", "pounds", table="payment.csv")[0] == ("A1", "final", "900.00")
