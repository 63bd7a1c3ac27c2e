"""Kind: an award that does not follow from the achievement in its row, and no reason beside it. Where another year or
another rule decides, award.csv says which.
"""

from __future__ import annotations

import csv

import pytest
from tests.bad_files.command import remit

SCHEME = """
scheme: wales-with-lines
extends: qof-wales-2017-18
version: "1"
title: Wales with lines
removed: [ACTIVE, INACTIVE]
items:
  - {item: W-REG, indicator: AF001, domain: active, measure: register, weights: [list],
     pays: {better_of_two_years: {other: 2016-17, boolean: {points: "30"}}}}
  - {item: W-AF, indicator: AF006, domain: active, measure: achievement, weights: [list],
     pays: {better_of_two_years: {other: 2016-17, linear: {points: "130", lower: 40%, upper: 90%}}}}
  - {item: W-DM, indicator: DM007, domain: active, measure: achievement, weights: [list],
     pays: {better_of_two_years: {other: 2016-17, linear: {points: "42", lower: 50%, upper: 90%}}}}
  - {item: IN01, title: Inactive 1, domain: inactive, tags: [peer review], weights: [list],
     pays: {historic: {of: inactive 1, years: [2016-17], in: points, points: "165"}}}
totals: {points: 567, items_of: {inactive: 1}, tagged: {peer review: 1}}
"""
COUNTS = """practice_code,indicator_code,measure,value,period
A1,W-REG,REGISTER,160,
A1,W-REG,REGISTER,150,2016-17
A1,W-AF,NUMERATOR,70,
A1,W-AF,DENOMINATOR,100,
A1,W-AF,NUMERATOR,80,2016-17
A1,W-AF,DENOMINATOR,100,2016-17
A1,W-DM,NUMERATOR,90,
A1,W-DM,DENOMINATOR,100,
A1,W-DM,NUMERATOR,60,2016-17
A1,W-DM,DENOMINATOR,100,2016-17
A1,IN01,HISTORIC_POINTS,100,2016-17
A1,pdp,DECLARED,1,
A1,saf,DECLARED,0,
"""


@pytest.fixture(scope="module")
def awards(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    folder = tmp_path_factory.mktemp("wales")
    (folder / "scheme.yaml").write_text(SCHEME, encoding="utf-8")
    (folder / "counts.csv").write_text(COUNTS, encoding="utf-8")
    (folder / "practices.csv").write_text("practice_code,practice_name,list_size\nA1,A,8000\n", encoding="utf-8")
    said = remit(
        "run", folder / "scheme.yaml", "--practices", folder / "practices.csv", "--counts", folder / "counts.csv",
        "--out", folder / "out", "--set", "point.value=£150", "--set", "weights.list.over=6400",
    )  # fmt: skip
    assert said.status == 0, said.err
    with (folder / "out" / "award.csv").open(encoding="utf-8", newline="") as file:
        return {row["indicator_code"]: row for row in csv.DictReader(file)}


@pytest.mark.parametrize(
    ("item", "achievement", "points", "reason"),
    [
        # 130 × (80 − 40) / 50 = 104 in 2016-17, where this year's 70% would give 78
        ("W-AF", "70", "104.00", "Paid on 2016-17, the better year."),
        ("W-DM", "90", "42.00", "Paid on 2017-18, the better year."),
        ("W-REG", "", "30.00", "Both years earn the same."),
        ("CND-PLANS", "0", "0.00", "Not passed: GP Sustainability Assessment Framework"),
        ("FLU001W", "", "", "No counts: supply NUMERATOR and DENOMINATOR"),
    ],
)
def test_wales_award_gives_its_reason(
    item: str, achievement: str, points: str, reason: str, awards: dict[str, dict[str, str]]
) -> None:
    row = awards[item]
    assert (row["achievement"], row["points"]) == (achievement, points)
    assert row["reason"].startswith(reason)


def test_no_award_of_wales_without_its_figure_is_without_a_reason(awards: dict[str, dict[str, str]]) -> None:
    assert [code for code, row in awards.items() if row["pounds"] in ("", "0.00") and not row["reason"]] == []
