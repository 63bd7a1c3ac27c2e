"""The six budgets of QIF 2024/25 as a run pays them: at full achievement, one practice for each place's whole list."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest

import remit

CODES = {
    "Cannock Chase": "cannock-chase",
    "East Staffordshire": "east-staffordshire",
    "North Staffordshire": "north-staffordshire",
    "South East Staffordshire and Seisdon Peninsula": "south-east-staffordshire-and-seisdon-peninsula",
    "Stafford and Surrounds": "stafford-and-surrounds",
    "Stoke-on-Trent": "stoke-on-trent",
}
# QIF Plus lists no indicators for £1.90 of its £4.00. One stands for them here, so that the whole can be paid.
PLUS = """
scheme: qif-plus-supplied
extends: qif-plus-2024-25
version: "1"
title: QIF Plus with a stand-in for the items that the source does not list
removed: [remainder]
totals: {most: £4.00, items: 9}
items:
  - item: "7"
    indicator: PC001
    measure: prevalence
    pays: {steps: {steps: [above 0.1% pays 190p], most: £1.90}}
"""
FULL = {"1b": (46, 100), "2a": (46, 100), "2b": (51, 100), "3": (71, 100), "4": (79, 100), "5": (41, 100)}


@pytest.fixture(scope="module")
def budgets(shared: Path) -> dict[str, tuple[int, Fraction, int]]:
    """List, pounds a head and printed budget by place, from the table of requirement R000-06."""
    text = (shared / "reference/requirements.md").read_text(encoding="utf-8")
    lines = re.findall(r"^\| ([A-Z][^|]+?) \| ([\d,]+) \| ([\d.]+) \| ([\d,]+) \| \d+ \|$", text, re.MULTILINE)
    found = {p: (int(n.replace(",", "")), Fraction(r), int(b.replace(",", ""))) for p, n, r, b in lines}
    assert set(found) == set(CODES)
    return found


@pytest.fixture(scope="module")
def pounds(
    budgets: dict[str, tuple[int, Fraction, int]], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Fraction]:
    """What a run pays each place at full achievement."""
    folder = tmp_path_factory.mktemp("budgets")
    (folder / "plus.yaml").write_text(PLUS, encoding="utf-8")
    practices = ["practice_code,practice_name,place_code,list_size,weighted_list_size"]
    counts = ["practice_code,indicator_code,measure,value"]
    for place, (size, _, _) in budgets.items():
        code = CODES[place]
        practices.append(f"{code},{place},{code},{size},{size}")
        counts += [f"{code},{item},REGISTER,{size // 10}" for item in ("1a", "6")]
        counts += [f"{code},{item},LIST_SIZE,{size}" for item in ("1a", "6")]
        for item, (numerator, denominator) in FULL.items():
            counts += [f"{code},{item},NUMERATOR,{numerator}", f"{code},{item},DENOMINATOR,{denominator}"]
        counts.append(f"{code},4,PCAS,8")
        if code == "stoke-on-trent":
            counts += [f"{code},7,REGISTER,{size // 10}", f"{code},7,LIST_SIZE,{size}"]
    (folder / "practices.csv").write_text("\n".join(practices) + "\n", encoding="utf-8")
    (folder / "counts.csv").write_text("\n".join(counts) + "\n", encoding="utf-8")
    settings = {"chol004_from": "2024-12-05"}
    schemes: list[str | Path | remit.Scheme] = ["qif-2024-25", folder / "plus.yaml"]
    made = remit.run(schemes, folder / "practices.csv", folder / "counts.csv", settings=settings)
    results = {result.practice.name: result for result in made.results()}
    assert {result.status for result in results.values()} == {"final"}
    return {place: Fraction(result.pence or 0, 100) for place, result in results.items()}


def test_each_budget_is_within_two_pounds(
    budgets: dict[str, tuple[int, Fraction, int]], pounds: dict[str, Fraction]
) -> None:
    off = {place: pounds[place] - printed for place, (_, _, printed) in budgets.items()}
    assert {place: amount for place, amount in off.items() if abs(amount) > 2} == {}
    assert max(map(abs, off.values())) == Fraction("1.30")


def test_the_two_totals(budgets: dict[str, tuple[int, Fraction, int]], pounds: dict[str, Fraction]) -> None:
    assert sum(printed for _, _, printed in budgets.values()) == 3_189_800
    assert sum(pounds.values()) == Fraction("3189799.40")
    assert sum(size for size, _, _ in budgets.values()) == 1_238_988


def test_the_library_has_the_printed_budgets(budgets: dict[str, tuple[int, Fraction, int]]) -> None:
    scheme = remit.load_scheme("qif-2024-25")
    known = {b.place: (b.list.known(), b.rate.known(), b.budget.known()) for b in scheme.budgets}
    assert known == {CODES[place]: figures for place, figures in budgets.items()}


def test_the_204k_is_the_uplift_on_107368_heads_or_the_whole_on_51000() -> None:
    """schemes.md section 3: 8,947 a practice at the uplift of £1.90, 4,250 at £4.00."""
    extra = remit.load_scheme("qif-plus-2024-25").additional
    assert extra is not None
    heads = [extra.budget.known() / rate.known() for rate in extra.readings.values()]
    assert [round(h) for h in heads] == [107_368, 51_000]
    assert [round(h / extra.practices.known()) for h in heads] == [8_947, 4_250]
