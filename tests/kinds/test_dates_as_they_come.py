"""Kind: a day is written in a fashion that is not read, and its row or its whole table is lost.

Systems write a day with a time; a day of long ago or far away for one that nobody knows or that has not come; no day at
all. Here is every such day in every column of days, in CSV and Parquet: one table says what each means, and a row that
cannot be stored says why. Where a table loses all or nearly all of its rows, the import is refused with a status.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.bad_files.command import remit
from tests.faults.folders import HEADERS, imported, rows_of, write_folder
from tests.kinds.test_names_of_folders import as_parquet

from remit.core.problems import Refused
from remit.records.findings import NO_DAY, UNBORN
from remit.records.model import OPEN_DAY, UNKNOWN_DAY
from remit.records.quality import check_store
from remit.records.store import Store

# Each column of days: its table, and what a day of long ago, one of far away and an empty cell mean.
GONE, NOT_KNOWN, NONE = "rejected", UNKNOWN_DAY, None
COLUMNS = {
    ("patients", "birth_date"): (GONE, GONE, GONE),
    ("patients", "death_date"): (NONE, NONE, NONE),
    ("registrations", "start_date"): (NOT_KNOWN, GONE, NOT_KNOWN),
    ("registrations", "end_date"): (NONE, NONE, NONE),
    ("events", "date"): (NOT_KNOWN, GONE, NOT_KNOWN),
    ("events", "end_date"): (UNKNOWN_DAY, OPEN_DAY, NONE),
    ("prescriptions", "date"): (NOT_KNOWN, GONE, NOT_KNOWN),
    ("practices", "since"): (NONE, GONE, NONE),
}
EARLY = ["0000-00-00", "0001-01-01", "1753-01-01", "1800-01-01", "1840-12-31", "1899-12-30", "1899-12-31", "1900-01-01",
         "1900-01-01 00:00:00", "0001-01-01T00:00:00Z", "1677-09-21"]  # fmt: skip
LATE = ["9999-12-31", "9999-12-31 23:59:59", "9999-12-31T23:59:59.9999999Z", "9999-01-01", "4000-01-01", "2999-12-31",
        "3000-01-01", "2099-12-31", "2100-01-01", "2199-12-31", "2262-04-11 23:47:16.854775807"]  # fmt: skip
TIMED = ["2024-11-01 00:00:00", "2024-11-01T00:00:00", "2024-11-01T09:30:00Z", "2024-11-01 09:30", "2024-11-01T09:30",
         "2024-11-01 23:59:59.999", "2024-11-01T23:30:00+01:00", "2024-11-01T00:30:00+0100", "2024-11-01 00:30:00-05",
         "2024-11-01 09:30:00 UTC", "2024-11-01T09:30:00.123456789Z"]  # fmt: skip
BAD = {
    "01/11/2024": "expected a date written as 2025-03-31",
    "01-Nov-2024": "expected a date written as 2025-03-31",
    "20241101": "expected a date written as 2025-03-31",
    "45597": "expected a date written as 2025-03-31",
    "2024-11-01 25:00:00": "expected a date written as 2025-03-31",
    "2024-02-30": "there is no such day",
    "2924-11-01": "expected a day of 1800 to 2199",
    "0204-11-01": "expected a day of 1800 to 2199",
    "1799-12-30": "expected a day of 1800 to 2199",
}
ROWS = {
    "patients": ({"patient_id": "p", "birth_date": "1950-01-01"}, {"patient_id": "odd", "birth_date": "1960-01-01"}),
    "registrations": ({"patient_id": "p", "registered_at": "A1", "start_date": "2000-01-01"}, {"registered_at": "ODD"}),
    "events": ({"patient_id": "p", "date": "2024-05-01", "code": "1001"}, {"code": "1002"}),
    "prescriptions": ({"patient_id": "p", "date": "2024-05-01", "code": "1001"}, {"code": "1002"}),
    "practices": ({"since": "2020-01-01", "practice_name": "sound"}, {"since": "2025-01-01", "practice_name": "odd"}),
}
"""A sound row of each table, and what the odd row has instead, by which it is told from the sound one."""


def folder(home: Path, table: str, column: str, cells: list[str], parquet: bool = False) -> Path:
    """A practice for each cell, P0, P1 and so on, with a sound row in each table and one more that has the cell."""
    made = write_folder(home, extracts=[f"2025-03,P{n},2025-03-31" for n in range(len(cells))])
    for name, (sound, odd) in ROWS.items():
        header = HEADERS[name].split(",") + ([column] if (name, column) == ("events", "end_date") else [])
        lines = []
        for n, cell in enumerate(cells):
            both = [sound, *([{**sound, **odd, column: cell}] if name == table else [])]
            lines += [",".join({"practice_code": f"P{n}", **row}.get(one, "") for one in header) for row in both]
        (made / f"{name}.csv").write_text("\n".join([",".join(header), *lines]) + "\n")
    if parquet:
        as_parquet(made / f"{table}.csv")
    return made


def stored(store: Path, table: str, column: str, practice: str) -> object:
    """What the cell of the odd row is stored as."""
    name = next(one for one in ROWS[table][1] if one not in ("since", "birth_date"))
    rows = [row for row in Store(store).table(practice, table).to_pylist() if row[name] == ROWS[table][1][name]]
    [row] = rows
    return row.get(column)


def tried(home: Path, table: str, column: str, cells: list[str], parquet: bool = False) -> list[object]:
    """What becomes of each cell: the value that is stored, or why its row is rejected."""
    report = imported(folder(home / "in", table, column, cells, parquet), home / "store")
    reasons: dict[int, str] = {}
    for line in rows_of(report.rejected_file)[1:] if report.rejected_file else []:
        file, row, named, why = line.split(",", 3)
        assert (file.partition(".")[0], named) == (table, column)
        reasons[(int(row) - (2 if parquet else 3)) // 2] = why.strip('"')
    return [reasons[n] if n in reasons else stored(home / "store", table, column, f"P{n}") for n in range(len(cells))]


@pytest.mark.parametrize("parquet", [False, True], ids=["csv", "parquet"])
@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_line_5_a_day_by_which_systems_say_none(table: str, column: str, parquet: bool, tmp_path: Path) -> None:
    early, late, empty = COLUMNS[table, column]
    cells = [*EARLY, *LATE, "", "NaT"]
    means = [*[early] * len(EARLY), *[late] * len(LATE), empty, empty]
    why = {"": "is empty", "NaT": "says that it is missing"}
    for cell, mean, found in zip(cells, means, tried(tmp_path, table, column, cells, parquet), strict=True):
        if mean == GONE:
            assert isinstance(found, str), cell
            assert found.startswith(why.get(cell, "is a day by which systems say")), cell
        else:
            assert found == mean, cell


@pytest.mark.parametrize("parquet", [False, True], ids=["csv", "parquet"])
@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_line_5_a_time_behind_a_day_is_left_out(table: str, column: str, parquet: bool, tmp_path: Path) -> None:
    """The day is the local one, as it is written, whatever the offset."""
    found = tried(tmp_path, table, column, TIMED, parquet)
    assert dict(zip(TIMED, found, strict=True)) == dict.fromkeys(TIMED, date(2024, 11, 1))


INSTANTS = {
    "2025-03-31T23:00:00Z": "2025-04-01",
    "2025-03-31T22:59:59Z": "2025-03-31",
    "2025-03-31 23:00:00 UTC": "2025-04-01",
    "2025-03-31T23:00:00+00:00": "2025-04-01",
    "2025-03-31 23:00:00.000000+00": "2025-04-01",
    "2025-03-31T23:00:00-0000": "2025-04-01",
    "2025-03-31T23:00:00+01:00": "2025-03-31",
    "2025-03-31T23:00:00-05:00": "2025-03-31",
    "2025-03-31T23:00:00": "2025-03-31",
    "2025-03-29T23:30:00Z": "2025-03-29",  # summer time begins on Sunday 30 March 2025
    "2025-03-30T23:00:00Z": "2025-03-31",
    "2025-03-31T00:00:00Z": "2025-03-31",
    "2024-10-26T23:00:00Z": "2024-10-27",  # and ended on Sunday 27 October 2024 at 01:00
    "2024-10-27T23:00:00Z": "2024-10-27",
    "2024-12-31T23:59:59Z": "2024-12-31",
    "2050-06-30T23:00:00Z": "2050-07-01",
    "1985-06-30T23:00:00Z": "1985-07-01",
    "1971-06-30T23:00:00Z": "1971-06-30",  # as written: the rule is of 1972
}


@pytest.mark.parametrize("parquet", [False, True], ids=["csv", "parquet"])
@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_an_instant_of_utc_is_of_the_day_in_britain(table: str, column: str, parquet: bool, tmp_path: Path) -> None:
    found = tried(tmp_path, table, column, [*INSTANTS], parquet)
    assert dict(zip(INSTANTS, map(str, found), strict=True)) == INSTANTS


@pytest.mark.parametrize("zone", ["UTC", "Etc/UTC", "+00:00", "Europe/London"])
@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_a_parquet_timestamp_of_utc_is_of_the_day_in_britain(unit: str, zone: str, tmp_path: Path) -> None:
    """A midnight of summer, as a local zone writes it into a column of instants."""
    made = folder(tmp_path / "in", "events", "date", ["2024-11-01"], parquet=True)
    rows = pq.read_table(made / "events.parquet")
    cells = pa.array([datetime(2024, 6, 30, 23, tzinfo=UTC)] * rows.num_rows, pa.timestamp(unit, zone))
    pq.write_table(rows.set_column(rows.column_names.index("date"), "date", cells), made / "events.parquet")
    imported(made, tmp_path / "store")
    assert stored(tmp_path / "store", "events", "date", "P0") == date(2024, 7, 1)


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_line_5_what_is_no_day_says_why(table: str, column: str, tmp_path: Path) -> None:
    """The end of a record that cannot be read is unknown, which is not open; any other row is lost, and says why."""
    found = tried(tmp_path, table, column, [*BAD])
    if (table, column) == ("events", "end_date"):
        assert found == [UNKNOWN_DAY] * len(BAD)
        lines = rows_of(tmp_path / "store" / "unread-000001.csv")[1:]
        found = [line.split(",", 3)[3].strip('"').removesuffix(", open or unknown") for line in lines]
    assert dict(zip(BAD, found, strict=True)) == BAD


SUMMER = timezone(timedelta(hours=1))
WHEN = datetime(2024, 11, 1, 9, 30, tzinfo=UTC)
EARLIER = datetime(2024, 11, 1, 0, 30, tzinfo=SUMMER)  # of 31 October in UTC
TYPED: dict[str, tuple[object, pa.DataType]] = {
    "days": (date(2024, 11, 1), pa.date32()),
    "days in milliseconds": (date(2024, 11, 1), pa.date64()),
    **{f"timestamps in {unit}": (WHEN.replace(tzinfo=None), pa.timestamp(unit)) for unit in ("s", "ms", "us", "ns")},
    "timestamps of UTC": (WHEN, pa.timestamp("us", "UTC")),
    "timestamps of an offset": (EARLIER, pa.timestamp("us", "+01:00")),
    "timestamps of London": (WHEN, pa.timestamp("us", "Europe/London")),
    "text": ("2024-11-01 00:00:00", pa.string()),
}


@pytest.mark.parametrize("kind", TYPED)
@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_line_5_a_parquet_column_of_times(table: str, column: str, kind: str, tmp_path: Path) -> None:
    made = folder(tmp_path / "in", table, column, ["2024-11-01"], parquet=True)
    rows = pq.read_table(made / f"{table}.parquet")
    cells = pa.array([TYPED[kind][0]] * rows.num_rows, TYPED[kind][1])
    if table == "practices":
        rows, cells = rows.slice(1), cells.slice(1)  # two rows of one day would be one
    pq.write_table(rows.set_column(rows.column_names.index(column), column, cells), made / f"{table}.parquet")
    imported(made, tmp_path / "store")
    assert stored(tmp_path / "store", table, column, "P0") == date(2024, 11, 1)


@pytest.mark.parametrize("cell", [*EARLY, *LATE])
def test_line_5_the_last_day_of_an_extract_is_a_day(cell: str, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="last_day"):
        imported(write_folder(tmp_path / "in", extracts=[f"2025-03,A1,{cell}"]), tmp_path / "store")


@pytest.mark.parametrize("cell", ["2025-03-31 00:00:00", "2025-03-31T09:30:00Z"])
def test_line_5_the_last_day_of_an_extract_may_have_a_time(cell: str, tmp_path: Path) -> None:
    imported(
        write_folder(tmp_path / "in", extracts=[f"2025-03,A1,{cell}", "2025-03,B2,2025-03-28"]), tmp_path / "store"
    )
    assert Store(tmp_path / "store").last_day("A1") == date(2025, 3, 31)


# A day that is not known: on the register, in no period, one way for every supplier.


@pytest.mark.parametrize("engine", ["duckdb", "reference"])
@pytest.mark.parametrize("cell", ["", "1900-01-01", "0001-01-01T00:00:00Z"])
def test_line_5_a_diagnosis_without_a_day_is_on_the_register(cell: str, engine: str, tmp_path: Path) -> None:
    made = write_folder(
        tmp_path / "in",
        extracts=["2025-03,X1,2025-03-31"],
        practices=["X1,,Example,1000,1000,,"],
        patients=["X1,p,1960-06-15,F,,,,"],
        registrations=["X1,p,X1,2010-01-01,"],
        events=[f"X1,p,{cell},38341003,,,,", "X1,p,2024-11-01,271649006,130,mmHg,,x",
                "X1,p,2024-11-01,271650006,80,mmHg,,x"],
        prescriptions=[],
    )  # fmt: skip
    imported(made, tmp_path / "store")
    if engine == "duckdb":
        found = {f.code: f.count for f in check_store(Store(tmp_path / "store")).findings}
        assert (found[NO_DAY], UNBORN in found) == (1, False)
    said = remit("evaluate", "qof-england-2024-25", "--records", tmp_path / "store", "--on", "2025-03-31",
                 "--out", tmp_path / "out", "--engine", engine)  # fmt: skip
    assert said.status == 0, said.err
    assert "X1,HYP,REGISTER,1," in (tmp_path / "out" / "counts.csv").read_text()


# Whole tables.

TABLES = ["patients", "registrations", "events", "prescriptions"]
SHARES = [(2, 2, True), (9, 10, True), (18, 20, True), (17, 20, False), (8, 9, False), (1, 1, False)]
"""How many rows of how many are lost, and whether that is too much: all of two or more, nine in ten of ten or more."""
DAY_OF = {"patients": "birth_date", "registrations": "start_date", "events": "date", "prescriptions": "date"}


def many(home: Path, table: str, bad: int, of: int, practice: str = "A1") -> Path:
    """A folder of `of` people, of whom `bad` have a row of the table whose day cannot be read."""
    days = ["01/11/2024" if n < bad else "2024-11-01" for n in range(of)]

    def day(of_table: str, n: int, sound: str) -> str:
        return days[n] if table == of_table else sound

    return write_folder(
        home,
        extracts=["2025-03,A1,2025-03-31", "2025-03,B2,2025-03-31"],
        practices=[],
        patients=[f"{practice},p{n},{day('patients', n, '1960-01-01')},F,,,," for n in range(of)]
        + [f"B2,b{n},1960-01-01,F,,,," for n in range(90)],
        registrations=[f"{practice},p{n},{practice},{day('registrations', n, '2010-01-01')}," for n in range(of)]
        + [f"B2,b{n},B2,2010-01-01," for n in range(90)],
        events=[f"{practice},p{n},{day('events', n, '2020-01-01')},1001,,,," for n in range(of)]
        + [f"B2,b{n},2020-01-01,1001,,,," for n in range(90)],
        prescriptions=[f"{practice},p{n},{day('prescriptions', n, '2020-01-01')},1001,28,tablet" for n in range(of)]
        + [f"B2,b{n},2020-01-01,1001,28,tablet" for n in range(90)],
    )


@pytest.mark.parametrize("parquet", [False, True], ids=["csv", "parquet"])
@pytest.mark.parametrize(("bad", "of", "refused"), SHARES)
@pytest.mark.parametrize("table", TABLES)
def test_line_5_a_table_of_which_nothing_is_left_is_refused(
    table: str, bad: int, of: int, refused: bool, parquet: bool, tmp_path: Path
) -> None:
    """Of one practice of two, whose rows are a small part of the file; the other's are sound."""
    imported(write_folder(tmp_path / "before", extracts=["2025-02,Z9,2025-02-28"], patients=["Z9,z,1960-01-01,F,,,,"],
                          registrations=[], events=[], prescriptions=[], practices=[]), tmp_path / "store")  # fmt: skip
    before = {path: path.read_bytes() for path in (tmp_path / "store").rglob("*") if path.is_file()}
    made = many(tmp_path / "in", table, bad, of)
    if parquet:
        as_parquet(made / f"{table}.csv")
    said = remit("records", "import", made, "--store", tmp_path / "store", "--keep-ids")
    if not refused:
        assert said.status == 0, said.err
        return
    assert (said.status, said.out) == (1, "")
    told = said.err.replace("\n", " ")
    assert f"{bad} of {of} rows of practice A1 cannot be stored" in told
    assert f"{DAY_OF[table]}: expected a date written as 2025-03-31" in told
    assert "Traceback" not in told
    after = {path: path.read_bytes() for path in (tmp_path / "store").rglob("*") if path.is_file()}
    assert after == before


@pytest.mark.parametrize("table", TABLES)
def test_line_5_rows_of_practices_that_are_not_asked_for_refuse_nothing(table: str, tmp_path: Path) -> None:
    made = many(tmp_path / "in", "none", 0, 3)
    (made / "extracts.csv").write_text("extract_id,practice_code,last_day\n2025-03,A1,2025-03-31\n")
    report = imported(made, tmp_path / "store")
    assert (report.stored[table], report.rejected[table]) == (3, 90)


def test_line_5_where_most_days_are_not_known_the_column_was_not_exported(tmp_path: Path) -> None:
    lines = [f"A1,p1,{'' if n < 11 else '2020-01-01'},100{n:02},,,," for n in range(20)]
    with pytest.raises(Refused, match="date: 11 of 20 rows have no known day"):
        imported(write_folder(tmp_path / "in", events=lines), tmp_path / "store")
    lines = [f"A1,p1,{'' if n < 10 else '2020-01-01'},100{n:02},,,," for n in range(20)]
    assert imported(write_folder(tmp_path / "less", events=lines), tmp_path / "store").stored["events"] == 20
