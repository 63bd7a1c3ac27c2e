"""Kind: one verdict a practice. What is watched comes to the same verdict in the run's file, on the statement and in
the overview, where a commissioner sees neither a rate nor a number of people."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from tests.bad_files.command import remit

SCHEME = """
scheme: watch
version: "1"
title: Watched
commissioner: ICB
year: 2024-25
achievement_date: 2025-03-31
sources: {c: {title: contract, standing: verified}}
source: c
terms: {balance: {due: 2025-06-30}}
monitoring: {indicators: [AF006, DM007, HF002], against: 2023-24, tolerance: 5%, significance: 1%}
items:
  - {item: A, title: A, pays: {fixed: {pays: £100, for: it}}}
"""
COUNTS = {
    # DM007: 6 points fewer of 1,000 is significant at 1% (chance about 0.3%), of 100 not (about 23%)
    "A1": {"AF006": (85, 100, 90, 100), "DM007": (640, 1000, 700, 1000), "HF002": (91, 100, 90, 100)},
    "B2": {"AF006": (85, 100, 90, 100), "DM007": (64, 100, 70, 100), "HF002": (91, 100, 90, 100)},
    "C3": {"AF006": (85, 100, 90, 100), "DM007": (66, 100, 70, 100)},
    "D4": {"AF006": (90, 100, 90, 100), "DM007": (66, 100, 70, 100), "HF002": (0, 2, 0, 3)},
}
WORDS = {
    "A1": "Of 3 indicators 1 lies more than 5 points below 2023-24, significantly (at 1%): to be looked at.",
    "B2": "Of 3 indicators 1 lies more than 5 points below 2023-24, not significantly (at 1%): may be chance.",
    "C3": "Of 3 indicators none lies more than 5 points below 2023-24: not known yet. 1 cannot be compared yet.",
    "D4": "Of 3 indicators none lies more than 5 points below 2023-24: within the tolerance.",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("watched")
    rows = ["practice_code,indicator_code,measure,value,period"]
    for code, indicators in COUNTS.items():
        rows.append(f"{code},A,DECLARED,1,")
        for indicator, (now, of, before, of_before) in indicators.items():
            rows += [f"{code},{indicator},NUMERATOR,{now},", f"{code},{indicator},DENOMINATOR,{of},"]
            rows.append(f"{code},{indicator},NUMERATOR,{before},2023-24")
            rows.append(f"{code},{indicator},DENOMINATOR,{of_before},2023-24")
    (folder / "counts.csv").write_text("\n".join(rows) + "\n")
    names = "".join(f"{code},{code},5000\n" for code in COUNTS)
    (folder / "practices.csv").write_text(f"practice_code,practice_name,list_size\n{names}")
    (folder / "watch.yaml").write_text(SCHEME)
    said = remit(
        "run", folder / "watch.yaml", "--practices", folder / "practices.csv", "--counts", folder / "counts.csv",
        "--out", folder / "out",
    )  # fmt: skip
    assert said.status == 0, said.err
    assert (
        " ".join(said.out.split()).find("to be looked at 1 may be chance 1 not known yet 1 within the tolerance 1") > 0
    )
    return folder / "out"


def test_the_run_has_one_row_a_practice(folder: Path) -> None:
    with (folder / "monitoring_verdicts.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["practice_code"]: row for row in csv.DictReader(file)}
    assert {code: row["words"] for code, row in rows.items()} == WORDS
    assert [tuple(row[name] for name in ("verdict", "indicators", "compared", "below", "significantly"))
            for row in rows.values()] == [
        ("to be looked at", "3", "3", "1", "1"), ("may be chance", "3", "3", "1", "0"),
        ("not known yet", "3", "2", "0", "0"), ("within the tolerance", "3", "3", "0", "0"),
    ]  # fmt: skip


@pytest.mark.parametrize("code", WORDS)
def test_the_statement_says_it_in_a_sentence(folder: Path, code: str) -> None:
    assert WORDS[code] in " ".join(remit("statement", folder, "--practice", code).out.split())


def test_the_overview_has_the_verdicts_and_no_rate_of_what_is_watched(folder: Path, tmp_path: Path) -> None:
    said = remit("overview", folder, "--csv", tmp_path / "overview.csv")
    assert said.status == 0, said.err
    text = (tmp_path / "overview.csv").read_text()
    assert "A1,to be looked at,3,3,1,1\nB2,may be chance,3,3,1,0\nC3,not known yet,3,2,0,0\n" in text
    assert "DM007" not in text
    assert "64%" not in text
