"""Practices on DuckDB: their records mapped to slices in one scan, the shapes stage by stage, then every decision.

What a shape comes to is long (patient, node, value) and is laid into one column a node by patient; the columns stand
beside the patients' facts in `wide`, where registers and indicators are decided for all patients at once. A few
practices are run together where they are small, so that each statement is planned once for them all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pyarrow as pa

from remit.evaluation.engine import dialect, scan
from remit.evaluation.engine import nodes as n
from remit.evaluation.engine.entries import Entries, Tables
from remit.evaluation.engine.left_out import Units, count_unknown_units, leave_out
from remit.evaluation.engine.planning import counts_records
from remit.evaluation.engine.results import Cells, Decided, Found, PatientResults, by_practice, decided, selected
from remit.evaluation.engine.standing import Keys, kept_of
from remit.evaluation.engine.templates import Shape, decisions, shapes
from remit.evaluation.kept_results.practice import KeptPractice
from remit.evaluation.model import LeftOut, Systems
from remit.records.measures import Measures, shipped_measures


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
        keep: bool = False,
    ) -> None:
        """`codes` are those of each cluster, `systems` the systems of those of which a list says it; `memory` in bytes
        limits DuckDB, which then uses `scratch`. `keep`: results come with what is kept of them."""
        self.plan, self.keep = plan, keep
        self.units = Units(plan, measures or shipped_measures())
        self.connection = dialect.connect(memory, scratch)
        self.entries = Entries(self.connection, plan, codes, self.units, bool(systems))
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

    def close(self) -> None:
        """Let go of the connection."""
        self.connection.close()

    def run(self, practices: Sequence[Tables]) -> list[PatientResults]:
        """All that the plan decides of the practices' patients, practice by practice."""
        self._patients(practices)
        coded, spans = self._records(practices)
        left_out = self._left_out(practices, spans)
        found = Found(self.plan, self._table(dialect.ALL_FACTS))
        self._register_known(found)
        for statements, registers in self._statements(coded, spans):
            for shape in statements:
                for node, columns in zip(shape.nodes, self._worked_out(shape, found.patients), strict=True):
                    for part, cells in enumerate(columns):
                        found.add(node, part, cells)
            answers = self._decided(found.columns, self.texts[id(registers)]) if registers else {}
            for at, register in enumerate(registers):
                found.add_members(register.code, selected(register, answers[f"d{at}"]))
            self._register_known(found)
        indicators = self.plan.indicators
        answers = self._decided(found.columns, self.texts[id(indicators)])
        of_all = decided(self.plan, indicators, answers, found.columns)
        return self._results(practices, found, of_all, left_out)

    @cached_property
    def keys(self) -> Keys:
        """What the plan's nodes and decisions are found again by."""
        return Keys.of(self.plan)

    def _results(
        self, practices: Sequence[Tables], found: Found, of_all: Decided, left_out: Sequence[Counter[LeftOut]]
    ) -> list[PatientResults]:
        """What was found, practice by practice, with what is kept of it."""
        ids = [tables.patients["patient_id"] for tables in practices]
        kept: Sequence[KeptPractice | None] = [None for _ in practices]
        if self.keep:
            written = [self.entries.written.get(tables.practice) for tables in practices]
            units = [None if texts is None else sorted(texts) for texts in written]
            kept = kept_of(found, self.keys, of_all, ids, left_out, units)
        return list(by_practice(found, of_all, [len(own) for own in ids], left_out, kept))

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
        coded, spans = self._said_in(practices)
        first = 0
        for at, tables in enumerate(practices):
            self.connection.execute(scan.into_records(self.records_of(tables, first, coded, spans), first=at == 0))
            first += tables.patients.num_rows
        return coded, spans

    def _said_in(self, practices: Sequence[Tables]) -> tuple[bool, bool]:
        """Whether some records may have several codings and that matters, and whether some values have two ends."""
        spans = "value" in self.plan.needs and any("comparator" in tables.columns for tables in practices)
        return any("record" in tables.columns for tables in practices) and counts_records(self.plan), spans

    def records_of(self, tables: Tables, first: int = 0, coded: bool = False, spans: bool = False) -> str:
        """The one scan: a practice's entries up to the achievement date, one for each slice that its code is in;
        `first` is the number of its first patient."""
        return self.entries.select(tables, first, coded, spans)

    def _left_out(self, practices: Sequence[Tables], spans: bool) -> list[Counter[LeftOut]]:
        """Of each practice how many values are left out, and why; those that nobody can have are missing then."""
        by_practice, slices = leave_out(self.connection, self.plan, self.units, spans)

        def fetched(sql: str) -> list[tuple[str, int, int]]:
            return self.connection.execute(sql).fetchall()

        counts = [by_practice.get(tables.practice, Counter()) for tables in practices]
        for tables, left_out in zip(practices, counts, strict=True) if slices else ():
            scanned = self.entries.values_as_written(tables, spans)
            left_out.update(count_unknown_units(fetched, scanned, self.plan, slices, self.units.numbers, spans))
        return counts

    def _worked_out(self, shape: Shape, patients: int) -> list[list[Cells]]:
        """The columns of each node of a shape, for all patients."""
        patient, at, values = self._summed(shape)
        laid_out: dict[int, tuple[np.ndarray, np.ndarray]] = {}
        columns: list[list[Cells]] = [[] for _ in shape.nodes]
        for column in values:
            if id(column) not in laid_out:
                laid_out[id(column)] = _by_patient(len(shape.nodes), patients, patient, at, column)
            for of_node, row, missing in zip(columns, *laid_out[id(column)], strict=True):
                of_node.append(Cells(row, missing))
        return columns

    def _summed(self, shape: Shape) -> tuple[np.ndarray, np.ndarray, list[np.ndarray]]:
        """What a shape comes to: the patients, the places of its nodes, and the parts' values, dates as days; what is
        missing is masked."""
        patient, at, *values = self._table(shape.sql).values()
        # Where no value has a comparator, its two ends are one.
        values += values[1:] if isinstance(shape.nodes[0], n.ReadingNode) else values[:2]
        made: dict[int, np.ndarray] = {}
        for column in values[: len(shape.nodes[0].kinds)]:
            days = column.dtype.kind == "M"
            made.setdefault(id(column), column.astype("M8[D]").astype("i4") if days else column.astype("i8"))
        return patient, at, [made[id(column)] for column in values[: len(shape.nodes[0].kinds)]]

    def _register_known(self, found: Found) -> None:
        for name, table in found.tables().items():
            self.connection.register(name, table)

    def _decided(self, columns: dict[str, pa.Array], text: str) -> dict[str, np.ndarray]:
        """What a statement of decisions says of the patients whose columns these are, in their order."""
        self.connection.register("wide", pa.table(columns))
        self.connection.execute(dialect.NOT_OPTIMISED)
        try:
            answer = self._table(text)
        finally:
            self.connection.execute(dialect.OPTIMISED)
            self.connection.unregister("wide")
        order = np.argsort(answer["p"], kind="stable")
        return answer if (order[1:] > order[:-1]).all() else {name: values[order] for name, values in answer.items()}


def _mapping(plan: n.QueryPlan, codes: Mapping[str, Iterable[str]], systems: Systems) -> pa.Table:
    """Each code of a slice, with the systems that it is of: missing where one of its clusters does not say it."""
    rows = []
    for slice_, at in plan.slices.items():
        systems_by_code: dict[str, frozenset[str] | None] = {}
        for name in slice_:
            for code in codes[name]:
                one, other = systems.get((name, code)), systems_by_code.get(code, frozenset())
                systems_by_code[code] = None if one is None or other is None else one | other
        texts, more = slice_ in plan.texts, slice_ in plan.more
        rows += [
            (code, at, texts, more, None if its_systems is None else sorted(its_systems))
            for code, its_systems in systems_by_code.items()
        ]
    rows.sort(key=lambda row: row[:2])
    names = ("code", "slice", "texts", "more", "systems")
    types = (pa.string(), pa.int16(), pa.bool_(), pa.bool_(), pa.list_(pa.string()))
    columns = zip(*rows, strict=True) if rows else ((),) * len(names)
    return pa.table([pa.array(column, type_) for column, type_ in zip(columns, types, strict=True)], names=names)


def _answers(plan: n.QueryPlan, codes: Mapping[str, Iterable[str]]) -> pa.Table:
    """Each code that an answer may be, with the number of its cluster."""
    rows = sorted((code, at) for at, name in enumerate(plan.answers) for code in codes[name])
    of_code, of_cluster = zip(*rows, strict=True) if rows else ((), ())
    return pa.table([pa.array(of_code, pa.string()), pa.array(of_cluster, pa.int16())], names=["code", "cluster"])


def _by_patient(
    nodes: int, patients: int, patient: np.ndarray, node: np.ndarray, column: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Values by node and patient, dates as days, and a mask of where there is none."""
    values = np.ma.getdata(column)
    dense = np.zeros((nodes, patients), values.dtype)
    mask = np.ones((nodes, patients), bool)
    dense[node, patient] = values
    mask[node, patient] = np.ma.getmaskarray(column)
    return dense, mask


def _with_practice(table: pa.Table, practice: str, *columns: str) -> pa.Table:
    return table.select(["patient_id", *columns]).append_column("practice", pa.repeat(practice, table.num_rows))
