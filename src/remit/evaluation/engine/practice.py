"""Practices on DuckDB: their records mapped to slices in one scan, the shapes stage by stage, then every decision.

What a shape comes to is long (patient, node, value) and is laid into one column a node by patient; the columns stand
beside the patients' facts in `wide`, where registers and indicators are decided for all patients at once. A few
practices are run together where they are small, so that each statement is planned once for them all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pyarrow as pa

from remit.evaluation.engine import dialect, scan
from remit.evaluation.engine import nodes as n
from remit.evaluation.engine.constants import WORDS
from remit.evaluation.engine.left_out import Units, count_unknown_units, leave_out
from remit.evaluation.engine.planning import counts_records
from remit.evaluation.engine.templates import Shape, days_of, decisions, member_columns, member_name, shapes
from remit.evaluation.model import LeftOut, Systems
from remit.records.measures import Measures, shipped_measures

Days = np.ndarray
"""Days since 1 January 1970, as int32."""


@dataclass(frozen=True)
class PatientResults:
    """What a plan came to for one practice, patient by patient: for each indicator the code of the deciding side (-1
    outside its population), the day of a PCA with whether there is one (None where no side has any), who meets which
    part; who is on each register; the ages, and who is on the list; how many values were left out, by the clusters
    that they are read from, the unit as it is written, and why."""

    codes: list[np.ndarray]
    days: list[tuple[Days, np.ndarray] | None]
    parts: list[list[np.ndarray]]
    members: dict[str, np.ndarray]
    ages: np.ndarray
    registered: np.ndarray
    left_out: Counter[LeftOut]


@dataclass(frozen=True)
class Tables:
    """A practice's records: patients and registrations as tables, events and prescriptions as what SQL can read, or as
    tables where it cannot."""

    practice: str
    patients: pa.Table
    registrations: pa.Table
    events: str | pa.Table
    prescriptions: str | pa.Table
    event_columns: frozenset[str] = frozenset()
    """The optional columns that the events have."""
    prescription_columns: frozenset[str] = frozenset()

    @property
    def coded(self) -> bool:
        """Whether some records may have several codings, which share the record's id."""
        return "record" in self.event_columns | self.prescription_columns


class Engine:
    """A plan on a connection of its own. Texts are written once and run for some practices after others."""

    def __init__(
        self,
        plan: n.QueryPlan,
        codes: Mapping[str, Iterable[str]],
        memory: int = 0,
        scratch: Path | None = None,
        systems: Systems = MappingProxyType({}),
        measures: Measures | None = None,
    ) -> None:
        """`codes` are those of each cluster, `systems` the systems of those of which a list says it; `memory` in bytes
        limits DuckDB, which then uses `scratch`."""
        self.plan = plan
        self.units = Units(plan, measures or shipped_measures())
        self.members = member_columns(plan)
        self.connection = dialect.connect(memory, scratch)
        self.systems = bool(systems)
        self.connection.register("mapping", _mapping(plan, codes, systems))
        self.connection.execute(dialect.KEEP_CODES)
        self.connection.unregister("mapping")
        if plan.answers:
            self.connection.register("mapping", _answers(plan, codes))
            self.connection.execute(dialect.KEEP_ANSWERS)
            self.connection.unregister("mapping")
        # With records of several codings some statements are others: they are written when the first comes.
        self.stages: dict[tuple[bool, bool], list[tuple[list[Shape], tuple[n.Decision, ...]]]] = {}
        decided_together = (*(stage.registers for stage in plan.stages), plan.indicators)
        self.texts = {id(one): decisions(plan, one) for one in decided_together}
        self.needed_later = _needed_later(plan)

    def close(self) -> None:
        """Let go of the connection."""
        self.connection.close()

    def run(self, practices: Sequence[Tables]) -> list[PatientResults]:
        """All that the plan decides of the practices' patients, practice by practice."""
        sizes = [tables.patients.num_rows for tables in practices]
        self._patients(practices)
        coded, spans = self._records(practices)
        left_out = self._left_out(practices, spans)
        laid = _Laid(sum(sizes))
        self._register_known(laid)
        facts = self._table(dialect.ALL_FACTS)
        columns: dict[str, pa.Array] = {name: _array(values) for name, values in facts.items()}
        members: dict[str, np.ndarray] = {}
        for statements, registers in self._statements(coded, spans):
            for shape in statements:
                self._shape(shape, laid, columns)
            answers = self._decided(columns, registers) if registers else {}
            for at, register in enumerate(registers):
                on = _selected(register, answers[f"d{at}"])
                members[register.code] = on
                columns[member_name(register.code)] = pa.array(np.ones(len(on), bool), mask=~on)
                if register.code in self.needed_later:
                    laid.keep(self.members[register.code], np.flatnonzero(on), pa.array(np.ones(int(on.sum()), "i8")))
            self._register_known(laid)
        answers = self._decided(columns, self.plan.indicators)
        return list(self._by_practice(answers, columns, members, facts, sizes, left_out))

    def _statements(self, coded: bool, spans: bool) -> list[tuple[list[Shape], tuple[n.Decision, ...]]]:
        """The statements of each stage, and the registers decided after it."""
        if (coded, spans) not in self.stages:
            statements = [(shapes(self.plan, stage, coded, spans), stage.registers) for stage in self.plan.stages]
            self.stages[coded, spans] = statements
        return self.stages[coded, spans]

    def _table(self, sql: str) -> dict[str, np.ndarray]:
        """An answer as columns; those with something missing are masked."""
        return dict(self.connection.execute(sql).fetchnumpy())

    def _patients(self, practices: Sequence[Tables]) -> None:
        plan = self.plan
        more = sorted(plan.facts)
        before = [(one.achievement, one.start, one.end) for one in plan.before]
        tables = [_with_practice(t.patients, t.practice, "birth_date", "sex", "death_date", *more) for t in practices]
        patients = pa.concat_tables(tables)
        self.connection.register(
            "given_patients", patients.append_column("p", pa.array(np.arange(len(patients), dtype="i4")))
        )
        stays = [
            _with_practice(t.registrations, t.practice, "registered_at", "start_date", "end_date") for t in practices
        ]
        self.connection.register("given_registrations", pa.concat_tables(stays))
        self.connection.execute(scan.facts((plan.achievement, plan.start, plan.end), more, before))

    def _records(self, practices: Sequence[Tables]) -> tuple[bool, bool]:
        """Keep the practices' records; whether some of them may have several codings, and some values two ends."""
        spans = "value" in self.plan.needs and any("comparator" in tables.event_columns for tables in practices)
        coded = any(tables.coded for tables in practices) and counts_records(self.plan)
        for at, tables in enumerate(practices):
            self.connection.execute(scan.into_records(self.records_of(tables, coded, spans), first=at == 0))
        return coded, spans

    def records_of(self, tables: Tables, coded: bool = False, spans: bool = False) -> str:
        """The one scan: a practice's entries up to the achievement date, one for each slice that its code is in."""
        needs = self.plan.needs | ({"record"} if coded else set()) | ({scan.HIGH} if spans else set())
        numbers = self._numbers(*self._both(tables)) if "unit" in needs else {}
        return self._scan(tables, needs, scan.unit_number(sorted(numbers.items())))

    def _scan(self, tables: Tables, needs: Collection[str], unit: str) -> str:
        both = self._both(tables)
        return scan.scan(tables.practice, *both, self.plan.achievement, needs, unit, WORDS, self.systems)

    def _both(self, tables: Tables) -> tuple[scan.Readable, scan.Readable]:
        return (
            self._readable("given_events", tables.events, tables.event_columns),
            self._readable("given_prescriptions", tables.prescriptions, tables.prescription_columns),
        )

    def _readable(self, name: str, table: str | pa.Table, columns: frozenset[str]) -> scan.Readable:
        """Records as SQL can read them: a table by the name that it gets here."""
        if isinstance(table, str):
            return scan.Readable(table, columns)
        self.connection.register(name, table)
        return scan.Readable(name, columns)

    def _numbers(self, events: scan.Readable, prescriptions: scan.Readable) -> dict[str, int | None]:
        """The units that are written in the records and that the plan knows, by their numbers there; None for none."""
        written = self.connection.execute(scan.units_written(events, prescriptions)).fetchall()
        return self.units.number(sorted(text for (text,) in written if text))

    def _left_out(self, practices: Sequence[Tables], spans: bool) -> list[Counter[LeftOut]]:
        """Of each practice how many values are left out, and why; those that nobody can have are missing then."""
        by_practice, slices = leave_out(self.connection, self.plan, self.units, spans)

        def fetched(sql: str) -> list[tuple[str, int, int]]:
            return self.connection.execute(sql).fetchall()

        counts = [by_practice.get(tables.practice, Counter()) for tables in practices]
        for tables, left_out in zip(practices, counts, strict=True) if slices else ():
            scanned = self._scan(tables, {"value", "unit"} | ({scan.HIGH} if spans else set()), scan.AS_WRITTEN)
            left_out.update(count_unknown_units(fetched, scanned, self.plan, slices, self.units.numbers, spans))
        return counts

    def _shape(self, shape: Shape, laid: _Laid, columns: dict[str, pa.Array]) -> None:
        patient, at, *values = self._table(shape.sql).values()
        # Where no value has a comparator, its two ends are one.
        values += values[1:] if isinstance(shape.nodes[0], n.ReadingNode) else values[:2]
        laid_out: dict[int, tuple[np.ndarray, np.ndarray]] = {}
        for part, column in enumerate(values[: len(shape.nodes[0].kinds)]):
            if id(column) not in laid_out:
                laid_out[id(column)] = laid.by_patient(len(shape.nodes), patient, at, column)
            dense, mask = laid_out[id(column)]
            kind = pa.date32() if shape.nodes[0].kinds[part] == "date" else pa.int64()
            for node, row, missing in zip(shape.nodes, dense, mask, strict=True):
                number = self.plan.columns[node, part]
                columns[f"c{number}"] = pa.array(row, mask=missing).view(kind)
                if (node, part) in self.needed_later:
                    who = np.flatnonzero(~missing)
                    laid.keep(number, who, pa.array(row[who]).view(kind))

    def _register_known(self, laid: _Laid) -> None:
        for name, table in laid.tables().items():
            self.connection.register(name, table)

    def _decided(self, columns: dict[str, pa.Array], decided_together: tuple[n.Decision, ...]) -> dict[str, np.ndarray]:
        self.connection.register("wide", pa.table(columns))
        self.connection.execute(dialect.NOT_OPTIMISED)
        try:
            answer = self._table(self.texts[id(decided_together)])
        finally:
            self.connection.execute(dialect.OPTIMISED)
            self.connection.unregister("wide")
        order = np.argsort(answer["p"], kind="stable")
        return answer if (order[1:] > order[:-1]).all() else {name: values[order] for name, values in answer.items()}

    def _by_practice(
        self,
        answers: Mapping[str, np.ndarray],
        columns: Mapping[str, pa.Array],
        members: Mapping[str, np.ndarray],
        facts: Mapping[str, np.ndarray],
        sizes: Sequence[int],
        left_out: Sequence[Counter[LeftOut]],
    ) -> Iterable[PatientResults]:
        """What was found of all, practice by practice."""
        indicators = self.plan.indicators
        codes = [_codes(answers[f"d{at}"]) for at in range(len(indicators))]
        every = {term: _days(answers[name]) for term, name in days_of(indicators).items()}
        for term in {day for one in indicators for side in one.branches for day in side.days}:
            if isinstance(term, n.NodePart):
                every[term] = _days(columns[f"c{self.plan.columns[term.node, term.part]}"])
            elif isinstance(term, n.Fact):
                every[term] = _days(columns[term.name])
        now = [register.code for stage in self.plan.stages for register in stage.registers if not register.moment]
        last = (self.plan.achievement - _EPOCH).days
        days = [_day(one, each, every, last) for one, each in zip(indicators, codes, strict=True)]
        parts = [[answers[f"m{at}_{p}"] for p in range(len(one.parts))] for at, one in enumerate(indicators)]
        start = 0
        for size, left in zip(sizes, left_out, strict=True):
            own = slice(start, start + size)
            yield PatientResults(
                [each[own] for each in codes],
                [day and (day[0][own], day[1][own]) for day in days],
                [[part[own] for part in each] for each in parts],
                {register: members[register][own] for register in now},
                facts["age"][own],
                facts["registered"][own],
                left,
            )
            start += size


def _mapping(plan: n.QueryPlan, codes: Mapping[str, Iterable[str]], systems: Systems) -> pa.Table:
    """Each code of a slice, with the systems that it is of: missing where one of its clusters does not say it."""
    rows = []
    for slice_, at in plan.slices.items():
        systems_by_code: dict[str, frozenset[str] | None] = {}
        for name in slice_:
            for code in codes[name]:
                one, other = systems.get((name, code)), systems_by_code.get(code, frozenset())
                systems_by_code[code] = None if one is None or other is None else one | other
        texts = slice_ in plan.texts
        rows += [
            (code, at, texts, None if its_systems is None else sorted(its_systems))
            for code, its_systems in systems_by_code.items()
        ]
    rows.sort(key=lambda row: row[:2])
    of_code, of_slice, texts_, of_system = zip(*rows, strict=True) if rows else ((), (), (), ())
    return pa.table(
        [pa.array(of_code, pa.string()), pa.array(of_slice, pa.int16()), pa.array(texts_, pa.bool_()),
         pa.array(of_system, pa.list_(pa.string()))],
        names=["code", "slice", "texts", "systems"],
    )  # fmt: skip


def _answers(plan: n.QueryPlan, codes: Mapping[str, Iterable[str]]) -> pa.Table:
    """Each code that an answer may be, with the number of its cluster."""
    rows = sorted((code, at) for at, name in enumerate(plan.answers) for code in codes[name])
    of_code, of_cluster = zip(*rows, strict=True) if rows else ((), ())
    return pa.table([pa.array(of_code, pa.string()), pa.array(of_cluster, pa.int16())], names=["code", "cluster"])


class _Laid:
    """Long answers laid out by patient, and those that later nodes rest on kept in long form."""

    def __init__(self, patients: int) -> None:
        self.patients = patients
        self.kept: dict[str, list[pa.Table]] = {"known_dates": [], "known_numbers": []}

    def by_patient(
        self, nodes: int, patient: np.ndarray, node: np.ndarray, column: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Values by node and patient, dates as days, and a mask of where there is none."""
        values = np.ma.getdata(column)
        values = values.astype("datetime64[D]").astype("i4") if values.dtype.kind == "M" else values.astype("i8")
        dense = np.zeros((nodes, self.patients), values.dtype)
        mask = np.ones((nodes, self.patients), bool)
        dense[node, patient] = values
        mask[node, patient] = np.ma.getmaskarray(column)
        return dense, mask

    def keep(self, column: int, patient: np.ndarray, values: pa.Array) -> None:
        """Keep a column, of those patients who have a value."""
        name = "known_dates" if values.type == pa.date32() else "known_numbers"
        numbers = pa.array(np.full(len(patient), column, "i4"))
        self.kept[name].append(pa.table({"p": pa.array(patient.astype("i4")), "c": numbers, "v": values}))

    def tables(self) -> dict[str, pa.Table]:
        """`known_dates` and `known_numbers`."""
        return {name: pa.concat_tables([_LONG[name].empty_table(), *kept]) for name, kept in self.kept.items()}


_LONG = {
    "known_dates": pa.schema([("p", pa.int32()), ("c", pa.int32()), ("v", pa.date32())]),
    "known_numbers": pa.schema([("p", pa.int32()), ("c", pa.int32()), ("v", pa.int64())]),
}


_NEVER = -(2**31)
_EPOCH = date(1970, 1, 1)


def _with_practice(table: pa.Table, practice: str, *columns: str) -> pa.Table:
    return table.select(["patient_id", *columns]).append_column("practice", pa.repeat(practice, table.num_rows))


def _array(values: np.ndarray) -> pa.Array:
    """A column of an answer as it stands in `wide`."""
    data, mask = np.ma.getdata(values), np.ma.getmaskarray(values)
    return pa.array(data.astype("datetime64[D]") if data.dtype.kind == "M" else data, mask=mask)


def _needed_later(plan: n.QueryPlan) -> set[tuple[n.Node, int] | str]:
    """The columns that other nodes rest on: of nodes, and of registers by their code."""
    columns: set[tuple[n.Node, int] | str] = set()
    for node in plan.nodes():
        for part in n.inside(node.where):
            if isinstance(part, n.NodePart):
                columns |= {(part.node, at) for at in range(len(part.node.kinds))}
            elif isinstance(part, n.On):
                columns.add(part.register)
    return columns


def _codes(decided: np.ndarray) -> np.ndarray:
    return np.ma.filled(decided.astype("i4"), -1)


def _days(column: np.ndarray | pa.Array) -> tuple[Days, np.ndarray]:
    """Days as numbers, and which of them are there."""
    if isinstance(column, pa.Array):
        return column.cast(pa.int32()).fill_null(0).to_numpy(zero_copy_only=False), column.is_valid().to_numpy(
            zero_copy_only=False
        )
    return np.ma.getdata(column).astype("datetime64[D]").astype("i4"), ~np.ma.getmaskarray(column)


def _day(
    decision: n.Decision, codes: np.ndarray, every: Mapping[n.Term, tuple[Days, np.ndarray]], last: int
) -> tuple[Days, np.ndarray] | None:
    """The day of each patient's PCA: the latest of its dates that is not after the achievement date."""
    if not any(branch.days for branch in decision.branches):
        return None
    latest = np.full(len(codes), _NEVER, "i4")
    for branch in decision.branches:
        if branch.days:
            who = np.flatnonzero(codes == branch.code)
            for term in branch.days:
                day, is_there = (values[who] for values in every[term])
                latest[who] = np.maximum(latest[who], np.where(is_there & (day <= last), day, _NEVER))
    return latest, latest > _NEVER


def _selected(register: n.Decision, decided: np.ndarray) -> np.ndarray:
    """Who is on a register: those whom the deciding side selects."""
    selects = [branch.code for branch in register.branches if branch.action == "Select"]
    return np.isin(_codes(decided), selects)
