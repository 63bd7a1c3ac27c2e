"""Rows from elsewhere are checked as a CSV file's are: the same inputs, the same problems, each with its own place."""

from __future__ import annotations

import csv
import re
import sqlite3
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.bad_files.command import COUNTS, HERE, PRACTICES
from tests.bad_files.test_bad_local_files import CLAIMS
from tests.bad_files.test_bad_local_files import COUNTS as LOCAL_COUNTS
from tests.bad_files.test_bad_local_files import PRACTICES as LOCAL_PRACTICES
from tests.bad_files.test_bad_local_files import SCHEME as LOCAL

import remit
from remit.core.problems import Collector, Place, Problem, Refused
from remit.core.rows import GivenRows, RowSource, dict_rows, text_of
from remit.files.tables import CsvRows
from remit.runs.inputs import Inputs, inputs_from
from remit.runs.several_schemes import claimed_runs
from remit.scheme import load_scheme

EXAMPLE = Path(__file__).parents[2] / "examples/qif-2024-25"
QUOTED = re.compile(r"\brow (\d+)")
NATIONAL = "group_code,register,list_size\nAF,1000000,50000000\nDM,4000000,46000000\n*,,58000000\n"
FILES = {"practices": PRACTICES, "counts": COUNTS}
LOCAL_FILES = {"practices": LOCAL_PRACTICES, "counts": LOCAL_COUNTS}
Maker = Callable[[Path], RowSource]


def rows_of(path: Path) -> list[list[str]] | None:
    """A file's rows with its header; None for what only a CSV file can have wrong, as it is encoded or quoted."""
    try:
        found = list(csv.reader(path.read_text(encoding="utf-8").splitlines(), strict=True))
    except (UnicodeDecodeError, csv.Error):
        return None
    return found if len(found) > 1 and len(found[0]) > 1 and "\0" not in path.read_text(encoding="utf-8") else None


def given(path: Path) -> RowSource:
    """The file's rows as a program has them, the first of them row 1."""
    header, *rows = rows_of(path) or [[], []]
    return GivenRows(path.name, tuple(header), lambda: rows)


def form(path: Path) -> RowSource:
    """The file's rows as a form sends them: without the keys of what was left empty."""
    header, *rows = rows_of(path) or [[], []]
    return dict_rows(path.name, [{k: v for k, v in zip(header, row, strict=True) if v} for row in rows])


def database(path: Path) -> RowSource:
    """The file's rows in a table of a database, numbers as numbers."""
    header, *rows = rows_of(path) or [[], []]
    names = ", ".join(f'"{name}"' for name in header)
    held = sqlite3.connect(":memory:")
    held.execute(f"create table given ({names})")
    numbers = [[int(cell) if cell.isdecimal() else cell or None for cell in row] for row in rows]
    held.executemany(f"insert into given values ({', '.join('?' * len(header))})", numbers)
    query = f"select {names} from given order by rowid"
    return GivenRows(path.name, tuple(header), lambda: held.execute(query), lambda row: Place("the table given", row))


def inputs(scheme: str | Path, files: dict[str, Path], maker: Maker, **more: Any) -> Inputs:
    made: dict[str, Any] = {name: maker(path) for name, path in files.items()}
    return inputs_from(
        [load_scheme(scheme)], made.pop("practices"), made.pop("counts"), find=load_scheme, **made, **more
    )


@pytest.mark.parametrize("maker", [given, form, database])
@pytest.mark.parametrize(
    ("scheme", "files", "settings"),
    [
        ("qif-2024-25", FILES, {}),
        (LOCAL, LOCAL_FILES, {"START.tariff": "£5"}),
        ("qof-england-2018-19", FILES, {}),
    ],
    ids=["qif", "local", "qof"],
)
def test_the_same_rows_from_elsewhere_are_the_same_inputs(
    scheme: str | Path, files: dict[str, Path], settings: dict[str, str], maker: Maker, tmp_path: Path
) -> None:
    every = dict(files)
    if scheme == "qof-england-2018-19":
        every["national"] = tmp_path / "national.csv"
        every["national"].write_text(NATIONAL, encoding="utf-8")
        every["recovery"] = tmp_path / "recovery.csv"
        every["recovery"].write_text("practice_code,notified,months,reason\nA81001,2019-07-01,6,\n", encoding="utf-8")
        every["counts"] = tmp_path / "counts.csv"
        every["counts"].write_text(
            "practice_code,indicator_code,measure,value,period\nA81001,AF,REGISTER,90,\nA81001,AF006,NUMERATOR,80,\n"
            "A81001,AF006,DENOMINATOR,85,2018-19\nA81001,*,HISTORIC_POINTS,500.25,2017-18\n",
            encoding="utf-8",
        )
    from_files = inputs(scheme, every, CsvRows, settings=settings)
    assert inputs(scheme, every, maker, settings=settings) == from_files
    assert from_files.counts.figures["A81001"]


def test_a_run_from_a_database_pays_what_the_worked_example_pays() -> None:
    """£16,100.00, as docs/reference/python-api.md has it for these counts."""
    practices, counts = (database(EXAMPLE / name) for name in ("practices.csv", "counts.csv"))
    assert remit.run("qif-2024-25", practices, counts).practice("A1").pence == 1_610_000


def test_claims_from_elsewhere_are_decided_alike() -> None:
    settings = {"START.tariff": "£5"}
    made = [
        claimed_runs([load_scheme(LOCAL)], maker(LOCAL_PRACTICES), maker(CLAIMS), settings=settings)
        for maker in (CsvRows, given, form, database)
    ]
    assert {decision.outcome for decision in made[0].decided.decisions} >= {"counted"}
    outcomes = [[(d.claim.patient, d.outcome, d.reason) for d in each.decided.decisions] for each in made]
    assert all(each == outcomes[0] for each in outcomes)
    assert all(each.decided.figures == made[0].decided.figures for each in made)


BAD = [
    (folder, path)
    for folder in ("practices", "counts", "national", "assign", "recovery", "local_practices", "local_counts", "claims")
    for path in sorted((HERE / folder).glob("*.csv"))
    if rows_of(path)
]


def run_with(folder: str, path: Path, maker: Maker) -> object:
    """The inputs of a run in which that one file is wrong."""
    if folder == "claims":
        return claimed_runs([load_scheme(LOCAL)], maker(LOCAL_PRACTICES), maker(path), settings={"START.tariff": "£5"})
    if folder.startswith("local_"):
        files = {**LOCAL_FILES, folder.removeprefix("local_"): path}
        return inputs(LOCAL, files, maker, settings={"START.tariff": "£5"})
    if folder == "national":
        return inputs("qof-england-2018-19", {**FILES, folder: path}, maker, ignore_unknown=True)
    return inputs("qif-2024-25", {**FILES, folder: path}, maker)


def problems(folder: str, path: Path, maker: Maker) -> list[Problem]:
    with pytest.raises(Refused) as refused:
        run_with(folder, path, maker)
    assert refused.value.total == len(refused.value.problems)
    return list(refused.value.problems)


def one_less(text: str) -> str:
    return QUOTED.sub(lambda found: f"row {int(found[1]) - 1}", text)


@pytest.mark.parametrize(("folder", "path"), BAD, ids=[f"{folder}/{path.name}" for folder, path in BAD])
def test_what_is_wrong_in_a_file_is_wrong_in_the_same_rows_from_elsewhere(folder: str, path: Path) -> None:
    """The words are the file's; a row is one less, as there is no header above it."""
    of_file, of_rows = problems(folder, path, CsvRows), problems(folder, path, given)
    assert len(of_file) == len(of_rows)
    for theirs, ours in zip(of_file, of_rows, strict=True):
        assert ours.message == one_less(theirs.message)
        if "cells where the header has" not in ours.message:  # there it is a comma that is looked for
            assert ours.hint == one_less(theirs.hint)
        if theirs.place:
            assert ours.place is not None
            assert (Path(theirs.place.file).name, max(theirs.place.line - 1, 0)) == (ours.place.file, ours.place.line)


def test_there_are_such_files() -> None:
    assert len(BAD) >= 80


def test_a_place_is_the_sources_own() -> None:
    rows = [
        {"practice_code": "A81001", "indicator_code": "1b", "measure": "NUMERATOR", "value": -1},
        {"practice_code": "A81009", "indicator_code": "1b", "measure": "NUMERATOR", "value": 3},
    ]

    def asked(row: int) -> Place:
        return Place(("question 4", "question 7")[row - 1])

    with pytest.raises(Refused) as refused:
        inputs("qif-2024-25", FILES, lambda p: CsvRows(p) if p == PRACTICES else dict_rows("form", rows, asked))
    assert [str(problem.place) for problem in refused.value.problems] == ["question 4", "question 7"]


def test_no_rows_are_said_to_be_none() -> None:
    with pytest.raises(Refused, match="form: there are no practices below the header"):
        inputs("qif-2024-25", FILES, lambda p: dict_rows("form", []))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""), (True, "1"), (False, "0"), (0, "0"), (10500, "10500"), (" A\nb ", "A b"),
        (Decimal("5200.50"), "5200.50"), (Decimal("1E+3"), "1000"), (date(2025, 3, 31), "2025-03-31"),
    ],
)  # fmt: skip
def test_values_as_a_table_has_them(value: object, text: str) -> None:
    assert text_of(value) == text


def test_columns_are_found_whatever_their_capitals_and_one_left_out_is_empty() -> None:
    rows = GivenRows("form", ("Value", "Practice Code"), lambda: [(1, "A1"), (None, ""), ("2", "B2")])
    selected = rows.select(("practice_code", "value"), ("period",))
    assert list(selected.rows()) == [(1, ["A1", "1", ""]), (3, ["B2", "2", ""])]
    assert list(selected.rows()) == [(1, ["A1", "1", ""]), (3, ["B2", "2", ""])]


def test_a_row_of_another_width_is_a_problem_of_its_own() -> None:
    selected = GivenRows("form", ("a", "b"), lambda: [("1",), ("1", "2")]).select(("a", "b"))
    found = Collector()
    assert list(selected.rows(found)) == [(2, ["1", "2"])]
    assert [str(problem) for problem in found.problems] == ["form:1: the row has 1 cell where the header has 2."]
    with pytest.raises(Refused, match="form:1"):
        list(selected.rows())
