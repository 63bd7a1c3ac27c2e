"""An evaluation that goes on from an earlier one, on generated rules and records: all is as if nothing had been kept.

Between the two records come and go, the day moves, patients join, die and move away, and what is known of them changes.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
from hypothesis import event, given
from hypothesis import strategies as st
from tests.generative import rule_made as made
from tests.generative.test_appended import extracts, told, written
from tests.generative.test_engines_agree import SUMMED, given_to
from tests.profiles import examples

from remit.evaluation.engine.counting import DuckDB
from remit.evaluation.engine.onward import Change, Onward
from remit.evaluation.engine.planning import query_plan
from remit.evaluation.engine.results import PatientResults
from remit.evaluation.kept_results.folder import Then
from remit.evaluation.kept_results.practice import KeptPractice, from_table, to_table
from remit.evaluation.model import Dates
from remit.evaluation.outside_clusters import outside
from remit.evaluation.plan import RATES, Counted, Plan, members
from remit.records.compacting import compact
from remit.records.model import Event, Patient
from remit.records.store import Store
from remit.rules import model as r

DAYS = (date(2024, 9, 30), date(2025, 2, 28), date(2025, 3, 31))


@dataclass(frozen=True)
class Month:
    """The patients then and now, and of those who were there then the records that stayed."""

    then: list[Patient]
    now: list[Patient]
    stayed: list[Patient]


@st.composite
def months(draw: st.DrawFn) -> Month:
    """Some patients, and how they were a month before."""
    then: list[Patient] = []
    now: list[Patient] = []
    stayed: list[Patient] = []
    for number, patient in enumerate(draw(st.lists(made.patients(), min_size=1, max_size=4))):
        one = replace(patient, id=str(number))
        now.append(one)
        if draw(st.booleans()) and draw(st.booleans()):
            continue  # a new patient
        came = draw(st.sets(st.sampled_from(range(len(one.events))), max_size=3)) if one.events else set[int]()
        gone = draw(st.lists(made.events(), max_size=2)) if draw(st.booleans()) else []
        same = tuple(e for at, e in enumerate(one.events) if at not in came)
        other = draw(made.patients()) if draw(st.booleans()) else one
        stayed.append(replace(one, events=same))
        then.append(replace(other, id=one.id, events=tuple(sorted((*same, *gone), key=lambda e: e.date))))
    return Month(then, now, stayed)


def _less(patients: list[Patient], others: list[Patient]) -> list[Patient]:
    """The patients with those of their records that the same among `others` do not have."""
    left = []
    held = {one.id: Counter(one.events) for one in others}
    for one in patients:
        rest = Counter(one.events) - held.get(one.id, Counter[Event]())
        left.append(replace(one, events=tuple(sorted(rest.elements(), key=lambda e: e.date))))
    return left


def _dated(patients: list[Patient], after: date, until: date) -> list[Patient]:
    return [replace(one, events=tuple(e for e in one.events if after < e.date <= until)) for one in patients]


def _engine(known: tuple[dict[str, r.Definition], dict[str, r.Definition]], on: date, every_way: bool) -> Onward:
    registers, indicators = known
    indicators = indicators | {f"in {code}": members(f"in {code}", one) for code, one in registers.items()}
    every = (SUMMED, replace(SUMMED, code="DIED", population="died in the year")) if every_way else ()
    indicators |= {one.code: one for one in every}
    dates: Dates = replace(made.DATES, achievement=on)
    return Onward(query_plan(indicators.values(), registers, dates), made.CODES, systems=made.SYSTEMS, keep=True)


def _kept(found: PatientResults) -> KeptPractice:
    """What is kept of results, written and read again."""
    assert found.kept is not None
    return from_table(to_table(found.kept))


@given(
    months(),
    made.definitions(),
    st.sampled_from([(one, two) for one in DAYS for two in DAYS if one <= two]),
    st.sampled_from((True, False, False)),
)
def test_going_on_gives_what_reading_everything_gives(
    month: Month, known, days: tuple[date, date], every_way: bool
) -> None:
    before, on = days
    first, second, whole = (_engine(known, day, every_way) for day in (before, on, on))
    (then,) = first.run([given_to(first, "A1", month.then)])
    later = {one.id: one.events for one in _dated(month.stayed, before, on)}
    came = [replace(one, events=tuple(sorted((*one.events, *later.get(one.id, ())), key=lambda e: e.date)))
            for one in _less(month.now, month.stayed)]  # fmt: skip
    gone = _dated(_less(month.then, month.stayed), date.min, before)
    change = Change(
        given_to(second, "A1", month.now), replace(given_to(second, "came", came), practice="A1"),
        replace(given_to(second, "gone", gone), practice="A1"), _kept(then),
    )  # fmt: skip
    (onward,) = second.go_on([change])
    (anew,) = whole.run([given_to(whole, "A1", month.now)])
    one, two = _kept(onward), _kept(anew)
    assert one.left_out == +two.left_out
    assert one.patients.equals(two.patients)
    assert _said(one) == _said(two)
    event(f"the day moves: {before < on}")
    event(f"records went: {any(one.events for one in gone)}")
    event(f"new patients: {len(month.then) < len(month.now)}")
    for engine in (first, second, whole):
        engine.close()


def _said(kept: KeptPractice) -> dict[str, Any]:
    """The columns: of each what it was worked out by, and of whom it says what."""
    own = kept.columns
    ends = own.counts.cumsum().tolist()
    return {
        name: (of, own.places[end - many : end].tolist(), own.values[end - many : end].tolist())
        for name, of, many, end in zip(own.names, own.of, own.counts.tolist(), ends, strict=True)
    }


def _found(then: dict[str, Then], store: Store, on: date) -> tuple[Any, dict[str, Then]]:
    """What a store comes to on a day, all practices together, going on from what was kept then; and what is kept of
    it."""
    dates = replace(made.DATES, achievement=on)
    engine = DuckDB(Plan((Counted("SUMMED", SUMMED, RATES),), {}), made.meaning({}, dates), keep=True)
    said: list[Any] = []
    kept_now: dict[str, Then] = {}
    for code, counted in zip(store.codes, engine.practices(store, store.codes, then), strict=True):
        outside_codes = outside(store, code, pa.array(["c1"]), counted.since)
        assert counted.kept is not None
        kept = replace(counted.kept, outside=outside_codes)
        event(f"went on: {counted.since is not None}" if then else "the first")
        said.append((counted.outcomes.to_pylist(), counted.people.to_pylist(), counted.tally, _said(kept)))
        said.append(outside_codes)
        kept_now[code] = Then(on, store.partition(code).hashes(), from_table(to_table(kept)))
    engine.engine.close()
    return said, kept_now


def _of(practice: str, tables: dict[str, list[str]]) -> dict[str, list[str]]:
    """An extract as another practice's."""
    return {name: [line.replace("A1", practice) for line in lines] for name, lines in tables.items()}


@given(
    st.tuples(*(st.tuples(extracts(n), extracts(n)) for n in range(3))),
    st.lists(st.sampled_from((date(2024, 5, 1), date(2024, 9, 30), *DAYS)), min_size=3, max_size=3).map(sorted),
    st.tuples(*(st.booleans(),) * 3),
    st.booleans(),
)
@examples(0.25)
def test_a_store_that_grew_comes_to_what_reading_it_all_comes_to(
    each: tuple[tuple[dict[str, list[str]], ...], ...], days: list[date], beside: tuple[bool, ...], folds: bool
) -> None:
    then: dict[str, Then] = {}
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        for n, (both, on) in enumerate(zip(each, days, strict=True)):
            for code, tables in zip(("A1", "B1"), both, strict=True):
                told(written(home / f"{code}{n}", _of(code, tables)), home / "store", beside[n])
            if not (home / "store").exists():
                continue  # the first ones were refused
            store = Store(home / "store")
            whole, _ = _found({}, store, on)
            onward, then = _found(then, store, on)
            assert onward == whole
            if folds and any(store.partition(code).beside for code in store.codes):
                compact(store.folder)
                folded = Store(store.folder)
                assert all(folded.partition(code).are(store.partition(code).hashes()) for code in store.codes)
                again, _ = _found(then, folded, on)
                assert again == whole
