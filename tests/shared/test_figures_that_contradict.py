"""Case 08 and the hostile counts as their READMEs say; and no false alarm on the figures that were published."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest
from tests.shared.recipes import recipe_of
from typer.testing import CliRunner

import remit
from remit.cli.main import app
from remit.core.rounding import exact_text

PUBLISHED = "data/qof_published"


def rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


@pytest.mark.parametrize("name", ["european", "a-hundredth", "a-hundred-times"])
def test_case_08_a_weighted_list_of_another_size_is_said_and_not_final(shared: Path, tmp_path: Path, name: str) -> None:
    case, out = shared / "cases/08-weighted-list-of-another-size", tmp_path / "out"
    words = ["run", "qif-2024-25", "--practices", str(case / f"practices-{name}.csv")]
    words += ["--counts", str(case / "counts.csv"), "--out", str(out), "--set", "chol004_from=2024-12-05"]
    ended = CliRunner().invoke(app, words)
    assert "practices.lists-do-not-fit" in ended.output
    assert next(rows(out / "payment.csv"))["status"] == "provisional"
    assert all("beside list_size 10,500" in row["reason"] for row in rows(out / "award.csv"))


def test_hostile_counts_end_at_once_and_are_said(shared: Path) -> None:
    case = shared / "cases/hostile"
    run = remit.run("qif-2024-25", case / "slow-practices.csv", case / "slow-counts.csv")
    result = run.practice("A1")
    assert result.status == "provisional"
    assert [one.code for one in run.inputs.contradictions["A1"]] == ["counts.above-list"]
    assert "A2" not in run.inputs.contradictions


def test_no_false_alarm_on_all_practices_of_england(shared: Path, tmp_path: Path) -> None:
    """One practice of 6,873 has more people on a register than on its list: LD of Y05750, 141 of 136."""
    with recipe_of("england-2018-19") as example:
        example.write_inputs(example.read(shared / "data"), tmp_path)
    run = remit.run(
        example.SCHEME, tmp_path / "practices.csv", tmp_path / "counts.csv", national=tmp_path / "national.csv"
    )
    assert {code: [one.code for one in found] for code, found in run.inputs.contradictions.items()} == {
        "Y05750": ["counts.above-list"]
    }


@pytest.mark.parametrize("year", ["2018-19", "2019-20"])
def test_no_false_alarm_on_all_ccgs(shared: Path, tmp_path: Path, year: str) -> None:
    """Each CCG as a practice: lists, registers, and denominators with exceptions, 0.2% above a register at most."""
    counts, lists = ["practice_code,indicator_code,measure,value"], {}
    for row in rows(shared / PUBLISHED / f"qof_ccg_prevalence_{year}.csv"):
        group = row["group_code"].replace("-", "")
        if not row["register"] or not row["list_size"]:
            continue
        counts += [f"{row['ccg_code']},{group},REGISTER,{row['register']}"]
        counts += [f"{row['ccg_code']},{group},LIST_SIZE,{row['list_size']}"]
        if group == "AF":
            lists[row["ccg_code"]] = row["list_size"]
    for row in rows(shared / PUBLISHED / f"qof_ccg_achievement_{year}.csv"):
        if row["denominator"] and row["numerator"] and row["ccg_code"] in lists:
            one = f"{row['ccg_code']},{row['indicator_code']}"
            counts += [f"{one},DENOMINATOR,{int(Fraction(row['denominator']))}"]
            counts += [f"{one},PCAS,{int(Fraction(row['exceptions_or_pcas'] or '0'))}"]
    practices = ["practice_code,practice_name,list_size", *(f"{code},{code},{size}" for code, size in lists.items())]
    (tmp_path / "counts.csv").write_text("\n".join(counts) + "\n")
    (tmp_path / "practices.csv").write_text("\n".join(practices) + "\n")
    run = remit.run(f"qof-england-{year}", tmp_path / "practices.csv", tmp_path / "counts.csv", ignore_unknown=True)
    assert len(lists) > 130
    assert run.inputs.contradictions == {}


@pytest.mark.parametrize("year", ["2018-19", "2019-20", "2022-23"])
def test_no_false_alarm_on_published_weighted_lists(shared: Path, tmp_path: Path, year: str) -> None:
    """Every practice that had a patient: a list of students is 0.55 times as long, one of homeless people 4.3 times."""
    practices = ["practice_code,practice_name,list_size,weighted_list_size"]
    for row in rows(shared / f"data/payments/nhs_payments_to_general_practice_{year}.csv"):
        columns = [name for name in row if name.startswith("Number of ")]
        size, weighted = (Fraction(row[name] or "0") for name in columns[:2])
        if size >= 1:
            practices.append(f"{row['Practice Code']},P,{round(size)},{exact_text(weighted)}")
    (tmp_path / "practices.csv").write_text("\n".join(dict.fromkeys(practices)) + "\n")
    (tmp_path / "counts.csv").write_text(
        f"practice_code,indicator_code,measure,value\n{practices[1].partition(',')[0]},2a,DENOMINATOR,0\n"
    )
    run = remit.run("qif-2024-25", tmp_path / "practices.csv", tmp_path / "counts.csv")
    assert len(run.inputs.practices) > 6000
    assert run.inputs.contradictions == {}
