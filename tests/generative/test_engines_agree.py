"""The DuckDB engine and the reference interpreter, on generated rules and records: the same rule decides everybody."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from pathlib import Path
from typing import Any, get_args

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st
from tests.generative import rule_made as made
from tests.profiles import examples

from remit.evaluation.counting import left_out
from remit.evaluation.engine.entries import Held, Tables
from remit.evaluation.engine.planning import query_plan
from remit.evaluation.engine.practice import Engine
from remit.evaluation.model import Dates
from remit.evaluation.plan import members
from remit.evaluation.reference import PatientChart, Range, shifted
from remit.records.by_code import ByCode, write_rows
from remit.records.by_code import by_code as rows_by_code
from remit.records.layout import EVENTS, PATIENTS, PRESCRIPTIONS, REGISTRATIONS, Layout
from remit.records.model import OPEN_DAY, UNKNOWN_DAY, Patient
from remit.rules import model as r
from remit.rules.values_read import values_read


def _people(far: bool) -> st.SearchStrategy[list[Patient]]:
    return st.lists(made.patients(far=far), min_size=1, max_size=5).map(
        lambda those: [replace(patient, id=str(n)) for n, patient in enumerate(those)]
    )


near, far = _people(far=False), _people(far=True)
dates = st.sampled_from([made.DATES, made.DATES, replace(made.DATES, achievement=date(2024, 9, 30))])
"""At the year's end, or a position within the year: its end is then in the future."""


def tables(patients: list[Patient]) -> dict[str, pa.Table]:
    """The patients as a store has them; every third record as a prescription where it can be one. Columns that no
    record uses are not there."""
    events, issued = [], []
    for patient in patients:
        for n, e in enumerate(patient.events):
            said = (e.time, e.comparator, e.answer, e.negation, e.episode, e.reading)
            days = (e.end - e.date).days + 1 if e.end and e.end > e.date else None
            if n % 3 == 2 and not any(said) and e.time is None and (days is not None or not e.lasts):
                issued.append((patient.id, e.date, e.code, e.value, e.unit, days, e.system, e.status, e.record, ""))
            else:
                end = {"open": OPEN_DAY, "unknown": UNKNOWN_DAY}.get(e.lasts, e.end)
                events.append((patient.id, e.date, e.code, e.value, e.unit, e.episode, e.reading, e.time, end, e.system,
                               e.comparator, e.answer, e.status, e.negation, e.record, ""))  # fmt: skip
    rows: dict[Layout, list[tuple[Any, ...]]] = {
        PATIENTS: [(p.id, p.born, p.sex, p.died, p.ethnicity, None, "", "") for p in patients],
        REGISTRATIONS: [(p.id, s.practice, s.start, s.end, "") for p in patients for s in p.registrations],
        EVENTS: events,
        PRESCRIPTIONS: issued,
    }
    return {
        layout.name: layout.as_stored(
            pa.table([list(column) for column in zip(*those, strict=True)], schema=layout.schema_with(layout.optional))
        )
        if those
        else layout.schema.empty_table()
        for layout, those in rows.items()
    }


def given_to(engine: Engine, practice: str, patients: list[Patient], by_code: Path | None = None) -> Tables:
    """Patients as an engine is given a practice's; with `by_code` by files of rows by code that are made there."""
    held = tables(patients)
    given = []
    for layout in (EVENTS, PRESCRIPTIONS):
        rows = held[layout.name]
        columns = frozenset(rows.column_names) & {*layout.optional}
        name = f"{layout.name}_{practice}"
        if by_code:
            with (by_code / name).open("wb") as file:
                write_rows(file, rows_by_code(layout, rows, held["patients"]["patient_id"].combine_chunks()))
            given.append(Held(ByCode(by_code / name, layout), columns))
        else:
            engine.connection.register(name, rows)
            given.append(Held(name, columns))
    return Tables(practice, held["patients"], held["registrations"], *given)


_ALL = tuple(sorted(made.CODES))
_SUMMED: dict[str, r.Field] = {
    "FIRST_DAT": r.Pick("earliest", _ALL, None),
    "LAST_DAT": r.Pick("latest", _ALL, None),
    "FIRST_END": r.EndOf("FIRST_DAT"),
    "LAST_END": r.EndOf("LAST_DAT"),
    **{f"{thing.upper()}_N": r.Tally(thing, _ALL, None) for thing in ("records", "days", "codes", "clusters")},
    **{
        f"{tie.upper()}_{at}_{bool(unit)}".upper(): r.Value(tie, _ALL, f"{at}_DAT", unit)
        for tie in ("lowest", "highest", "mean", "last", "only")
        for at in ("FIRST", "LAST")
        for unit in ("", "mmHg")
    },
    **{
        f"{which}_{'_'.join(halves)}".upper(): r.ReadingOf(which, halves, None, unit)
        for which in ("earliest", "latest")
        for halves, unit in ((("A_COD", "B_COD"), ""), (("C_COD", "D_COD"), "mmHg"))
    },
}
_OWN_DAY, _OWN_VALUE = r.OwnPart("date"), r.OwnPart("value")
_WINDOWS: tuple[tuple[r.Term, r.Term], ...] = (
    (r.Name("PPSD"), r.Name("PPED")),
    (r.Name("FIRST_DAT"), r.Name("LAST_DAT")),
    (r.Constant(date.min), r.Constant(date.max)),
)
_SUPPLIES: tuple[tuple[r.SupplyOf, int], ...] = (
    ("covered", 0), ("longest gap", 0), ("earliest", 28), ("latest", 1), ("latest", 28),
)  # fmt: skip
_SUMMED |= {
    "NEXT_DAT": r.Pick("earliest", _ALL, r.Beside(_ALL, r.Compare(_OWN_DAY, ">", r.Name("NEXT_DAT")))),
    "LOWER_DAT": r.Pick("latest", _ALL, r.Every((
        r.Compare(_OWN_VALUE, ">", r.Constant(Decimal(7))),
        r.Beside(_ALL, r.Compare(_OWN_VALUE, "<", r.Constant(Decimal(7)))),
    ))),
    **{
        f"SUPPLY_{at}_{way}": r.Supply(what, _ALL, first, last, least)
        for way, (what, least) in enumerate(_SUPPLIES)
        for at, (first, last) in enumerate(_WINDOWS)
    },
    "END_DAT": r.Span("later", ("FIRST_DAT", "PPED")),
}  # fmt: skip
_PCA = r.Rule(
    1, r.Either(tuple(r.IsNull(r.Name(name), absent=False) for name in ("FIRST_DAT", "LAST_DAT", "END_DAT"))), "",
    "Reject", "Select", r.Counts("pca", "X", r.PCA_KINDS[0], True), r.Counts("achieved"),
)  # fmt: skip
SUMMED = r.Definition("SUMMED", "", "registered", _SUMMED, {}, (_PCA,), "complete", "", "", False)
"""Every way to sum up records, each on as many of them as there are; and a PCA on the latest day of several."""
MOVES: tuple[tuple[int, r.Unit], ...] = (
    (-9, "month"), (1, "month"), (2, "week"), (-3, "day"), (-1, "year"), (7_975, "year"), (-2_023, "year"),
)  # fmt: skip


def probe(of: r.Definition, charts: list[PatientChart]) -> r.Definition:
    """An indicator that asks of every field of a definition whether it is what the interpreter says, of whomever it
    says so: a rule need not rest on a field for the engines to be held equal in it."""
    fields = dict(of.fields)
    for name, one in of.fields.items():
        if isinstance(one, r.ReadingOf):
            fields[f"{name}_ON"] = r.DateOf(name)
            fields |= {f"{name}_{cluster}": r.PartOf(cluster, name) for cluster in one.clusters}
    made_of = replace(of, code=f"probe of {of.code}", fields=fields, parts={}, rules=(), is_register=False)
    asked: dict[str, r.Condition] = {}
    for name in (*fields, "MPSD", "MPED", "REG_DAT", "DEATH_DAT", "PAT_AGE"):
        for value in {chart.value(name, made_of) for chart in charts}:
            if isinstance(value, date):
                asked[f"{name} = {value}"] = r.Compare(r.Name(name), "=", r.Constant(value))
                for amount, unit in MOVES if of == SUMMED else ():
                    moved, day = r.Shift(r.Name(name), amount, unit), shifted(value, amount, unit)
                    asks = r.Compare(moved, "=", r.Constant(day)) if day else r.IsNull(moved, absent=True)
                    asked[f"{name} {amount} {unit} = {day}"] = asks
            elif isinstance(value, Fraction):  # a mean may lie between two numbers that can be written
                below, above = (Decimal(end(value * 10**6)).scaleb(-6) for end in (floor, ceil))
                asked[f"{name} >= {below}"] = r.Compare(r.Name(name), ">=", r.Constant(below))
                asked[f"{above} >= {name}"] = r.Compare(r.Constant(above), ">=", r.Name(name))
            elif isinstance(value, Range):
                asked |= dict(_of_range(name, value))
            elif value is None:
                asked[f"{name} = Null"] = r.IsNull(r.Name(name), absent=True)
    for name, table in of.bounds.items():
        for bound in {chart.bound(table) for chart in charts}:
            asked[f"bound {name} = {bound}"] = (
                r.IsNull(r.Bound(name), absent=True)
                if bound is None
                else r.Compare(r.Bound(name), "=", r.Constant(Decimal(int(bound * 10**6)).scaleb(-6)))
            )
    if any(isinstance(part, r.CountedBefore) for rule in of.rules for part in r.conditions(rule.condition)):
        asked["counted in the year before"] = r.CountedBefore(counted=True)
    asked |= {f"rule {rule.number}": rule.condition for rule in of.rules}
    for group, those in of.parts.items():
        asked |= {
            f"{least or 'all'} of {group}": r.PartsMet(group, least) for least in (None, *range(1, len(those) + 1))
        }
    return replace(made_of, parts={**of.parts, "PROBES": asked})


def _of_range(name: str, value: Range) -> Iterator[tuple[str, r.Condition]]:
    """What is true of a number of which only the ends are known, at and beside its ends; and what is not."""
    for end in (value.low, value.high):
        for at in {floor(end * 10**6) + beside for beside in (-1, 0, 1, 2)} if abs(end) <= 10**12 else ():
            number = Decimal(at).scaleb(-6)
            for op in ("=", "<>", "<", "<=", ">", ">="):
                yield f"{name} {op} {number}", r.Compare(r.Name(name), op, r.Constant(number))


def both(
    patients: list[Patient],
    known: tuple[dict[str, r.Definition], dict[str, r.Definition]],
    dates: Dates = made.DATES,
    by_code: bool = False,
):
    """What each engine says: of each indicator the rule, the branch and the day by patient; of each register who."""
    registers, indicators = known
    indicators = indicators | {f"in {code}": members(f"in {code}", one) for code, one in registers.items()}
    meaning = made.meaning(registers, dates)
    charts = [PatientChart(patient, meaning) for patient in patients]
    probes = [probe(one, charts) for one in [SUMMED, *registers.values(), *known[1].values()]]
    indicators |= {
        one.code: one for one in [SUMMED, replace(SUMMED, code="DIED", population="died in the year"), *probes]
    }
    plan = query_plan(indicators.values(), registers, dates)
    engine = Engine(plan, made.CODES, systems=made.SYSTEMS)
    with tempfile.TemporaryDirectory() as home:
        (found,) = engine.run([given_to(engine, "A1", patients, Path(home) if by_code else None)])
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
    reads = values_read(indicators.values(), registers)
    fast["left out"] = +found.left_out
    slow["left out"] = Counter(one for chart in charts for one in left_out(chart, reads))
    for p, chart in enumerate(charts):
        for code, definition in indicators.items():
            outcome = chart.outcome(definition)
            slow[code, p] = outcome and (outcome.rule, outcome.branch, outcome.counts, outcome.day)
            for group in definition.parts.values():
                slow |= {(code, name, p): chart.holds(part, definition) for name, part in group.items()}
        slow |= {(register, p): chart.on_register(register) for register in found.members}
    return fast, slow


@given(near, made.definitions(), dates, st.booleans())
def test_the_engines_agree_on_every_rule(patients: list[Patient], known, dates: Dates, by_code: bool) -> None:
    agree(patients, known, dates, by_code)


@given(far, made.definitions(far=True), dates, st.booleans())
def test_the_engines_agree_at_the_ends_of_the_calendar(
    patients: list[Patient], known, dates: Dates, by_code: bool
) -> None:
    agree(patients, known, dates, by_code)


@given(near, near, made.definitions(), st.tuples(st.booleans(), st.booleans(), st.booleans()))
@examples(0.6)
def test_practices_that_are_run_together_are_as_each_alone(
    ours: list[Patient], theirs: list[Patient], known, by_code: tuple[bool, bool, bool]
) -> None:
    registers, indicators = known
    engine = Engine(query_plan(indicators.values(), registers, made.DATES), made.CODES, systems=made.SYSTEMS)
    # The ids are the same in each.
    those = zip(("A1", "B1", "C1"), (ours, theirs, ours), by_code, strict=True)
    with tempfile.TemporaryDirectory() as home:
        each = [given_to(engine, code, patients, Path(home) if files else None) for code, patients, files in those]
        together = engine.run(each)
        for at, one in enumerate(each):
            (alone,) = engine.run([one])
            for code, other in zip(together[at].codes, alone.codes, strict=True):
                assert code.tolist() == other.tolist()
            assert {r_: on.tolist() for r_, on in together[at].members.items()} == {
                r_: on.tolist() for r_, on in alone.members.items()
            }
    engine.close()


def agree(patients: list[Patient], known, dates: Dates, by_code: bool = False) -> None:
    fast, slow = both(patients, known, dates, by_code)
    differ = {key: (fast[key], slow[key]) for key in slow if fast[key] != slow[key]}
    assert not differ
    assert fast.keys() == slow.keys()


def test_every_operation_has_a_generator() -> None:
    for union, generators in (
        (r.Field, made.FIELDS),
        (r.Condition, made.CONDITIONS),
        (r.Term, made.TERMS),
        (r.Period, made.PERIODS),
    ):
        assert set(get_args(union)) == set(generators)
