"""The kind: one year's counts priced by another year's scheme. What cannot be compared is named, and is in no sum.

By hand, with the nation's prevalence and a list of 10,184: 82.5% of CHOL003 is 12.5 / 25 of 38 points at £225.49 in
2025-26; in 2026-27 it is half of 20 at £227.95 × 10184 / 10295.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.bad_files.command import assert_refused, remit

from remit.application.what_if import Request, Result, WhatIfQuestion, evaluate
from remit.documents.what_if import what_if
from remit.scheme import load_scheme
from remit.scheme.like_for_like import like_for_like

COUNTS = """practice_code,indicator_code,measure,value
A1,CHOL,REGISTER,800
A1,CHOL003,NUMERATOR,330
A1,CHOL003,DENOMINATOR,400
A1,CHD015,NUMERATOR,200
A1,CHD015,DENOMINATOR,300
A1,STIA014,NUMERATOR,90
A1,STIA014,DENOMINATOR,150
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("alike")
    (home / "counts.csv").write_text(COUNTS, encoding="utf-8")
    (home / "practices.csv").write_text("practice_code,practice_name,list_size\nA1,Ash,10184\n", encoding="utf-8")
    (home / "national.csv").write_text("group_code,register,list_size\nCHOL,800,10184\n", encoding="utf-8")
    files = ["--practices", str(home / "practices.csv"), "--counts", str(home / "counts.csv")]
    files += ["--national", str(home / "national.csv"), "--out", str(home / "out")]
    assert remit("run", "qof-england-2025-26", *files).status == 0
    return home / "out"


@pytest.fixture(scope="module")
def result(run: Path) -> Result:
    return evaluate(Request(run, WhatIfQuestion(), scheme="qof-england-2026-27"))


def test_an_item_of_both_years_is_priced_by_each_to_the_penny(result: Result) -> None:
    group = result.sides.items["CHOL003"]
    assert (group.before.pence, group.after.pence) == (428431, 225492)  # 19 × 225.49; 10 × 227.95 × 10184 / 10295
    assert group.difference.pence == 225492 - 428431


def test_what_cannot_be_compared_is_named_and_in_no_sum(result: Result) -> None:
    assert result.beside is not None
    left = {one.item: one for one in result.beside.left}
    assert {code: one.before for code, one in left.items() if len(one.before) > 1} == {
        "CD001": ("CHD015", "STIA014"),
        "CD002": ("CHD016", "STIA015"),
        "HF009": ("HF003", "HF006"),
    }
    assert "points may be added, their patients may not: a patient may be on more than one" in left["CD001"].why
    assert "how many had all is in neither" in left["HF009"].why
    assert left["OB004"].why == "New: 2025-26 has no counts of it."
    assert left["HYP010"].why.startswith("Moderate or severe frailty is left out.")
    assert "upper threshold must be looked up first" in left["AF006"].why
    assert not {*left} & {*result.beside.items}
    assert not {"CHD015", "STIA014", "CD001"} & {*result.sides.items}
    assert len(result.beside.items) + len(left) == 43
    assert "STIA007" in dict(result.beside.otherwise)
    said = " ".join(str(cell) for block in what_if(result.sides, result.beside).blocks for cell in _cells(block))
    assert "CHD015 and STIA014" in said


def _cells(block: object) -> list[object]:
    return [cell for row in getattr(block, "rows", ()) for cell in getattr(row, "cells", row)]


def test_the_other_way_round_is_said_too() -> None:
    back = like_for_like(load_scheme("qof-england-2026-27"), load_scheme("qof-england-2025-26"))
    assert {one.item for one in back.left if one.why.startswith("New")} >= {"STIA014", "STIA015", "HF006"}


def test_one_question_at_a_time(run: Path) -> None:
    assert_refused(remit("what-if", str(run), "--scheme", "qof-england-2026-27", "--points", "+1"))
    assert_refused(remit("what-if", str(run), "--scheme", "tqa-scotland-2016-17"))
