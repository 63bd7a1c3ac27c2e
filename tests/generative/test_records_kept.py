"""A store gives back every record that it was given, with all that it says, and both engines read it alike."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from tests.generative import rule_made as made
from tests.generative.test_engines_agree import SUMMED, near, probe, tables
from tests.profiles import examples

from remit.evaluation.engine.counting import _tables
from remit.evaluation.engine.planning import query_plan
from remit.evaluation.engine.practice import Engine
from remit.evaluation.reference import PatientChart
from remit.records.event_rows import plain
from remit.records.manifest import Extract, Partition, manifest_of, write_manifest
from remit.records.model import Event, Patient
from remit.records.partition import write_file
from remit.records.store import Store

PEOPLE = st.one_of(near, st.lists(made.patients(far=True), min_size=1, max_size=2).map(
    lambda those: [replace(patient, id=str(n)) for n, patient in enumerate(those)]
))  # fmt: skip


def stored(home: Path, patients: list[Patient]) -> Store:
    """A store of one practice, written as the import writes it."""
    held = {name: table for name, table in tables(patients).items() if table.num_rows or name == "patients"}
    files = {name: write_file(home, "A1", 1, name, table) for name, table in held.items()}
    write_manifest(home, manifest_of({"ids": "kept"}, {"A1": Partition((Extract("e", date(2025, 3, 31), 1),), files)}))
    return Store(home)


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


@given(PEOPLE)
def test_what_is_stored_comes_back(patients: list[Patient]) -> None:
    with tempfile.TemporaryDirectory() as home:
        found = {one.id: one for one in stored(Path(home), patients).patients("A1")}
    for patient in patients:
        assert sorted(map(as_kept, found[patient.id].events)) == sorted(map(as_kept, patient.events))
        days = [event.date for event in found[patient.id].events]
        assert days == sorted(days)


@given(near)
@examples(0.3)
def test_the_engine_finds_in_a_store_what_the_interpreter_finds(patients: list[Patient]) -> None:
    """Each number and day that sums up all records, from Parquet files: a column that no row uses is in none."""
    charts = [PatientChart(patient, made.meaning({})) for patient in patients]
    of = probe(SUMMED, charts)
    plan = query_plan([of], {}, made.DATES)
    engine = Engine(plan, made.CODES, systems=made.SYSTEMS)
    with tempfile.TemporaryDirectory() as home:
        (found,) = engine.run([_tables(stored(Path(home), patients), "A1")])
    engine.close()
    for at, (name, _) in enumerate(plan.indicators[0].parts):
        expected = [chart.holds(of.parts["PROBES"][name], of) for chart in charts]
        assert [bool(met) for met in found.parts[0][at]] == expected, name
