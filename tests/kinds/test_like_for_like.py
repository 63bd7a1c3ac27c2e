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
A1,AF,REGISTER,200
A1,AF006,NUMERATOR,90
A1,AF006,DENOMINATOR,120
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("alike")
    (home / "counts.csv").write_text(COUNTS, encoding="utf-8")
    (home / "practices.csv").write_text("practice_code,practice_name,list_size\nA1,Ash,10184\n", encoding="utf-8")
    (home / "national.csv").write_text(
        "group_code,register,list_size\nCHOL,800,10184\nAF,200,10184\n", encoding="utf-8"
    )
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


def test_what_the_other_year_leaves_open_may_be_supplied(run: Path, result: Result) -> None:
    """75% is 35 / 50 of 12 points in 2025-26, 8.4, and of a line to 95%, 35 / 55 of 12 in 2026-27."""
    assert "AF006" not in result.sides.items
    found = evaluate(Request(run, WhatIfQuestion(), scheme="qof-england-2026-27", settings={"AF006.upper": "95%"}))
    group = found.sides.items["AF006"]
    assert (group.before.pence, group.after.pence) == (189412, 172194)  # 8.4 × 225.49; 84 / 11 × 227.95 × 10184 / 10295
    assert found.sides.items["CHOL003"].after.pence == result.sides.items["CHOL003"].after.pence
    said = remit("what-if", run, "--scheme", "qof-england-2026-27", "--set", "AF006.upper=95%")
    assert "If qof-england-2026-27, with AF006.upper 95% supplied, priced the same counts" in " ".join(said.out.split())


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--scheme", "qof-england-2026-27", "--set", "AF006.uper=95%"), "Did you mean AF006.upper"),
        (
            ("--scheme", "qof-england-2026-27", "--set", "CHOL003.upper=95%"),
            "CHOL003.upper is not open: the scheme says 95%",
        ),
        (("--scheme", "qof-england-2026-27", "--set", "AF006.upper=£9"), "expected a percentage"),
        (("--patients", "+1", "--set", "AF006.upper=95%"), "AF006.upper, and none is named"),
    ],
)
def test_what_cannot_be_supplied_is_refused(run: Path, words: tuple[str, ...], says: str) -> None:
    assert_refused(remit("what-if", run, *words), says)


def _cells(block: object) -> list[object]:
    return [cell for row in getattr(block, "rows", ()) for cell in getattr(row, "cells", row)]


def test_the_other_way_round_is_said_too() -> None:
    back = like_for_like(load_scheme("qof-england-2026-27"), load_scheme("qof-england-2025-26"))
    assert {one.item for one in back.left if one.why.startswith("New")} >= {"STIA014", "STIA015", "HF006"}


def test_one_question_at_a_time(run: Path) -> None:
    assert_refused(remit("what-if", str(run), "--scheme", "qof-england-2026-27", "--points", "+1"))
    assert_refused(remit("what-if", str(run), "--scheme", "tqa-scotland-2016-17"))
