"""`remit patients`: who is in which category of an indicator. The people are those of `made_worklists`."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.bad_files.command import CommandResult, assert_refused, remit
from tests.unit.made_worklists import evaluated, records

from remit.application.patients import PatientChoice, PatientsRequest, list_patients

# HYP008 on 31 December 2024. Rule 1 excludes nobody (all are under 80). Rule 2: ok1 to ok5 have 128/78 of June 2024.
# Rule 6: `declined` on 3 May 2024. Rule 7: `silent` was invited on 1 and 20 June 2024 and has no reading. Rule 9 holds
# for nobody (registered in 2010). The others are not achieved: 150/95, a reading before April, no reading.
ACHIEVED = {"ok1", "ok2", "ok3", "ok4", "ok5"}
DECLINED = {("declined", "6", "yes", "patient chose not to receive care", "2024-05-03")}
NO_REPLY = {("silent", "7", "yes", "patient did not respond to offers of care", "2024-06-20")}
NOT_ACHIEVED = {"high", "invited", "ageing", "died-since", "left-since"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With `store`, and the evaluations `local/evaluated` and `qif/evaluated`."""
    made = tmp_path_factory.mktemp("patients")
    store = records(made)
    evaluated(made / "local", store)
    evaluated(made / "qif", store, "qif-2024-25")
    return made


def rows(folder: Path, tmp_path: Path, *more: str, of: str = "local") -> list[dict[str, str]]:
    """The rows of the CSV."""
    path = tmp_path / "outcomes.csv"
    done = remit("patients", folder / of / "evaluated", *more, "--csv", path, "--replace")
    assert done.status == 0, done
    assert "only you can read it" in done.out
    assert path.stat().st_mode & 0o077 == 0
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


def test_each_category_has_its_patients_with_the_rule_that_decided(folder: Path, tmp_path: Path) -> None:
    found = rows(folder, tmp_path, "--indicator", "HYP008")
    of = {name: [row for row in found if row["category"] == name] for name in ("achieved", "not_achieved", "pca")}
    assert {row["patient_id"] for row in of["achieved"]} == ACHIEVED
    assert {row["rule"] for row in of["achieved"]} == {"2"}
    assert {row["patient_id"] for row in of["not_achieved"]} == NOT_ACHIEVED
    keys = ("patient_id", "rule", "rule_holds", "reason", "decided_on")
    assert {tuple(row[key] for key in keys) for row in of["pca"]} == DECLINED | NO_REPLY
    assert len(found) == sum(map(len, of.values())) == 12


@pytest.mark.parametrize(
    ("options", "whom"),
    [
        (("--category", "achieved"), ACHIEVED),
        (("--category", "numerator"), ACHIEVED),
        (("--category", "not achieved"), NOT_ACHIEVED),
        (("--category", "denominator"), ACHIEVED | NOT_ACHIEVED),
        (("--category", "pca"), {"declined", "silent"}),
        (("--category", "PCA", "--category", "achieved"), {"declined", "silent"} | ACHIEVED),
        (("--category", "exclusion"), set()),
        (("--rule", "6"), {"declined"}),
        (("--rule", "6", "--rule", "7"), {"declined", "silent"}),
        (("--rule", "6", "--category", "achieved"), set()),
    ],
)
def test_whom_an_option_takes_in(options: tuple[str, ...], whom: set[str], folder: Path, tmp_path: Path) -> None:
    found = rows(folder, tmp_path, "--indicator", "hyp008", *options)
    assert {row["patient_id"] for row in found} == whom


def test_whom_an_indicator_excludes_is_named(folder: Path, tmp_path: Path) -> None:
    """PULSE65 is of people of 65 and over: everybody who lives and is registered is younger, and excluded by rule 1."""
    found = rows(folder, tmp_path, "--indicator", "PULSE65", "--category", "exclusion", of="qif")
    young = {"high", "invited", "ageing", "silent", "declined", "died-since", "left-since", "smear-old", "smear-soon"}
    assert {row["patient_id"] for row in found} == ACHIEVED | young
    assert {(row["rule"], row["reason"]) for row in found} == {("1", "PAT_AGEU65")}


def test_without_an_indicator_all_but_the_sensitive_ones_which_are_named(folder: Path, tmp_path: Path) -> None:
    every = rows(folder, tmp_path, of="qif")
    assert "HYP008" in {row["indicator_code"] for row in every}
    assert "RESPECT-DEATHS" not in {row["indicator_code"] for row in every}
    said = " ".join(remit("patients", folder / "qif" / "evaluated").out.split())
    assert "sensitive indicators were not asked for: RESPECT-DEATHS (about people who have died)" in said
    asked = rows(folder, tmp_path, "--sensitive", of="qif")
    assert [row["patient_id"] for row in asked if row["indicator_code"] == "RESPECT-DEATHS"] == ["died"]


def test_a_sensitive_indicator_that_is_named_is_refused_unless_it_is_asked_for(folder: Path, tmp_path: Path) -> None:
    named = ("patients", folder / "qif" / "evaluated", "--indicator", "RESPECT-DEATHS")
    assert_refused(remit(*named), "RESPECT-DEATHS is sensitive: it is about people who have died", "--sensitive")
    assert remit(*named, "--sensitive").status == 0


def test_the_terminal_the_page_and_the_workbook_count_what_the_result_has(folder: Path, tmp_path: Path) -> None:
    wanted = PatientChoice(indicators=("HYP008",), categories=("pca",))
    result = list_patients(PatientsRequest(folder / "local" / "evaluated", wanted))
    assert [(one.side.number, len(one.rows)) for one in result.decided] == [(6, 1), (7, 1)]
    asked = ("patients", folder / "local" / "evaluated", "--indicator", "HYP008", "--category", "pca")
    said: CommandResult = remit(*asked)
    assert "2 patients of A1 under HYP008 (PCA) on 31 December 2024." in said.out
    assert "declined" in said.out
    assert "3 May 2024" in said.out
    paths = [tmp_path / f"a.{ending}" for ending in ("html", "pdf", "xlsx")]
    options = [word for path in paths for word in (f"--{path.suffix[1:]}", path)]
    assert remit(*asked, *options).status == 0
    assert [path.stat().st_mode & 0o077 for path in paths] == [0, 0, 0]
    page = paths[0].read_text(encoding="utf-8")
    assert "For the practice only" in page
    assert "silent" in page
    cells = [cell.value for sheet in load_workbook(paths[2]) for row in sheet.rows for cell in row]
    assert {"declined", "silent"} <= set(cells)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--practice", "A2"), ("there is no practice 'A2'", "A1")),
        (("--indicator", "HYP800"), ("no indicator 'HYP800' was evaluated", "HYP008")),
        (("--indicator", "HYP800", "--indicator", "CS500"), ("HYP800", "CS500", "2 problems")),
        (("--category", "exclusoin"), ("--category: there is no category 'exclusoin'", "exclusion")),
        (("--indicator", "HYP008", "--rule", "12"), ("no rule of HYP008 has the number 12", "1, 2, 3")),
    ],
)
def test_what_is_not_there_is_refused(options: tuple[str, ...], words: tuple[str, ...], folder: Path) -> None:
    assert_refused(remit("patients", folder / "local" / "evaluated", *options), *words)


def test_of_several_practices_one_must_be_named(tmp_path: Path) -> None:
    assert remit("synth", "--patients", "120", "--practices", "3", "--years", "2", "--out", tmp_path / "s").status == 0
    out = tmp_path / "e"
    assert remit("evaluate", "qif-2024-25", "--records", tmp_path / "s", "--out", out).status == 0
    asked = ("patients", out, "--indicator", "HYP008")
    assert_refused(remit(*asked), "the evaluation is of 3 practices", "--practice")
    assert_refused(remit(*asked, "--practice", "P0001x"), "there is no practice 'P0001x'", "Did you mean")
    assert remit(*asked, "--practice", "P001").status == 0
