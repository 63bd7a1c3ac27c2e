"""The published figures of 2018-19 that the page about QIF's thresholds rests on, taken from the tables again."""

from __future__ import annotations

import csv
import sys
from collections import Counter
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from remit.analysis.beta_binomial import BetaBinomial, fit

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))
script: Any = import_module("qif_thresholds")

PLACES = {
    "NHS Cannock Chase CCG", "NHS East Staffordshire CCG", "NHS North Staffordshire CCG",
    "NHS South East Staffordshire and Seisdon Peninsula CCG", "NHS Stafford and Surrounds CCG",
}  # fmt: skip


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_registers_and_lists(shared: Path) -> None:
    registers, lists = Counter[str](), Counter[str]()
    for row in rows(shared / "data" / "qof_published" / "qof_ccg_prevalence_2018-19.csv"):
        if row["ccg_name"] in PLACES:
            registers[row["group_code"]] += int(row["register"])
            lists[row["group_code"]] += int(row["list_size"])
    assert {code: (registers[code], lists[code]) for code in script.STAFFORDSHIRE_2018_19} == (
        script.STAFFORDSHIRE_2018_19
    )


@pytest.mark.parametrize(("item", "group"), [("1a", "PC"), ("6", "CKD")])
def test_the_spread_of_practices(shared: Path, item: str, group: str) -> None:
    geography = rows(shared / "data" / "practice_reference" / "practice_geography_2018-19.csv")
    codes = {row["practiceCode"] for row in geography if row["CCGname"] in PLACES}
    table = rows(shared / "data" / "qof_published" / "qof_practice_prevalence_2018-19.csv")
    counted = [
        (int(row["register"]), int(row["list_size"]))
        for row in table
        if row["practice_code"] in codes and row["group_code"] == group
    ]
    assert len(counted) == 112
    if group == "PC":
        assert sum(size <= script.SMALL_LIST for _, size in counted) == 12
    found = fit(np.array([one[0] for one in counted]), np.array([one[1] for one in counted]))
    assert isinstance(found, BetaBinomial)
    mean, alike = script.SPREAD_2018_19[item]
    assert (found.mean, found.alike) == (pytest.approx(mean, rel=1e-3), pytest.approx(alike, rel=1e-3))
