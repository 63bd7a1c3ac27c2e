"""Scales by the head, in set sums, with lower is better and per 1,000: what a statement, its workbook, the overview and
the vector evaluator make of them. All amounts are by hand.

A fault is one of a line that a calculator does not follow, of a live formula, or of a form that differs in a penny.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from tests.generative.vector_held import held
from tests.golden.test_statement_workbook import recalculator

import remit
from remit.core.figures import DECLARED, DENOMINATOR, NUMERATOR
from remit.documents.scheme_card.boundaries import boundary_data, boundary_document
from remit.documents.statement.chart import chart
from remit.documents.statement.formats import as_text, as_xlsx
from remit.documents.statement.making import statement
from remit.organisation import Practice
from remit.pricing.plan import plan_of
from remit.pricing.scenario import Standing
from remit.pricing.vector import Column
from remit.runs import Run
from remit.runs.overview import in_full
from remit.scheme.loader import build
from remit.scheme.source import parse_source

SCHEME = """
scheme: local-scales
version: "1"
title: Local scales
commissioner: Exampleshire ICB
year: 2024-25
achievement_date: 2025-03-31
sources: {contract: {title: The contract, standing: verified}}
source: contract
heads: {column: weighted_list_size, called: weighted list, at: 2024-04-01}
groups: [{group: AE, title: Everybody registered, list: whole}, {group: FR, title: Frail people, list: whole}]
indicators:
  - {indicator: AE, title: A&E attendances, type: process, group: AE}
  - {indicator: FR1, title: Frailty review, type: process, group: FR}
  - {indicator: WAIT, title: Waits over a week, type: process, group: FR}
terms:
  paid_in_advance: {share: 50%, of: award for full achievement, instalments: 6, due: last day of each month}
  balance: {due: 2025-07-31}
  recovery: {months: 2, notified: 2025-08-31}
  changes: {joiner: whole months, leaver: days, merger: successor}
items:
  - {item: "1", indicator: FR1, measure: achievement, pays: {linear: {per_head: £1.10, lower: 30%, upper: 70%}}}
  - item: "5"
    indicator: AE
    measure: per_1000
    pays:
      steps:
        better: lower
        steps:
          - below 90 per 1,000 pays £1.00
          - up to 120 per 1,000 pays 60p
          - below 150 per 1,000 pays 25p
        most: £1.00
  - item: "6"
    indicator: WAIT
    measure: achievement
    pays: {step_then_linear: {pounds: "£5,000", pounds_at_lower: £500, lower: 30%, upper: 10%, better: lower}}
  - {item: "7", title: Telephones, measure: declared, pays: {boolean: {per_head: 20p}}}
  - item: "8"
    indicator: AE
    measure: per_1000
    pays: {linear: {pounds: £300, lower: "1,500 per 1,000", upper: "2,500 per 1,000"}}
"""
PRACTICES = """practice_code,practice_name,list_size,weighted_list_size,joined
S1,One,6200,6431.5,
S2,Two,2450,3000,2024-10-01
"""
COUNTS = """practice_code,indicator_code,measure,value
S1,1,NUMERATOR,132
S1,1,DENOMINATOR,240
S1,5,NUMERATOR,600
S1,6,NUMERATOR,17
S1,6,DENOMINATOR,90
S1,7,DECLARED,1
S1,8,NUMERATOR,12400
S2,1,NUMERATOR,61
S2,1,DENOMINATOR,190
S2,5,NUMERATOR,295
S2,6,NUMERATOR,9
S2,6,DENOMINATOR,90
S2,7,DECLARED,0
S2,8,NUMERATOR,3675
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("scales")
    for name, text in {"scheme.yaml": SCHEME, "practices.csv": PRACTICES, "counts.csv": COUNTS}.items():
        (folder / name).write_text(text, encoding="utf-8")
    return remit.run(str(folder / "scheme.yaml"), folder / "practices.csv", folder / "counts.csv")


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("S1", "(132 / 240 − 30%) / (70% − 30%) × £1.10 = £0.6875 a head"),
        ("S1", "£0.6875 × 6,431.5 weighted patients = £4,421.65625 = £4,421.66 (2 places, half up)"),
        ("S1", "600 / 6,200 registered patients × 1,000 = 96.774194 per 1,000"),
        ("S1", "£1.00 below 90 per 1,000, 60p up to 120 per 1,000, 25p below 150 per 1,000"),
        ("S1", "up to 120 per 1,000: 60p a head"),
        ("S1", "£500.00 + (30% − 17 / 90) / (30% − 10%) × (£5,000.00 − £500.00) = £3,000.00"),
        ("S1", "all 20p a head"),
        ("S1", "(12,400 / 6,200 × 1,000 − 1,500) / (2,500 − 1,500) × £300.00 = £150.00"),
        ("S1", "Below 90 per 1,000 pays £1.00. 43 fewer (557 for 6,200 patients): +£2,572.60"),
        ("S1", "From 2,500 per 1,000: all £300. 3,100 more (15,500 for 6,200 patients): +£150.00"),
        # 31/60 x 1.10 x 3,000 x 1/2 of the year: (61 / 190 - 0.3) / 0.4 = 0.0526316, so £86.842105
        ("S2", "× 3,000 weighted patients × 1 / 2 of the year = £86.842105 = £86.84 (2 places, half up)"),
        ("S2", "at or below 10%: all £5,000"),
        ("S2", "£5,000.00 × 1 / 2 of the year = £2,500.00"),
        ("S2", "none of 20p a head"),
        ("S2", "it earns all 20p a head: +£300.00"),
        ("S2", "not above 1,500 per 1,000: none of £300"),
    ],
)
def test_a_statement_says_each_multiplication(run: Run, code: str, words: str) -> None:
    assert words in flat(as_text(statement(run, code), width=400))


def test_the_amounts(run: Run) -> None:
    pence = {one.practice.code: [award.pence for award in one.awards] for one in run.results()}
    assert pence == {
        "S1": [442166, 385890, 300000, 128630, 15000],
        "S2": [8684, 37500, 250000, 0, 0],  # 295 of 2,450 are 120.41 per 1,000: 25p x 3,000 x 1/2
    }


def test_the_workbook_is_live(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "s1.xlsx"
    path.write_bytes(as_xlsx(statement(run, "S1")))
    cells = recalculator(path)
    now = cells()
    assert [round(now[f"ITEMS!N{n}"], 2) for n in range(5, 10)] == [4421.66, 3858.90, 3000.00, 1286.30, 150.00]
    assert round(cells(items_d6=555)["ITEMS!N6"], 2) == 6431.50
    assert round(cells(items_d6=744)["ITEMS!N6"], 2) == 3858.90  # exactly 120 per 1,000, which counts
    assert round(cells(items_d6=930)["ITEMS!N6"], 2) == 0  # exactly 150, which does not
    assert round(cells(items_d7=9)["ITEMS!N7"], 2) == 5000
    assert round(cells(items_d7=28)["ITEMS!N7"], 2) == 0
    assert round(cells(items_d9=13640)["ITEMS!N9"], 2) == 210
    titles = [cell.value for cell in openpyxl.load_workbook(path)["Items"][4]]
    assert "All that it pays" in titles


def test_the_workbook_takes_the_share_of_the_year(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "s2.xlsx"
    path.write_bytes(as_xlsx(statement(run, "S2")))
    assert round(recalculator(path)()["ITEMS!N7"], 2) == 2500


def test_a_chart_falls_and_rises_beyond_the_whole(run: Run) -> None:
    first, fifth, sixth, _, eighth = next(iter(run.results())).awards
    lines = [chart(award) for award in (first, fifth, sixth, eighth)]
    heights = [[share for _, share in line.line] for line in lines if line]
    assert heights[0] == [0, 0, 0, 1, 1]
    assert heights[1] == [1, 1, Fraction(3, 5), Fraction(3, 5), Fraction(1, 4), Fraction(1, 4), 0, 0]
    assert heights[2] == [1, 1, Fraction(1, 10), 0, 0]
    assert lines[3] is not None
    assert lines[3].end > 2
    assert [mark for _, mark, _ in lines[3].marks] == ["1,500", "2,500"]


def test_full_achievement_of_each_practice(run: Run) -> None:
    plan, standing = next(iter(run.plans.values())), run.standings.of("S1")
    full = {code: award.pence for code, award in in_full(plan, standing).items()}
    assert full == {"1": 707465, "5": 643150, "6": 500000, "7": 128630, "8": 30000}


def test_boundaries_say_per_1000() -> None:
    scheme = build(parse_source(SCHEME, "scheme.yaml"))
    assert "Per 1,000, they are by 0.1." in str(boundary_document(scheme).blocks)
    found = {one["item"]: one["tables"][0]["bounds"] for one in boundary_data(scheme)["items"] if one["tables"]}
    assert [(edge["bound"], edge["operator"], edge.get("per")) for edge in found["5"]] == [
        ("90", "<", "1000"), ("120", "<=", "1000"), ("150", "<", "1000"),
    ]  # fmt: skip
    assert [(edge["bound"], edge["operator"], edge["at"]["earned"]) for edge in found["6"]] == [
        ("10", "<=", "5000"), ("30", "<=", "500"),
    ]  # fmt: skip


def test_the_vector_form_pays_the_same_penny() -> None:
    """Every count of a small practice at once, around each threshold, beside the exact evaluator cell by cell."""
    plan = plan_of(build(parse_source(SCHEME, "scheme.yaml")), {}, {})
    one = Practice("S1", list_size=62, weighted_list_size=Fraction("6431.5"))
    others = [
        Practice("S2", list_size=0, weighted_list_size=Fraction(3000)),
        Practice("S3", list_size=62),
        Practice("S4", list_size=61, weighted_list_size=Fraction("2999.99"), joined=date(2024, 8, 1)),
    ]
    draws = 190
    counts = np.arange(4 * draws, dtype=np.int64).reshape(-1, 4)
    figures = {
        ("1", NUMERATOR): Column(counts % 41), ("1", DENOMINATOR): Column(np.full_like(counts, 40)),
        ("5", NUMERATOR): Column(counts % 12), ("6", NUMERATOR): Column(counts % 91),
        ("6", DENOMINATOR): Column(np.full_like(counts, 90)), ("7", DECLARED): Column(counts % 2),
        ("8", NUMERATOR): Column(counts),
    }  # fmt: skip
    found = held(plan, [Standing(each, (), {}) for each in (one, *others)], figures, draws)
    assert found["priced exactly"] < 2 * draws


def test_a_successor_has_the_events_and_the_lists_of_both(tmp_path: Path) -> None:
    """600 events over 6,200 + 3,800 people are 60 per 1,000: £1.00 for each of 6,431.5 + 3,568.5 heads."""
    files = {
        "scheme.yaml": SCHEME,
        "practices.csv": "practice_code,practice_name,list_size,weighted_list_size,left,successor_code\n"
        "S1,One,6200,6431.5,,\nS2,Two,3800,3568.5,2024-09-30,S1\n",
        "counts.csv": "practice_code,indicator_code,measure,value\nS1,5,NUMERATOR,600\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    run = remit.run(str(tmp_path / "scheme.yaml"), tmp_path / "practices.csv", tmp_path / "counts.csv")
    award = next(award for award in next(iter(run.results())).awards if award.item.item == "5")
    assert (award.achievement.denominator, award.pence) == (10_000, 1_000_000)
