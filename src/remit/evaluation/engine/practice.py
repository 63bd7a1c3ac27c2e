"""One practice on DuckDB: the records mapped to slices in one scan, the shapes stage by stage, then every decision.

What a shape comes to is long (patient, node, value) and is laid into one column a node by patient; the columns stand
beside the patients' facts in `wide`, where registers and indicators are decided for all patients at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from remit.evaluation.engine import nodes as n
from remit.evaluation.engine.expressions import full_years, literal
from remit.evaluation.engine.templates import Shape, decisions, has_days, member_columns, member_name, shapes
from remit.evaluation.reference import unit_key

_FACTS = """
CREATE OR REPLACE TEMP TABLE patients AS
WITH stays AS (SELECT patient_id, start_date, end_date FROM given_registrations WHERE registered_at = {practice}),
seen AS (SELECT p, g.patient_id, birth_date, sex, death_date, coalesce(death_date, {achievement}) AS last_day
  FROM given_patients g),
on_the_day AS (SELECT seen.p,
  max(start_date) FILTER (WHERE start_date <= {achievement} AND (end_date IS NULL OR end_date >= {achievement})) AS reg,
  max(start_date) FILTER (WHERE start_date <= last_day AND (end_date IS NULL OR end_date >= last_day)) AS reg_at_death
  FROM seen JOIN stays USING (patient_id) GROUP BY seen.p)
SELECT seen.p, seen.patient_id, birth_date AS dob, sex, {age} AS age,
  CASE WHEN death_date <= {achievement} THEN death_date END AS died,
  CASE WHEN death_date < {achievement} THEN NULL ELSE reg END AS reg, reg_at_death,
  reg IS NOT NULL AND (death_date IS NULL OR death_date >= {achievement}) AS registered,
  coalesce(death_date BETWEEN {start} AND {end}, FALSE) AND reg_at_death IS NOT NULL AS died_in_year
FROM seen LEFT JOIN on_the_day USING (p) ORDER BY seen.p"""


_MILLIONTHS = (
    "CASE WHEN e.value BETWEEN -9000000 AND 9000000 THEN CAST(e.value * 1000000 AS BIGINT) "
    "ELSE CAST(CAST(e.value AS DECIMAL(38, 6)) * 1000000 AS BIGINT) END"
)
"""A value in whole millionths. Of twelve digits the product does not fit 18; going by 38 for all takes 20 times as
long."""


@dataclass(frozen=True)
class Found:
    """What a plan came to for one practice: for each indicator the codes by patient (-1 outside its population), the
    days of PCAs (None where there are none) and who meets which part; who is on each register; the facts."""

    codes: list[np.ndarray]
    days: list[pa.Array | None]
    parts: list[list[np.ndarray]]
    members: dict[str, np.ndarray]
    ages: np.ndarray
    registered: np.ndarray


@dataclass(frozen=True)
class Tables:
    """A practice's records: patients and registrations as tables, events and prescriptions as what SQL can read."""

    practice: str
    patients: pa.Table
    registrations: pa.Table
    events: str
    prescriptions: str


class Engine:
    """A plan on a connection of its own. Texts are written once and run for each practice in turn."""

    def __init__(
        self, plan: n.QueryPlan, codes: Mapping[str, Iterable[str]], memory: int = 0, scratch: Path | None = None
    ) -> None:
        """`codes` are those of each cluster; `memory` in bytes limits DuckDB, which then uses `scratch`."""
        self.plan = plan
        self.members = member_columns(plan)
        self.connection = duckdb.connect(config={"threads": 1, "autoinstall_known_extensions": "false"})
        if memory:
            self.connection.execute(f"SET memory_limit = '{memory // 1024}KiB'")
        if scratch:
            self.connection.execute(f"SET temp_directory = {literal(str(scratch))}")
        rows = sorted(
            {(code, number) for slice_, number in plan.slices.items() for name in slice_ for code in codes[name]}
        )
        texts, numbers = pa.array([c for c, _ in rows], pa.string()), pa.array([s for _, s in rows], pa.int16())
        mapping = pa.table({"code": texts, "slice": numbers})
        self.connection.register("mapping", mapping)
        self.connection.execute("CREATE TABLE codes AS SELECT * FROM mapping")
        self.connection.unregister("mapping")
        self.stages = [(shapes(plan, stage), stage.registers) for stage in plan.stages]
        self.asked = _asked_later(plan)

    def close(self) -> None:
        """Let go of the connection."""
        self.connection.close()

    def run(self, tables: Tables) -> Found:
        """All that the plan decides of one practice's patients."""
        count = tables.patients.num_rows
        self._patients(tables)
        self._records(tables)
        known = _Known(count)
        self._show_known(known)
        facts = self.connection.sql("FROM patients ORDER BY p").to_arrow_table()
        columns: dict[str, pa.Array] = {name: facts[name].combine_chunks() for name in facts.column_names}
        members: dict[str, np.ndarray] = {}
        for made, registers in self.stages:
            for shape in made:
                self._shape(shape, known, columns)
            if registers:
                found = self._decided(columns, registers)
                for at, register in enumerate(registers):
                    on = _selected(register, found[f"d{at}"])
                    members[register.code] = on
                    columns[member_name(register.code)] = pa.array(np.ones(count, bool), mask=~on)
                    if register.code in self.asked:
                        known.add_number(self.members[register.code], np.flatnonzero(on), np.ones(int(on.sum()), "i8"))
            self._show_known(known)
        found = self._decided(columns, self.plan.indicators)
        ages = columns["age"].to_numpy(zero_copy_only=False)
        return self._found(found, members, ages, columns["registered"].to_numpy(zero_copy_only=False))

    def _patients(self, tables: Tables) -> None:
        plan = self.plan
        given = tables.patients.append_column("p", pa.array(np.arange(tables.patients.num_rows, dtype="i4")))
        self.connection.register("given_patients", given)
        self.connection.register("given_registrations", tables.registrations)
        self.connection.execute(
            _FACTS.format(
                practice=literal(tables.practice),
                achievement=literal(plan.achievement),
                start=literal(plan.start),
                end=literal(min(plan.end, plan.achievement)),
                age=full_years("birth_date", literal(plan.achievement)),
            )
        )

    def _records(self, tables: Tables) -> None:
        needs, last = self.plan.needs, literal(self.plan.achievement)
        columns = ["t.p", "m.slice", "e.date AS d"]
        columns += [f"{_MILLIONTHS} AS value"] if "value" in needs else []
        columns += ["u.key AS unit"] if "unit" in needs else []
        columns += ["nullif(e.episode, '') AS episode"] if "episode" in needs else []
        columns += [f"e.{name}" for name in ("reading", "code") if name in needs]
        units = ""
        if "unit" in needs:
            units = "LEFT JOIN units u ON u.unit = e.unit"
            self._units(tables)
        self.connection.execute(
            f"CREATE OR REPLACE TEMP TABLE records AS SELECT {', '.join(columns)}\nFROM (\n"
            f"SELECT patient_id, date, code, value, unit, episode, reading FROM {tables.events} WHERE date <= {last}\n"
            "UNION ALL BY NAME SELECT patient_id, date, code, quantity AS value, unit, '' AS episode, '' AS reading"
            f"\nFROM {tables.prescriptions} WHERE date <= {last}) e\n"
            f"JOIN codes m ON m.code = e.code JOIN patients t ON t.patient_id = e.patient_id {units}"
        )

    def _units(self, tables: Tables) -> None:
        """The units of the records, by what they are compared as: NULL where a record has none."""
        written = self.connection.execute(
            f"SELECT DISTINCT unit FROM {tables.events} UNION SELECT DISTINCT unit FROM {tables.prescriptions}"
        ).fetchall()
        texts = sorted(text for (text,) in written if text)
        units = pa.table(
            {"unit": pa.array(texts, pa.string()), "key": pa.array([unit_key(t) for t in texts], pa.string())}
        )
        self.connection.register("units", units)

    def _shape(self, shape: Shape, known: _Known, columns: dict[str, pa.Array]) -> None:
        answer = self.connection.sql(shape.sql).to_arrow_table()
        p, f, *values = (column.combine_chunks() for column in answer.columns)
        patient, node_at = p.to_numpy(), f.to_numpy()
        kinds = shape.nodes[0].kinds
        for part, (kind, given) in enumerate(zip(kinds, values, strict=True)):
            kind_type = pa.date32() if kind == "date" else pa.int64()
            raw = (
                pc.fill_null(given.cast(kind_type), _NOTHING[kind_type]) if given.null_count else given.cast(kind_type)
            )
            array = raw.view(pa.int32()).to_numpy() if kind == "date" else raw.to_numpy()
            there = ~given.is_null().to_numpy(zero_copy_only=False) if given.null_count else None
            dense, mask = known.laid(len(shape.nodes), patient, node_at, array, there)
            for at, node in enumerate(shape.nodes):
                number = self.plan.columns[node, part]
                made = pa.array(dense[at], mask=mask[at])
                columns[f"c{number}"] = made.view(pa.date32()) if kind == "date" else made
                if (node, part) in self.asked:
                    who = np.flatnonzero(~mask[at])
                    (known.add_date if kind == "date" else known.add_number)(number, who, dense[at][who])

    def _show_known(self, known: _Known) -> None:
        dates, numbers = known.tables()
        self.connection.register("known_dates", dates)
        self.connection.register("known_numbers", numbers)

    def _decided(self, columns: dict[str, pa.Array], made: tuple[n.Decision, ...]) -> dict[str, Any]:
        self.connection.register("wide", pa.table(columns))
        # The statement is long and has nothing to optimise: looking for it takes longer than the work itself.
        self.connection.execute("PRAGMA disable_optimizer")
        try:
            answer = self.connection.sql(decisions(self.plan, made)).to_arrow_table()
        finally:
            self.connection.execute("PRAGMA enable_optimizer")
            self.connection.unregister("wide")
        return {name: answer[name].combine_chunks() for name in answer.column_names}

    def _found(
        self, found: Mapping[str, Any], members: dict[str, np.ndarray], ages: np.ndarray, registered: np.ndarray
    ) -> Found:
        indicators = self.plan.indicators
        return Found(
            [_codes(found[f"d{at}"]) for at in range(len(indicators))],
            [found[f"day{at}"] if has_days(one) else None for at, one in enumerate(indicators)],
            [
                [found[f"m{at}_{part}"].to_numpy(zero_copy_only=False) for part in range(len(one.parts))]
                for at, one in enumerate(indicators)
            ],
            members,
            ages,
            registered,
        )


_NOTHING: dict[pa.DataType, Any] = {pa.date32(): date(1970, 1, 1), pa.int64(): 0}


class _Known:
    """What later nodes rest on, in long form; and the laying out of long answers by patient."""

    def __init__(self, patients: int) -> None:
        self.patients = patients
        self.dates: list[pa.Table] = []
        self.numbers: list[pa.Table] = []

    def laid(
        self, nodes: int, patient: np.ndarray, node: np.ndarray, values: np.ndarray, there: np.ndarray | None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Values by node and patient, and a mask of where there is none."""
        dense = np.zeros((nodes, self.patients), values.dtype)
        mask = np.ones((nodes, self.patients), bool)
        dense[node, patient] = values
        mask[node, patient] = False if there is None else ~there
        return dense, mask

    def add_date(self, column: int, patient: np.ndarray, days: np.ndarray) -> None:
        self.dates.append(self._long(column, patient, pa.array(days).view(pa.date32())))

    def add_number(self, column: int, patient: np.ndarray, values: np.ndarray) -> None:
        self.numbers.append(self._long(column, patient, pa.array(values)))

    @staticmethod
    def _long(column: int, patient: np.ndarray, values: pa.Array) -> pa.Table:
        who = pa.array(patient.astype("i4"))
        return pa.table({"p": who, "c": pa.array(np.full(len(patient), column, "i4")), "v": values})

    def tables(self) -> tuple[pa.Table, pa.Table]:
        """`known_dates` and `known_numbers`."""
        empty = (_LONG_DATES.empty_table(), _LONG_NUMBERS.empty_table())
        return pa.concat_tables([empty[0], *self.dates]), pa.concat_tables([empty[1], *self.numbers])


_LONG_DATES = pa.schema([("p", pa.int32()), ("c", pa.int32()), ("v", pa.date32())])
_LONG_NUMBERS = pa.schema([("p", pa.int32()), ("c", pa.int32()), ("v", pa.int64())])


def _asked_later(plan: n.QueryPlan) -> set[tuple[n.Node, int] | str]:
    """The columns that other nodes rest on: of nodes, and of registers by their code."""
    found: set[tuple[n.Node, int] | str] = set()
    for node in plan.nodes():
        for part in n.inside(node.where):
            if isinstance(part, n.Of):
                found |= {(part.node, at) for at in range(len(part.node.kinds))}
            elif isinstance(part, n.On):
                found.add(part.register)
    return found


def _codes(decided: pa.Array) -> np.ndarray:
    return pc.fill_null(decided.cast(pa.int32()), -1).to_numpy()


def _selected(register: n.Decision, decided: pa.Array) -> np.ndarray:
    """Who is on a register: those whom the deciding side selects."""
    selects = [branch.code for branch in register.branches if branch.action == "Select"]
    return np.isin(_codes(decided), selects)
