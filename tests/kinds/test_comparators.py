"""Kind: a result with a comparator, or in words. Its record and its day stay, and so does the comparator; an open range
that straddles a threshold achieves nothing, and no older value becomes the latest.

The table has each place where a cell can be written and each importer; below it are check, evaluate (both engines),
explain, worklist and run.
"""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.bad_files.command import remit
from tests.kinds.value_records import HBA, Person, counted, event, explained, folder_of, stored

from remit.records.store import Store

CELLS: dict[str, tuple[str, str, str, str]] = {
    # cell: number, comparator, unit, answer
    "50": ("50", "", "mmol/mol", ""),
    ">130": ("130", ">", "mmol/mol", ""),
    "> 130": ("130", ">", "mmol/mol", ""),
    " >130 ": ("130", ">", "mmol/mol", ""),
    "<20": ("20", "<", "mmol/mol", ""),
    "<=20": ("20", "<=", "mmol/mol", ""),
    "=<20": ("20", "<=", "mmol/mol", ""),
    "\N{LESS-THAN OR EQUAL TO}20": ("20", "<=", "mmol/mol", ""),
    "\N{GREATER-THAN OR EQUAL TO} 90": ("90", ">=", "mmol/mol", ""),
    "=>90": ("90", ">=", "mmol/mol", ""),
    ">=90": ("90", ">=", "mmol/mol", ""),
    "\N{FULLWIDTH GREATER-THAN SIGN}130": ("130", ">", "mmol/mol", ""),
    "&lt;20": ("20", "<", "mmol/mol", ""),
    "less than 20": ("20", "<", "mmol/mol", ""),
    "Over 130": ("130", ">", "mmol/mol", ""),
    "=50": ("50", "", "mmol/mol", ""),
    ">130 mmol/mol": ("130", ">", "mmol/mol", ""),
    "50mmol/mol Hb": ("50", "", "mmol/mol", ""),
    "trace": ("", "", "mmol/mol", "trace"),
    "negative": ("", "", "mmol/mol", "negative"),
    "see comment": ("", "", "mmol/mol", "see comment"),
    "+++": ("", "", "mmol/mol", "+++"),
    # What cannot be read is no value; nothing is lost with it.
    ">130 mmol/L": ("", "", "mmol/mol", ""),
    "1,234": ("", "", "mmol/mol", ""),
    "130/80": ("", "", "mmol/mol", ""),
    "1.3E+02": ("", "", "mmol/mol", ""),
    "0E-18": ("0", "", "mmol/mol", ""),  # a 0 of a column of 18 decimals, as databases write it
    # A raised or circled figure is no digit: 5\N{SUPERSCRIPT TWO} is not 52.
    "5\N{SUPERSCRIPT TWO}": ("", "", "mmol/mol", ""),
    "5\N{CIRCLED DIGIT TWO}": ("", "", "mmol/mol", ""),
    "\N{CIRCLED DIGIT FIVE}0": ("", "", "mmol/mol", ""),
    "52\N{VULGAR FRACTION ONE HALF}": ("", "", "mmol/mol", ""),
    "0.12345678": ("", "", "mmol/mol", ""),
    "-": ("", "", "mmol/mol", ""),
}


def events_of(store: Path) -> list[tuple[str, str, str, str]]:
    (person,) = Store(store).patients("A1")
    return [
        ("" if e.value is None else format(e.value, "f"), e.comparator, e.unit, e.answer)
        for e in person.events
        if e.code == HBA
    ]


@pytest.mark.parametrize("importer", ["csv", "parquet"])
@pytest.mark.parametrize("cell", CELLS)
def test_the_record_stays_with_its_comparator(tmp_path: Path, cell: str, importer: str) -> None:
    people = {"p": [event("2024-06-01", HBA, "50"), event("2024-11-01", HBA, cell)]}
    store = stored(tmp_path, people, importer)
    assert events_of(store) == [("50", "", "mmol/mol", ""), CELLS[cell]]
    assert not list(store.glob("rejected-*.csv"))


COLUMNS: dict[tuple[str, str], tuple[str, str]] = {
    # the column `comparator`, and the value's cell: comparator and number
    (">", "130"): (">", "130"),
    ("\N{LESS-THAN OR EQUAL TO}", "20"): ("<=", "20"),
    ("=>", "90"): (">=", "90"),
    ("=", "50"): ("", "50"),
    (">", ">130"): (">", "130"),
    ("", ">130"): (">", "130"),
    ("<", ">130"): ("<", ""),
    ("~", "130"): ("", ""),
}


@pytest.mark.parametrize("importer", ["csv", "parquet"])
@pytest.mark.parametrize("column", COLUMNS)
def test_a_comparator_in_its_own_column(tmp_path: Path, column: tuple[str, str], importer: str) -> None:
    comparator, cell = column
    store = stored(tmp_path, {"p": [event("2024-11-01", HBA, cell, comparator=comparator)]}, importer)
    ((number, found, *_),) = events_of(store)
    assert (found, number) == COLUMNS[column]


def test_a_number_of_parquet_may_have_a_comparator_beside_it(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, {"p": [event("2024-11-01", HBA, "130", comparator=">")]})
    rows = list(csv.DictReader((folder / "events.csv").open(encoding="utf-8")))
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    values = [Decimal(value) if value else None for value in columns.pop("value")]
    (folder / "events.csv").unlink()
    pq.write_table(pa.table({**columns, "value": pa.array(values, pa.decimal128(9, 2))}), folder / "events.parquet")
    said = remit("records", "import", folder, "--store", tmp_path / "store", "--keep-ids")
    assert said.status == 0
    assert events_of(tmp_path / "store") == [("130", ">", "mmol/mol", "")]


def test_an_nhs_number_beside_a_comparator_is_not_stored(tmp_path: Path) -> None:
    store = stored(tmp_path, {"p": [event("2024-11-01", HBA, ">4010232137"), event("2024-12-01", HBA, "x 4010232137")]})
    assert [(number, answer) for number, _, _, answer in events_of(store)] == [("", "")] * 2


PEOPLE: dict[str, Person] = {
    # DM020 asks for the latest HbA1c to be at most 58 in the year: whom it counts as what.
    "over-130": [event("2024-06-01", HBA, "50"), event("2024-11-01", HBA, ">130")],
    "under-20": [event("2024-11-01", HBA, "<20")],
    "under-59": [event("2024-11-01", HBA, "<59")],
    "at-most-58": [event("2024-11-01", HBA, "<=58")],
    "under-58.000001": [event("2024-11-01", HBA, "<58.000001")],
    "at-least-58": [event("2024-11-01", HBA, ">=58")],
    "trace": [event("2024-06-01", HBA, "50"), event("2024-11-01", HBA, "trace")],
    "50-and-over-130": [event("2024-11-01", HBA, "50"), event("2024-11-01", HBA, ">130")],
}
ACHIEVED = {"under-20", "at-most-58", "50-and-over-130"}
"""Of several values of one day the rule takes the lowest: 50. What is below 58.000001 begins half a millionth below it,
so it is not surely at most 58."""


@pytest.mark.parametrize("engine", ["duckdb", "reference"])
def test_what_straddles_a_threshold_achieves_nothing(tmp_path: Path, engine: str) -> None:
    found, told = counted(tmp_path, PEOPLE, engine, "DM020")
    assert {who for who, category in found.items() if category == "achieved"} == ACHIEVED
    assert {who for who, category in found.items() if category == "not_achieved"} == PEOPLE.keys() - ACHIEVED
    assert "values" not in told, "none is left out"


def test_check_and_explain_show_the_comparator(tmp_path: Path) -> None:
    store = stored(tmp_path, PEOPLE)
    checked = remit("records", "check", store, "--on", "2025-03-31")
    assert checked.status == 0
    assert "Impossible" not in checked.out
    assert "IFCCHBA_VAL >130" in explained(store, "DM020", "over-130")


def test_an_impossible_number_with_a_comparator_is_no_value(tmp_path: Path) -> None:
    found, told = counted(tmp_path, {"p": [event("2024-11-01", HBA, "<5")]}, "duckdb", "DM020")
    assert found == {"p": "not_achieved"}
    assert "1 value is what nobody can have: 1 of IFCCHBAM_COD in mmol/mol" in told
