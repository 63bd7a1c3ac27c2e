"""Kind: one cell that a file need not have costs the patient: the row is lost, and every stay and record with it.

Here is every column that a file may leave out, with what data frames and other systems write in it. What can mean one
thing is read; what cannot is stored as not known, told and listed; and where hardly any cell of a column can be read,
the import is refused. In CSV and Parquet, with the check and the evaluation that follow.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.bad_files.command import remit
from tests.faults.folders import SMALL, imported, rows_of, write_folder
from tests.kinds.test_names_of_folders import as_parquet

from remit.core.problems import Refused
from remit.records.cells import MISSING, UNREAD, WRITTEN
from remit.records.findings import UNREAD as FOUND_UNREAD
from remit.records.layout import TABLES
from remit.records.quality import check_store
from remit.records.store import Store
from remit.records.value_cells import result

HEADER = {
    "patients": "practice_code,patient_id,birth_date,sex,ethnicity,deprivation_decile,flags",
    "events": "practice_code,patient_id,date,code,value,unit,episode,reading",
    "prescriptions": "practice_code,patient_id,date,code,quantity,unit",
    "practices": "practice_code,since,practice_name,list_size,weighted_list_size,place_code,network_code",
}
ROW = {
    "patients": {"practice_code": "A1", "patient_id": "odd", "birth_date": "1960-01-01"},
    "events": {"practice_code": "A1", "patient_id": "odd", "date": "2024-05-01", "code": "1002"},
    "prescriptions": {"practice_code": "A1", "patient_id": "odd", "date": "2024-05-01", "code": "1002"},
    "practices": {"practice_code": "A1", "since": "2025-01-01"},
}
READ: dict[tuple[str, str], dict[str, object]] = {
    ("patients", "sex"): {
        **dict.fromkeys(("M", "1", "1.0", "Male", "male", "MALE", "m"), "M"),
        **dict.fromkeys(("F", "2", "2.0", "Female", "female", "f"), "F"),
        **dict.fromkeys(("I", "9", "Indeterminate", "i"), "I"),
        **dict.fromkeys(("U", "0", "X", "x", "Unknown", "Not known", "Not specified"), "U"),
    },
    ("patients", "deprivation_decile"): {"3": 3, "3.0": 3, "03": 3, "10.00": 10, "1": 1},
    ("patients", "flags"): {
        "accessible information": "accessible-information", "Accessible-Information": "accessible-information",
        "carer; accessible_information": "accessible-information;carer", "carer": "carer",
    },
    ("events", "episode"): {"First": "first", "FIRST": "first", "new": "new", "Ended": "ended"},
    ("events", "value"): {"7": Decimal(7), "7.50": Decimal("7.5")},
    ("practices", "list_size"): {"9000": 9000, "9000.0": 9000, "09000": 9000},
}  # fmt: skip
"""What can mean one thing only, and what that is."""

NOT_READ: dict[tuple[str, str], tuple[list[str], object]] = {
    ("patients", "sex"): (["W", "3", "1.5", "man", "F M"], "U"),
    ("patients", "deprivation_decile"): (["0", "11", "3.5", "-1", "three", "1e0", "Decile 3"], None),
    ("patients", "ethnicity"): (["x" * 65, "A\u200bB"], ""),
    ("patients", "flags"): (["carer!", "a,b", "x" * 41, "accessible information (large print)"], ""),
    ("events", "episode"): (["review", "1", "first?"], ""),
    ("events", "reading"): (["r" * 65], ""),
    ("events", "value"): (["5,4", "1e5", "1234567890123", "0.1234567", "5.4.1"], None),
    ("prescriptions", "quantity"): (["one", "28 tablets"], None),
    ("practices", "practice_name"): (["n" * 201], ""),
    ("practices", "list_size"): (["9,000", "9000.5", "-1", "about 9000"], None),
    ("practices", "weighted_list_size"): (["9,000", "n"], None),
    ("practices", "place_code"): (["p" * 65], ""),
    ("practices", "network_code"): (["n" * 65], ""),
}
"""What cannot be read, and what is stored in its place."""

SPOILING = {("events", "unit"), ("prescriptions", "unit"), ("events", "comparator")}
"""What cannot be read of these takes the value with it: below, and in test_comparators.py."""

SAYING_MORE = {("events", "time"), ("events", "answer"), ("events", "end_date"), ("prescriptions", "days")}
"""Those that say more of an event are tried in test_event_columns.py."""

EMPTY = ["", " ", "NA", "N/A", "#N/A", "NaN", "nan", "NaT", "<NA>", "NULL", "null", "None", "\\N"]
LENIENT = {(layout.name, column.name) for layout in TABLES for column in layout.columns if column.lenient}


def folder(home: Path, table: str, column: str, cells: list[str], parquet: bool = False) -> Path:
    """A practice for each cell, P0, P1 and so on, each with one person who has a row of the table."""
    codes = [f"P{n}" for n in range(len(cells))]
    made = write_folder(home, {name: [] for name in SMALL}, extracts=[f"2025-03,{code},2025-03-31" for code in codes])
    for name in {"patients", table}:
        header = HEADER[name].split(",")
        rows = [{**ROW[name], "practice_code": code, **({column: cell} if name == table else {})}
                for code, cell in zip(codes, cells, strict=True)]  # fmt: skip
        lines = [",".join('"' + row.get(one, "") + '"' for one in header) for row in rows]
        (made / f"{name}.csv").write_text("\n".join([HEADER[name], *lines]) + "\n", encoding="utf-8")
    if parquet:
        as_parquet(made / f"{table}.csv")
    return made


def stored(store: Path, table: str, column: str, many: int) -> list[object]:
    return [Store(store).table(f"P{n}", table)[column].to_pylist()[0] for n in range(many)]


def told(store: Path) -> dict[tuple[str, str, str], int]:
    return {(one.table, one.column, one.how): one.count for one in Store(store).manifest.imports[-1].cells}


def test_every_column_that_may_be_left_out_is_tried() -> None:
    assert {*NOT_READ, *SPOILING, *SAYING_MORE} == LENIENT


@pytest.mark.parametrize("parquet", [False, True], ids=["csv", "parquet"])
@pytest.mark.parametrize(("table", "column"), READ)
def test_line_5_what_can_mean_one_thing_is_read_and_told(
    table: str, column: str, parquet: bool, tmp_path: Path
) -> None:
    cells = READ[table, column]
    imported(folder(tmp_path / "in", table, column, [*cells], parquet), tmp_path / "store")
    found = stored(tmp_path / "store", table, column, len(cells))
    assert dict(zip(cells, found, strict=True)) == cells
    otherwise = sum(cell != str(value) for cell, value in cells.items()) if column != "value" else 0
    assert told(tmp_path / "store").get((table, column, WRITTEN), 0) == otherwise


@pytest.mark.parametrize("parquet", [False, True], ids=["csv", "parquet"])
@pytest.mark.parametrize(("table", "column"), NOT_READ)
def test_line_5_what_cannot_be_read_is_not_known_and_listed(
    table: str, column: str, parquet: bool, tmp_path: Path
) -> None:
    cells, empty = NOT_READ[table, column]
    report = imported(folder(tmp_path / "in", table, column, cells, parquet), tmp_path / "store")
    assert report.rejected.total() == 0
    assert stored(tmp_path / "store", table, column, len(cells)) == [empty] * len(cells)
    assert told(tmp_path / "store") == {(table, column, UNREAD): len(cells)}
    assert report.unread_file is not None
    lines = rows_of(report.unread_file)[1:]
    assert [line.split(",")[:3] for line in lines] == [
        [f"{table}.{'parquet' if parquet else 'csv'}", str(n + (1 if parquet else 2)), column]
        for n in range(len(cells))
    ]
    assert all("expected" in line for line in lines)
    assert not any(cell in line for cell, line in zip(cells, lines, strict=True) if len(cell) > 3), "no cell is quoted"
    found = [(f.table, f.count) for f in check_store(Store(tmp_path / "store")).findings if f.code == FOUND_UNREAD]
    assert found == [(table, len(cells))]


@pytest.mark.parametrize(("table", "column"), [key for key in NOT_READ if key != ("practices", "practice_name")])
def test_line_5_a_cell_that_says_that_it_is_missing_is_empty(table: str, column: str, tmp_path: Path) -> None:
    imported(folder(tmp_path / "in", table, column, EMPTY), tmp_path / "store")
    assert stored(tmp_path / "store", table, column, len(EMPTY)) == [NOT_READ[table, column][1]] * len(EMPTY)
    assert told(tmp_path / "store") == {(table, column, MISSING): len(EMPTY) - 2}


@pytest.mark.parametrize(("table", "value"), [("events", "value"), ("prescriptions", "quantity")])
def test_line_5_a_value_whose_unit_cannot_be_read_is_not_known(table: str, value: str, tmp_path: Path) -> None:
    """Without its unit it would be read in the unit that the rule has."""
    made = folder(tmp_path / "in", table, "unit", ["u" * 33, "mmHg"])
    rows = (made / f"{table}.csv").read_text().replace('"1002",""', '"1002","60"')
    (made / f"{table}.csv").write_text(rows)
    imported(made, tmp_path / "store")
    assert stored(tmp_path / "store", table, value, 2) == [None, Decimal(60)]
    assert told(tmp_path / "store") == {(table, "unit", UNREAD): 1}


def test_line_5_the_command_says_which_columns(tmp_path: Path) -> None:
    made = folder(tmp_path / "in", "patients", "deprivation_decile", ["3.0", "NA", "eleven", "4"])
    said = remit("records", "import", made, "--store", tmp_path / "store", "--keep-ids")
    assert said.status == 0
    words = " ".join(said.err.split())
    assert "1 cell could not be read, and is stored as not known (patients.deprivation_decile 1)" in words
    assert "unread-000001.csv says which and why" in words
    assert "1 cell was written in another way, and read: patients.deprivation_decile 1." in words
    assert "1 cell says that it is missing, and is stored as empty: patients.deprivation_decile 1." in words
    assert "Cell that an import could not read" in remit("records", "check", tmp_path / "store").out


@pytest.mark.parametrize(("bad", "good", "refused"), [(10, 0, True), (10, 9, True), (10, 10, False), (9, 0, False)])
@pytest.mark.parametrize(("table", "column"), [key for key in NOT_READ if key in READ])
def test_line_5_a_column_that_can_hardly_be_read_refuses_the_import(
    table: str, column: str, bad: int, good: int, refused: bool, tmp_path: Path
) -> None:
    """Ten cells or more, and more than half of those that are filled: empty ones say nothing of the fashion."""
    cells = [NOT_READ[table, column][0][0]] * bad + [next(iter(READ[table, column]))] * good + [""] * 5
    made = folder(tmp_path / "in", table, column, cells)
    if not refused:
        imported(made, tmp_path / "store")
        return
    with pytest.raises(Refused, match=f"{column}: {bad} of {bad + good} cells could not be read: expected"):
        imported(made, tmp_path / "store")
    assert not (tmp_path / "store").exists()


STRICT = {
    ("patients", "birth_date"): "1960", ("patients", "death_date"): "31/12/2024", ("events", "code"): "10 02",
    ("registrations", "end_date"): "31/12/2024",
}  # fmt: skip


@pytest.mark.parametrize(("table", "column"), STRICT)
def test_line_5_an_end_that_cannot_be_read_is_no_open_end(table: str, column: str, tmp_path: Path) -> None:
    """Who has no death is alive, and who has no end is on the list: such a row is rejected."""
    rows = {
        "patients": ["A1,p1,1950-06-30,F,,A,3,", "A1,p9,{birth_date},F,{death_date},,,"],
        "registrations": ["A1,p1,A1,2001-01-01,", "A1,p1,A1,2020-01-01,{end_date}"],
        "events": ["A1,p1,2024-05-01,1001,,,,", "A1,p1,2024-05-01,{code},,,,"],
    }
    sound = {"birth_date": "1960-01-01", "death_date": "", "end_date": "", "code": "1002"}
    put = {**sound, column: STRICT[table, column]}
    made = write_folder(
        tmp_path / "in",
        {**SMALL, "extracts": ["2025-03,A1,2025-03-31"], "practices": [], "prescriptions": []}
        | {name: [row.format(**(put if name == table else sound)) for row in those] for name, those in rows.items()},
    )
    report = imported(made, tmp_path / "store")
    assert (report.stored[table], report.rejected[table]) == (1, 1)


def test_line_5_typed_parquet_columns_of_data_frames(tmp_path: Path) -> None:
    """Whole numbers with empty cells come as decimals or as nullable integers."""
    made = folder(tmp_path / "in", "patients", "deprivation_decile", ["3", "", "10"], parquet=True)
    rows = pq.read_table(made / "patients.parquet")
    at = rows.column_names.index("deprivation_decile")
    columns = [
        pa.array([3, None, 10], pa.int8()), pa.array([3, None, 10], pa.int64()),
        pa.array([Decimal(3), None, Decimal(10)], pa.decimal128(4, 1)), pa.array(["3", None, "10"], pa.large_string()),
        pa.array(["3", None, "10"]).dictionary_encode(),
    ]  # fmt: skip
    for n, cells in enumerate(columns):
        pq.write_table(rows.set_column(at, "deprivation_decile", cells), made / "patients.parquet")
        imported(made, tmp_path / f"store{n}")
        assert stored(tmp_path / f"store{n}", "patients", "deprivation_decile", 3) == [3, None, 10], cells.type


def test_line_5_the_patient_counts(tmp_path: Path) -> None:
    """Seven people with hypertension, of whom six have an odd cell: a list and a register of seven."""
    odd = ["F,,,3.0,", "F,,,NA,", "1,,,,", "Male,,,,", "F,,,,accessible information", "F,,,,", "W,,,,"]
    ids = [f"p{n}" for n in range(len(odd))]
    made = write_folder(
        tmp_path / "in",
        extracts=["2025-03,X1,2025-03-31"],
        practices=["X1,,Example,9000.0,9000,,"],
        patients=[f"X1,{id_},1960-06-15,{cells}" for id_, cells in zip(ids, odd, strict=True)],
        registrations=[f"X1,{id_},X1,2010-01-01," for id_ in ids],
        events=[f"X1,{id_},2015-01-01,38341003,,,{'First' if id_ == 'p5' else ''}," for id_ in ids],
        prescriptions=[],
    )
    imported(made, tmp_path / "store")
    said = remit("evaluate", "qof-england-2024-25", "--records", tmp_path / "store", "--on", "2025-03-31",
                 "--out", tmp_path / "out")  # fmt: skip
    assert said.status == 0, said.err
    counts = (tmp_path / "out" / "counts.csv").read_text()
    assert "X1,HYP,REGISTER,7," in counts
    assert "X1,HYP,LIST_SIZE,7," in counts
    assert "X1,Example,,,9000,9000," in (tmp_path / "out" / "practices.csv").read_text()


@pytest.mark.parametrize("cell", ["7,5", "1,400", "-7,5", "1,400.5", ">7,5", "7,5 mmol/mol"])
def test_a_comma_in_a_value_is_no_point(cell: str) -> None:
    """Nobody can say whether 1,400 is 1.4 or 1400: it is not read, and the reason says so."""
    with pytest.raises(ValueError, match=r"found a comma: write 7\.5 and 1400"):
        result(cell)
