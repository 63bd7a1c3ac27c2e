"""Kind: what a record says beyond its day, its code and its number is lost, or costs those who do not say it.

Here is every column that a record may have and a store may lack, in every file that can bring it: what the rules then
see of it, what cannot be read, and that a store which does not use it has the bytes that it had.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from tests.faults.folders import HEADERS, SMALL, held, imported, rows_of, write_folder
from tests.kinds.test_names_of_folders import as_parquet
from tests.unit.test_records_import import parquet_bytes

from remit.records.layout import EVENTS, PRESCRIPTIONS
from remit.records.model import Event
from remit.records.store import Store

DAY = date(2025, 2, 11)
EVENT = "A1,p1,2025-02-11,4548-4,130,mmol/mol,,"
ISSUE = "A1,p1,2025-02-11,319996000,28,tablet"

SAYS: list[tuple[str, str, dict[str, Any]]] = [
    ("time", "08:30", {"time": 30_600}),
    ("time", "23:59:59", {"time": 86_399}),
    ("time", "00:00", {"time": 0}),
    ("end_date", "2025-03-01", {"lasts": "ended", "end": date(2025, 3, 1)}),
    ("end_date", "2025-02-11", {"lasts": "ended", "end": DAY}),
    ("end_date", "open", {"lasts": "open"}),
    ("end_date", "unknown", {"lasts": "unknown"}),
    *(("system", text, {"system": system}) for text, system in (
        ("snomed", "snomed"), ("SNOMED CT", "snomed"), ("http://snomed.info/sct", "snomed"),
        ("urn:oid:2.16.840.1.113883.6.96", "snomed"), ("dm+d", "dmd"), ("https://dmd.nhs.uk", "dmd"),
        ("read2", "read2"), ("ctv3", "ctv3"), ("LOINC", "loinc"), ("http://loinc.org", "loinc"),
        ("urn:oid:2.16.840.1.113883.6.1", "loinc"), ("ICD-10", "icd10"), ("OPCS-4", "opcs4"), ("cvx", "cvx"),
        ("local", "local"))),
    *(("comparator", sign, {"comparator": sign}) for sign in ("<", "<=", ">", ">=")),
    ("comparator", "≥", {"comparator": ">="}),
    ("answer", "LA18976-3", {"answer": "LA18976-3"}),
    ("answer", "not at all", {"answer": "not at all"}),
    *(("status", text, {"status": text}) for text in ("final", "preliminary", "amended", "planned", "cancelled",
                                                      "entered-in-error")),
    *(("status", text, {"status": status}) for text, status in (
        ("corrected", "amended"), ("completed", "final"), ("Finished", "final"), ("error", "entered-in-error"),
        ("not-done", "cancelled"), ("booked", "planned"), ("partial", "preliminary"), ("active", ""),
        ("in-progress", ""), ("unknown", ""))),
    *(("negation", text, {"negation": negation}) for text, negation in (
        ("true", "not done"), ("FALSE", ""), ("not_done", "not done"), ("patient declined", "refused"))),
    ("time", "8:30", {"time": 30_600}),
    ("negation", "not done", {"negation": "not done"}),
    ("negation", "refused", {"negation": "refused"}),
    ("negation", "declined", {"negation": "refused"}),
    ("record", "e-77", {"record": "e-77"}),
]  # fmt: skip
"""Of an event: the column, a cell, and what of `Event` is then other than it would be."""

ISSUED: list[tuple[str, str, dict[str, Any]]] = [
    ("days", "28", {"lasts": "ended", "end": date(2025, 3, 10)}),  # 11 February is the first, 10 March the 28th
    ("days", "1", {"lasts": "ended", "end": DAY}),
    ("system", "dm+d", {"system": "dmd"}),
    ("status", "cancelled", {"status": "cancelled"}),
    ("record", "rx-1", {"record": "rx-1"}),
]
CASES = [("events", *case) for case in SAYS] + [("prescriptions", *case) for case in ISSUED]


def folder(home: Path, table: str, column: str, cells: list[str], parquet: bool = False) -> Path:
    """A folder of one patient, whose rows of a table have one column more."""
    row = EVENT if table == "events" else ISSUE
    made = write_folder(home, events=[], prescriptions=[])
    named = made / f"{table}.csv"
    named.write_text("\n".join([f"{HEADERS[table]},{column}", *(f"{row},{cell}" for cell in cells)]) + "\n", "utf-8")
    if parquet:
        as_parquet(named)
    return made


def events_of(store: Path) -> list[Event]:
    return [event for patient in held(store)["A1"] for event in patient.events]


def test_every_optional_column_is_tried() -> None:
    for layout in (EVENTS, PRESCRIPTIONS):
        assert {column for table, column, _, _ in CASES if table == layout.name} == {*layout.optional}


@pytest.mark.parametrize("parquet", [False, True], ids=["csv", "parquet"])
@pytest.mark.parametrize(("table", "column", "cell", "says"), CASES, ids=[f"{t}-{c}-{v}" for t, c, v, _ in CASES])
def test_what_a_cell_says_reaches_the_rules(
    tmp_path: Path, table: str, column: str, cell: str, says: dict[str, Any], parquet: bool
) -> None:
    report = imported(folder(tmp_path / "in", table, column, [cell], parquet), tmp_path / "store")
    assert not report.rejected[table]
    plain = Event(DAY, "4548-4", Decimal(130), "mmol/mol") if table == "events" else Event(
        DAY, "319996000", Decimal(28), "tablet")  # fmt: skip
    expected = {name: getattr(plain, name) for name in Event.__slots__} | says
    assert events_of(tmp_path / "store") == [Event(**expected)]


WRONG = [
    *(("system", cell) for cell in ("rxnorm", "icd", "http://example.org/own")),
    *(("status", cell) for cell in ("final?", "maybe", "yes")),
    *(("negation", cell) for cell in ("no", "1", "not-given")),
    *(("record", cell) for cell in ("4010232137", "r" * 65)),
    ("answer", "4010232137"),
]


@pytest.mark.parametrize(("column", "cell"), WRONG)
def test_what_cannot_be_read_is_not_taken_for_nothing_said(tmp_path: Path, column: str, cell: str) -> None:
    report = imported(folder(tmp_path / "in", "events", column, [cell, ""]), tmp_path / "store")
    assert (report.read["events"], report.stored["events"], report.rejected["events"]) == (2, 1, 1)
    assert report.rejected_file
    (said,) = rows_of(report.rejected_file)[1:]
    assert said.startswith(f"events.csv,2,{column},")
    assert (
        said.partition(f",{column},")[2]
        .lstrip('"')
        .startswith(("expected ", "there is no such day", "holds what has the form of an NHS number"))
    )


NOT_KNOWN: list[tuple[str, str, dict[str, Any]]] = [
    *(("time", cell, {}) for cell in ("8", "24:00", "25:61", "08:60", "morning")),
    *(("end_date", cell, {"lasts": "unknown"}) for cell in ("2025-02-30", "01/03/2025", "soon", "45000")),
    ("answer", "a" * 65, {}),
    *(("days", cell, {}) for cell in ("0", "-1", "1.5", "10000", "28 days")),
]
"""Of a row that stays: the column, a cell that cannot be read, and what it then says: that nobody knows."""


@pytest.mark.parametrize("parquet", [False, True], ids=["csv", "parquet"])
@pytest.mark.parametrize(("column", "cell", "says"), NOT_KNOWN, ids=[f"{c}-{v[:9]}" for c, v, _ in NOT_KNOWN])
def test_an_unreadable_cell_that_claims_nothing_is_not_known_and_loses_no_record(
    tmp_path: Path, column: str, cell: str, says: dict[str, Any], parquet: bool
) -> None:
    table = "prescriptions" if column == "days" else "events"
    report = imported(folder(tmp_path / "in", table, column, [cell], parquet), tmp_path / "store")
    assert (report.stored[table], report.rejected[table]) == (1, 0)
    (event,) = events_of(tmp_path / "store")
    silent = {"time": None, "lasts": "", "end": None, "answer": ""}
    assert {name: getattr(event, name) for name in silent} == silent | says
    assert report.unread_file
    (said,) = rows_of(report.unread_file)[1:]
    assert said.startswith(f"{table}.{'parquet' if parquet else 'csv'},{1 if parquet else 2},{column},")


def test_a_store_that_uses_no_column_has_the_bytes_that_it_had(tmp_path: Path) -> None:
    """Columns without a word in them are as good as none; nobody who does not use them scans more."""
    imported(write_folder(tmp_path / "plain"), tmp_path / "a")
    made = write_folder(tmp_path / "wide")
    for layout in (EVENTS, PRESCRIPTIONS):
        path = made / f"{layout.name}.csv"
        header, *rows = path.read_text("utf-8").splitlines()
        more = "," * len(layout.optional)
        lines = [",".join([header, *layout.optional]), *(row + more for row in rows)]
        path.write_text("\n".join(lines) + "\n", "utf-8")
    imported(made, tmp_path / "b")
    assert parquet_bytes(tmp_path / "a") == parquet_bytes(tmp_path / "b")
    names = pq.read_schema(tmp_path / "a" / "practice=A1" / "events-000001.parquet").names
    assert names == ["patient_id", "date", "code", "value", "unit", "episode", "reading", "extract"]


def test_a_file_has_the_columns_that_a_row_of_it_uses_and_no_others(tmp_path: Path) -> None:
    made = write_folder(tmp_path / "in")
    path = made / "events.csv"
    header, *rows = path.read_text("utf-8").splitlines()
    rows = [f"{row},{'refused' if row.startswith('A1,p2') else ''}," for row in rows]
    path.write_text("\n".join([f"{header},negation,status", *rows]) + "\n", "utf-8")
    imported(made, tmp_path / "store")
    store = Store(tmp_path / "store")
    names = [store.pieces(code, "events")[0].names() for code in ("A1", "B2")]
    assert [[name for name in each if name in EVENTS.optional] for each in names] == [["negation"], []]
    assert {event.negation for event in events_of(tmp_path / "store")} == {"", "refused"}
    # What is asked for by name is there, whether the file has it or not.
    for code, rows_ in (("A1", 4), ("B2", 1)):
        assert store.table(code, "events", ["code", "system", "negation"]).num_rows == rows_
        assert store.table(code, "events", ["code", "system", "negation"])["system"].to_pylist() == [""] * rows_


def test_the_order_of_rows_does_not_matter(tmp_path: Path) -> None:
    cells = ["open", "unknown", "2025-03-01", "", "2025-02-11"]
    for name, given in (("a", cells), ("b", cells[::-1])):
        imported(folder(tmp_path / f"in-{name}", "events", "end_date", given), tmp_path / name)
    assert parquet_bytes(tmp_path / "a") == parquet_bytes(tmp_path / "b")
    assert [(e.lasts, e.end) for e in events_of(tmp_path / "a")] == [
        ("unknown", None), ("ended", DAY), ("ended", date(2025, 3, 1)), ("open", None), ("", None)
    ]  # fmt: skip


# A later extract of a system that has learnt to say more.


def of(home: Path, name: str, day: str, header: str, rows: list[str]) -> Path:
    made = write_folder(home / name, extracts=[f"{name},A1,{day}"], practices=[], prescriptions=[],
                        patients=SMALL["patients"][:2], registrations=SMALL["registrations"][:3])  # fmt: skip
    (made / "events.csv").write_text("\n".join([HEADERS["events"] + header, *rows]) + "\n", "utf-8")
    return made


def test_an_extract_with_new_columns_is_appended_to_one_without(tmp_path: Path) -> None:
    other = "A1,p1,2025-03-01,4548-4,48,mmol/mol,,"
    imported(of(tmp_path, "old", "2025-02-28", "", [EVENT]), tmp_path / "store")
    first = parquet_bytes(tmp_path / "store")
    imported(of(tmp_path, "new", "2025-03-31", ",comparator", [f"{other},>"]), tmp_path / "store", "append")
    assert [(e.date.month, e.comparator) for e in events_of(tmp_path / "store")] == [(2, ""), (3, ">")]
    # What the later one said is corrected, and last taken out: the bytes are those of before.
    imported(of(tmp_path, "new", "2025-03-31", ",negation", [f"{other},refused"]), tmp_path / "store", "correct")
    assert [(e.comparator, e.negation) for e in events_of(tmp_path / "store")] == [("", ""), ("", "refused")]
    imported(of(tmp_path, "new", "2025-03-31", "", []), tmp_path / "store", "delete")
    assert [*parquet_bytes(tmp_path / "store").values()] == [*first.values()]


OLD = "A1,p1,2025-02-01,4548-4,60,mmol/mol,,"
CHANGES: list[tuple[str, str, str, str, list[tuple[str, str, str, str]]]] = [
    # What is said of one row: the columns, the cells of the earlier extract and those of the later; and what stands.
    ("what is alike counts once", "negation,status", "refused,final", "refused,final", [("refused", "final", "", "")]),
    ("a later status holds", "status", "preliminary", "final", [("", "final", "", "")]),
    ("what was entered in error is known as such", "status", "final", "entered-in-error",
     [("", "entered-in-error", "", "")]),
    ("a status comes to a row that had none", "status", "", "entered-in-error", [("", "entered-in-error", "", "")]),
    ("what lasted has ended", "end_date", "open", "2025-03-01", [("", "", "ended", "")]),
    ("of two records each stands", "record", "e1", "e2", [("", "", "", "e1"), ("", "", "", "e2")]),
    ("a record is refused later", "record,negation", "e1,", "e1,refused", [("refused", "", "", "e1")]),
    ("another answer is another row", "negation", "refused", "not done",
     [("not done", "", "", ""), ("refused", "", "", "")]),
]  # fmt: skip


def said_of(store: Path) -> list[tuple[str, str, str, str]]:
    return sorted((e.negation, e.status, e.lasts, e.record) for e in events_of(store))


@pytest.mark.parametrize(
    ("columns", "earlier", "later", "stand"), [c[1:] for c in CHANGES], ids=[c[0] for c in CHANGES]
)
def test_what_a_later_extract_says_of_a_row(
    tmp_path: Path, columns: str, earlier: str, later: str, stand: list[tuple[str, str, str, str]]
) -> None:
    imported(of(tmp_path, "old", "2025-02-28", f",{columns}", [f"{OLD},{earlier}"]), tmp_path / "store")
    first = said_of(tmp_path / "store")
    imported(of(tmp_path, "new", "2025-03-31", f",{columns}", [f"{OLD},{later}"]), tmp_path / "store", "append")
    assert said_of(tmp_path / "store") == stand
    imported(of(tmp_path, "new", "2025-03-31", "", []), tmp_path / "store", "delete")
    assert said_of(tmp_path / "store") == first, "what was superseded stands again"


@pytest.mark.parametrize("which", ["old", "new"])
def test_a_row_that_cannot_say_more_is_the_one_that_does(tmp_path: Path, which: str) -> None:
    """One record of two extracts, of which one has no columns for it, is one; two in one extract stay two."""
    plain, more = ("", [OLD, OLD]), (",system,record", [f"{OLD},loinc,e1"])
    for name, day, (header, rows), mode in (
        ("old", "2025-02-28", plain if which == "old" else more, "add"),
        ("new", "2025-03-31", more if which == "old" else plain, "append"),
    ):
        imported(of(tmp_path, name, day, header, rows), tmp_path / "store", mode)  # type: ignore[arg-type]
    assert [(e.system, e.record) for e in events_of(tmp_path / "store")] == [("loinc", "e1")]
    imported(of(tmp_path, "new" if which == "old" else "old", "2025-03-31", "", []), tmp_path / "store", "delete")
    assert [(e.system, e.record) for e in events_of(tmp_path / "store")] == [("", ""), ("", "")]


def test_a_record_that_was_moved_to_another_day_is_on_that_day(tmp_path: Path) -> None:
    imported(of(tmp_path, "old", "2025-02-28", ",record", [f"{OLD},e1"]), tmp_path / "store")
    moved = OLD.replace("2025-02-01", "2025-02-03")
    imported(of(tmp_path, "new", "2025-03-31", ",record", [f"{moved},e1"]), tmp_path / "store", "append")
    assert [(e.date.day, e.record) for e in events_of(tmp_path / "store")] == [(3, "e1")]
