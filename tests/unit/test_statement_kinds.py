"""Statements of kinds that calculate from figures, and of lower is better: columns, workings, prospects, by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.golden.local import BLEND, BLEND_COUNTS, NETWORK, NETWORK_COUNTS, run_of

from remit.documents.statement.calculation_steps import achieved, counted, pays, reached
from remit.documents.statement.chart import chart
from remit.documents.statement.formats import as_text
from remit.documents.statement.making import statement
from remit.documents.statement.model import ItemStatement
from remit.pricing.prospects import rate_text

FALLS = """
scheme: local-falls
point: {value: £100}
terms: {balance: {due: 2026-06-30}}
items:
  - item: ADM1
    title: Emergency admissions
    indicator: ADM
    measure: achievement
    pays: {linear: {points: 20, lower: 10%, upper: 5%, better: lower}}
"""


def falling(folder: Path, admitted: int, of: int = 1000) -> ItemStatement:
    counts = f"\nA1,ADM1,NUMERATOR,{admitted},\nA1,ADM1,DENOMINATOR,{of},\n"
    return statement(run_of(folder, FALLS, counts), "A1").items[0]


@pytest.mark.parametrize(
    ("admitted", "bound", "points", "pence"),
    [
        (75, "10% to 5%", "10 of 20 points", 100_000),
        (50, "up to 5%", "20 of 20 points", 200_000),
        (51, "10% to 5%", "19.6 of 20 points", 196_000),
        (99, "10% to 5%", "0.4 of 20 points", 4_000),
        (100, "none", "0 of 20 points", 0),
        (0, "up to 5%", "20 of 20 points", 200_000),
    ],
)
def test_lower_is_better(tmp_path: Path, admitted: int, bound: str, points: str, pence: int) -> None:
    award = falling(tmp_path, admitted).award
    assert (reached(award), pays(award), award.pence) == (bound, points, pence)


def test_what_fewer_would_earn(tmp_path: Path) -> None:
    begin, full = falling(tmp_path, 120).prospects
    assert (begin.reaches, begin.patients, begin.pence, begin.fewer) == ("below 10%", 21, 4_000, True)
    assert (full.reaches, full.patients, full.pence) == ("up to 5%", 70, 200_000)
    assert "21 fewer patients in the numerator (99 of 1,000): +£40.00" in begin.text
    assert falling(tmp_path, 50).prospects == ()
    # 2.5 of 50 lie at 5%: two are fewer than that, and no count lies at it.
    assert [p.patients for p in falling(tmp_path, 3, 50).prospects] == [1]


def test_a_falling_line_is_drawn_falling(tmp_path: Path) -> None:
    view = falling(tmp_path, 75)
    drawn = chart(view.award)
    assert drawn is not None
    assert [height for _, height in drawn.line] == [1, 1, 0, 0]
    assert [(label, level) for _, label, level in drawn.marks] == [("5%", "20 points"), ("10%", "0")]
    assert drawn.here[1] == pytest.approx(0.5)
    assert view.one_pca is None


def test_a_rate_is_shown_on_its_own_side_of_a_falling_bound(tmp_path: Path) -> None:
    # 99,999 of 1,000,000 is below 10%, and 9.9999% is shown so.
    assert rate_text(falling(tmp_path, 99_999, 1_000_000).award) == "9.9999%"


def test_the_columns_of_kinds_without_a_rate(tmp_path: Path) -> None:
    items = {view.code: view.award for view in statement(run_of(tmp_path, BLEND, BLEND_COUNTS), "A1").items}
    assert (counted(items["LTCF"]), achieved(items["LTCF"]), pays(items["LTCF"])) == (
        "points",
        "16 of 32",
        "£50,000.00",
    )
    assert (counted(items["POOL"]), achieved(items["POOL"]), reached(items["POOL"])) == ("", "", "")


@pytest.mark.parametrize(
    ("rule", "more", "words", "parts"),
    [
        ("equal", "", "in equal parts", ["£1,040.00", "£1,040.00", "£1,040.00"]),
        ("contribution", "", "by what each contributes itself", ["£1,200.00", "£1,920.00", "£0.00"]),
        (
            "agreed",
            "A1,*,AGREED_POUNDS,3000,\nA2,*,AGREED_POUNDS,119.99,\nA3,*,AGREED_POUNDS,0.01,\n",
            "by the amounts that the members agreed on",
            ["£3,000.00", "£119.99", "£0.01"],
        ),
        (
            "historic",
            "A1,*,HISTORIC_POUNDS,1,\nA2,*,HISTORIC_POUNDS,2,\nA3,*,HISTORIC_POUNDS,3,\n",
            "by what each was paid in an earlier year",
            ["£520.00", "£1,040.00", "£1,560.00"],
        ),
    ],
)
def test_each_rule_in_words_with_its_parts(tmp_path: Path, rule: str, more: str, words: str, parts: list[str]) -> None:
    scheme = NETWORK.replace("EARNED", "practice").replace("distribution: list", f"distribution: {rule}")
    run = run_of(tmp_path, scheme, NETWORK_COUNTS + more)
    text = " ".join(as_text(statement(run, "N1"), 200).split())
    assert words in text
    for name, part in zip(("Acre Street (A1)", "Brook Road (A2)", "Church Lane (A3)"), parts, strict=True):
        row = text.partition(f"{name} £")[2].partition("yes ")[2].split()[0]
        assert row == part
