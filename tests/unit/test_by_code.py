"""Records by code: what the file holds, when it is read, and that it is no part of what the records are."""

from __future__ import annotations

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.bad_files.command import remit
from tests.faults.folders import HEADERS, imported, write_folder

from remit.core.problems import Refused
from remit.evaluation.engine.counting import _tables
from remit.evaluation.outside_clusters import outside
from remit.records.by_code import ByCode, by_code_of
from remit.records.compacting import compact
from remit.records.layout import EVENTS, PRESCRIPTIONS
from remit.records.quality import check_store
from remit.records.store import Store

EXTRACT = {
    "extracts": ["2025-03,A1,2025-03-31"],
    "patients": ["A1,p2,1950-06-30,F,,,,", "A1,p1,1960-01-01,M,,,,", "A1,p3,1970-01-01,M,,,,"],
    "events": [
        "A1,p2,2025-01-02,20,7.5,kg,,",
        "A1,p2,2025-01-02,20,9,kg,,",
        "A1,p3,2025-01-01,10,,,first,",
        "A1,p1,2025-02-01,20,8,kg,,r1",
        "A1,p2,2025-01-01,20,,,,",
        "A1,p1,2024-01-01,30,,,,",
    ],
    "prescriptions": ["A1,p3,2025-01-01,m1,28,tablet"],
}
LATER = {
    "extracts": ["2025-04,A1,2025-04-30"],
    "patients": ["A1,p0,1980-01-01,F,,,,"],
    "events": ["A1,p0,2025-04-01,20,9,kg,,"],
    "prescriptions": [],
}


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setattr("remit.records.by_code.LEAST_ROWS", 1)
    imported(write_folder(tmp_path / "in", EXTRACT), tmp_path / "store")
    return Store(tmp_path / "store")


def read(store: Store, table: str = "events") -> list[dict[str, Any]]:
    return list(pq.read_table(store.folder / store.partition("A1").tables[f"{table}.bycode"].file).to_pylist())


def test_the_rows_are_by_code_then_as_in_the_plain_file_with_patients_by_their_place(store: Store) -> None:
    none = {"value": None, "unit": "", "episode": "", "reading": ""}
    assert read(store) == [
        {"code": "10", "patient": 2, "date": date(2025, 1, 1), **none, "episode": "first"},
        {"code": "20", "patient": 0, "date": date(2025, 2, 1), **none, "value": Decimal(8), "unit": "kg",
         "reading": "r1"},
        {"code": "20", "patient": 1, "date": date(2025, 1, 1), **none},
        {"code": "20", "patient": 1, "date": date(2025, 1, 2), **none, "value": Decimal("7.5"), "unit": "kg"},
        {"code": "20", "patient": 1, "date": date(2025, 1, 2), **none, "value": Decimal(9), "unit": "kg"},
        {"code": "30", "patient": 0, "date": date(2024, 1, 1), **none},
    ]  # fmt: skip
    assert read(store, "prescriptions") == [
        {"code": "m1", "patient": 2, "date": date(2025, 1, 1), "quantity": Decimal(28), "unit": "tablet"}
    ]


def test_it_says_how_many_rows_each_code_has(store: Store) -> None:
    events = by_code_of(store, "A1", EVENTS)
    assert events
    codes, many = events.counts()
    assert dict(zip(codes.to_pylist(), many.to_pylist(), strict=True)) == {"10": 1, "20": 4, "30": 1}
    assert outside(store, "A1", pa.array(["20"])) == {"events": {"10": 1, "30": 1}, "prescriptions": {"m1": 1}}


def test_rows_of_some_codes_are_read_with_few_others(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("remit.records.by_code._ROW_GROUP", 1)
    imported(write_folder(tmp_path / "again", EXTRACT), store.folder, "replace")
    again = Store(store.folder)
    events = by_code_of(again, "A1", EVENTS)
    assert events
    for codes in ([], ["05"], ["10", "30"], ["20", "25"], ["99"]):
        near = events.near(codes, ["code", "patient"])["code"].to_pylist()
        assert near == [row["code"] for row in read(again) if row["code"] in codes]


def test_of_few_rows_there_is_none(tmp_path: Path) -> None:
    imported(write_folder(tmp_path / "in", EXTRACT), tmp_path / "store")
    small = Store(tmp_path / "store")
    assert [by_code_of(small, "A1", layout) for layout in (EVENTS, PRESCRIPTIONS)] == [None, None]


def test_what_the_records_are_is_the_same_with_it_and_without(store: Store, tmp_path: Path) -> None:
    shutil.rmtree(store.folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("remit.records.by_code.LEAST_ROWS", 100)
        imported(tmp_path / "in", tmp_path / "plain")
    imported(tmp_path / "in", store.folder)
    parts = [Store(folder).partition("A1") for folder in (store.folder, tmp_path / "plain")]
    assert parts[0].hashes() == parts[1].hashes()
    assert parts[0].tables.keys() - parts[1].tables.keys() == {"events.bycode", "prescriptions.bycode"}


def test_one_that_was_changed_is_refused(store: Store, tmp_path: Path) -> None:
    path = store.folder / store.partition("A1").tables["events.bycode"].file
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(Refused) as refused:
        check_store(store)
    assert {problem.code for problem in refused.value.problems} == {"records.file-changed"}
    said = remit("evaluate", "qif-2024-25", "--records", store.folder, "--out", tmp_path / "out")
    assert said.status != 0
    assert "evaluation.records-changed" in said.err


@pytest.fixture
def appended(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """With a patient before the others, and a row that says more of one that was there."""
    monkeypatch.setattr("remit.records.importing.pays", lambda *_: True)
    later = write_folder(tmp_path / "later", LATER)
    says_more = ["A1,p2,2025-01-02,20,7.5,kg,,,final", "A1,p0,2025-04-01,20,9,kg,,,"]
    (later / "events.csv").write_text("\n".join([HEADERS["events"] + ",status", *says_more]) + "\n")
    imported(later, store.folder, "append")
    return Store(store.folder)


def test_what_lies_beside_is_read_besides_the_rows_by_code(appended: Store) -> None:
    tables = _tables(appended, "A1")
    assert isinstance(tables.events.rows, ByCode)
    assert tables.events.rows.patients is not None
    assert tables.events.rows.patients.to_pylist() == ["p1", "p2", "p3"]
    assert tables.events.rows.changed is not None
    assert tables.events.rows.changed.to_pylist() == [{"code": "20", "patient": 1, "date": date(2025, 1, 2)}]
    _, standing = tables.events.beside
    assert isinstance(standing.rows, pa.Table)
    assert standing.rows["value"].to_pylist() == [Decimal(9)], "the row of the same code, patient and day that stands"
    assert isinstance(tables.prescriptions.rows, ByCode)
    assert tables.prescriptions.beside == ()
    none = pa.array([], pa.string())
    assert outside(appended, "A1", none) == {"events": {"10": 1, "20": 5, "30": 1}, "prescriptions": {"m1": 1}}
    check_store(appended)


def test_written_anew_the_numbers_are_the_new_places(appended: Store) -> None:
    assert "patients.bycode" in appended.partition("A1").tables
    compact(appended.folder)
    compacted = Store(appended.folder)
    assert "patients.bycode" not in compacted.partition("A1").tables
    assert [(row["code"], row["patient"]) for row in read(compacted)] == [
        ("10", 3), ("20", 0), ("20", 1), ("20", 2), ("20", 2), ("20", 2), ("30", 1)
    ]  # fmt: skip


def test_where_a_row_is_of_nobody_who_is_left_there_is_none(store: Store, tmp_path: Path) -> None:
    """A later extract may say something of a patient whom only the earlier one had, which is then taken out."""
    later = {**LATER, "events": ["A1,p1,2025-04-01,20,9,kg,,", *LATER["events"]]}
    imported(write_folder(tmp_path / "later", later), store.folder, "append")
    imported(write_folder(tmp_path / "gone", {"extracts": EXTRACT["extracts"]}), store.folder, "delete")
    left = Store(store.folder)
    assert left.table("A1", "events")["patient_id"].to_pylist() == ["p0", "p1"]
    assert left.table("A1", "patients")["patient_id"].to_pylist() == ["p0"]
    assert by_code_of(left, "A1", EVENTS) is None
