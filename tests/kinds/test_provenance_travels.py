"""Kind: provisional counts become final on their way.

What is counted on the demonstration clusters, or on records that stop early, is provisional in each row of its counts:
in the folder of the evaluation, in a copy of its files, in the kept inputs of a run and in a copy of those. What an
editor takes out of the copies, row by row or cell by cell, makes nothing final.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.bad_files.command import assert_refused, remit
from tests.kinds.made import SCHEME, given, make

Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`evaluation` on demonstration clusters, and `run` of its counts."""
    home = given(tmp_path_factory.mktemp("made"))
    out = make("evaluation", home, home / "evaluation")
    assert run_on(out, home / "run") == {"provisional"}
    return home


def run_on(folder: Path, out: Path) -> set[str]:
    """The statuses of a run on the practices and counts of a folder."""
    files = ("--practices", folder / "practices.csv", "--counts", folder / "counts.csv")
    said = remit("run", SCHEME, *files, "--set", "chol004_from=2024-12-05", "--out", out)
    assert said.status == 0, said
    return {row["status"] for row in read(out / "payment.csv")}


def read(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def edited(path: Path, edit: Callable[[Rows], Rows]) -> None:
    rows = edit(read(path))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def without_the_row(rows: Rows) -> Rows:
    return [row for row in rows if row["measure"] != "PROVISIONAL"]


def with_0(rows: Rows) -> Rows:
    return [row | ({"value": "0", "provisional": ""} if row["measure"] == "PROVISIONAL" else {}) for row in rows]


def without_most_marks(rows: Rows) -> Rows:
    return [row | ({"provisional": ""} if at else {}) for at, row in enumerate(without_the_row(rows))]


EDITS = {"the row left out": without_the_row, "the row says 0": with_0, "marks left out": without_most_marks}


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("source", ["evaluation", "run/inputs"])
def test_two_cells_less_make_no_evaluation_final(made: Path, tmp_path: Path, source: str, edit: str) -> None:
    for name in ("practices.csv", "counts.csv"):
        shutil.copy(made / source / name, tmp_path / name)
    edited(tmp_path / "practices.csv", lambda rows: [row | {"provisional": ""} for row in rows])
    edited(tmp_path / "counts.csv", EDITS[edit])
    assert run_on(tmp_path, tmp_path / "out") == {"provisional"}
    again = tmp_path / "out" / "inputs"
    assert run_on(again, tmp_path / "again") == {"provisional"}


@pytest.mark.parametrize("edit", EDITS)
def test_in_its_own_folder_it_is_refused(made: Path, tmp_path: Path, edit: str) -> None:
    shutil.copytree(made / "evaluation", tmp_path / "evaluation")
    edited(tmp_path / "evaluation" / "counts.csv", EDITS[edit])
    given_ = ("--practices", made / "practices.csv", "--counts", tmp_path / "evaluation" / "counts.csv")
    assert_refused(remit("run", SCHEME, *given_, "--out", tmp_path / "out"), "was changed after the evaluation")


def test_a_marked_row_that_was_changed_is_told_and_stays_provisional(made: Path, tmp_path: Path) -> None:
    """What would be, if more were done: nobody is paid by it."""
    for name in ("practices.csv", "counts.csv"):
        shutil.copy(made / "evaluation" / name, tmp_path / name)

    def change(rows: Rows) -> Rows:
        return [row | ({"value": "0"} if row["measure"] == "PROVISIONAL" else {}) for row in rows]

    edited(tmp_path / "counts.csv", change)
    edited(tmp_path / "practices.csv", lambda rows: [row | {"provisional": ""} for row in rows])
    files = ("--practices", tmp_path / "practices.csv", "--counts", tmp_path / "counts.csv")
    said = remit("run", SCHEME, *files, "--set", "chol004_from=2024-12-05", "--out", tmp_path / "out")
    assert said.status == 0, said
    assert "1 row of counts was changed after being counted" in " ".join(said.err.split())
    assert {row["status"] for row in read(tmp_path / "out" / "payment.csv")} == {"provisional"}


def test_what_it_cannot_stop(made: Path, tmp_path: Path) -> None:
    """Whoever leaves the whole column out has counts of their own, as any others: the docs say so."""
    for name in ("practices.csv", "counts.csv"):
        shutil.copy(made / "evaluation" / name, tmp_path / name)
    edited(tmp_path / "practices.csv", lambda rows: [row | {"provisional": ""} for row in rows])
    columns = ("practice_code", "indicator_code", "measure", "value", "period")
    edited(tmp_path / "counts.csv", lambda rows: [{c: r[c] for c in columns} for r in without_the_row(rows)])
    assert run_on(tmp_path, tmp_path / "out") == {"final"}


def test_figures_of_ones_own_beside_marked_ones_are_taken(made: Path, tmp_path: Path) -> None:
    """What records cannot tell, or what is known better, stands in a copy of the counts without a mark."""
    for name in ("practices.csv", "counts.csv"):
        shutil.copy(made / "evaluation" / name, tmp_path / name)

    def own(rows: Rows) -> Rows:
        row = next(row for row in rows if row["measure"] == "NUMERATOR")
        row |= {"value": "0", "provisional": ""}
        return rows

    edited(tmp_path / "counts.csv", own)
    assert run_on(tmp_path, tmp_path / "out") == {"provisional"}
