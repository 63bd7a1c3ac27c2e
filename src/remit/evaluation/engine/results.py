"""What a plan came to, patient by patient: columns as they are worked out, and then what was decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from remit.evaluation.engine import nodes as n
from remit.evaluation.engine.templates import days_of, member_columns, member_name
from remit.evaluation.kept_results.practice import KeptPractice
from remit.evaluation.model import LeftOut

Days = np.ndarray
"""Days since 1 January 1970, as int32."""
_NEVER = -(2**31)
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Decided:
    """What was decided of some patients, indicator by indicator: the code of the deciding side (-1 outside its
    population), the day of a PCA with whether there is one (None where no side has any), who meets which part."""

    codes: list[np.ndarray]
    days: list[tuple[Days, np.ndarray] | None]
    parts: list[list[np.ndarray]]


@dataclass(frozen=True)
class PatientResults(Decided):
    """What a plan came to for one practice, patient by patient: what was decided; who is on each register now; the
    facts; how many values were left out, by the clusters that they are read from, the unit as it is written, and why.
    `kept` is all of it as it is kept, where it is."""

    members: dict[str, np.ndarray]
    facts: dict[str, np.ndarray]
    left_out: Counter[LeftOut]
    kept: KeptPractice | None = None


class Cells(NamedTuple):
    """A column of all patients: days or numbers, and where there is none."""

    values: np.ndarray
    missing: np.ndarray

    def array(self, kind: n.Kind) -> pa.Array:
        """As it stands in `wide`."""
        return pa.array(self.values, mask=self.missing).view(pa.date32() if kind == "date" else pa.int64())


class Found:
    """The columns of `wide` as they are worked out, and those that later nodes rest on in long form."""

    def __init__(self, plan: n.QueryPlan, facts: dict[str, np.ndarray]) -> None:
        """`facts` are the patients', in their order."""
        self.plan, self.facts = plan, facts
        self.columns: dict[str, pa.Array] = {name: array_of(values) for name, values in facts.items()}
        self.cells: dict[int, Cells] = {}
        """The columns of the nodes by their numbers."""
        self.members: dict[str, np.ndarray] = {}
        self._needed_later = _needed_later(plan)
        self._numbers = member_columns(plan)
        self._long: dict[str, list[pa.Table]] = {"known_dates": [], "known_numbers": []}

    @property
    def patients(self) -> int:
        """How many there are."""
        return len(self.facts["p"])

    def add(self, node: n.Node, part: int, cells: Cells) -> None:
        """Add a column of a node: a date or a number for each patient, missing where there is none."""
        number = self.plan.columns[node, part]
        self.cells[number] = cells
        self.columns[f"c{number}"] = column = cells.array(node.kinds[part])
        if (node, part) in self._needed_later:
            who = np.flatnonzero(~cells.missing)
            self._keep(number, who, column.take(pa.array(who)))

    def add_members(self, code: str, on: np.ndarray) -> None:
        """Add who is on a register."""
        self.members[code] = on
        self.columns[member_name(code)] = pa.array(np.ones(len(on), bool), mask=~on)
        if code in self._needed_later:
            self._keep(self._numbers[code], np.flatnonzero(on), pa.array(np.ones(int(on.sum()), "i8")))

    def _keep(self, column: int, patient: np.ndarray, values: pa.Array) -> None:
        """Keep a column, of those patients who have a value."""
        name = "known_dates" if values.type == pa.date32() else "known_numbers"
        numbers = pa.array(np.full(len(patient), column, "i4"))
        self._long[name].append(pa.table({"p": pa.array(patient.astype("i4")), "c": numbers, "v": values}))

    def tables(self) -> dict[str, pa.Table]:
        """`known_dates` and `known_numbers`."""
        return {name: pa.concat_tables([_LONG[name].empty_table(), *kept]) for name, kept in self._long.items()}


_LONG = {
    "known_dates": pa.schema([("p", pa.int32()), ("c", pa.int32()), ("v", pa.date32())]),
    "known_numbers": pa.schema([("p", pa.int32()), ("c", pa.int32()), ("v", pa.int64())]),
}


def array_of(values: np.ndarray) -> pa.Array:
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


# Decisions.


def decided(
    plan: n.QueryPlan,
    indicators: Sequence[n.Decision],
    answers: Mapping[str, np.ndarray],
    columns: Mapping[str, pa.Array],
) -> Decided:
    """What the statement of indicators says, with the days that stand in columns of `wide`."""
    codes = [_codes(answers[f"d{at}"]) for at in range(len(indicators))]
    every = {term: _days(answers[name]) for term, name in days_of(indicators).items()}
    for term in {day for one in indicators for side in one.branches for day in side.days}:
        if isinstance(term, n.NodePart):
            every[term] = _days(columns[f"c{plan.columns[term.node, term.part]}"])
        elif isinstance(term, n.Fact):
            every[term] = _days(columns[term.name])
    last = (plan.achievement - _EPOCH).days
    days = [_day(one, each, every, last) for one, each in zip(indicators, codes, strict=True)]
    parts = [[answers[f"m{at}_{p}"] for p in range(len(one.parts))] for at, one in enumerate(indicators)]
    return Decided(codes, days, parts)


def by_practice(
    found: Found,
    of_all: Decided,
    sizes: Sequence[int],
    left_out: Sequence[Counter[LeftOut]],
    kept: Sequence[KeptPractice | None],
) -> Iterator[PatientResults]:
    """What was found of all, practice by practice."""
    now = [register.code for stage in found.plan.stages for register in stage.registers if not register.moment]
    start = 0
    for size, left, of_practice in zip(sizes, left_out, kept, strict=True):
        own = slice(start, start + size)
        yield PatientResults(
            [each[own] for each in of_all.codes],
            [day and (day[0][own], day[1][own]) for day in of_all.days],
            [[part[own] for part in each] for each in of_all.parts],
            {register: found.members[register][own] for register in now},
            {name: values[own] for name, values in found.facts.items()},
            left,
            of_practice,
        )
        start += size


def selected(register: n.Decision, decided: np.ndarray) -> np.ndarray:
    """Who is on a register: those whom the deciding side selects."""
    selects = [branch.code for branch in register.branches if branch.action == "Select"]
    return np.isin(_codes(decided), selects)


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
