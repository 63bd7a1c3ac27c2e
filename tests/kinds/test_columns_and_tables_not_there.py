"""Kind: a column or a table that is not there costs every value, or everybody, without a word.

A header that is misspelt is a further column, which an import may pass over; a table below whose header no row stands
is an empty one. Here is every table whose rows count, every way to misspell one of its columns, and each format.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.bad_files.command import remit
from tests.faults.folders import HEADERS, SMALL, imported, write_folder
from tests.kinds.test_names_of_folders import as_parquet

from remit.records.layout import BY_NAME

HEADERS_READ = {
    # table, the column of the file, the one that is meant
    "a letter more": ("events", "values", "value"),
    "letters swapped": ("events", "valeu", "value"),
    "an invisible letter": ("events", "value\u200b", "value"),
    "a hyphen": ("registrations", "end-date", "end_date"),
    "no mark between": ("registrations", "EndDate", "end_date"),
    "the plural": ("prescriptions", "units", "unit"),
    "full width": ("events", "\uff35\uff2e\uff29\uff34", "unit"),
    "of patients": ("patients", "date_of_death", ""),
    "another word": ("events", "numeric_result", ""),
}


@pytest.mark.parametrize("parquet", [False, True], ids=["csv", "parquet"])
@pytest.mark.parametrize("how", HEADERS_READ)
def test_a_column_that_is_passed_over_and_may_be_meant_is_named(tmp_path: Path, how: str, parquet: bool) -> None:
    table, written, meant = HEADERS_READ[how]
    made = write_folder(tmp_path / "in")
    path = made / f"{table}.csv"
    lost = meant or {"date_of_death": "death_date", "numeric_result": "value"}[written]
    text = path.read_text("utf-8")
    assert f",{lost}" in HEADERS[table]
    path.write_text(text.replace(f",{lost}", f",{written}", 1), "utf-8")
    if parquet:
        as_parquet(path)
        path = path.with_suffix(".parquet")
    (doubt,) = imported(made, tmp_path / "store").doubts
    assert doubt.code == "records.column-passed-over"
    assert doubt.place is not None
    assert doubt.place.file == str(path)
    if meant:
        assert f"({meant}?)" in doubt.message
    else:
        assert lost in doubt.message
        assert written in doubt.message
    said = remit("records", "import", made, "--store", tmp_path / "other", "--keep-ids")
    assert (said.status, "records.column-passed-over" in said.err) == (0, True)


def test_a_further_column_is_passed_over_in_silence(tmp_path: Path) -> None:
    made = write_folder(tmp_path / "in")
    for name in BY_NAME:
        header, *rows = (made / f"{name}.csv").read_text("utf-8").splitlines()
        lines = [f"{header},clinician,__index_level_0__", *(f"{row},x,1" for row in rows)]
        (made / f"{name}.csv").write_text("\n".join(lines) + "\n", "utf-8")
    assert imported(made, tmp_path / "store").doubts == ()


@pytest.mark.parametrize("how", ["no row of anybody", "no row of one practice", "no file"])
@pytest.mark.parametrize("table", ["patients", "registrations", "events"])
def test_a_practice_of_which_a_table_has_no_row_is_named(tmp_path: Path, table: str, how: str) -> None:
    if table == "patients" and how != "no row of one practice":
        return  # the import is refused
    kept = [row for row in SMALL[table] if how == "no row of one practice" and row.startswith("A1")]
    rows = {"events": SMALL["events"], "registrations": SMALL["registrations"], table: kept}
    if table == "patients":
        rows = {name: [row for row in SMALL[name] if row.startswith("A1")] for name in (table, *rows)}
    made = write_folder(tmp_path / "in", {**SMALL, **rows})
    if how == "no file":
        (made / f"{table}.csv").unlink()
    (doubt,) = imported(made, tmp_path / "store").doubts
    assert doubt.code == "records.table-empty"
    assert doubt.message.startswith(f"{table}: ")
    assert ("A1" in doubt.message, "B2" in doubt.message) == (how != "no row of one practice", True)
    # What a later extract does not bring may be what did not change.
    later = ["2025-04,A1,2025-04-30", "2025-04,B2,2025-04-30"]
    assert imported(write_folder(made, extracts=later), tmp_path / "store", "append").doubts == ()


def test_an_empty_patients_table_is_refused(tmp_path: Path) -> None:
    made = write_folder(tmp_path / "in", patients=[])
    said = remit("records", "import", made, "--store", tmp_path / "store", "--keep-ids")
    assert said.status == 1, said


UNREADABLE = {
    # A column in another fashion than it is read: the table, the column and a cell. Each costs a row or a cell.
    "stays that ended": ("registrations", "end_date", "31/12/2024"),
    "first days": ("registrations", "start_date", "01/04/2010"),
    "lists": ("registrations", "registered_at", "a1"),
    "deaths": ("patients", "death_date", "31/12/2024"),
    "births": ("patients", "birth_date", "19600615"),
    "days": ("events", "date", "45000"),
    "codes": ("events", "code", "38341003.0"),
    "values": ("events", "value", "7.5.1"),
    "statuses": ("events", "status", "in-doubt"),
    "negations": ("events", "negation", "N"),
    "ends of records": ("events", "end_date", "31/12/2024"),
}


@pytest.mark.parametrize("parquet", [False, True], ids=["csv", "parquet"])
@pytest.mark.parametrize("how", UNREADABLE)
def test_a_column_that_can_hardly_be_read_refuses_the_import(tmp_path: Path, how: str, parquet: bool) -> None:
    """Six of ten rows fill it so, four as it is read: nine in ten rows are not lost, and yet most of the column is."""
    table, column, cell = UNREADABLE[how]
    sound = {"registrations": "A1,p{},A1,2010-01-01,", "patients": "A1,p{},1960-06-15,F,,,,",
             "events": "A1,p{},2024-05-01,38341003,,,,"}  # fmt: skip
    header = HEADERS[table] + ("" if column in HEADERS[table].split(",") else f",{column}")
    at, width = header.split(",").index(column), header.count(",") + 1

    def folder(name: str, bad: int) -> Path:
        made = write_folder(tmp_path / name, {**SMALL, **{each: [row.format(n) for n in range(30)]
                                                          for each, row in sound.items()}})  # fmt: skip
        rows = [[*row.split(","), ""][:width] for row in (sound[table].format(n) for n in range(30))]
        for row in rows[:bad]:
            row[at] = cell
        (made / f"{table}.csv").write_text("\n".join([header, *map(",".join, rows)]) + "\n", "utf-8")
        if parquet:
            as_parquet(made / f"{table}.csv")
        return made

    said = remit("records", "import", folder("most", 18), "--store", tmp_path / "store", "--keep-ids")
    assert (said.status, (tmp_path / "store").exists()) == (1, False)
    assert "records.column-unreadable" in said.err
    shown = " ".join(said.err.split())
    assert f"{column}: 18 of " in shown
    assert "could not be read: expected " in shown
    few = remit("records", "import", folder("few", 9), "--store", tmp_path / "store", "--keep-ids")
    assert few.status == 0, few
