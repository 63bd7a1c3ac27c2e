"""The DuckDB engine and the reference interpreter, on generated rules and records: the same rule decides everybody."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, get_args

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.generative import rule_made as made

from remit.evaluation import rules as r
from remit.evaluation.engine.planning import query_plan
from remit.evaluation.engine.practice import Engine, Tables
from remit.evaluation.plan import members
from remit.evaluation.reference import Chart
from remit.records.layout import EVENTS, PATIENTS, PRESCRIPTIONS, REGISTRATIONS, Layout
from remit.records.model import Patient


def _people(far: bool) -> st.SearchStrategy[list[Patient]]:
    return st.lists(made.patients(far=far), min_size=1, max_size=5).map(
        lambda those: [replace(patient, id=str(n)) for n, patient in enumerate(those)]
    )


near, far = _people(far=False), _people(far=True)


def tables(patients: list[Patient]) -> dict[str, pa.Table]:
    """The patients as a store has them; every third record as a prescription where it can be one."""
    events, issued = [], []
    for patient in patients:
        for n, e in enumerate(patient.events):
            if n % 3 == 2 and not e.episode and not e.reading:
                issued.append((patient.id, e.date, e.code, e.value, e.unit, ""))
            else:
                events.append((patient.id, e.date, e.code, e.value, e.unit, e.episode, e.reading, ""))
    rows: dict[Layout, list[tuple[Any, ...]]] = {
        PATIENTS: [(p.id, p.born, p.sex, p.died, "", None, "", "") for p in patients],
        REGISTRATIONS: [(p.id, s.practice, s.start, s.end, "") for p in patients for s in p.registrations],
        EVENTS: events,
        PRESCRIPTIONS: issued,
    }
    return {
        layout.name: pa.table([list(column) for column in zip(*those, strict=True)], schema=layout.schema)
        if those
        else layout.schema.empty_table()
        for layout, those in rows.items()
    }


def both(patients: list[Patient], known: tuple[dict[str, r.Definition], dict[str, r.Definition]]):
    """What each engine says: of each indicator the rule, the branch and the day by patient; of each register who."""
    registers, indicators = known
    indicators = indicators | {f"in {code}": members(f"in {code}", one) for code, one in registers.items()}
    meaning = made.meaning(registers)
    plan = query_plan(indicators.values(), registers, made.DATES)
    engine = Engine(plan, made.CODES)
    held = tables(patients)
    engine.connection.register("held_events", held["events"])
    engine.connection.register("held_prescriptions", held["prescriptions"])
    (found,) = engine.run([Tables("A1", held["patients"], held["registrations"], "held_events", "held_prescriptions")])
    engine.close()
    fast: dict[Any, Any] = {}
    slow: dict[Any, Any] = {}
    for at, decision in enumerate(plan.indicators):
        for p, code in enumerate(found.codes[at]):
            days = found.days[at]
            day = date(1970, 1, 1) + timedelta(int(days[0][p])) if days is not None and days[1][p] else None
            branch = decision.branches[code] if code >= 0 else None
            fast[decision.code, p] = branch and (branch.rule, branch.branch, branch.counts, day)
        for part, (name, _) in enumerate(decision.parts):
            for p, met in enumerate(found.parts[at][part]):
                fast[decision.code, name, p] = bool(met)
    for register, on in found.members.items():
        fast |= {(register, p): bool(is_on) for p, is_on in enumerate(on)}
    for p, patient in enumerate(patients):
        chart = Chart(patient, meaning)
        for code, definition in indicators.items():
            outcome = chart.outcome(definition)
            slow[code, p] = outcome and (outcome.rule, outcome.branch, outcome.counts, outcome.day)
            for group in definition.parts.values():
                slow |= {(code, name, p): chart.holds(part, definition) for name, part in group.items()}
        slow |= {(register, p): chart.on_register(register) for register in found.members}
    return fast, slow


@given(near, made.definitions())
@settings(max_examples=max(settings().max_examples, 100))
def test_the_engines_agree_on_every_rule(patients: list[Patient], known) -> None:
    agree(patients, known)


@given(far, made.definitions(far=True))
@settings(max_examples=max(settings().max_examples, 100))
def test_the_engines_agree_at_the_ends_of_the_calendar(patients: list[Patient], known) -> None:
    agree(patients, known)


def agree(patients: list[Patient], known) -> None:
    fast, slow = both(patients, known)
    differ = {key: (fast[key], slow[key]) for key in slow if fast[key] != slow[key]}
    assert not differ
    assert fast.keys() == slow.keys()


def test_every_operation_has_a_generator() -> None:
    for union, generators in ((r.Field, made.FIELDS), (r.Condition, made.CONDITIONS), (r.Term, made.TERMS)):
        assert set(get_args(union)) == set(generators)
