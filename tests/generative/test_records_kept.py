"""A store gives back every record that it was given, with all that it says, and both engines read it alike."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from unittest import mock

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st
from tests.generative import rule_made as made
from tests.generative.test_engines_agree import SUMMED, near, probe, tables
from tests.profiles import examples

from remit.evaluation.engine.counting import _tables
from remit.evaluation.engine.planning import query_plan
from remit.evaluation.engine.practice import Engine
from remit.evaluation.reference import PatientChart
from remit.records.by_code import tables_by_code
from remit.records.event_rows import plain
from remit.records.layout import BY_NAME, Layout
from remit.records.manifest import DROPPED, Extract, Partition, Stored, manifest_of, write_manifest
from remit.records.model import Event, Patient
from remit.records.partition import write_file
from remit.records.pieces import PLACES
from remit.records.standing import sorted_rows
from remit.records.store import Store

PEOPLE = st.one_of(near, st.lists(made.patients(far=True), min_size=1, max_size=2).map(
    lambda those: [replace(patient, id=str(n)) for n, patient in enumerate(those)]
))  # fmt: skip


def stored(home: Path, patients: list[Patient], beside: bool = False, by_code: bool = False) -> Store:
    """A store of one practice, written as the import writes it; with `by_code` by code too. With `beside` as an append
    leaves it: every second event and prescription beside the files, which still hold it as a row that was dropped."""
    held = {name: table for name, table in tables(patients).items() if table.num_rows or name == "patients"}
    later: dict[str, Stored] = {}
    for name in ("events", "prescriptions") if beside else ():
        if name in held:
            held[name], laid = _parted(BY_NAME[name], held[name])
            later |= {ending: write_file(home, "A1", 2, ending, rows) for ending, rows in laid.items() if rows.num_rows}
    files = {name: write_file(home, "A1", 1, name, table) for name, table in held.items()}
    if by_code:
        with mock.patch("remit.records.by_code.LEAST_ROWS", 1):
            files |= tables_by_code(home, files, held["patients"]["patient_id"].combine_chunks())
    part = Partition((Extract("e", date(2025, 3, 31), 1),), files, (later,) if later else ())
    write_manifest(home, manifest_of({"ids": "kept"}, {"A1": part}))
    return Store(home)


def _parted(layout: Layout, rows: pa.Table) -> tuple[pa.Table, dict[str, pa.Table]]:
    """All rows as one file, and what would be beside it if every second of them had come again."""
    rows = sorted_rows(rows, layout.order(rows.column_names))
    places = range(1, rows.num_rows, 2)
    dropped = pa.table([[1] * len(places), list(places)], schema=PLACES)
    return rows, {layout.name: rows.take(pa.array(places, pa.int64())), layout.name + DROPPED: dropped}


def as_kept(event: Event) -> tuple[object, ...]:
    """All that an event says, in an order."""
    value = None if event.value is None else str(plain(event.value))
    end = (event.lasts, str(event.end))
    rest = (event.system, event.comparator, event.answer, event.status, event.negation, event.record)
    return (
        str(event.date),
        event.code,
        event.reading,
        str(value),
        event.unit,
        event.episode,
        str(event.time),
        end,
        rest,
    )


@given(PEOPLE, st.booleans())
def test_what_is_stored_comes_back(patients: list[Patient], beside: bool) -> None:
    with tempfile.TemporaryDirectory() as home:
        found = {one.id: one for one in stored(Path(home), patients, beside).patients("A1")}
    for patient in patients:
        assert sorted(map(as_kept, found[patient.id].events)) == sorted(map(as_kept, patient.events))
        days = [event.date for event in found[patient.id].events]
        assert days == sorted(days)


@given(near, st.booleans(), st.booleans())
@examples(0.3)
def test_the_engine_finds_in_a_store_what_the_interpreter_finds(
    patients: list[Patient], beside: bool, by_code: bool
) -> None:
    """Each number and day that sums up all records, from Parquet files: a column that no row uses is in none."""
    charts = [PatientChart(patient, made.meaning({})) for patient in patients]
    of = probe(SUMMED, charts)
    plan = query_plan([of], {}, made.DATES)
    engine = Engine(plan, made.CODES, systems=made.SYSTEMS)
    with tempfile.TemporaryDirectory() as home:
        (found,) = engine.run([_tables(stored(Path(home), patients, beside, by_code), "A1")])
    engine.close()
    for at, (name, _) in enumerate(plan.indicators[0].parts):
        expected = [chart.holds(of.parts["PROBES"][name], of) for chart in charts]
        assert [bool(met) for met in found.parts[0][at]] == expected, name
