"""An evaluation that goes on from an earlier one: what came since is set beside what the records came to then.

A column of a node is kept where nothing that it rests on has changed. Where records came and the node takes the latest,
the earliest, the highest or the lowest of something, those alone are asked, and the better one stands; else the
patient's records of the node's slices are read again. A decision is made again for whom some column, fact or register
has changed, and for all where it is another decision: one that names another day, say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from remit.evaluation.engine import dialect, scan
from remit.evaluation.engine import nodes as n
from remit.evaluation.engine.entries import Tables
from remit.evaluation.engine.gathering import gathered
from remit.evaluation.engine.left_out import leave_out
from remit.evaluation.engine.mending import Column, Summed
from remit.evaluation.engine.planning import nodes_of, slices_of, terms_of
from remit.evaluation.engine.practice import Engine
from remit.evaluation.engine.resting import below, fact_of, facts_of_population
from remit.evaluation.engine.results import Decided, Found, PatientResults, decided, selected
from remit.evaluation.engine.standing import Before
from remit.evaluation.engine.templates import POPULATIONS, Shape, decisions, member_name
from remit.evaluation.kept_results.practice import KeptPractice
from remit.evaluation.model import LeftOut

_BETTER: Mapping[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "latest": np.maximum, "highest": np.maximum, "earliest": np.minimum, "lowest": np.minimum,
}  # fmt: skip
"""What of two answers stands, by the way records are summed up."""
_NONE: Counter[LeftOut] = Counter()
Whose = dict[int, np.ndarray]
"""Of slices for which patients something is so."""


@dataclass(frozen=True)
class Change:
    """A practice as it is, with what was kept of it, the records that came since and those that no longer stand."""

    whole: Tables
    came: Tables
    gone: Tables | None
    """None where all still stand."""
    kept: KeptPractice


class _Touched(NamedTuple):
    """Of a node: whose records are read again; for whom those that came are set beside what was kept; and for whom they
    are all that there is, as for new patients, of whom no earlier file has any."""

    again: np.ndarray
    came: np.ndarray
    alone: np.ndarray


@dataclass
class _Going:
    """How far it is: what was kept, what is found, for whom something has changed so far, and whose records of which
    slices have been read again."""

    before: Before
    found: Found
    came: Whose
    gone: Whose
    changed_nodes: dict[tuple[n.Node, int], np.ndarray]
    changed_members: dict[str, np.ndarray]
    read: Whose


class Onward(Engine):
    """The engine, going on from what was kept."""

    @cached_property
    def _below(self) -> dict[n.Node, tuple[set[n.Node], set[str]]]:
        return below(self.plan)

    @cached_property
    def some(self) -> dict[tuple[str, ...], str]:
        """The statements of decisions that were asked together, by their keys."""
        return {}

    def go_on(self, changes: Sequence[Change]) -> list[PatientResults]:
        """All that the plan decides of the practices' patients, as `run` does of all their records."""
        whole = [change.whole for change in changes]
        self._patients(whole)
        coded, spans = self._said_in(whole)
        for change in changes:
            self.entries.written[change.whole.practice] = self._units_then(change)
        found = Found(self.plan, self._table(dialect.ALL_FACTS))
        ids = [tables.patients["patient_id"] for tables in whole]
        before = Before(self.keys, [change.kept for change in changes], ids, found)
        firsts = np.cumsum([0, *map(len, ids)]).tolist()  # the number of each practice's first patient
        went = [(first, one.gone) for first, one in zip(firsts, changes, strict=False) if one.gone]
        gone, less = self._moved(went, "gone", (coded, spans), found.patients) if went else ({}, {})
        came, more = self._moved(
            [(first, one.came) for first, one in zip(firsts, changes, strict=False)],
            "came",
            (coded, spans),
            found.patients,
        )
        left_out = [
            one.kept.left_out + more.get(one.whole.practice, _NONE) - less.get(one.whole.practice, _NONE)
            for one in changes
        ]
        numbered = [*zip(firsts, whole, strict=False)]
        going = _Going(before, found, came, gone, {}, {}, {})
        self._register_known(found)
        for stage, (statements, registers) in zip(self.plan.stages, self._statements(coded, spans), strict=True):
            touched = {node: self._touched(node, going) for node in stage.nodes}
            self._read_again(self._wanted(touched, going), numbered, (coded, spans), going)
            for shape in statements:
                self._sum_up(shape, touched, going)
            for register, on in zip(registers, self._registers(registers, going), strict=True):
                found.add_members(register.code, on)
            self._register_known(found)
        of_all = self._indicators(going)
        return self._results(whole, found, of_all, left_out)

    # Records.

    def _units_then(self, change: Change) -> set[str]:
        if change.kept.units is None and "unit" in self.plan.needs:  # no rule asked for units then
            return self.entries.units_of(change.whole)
        return {*(change.kept.units or ())}

    def _keep(
        self, practices: Sequence[tuple[int, Tables]], said: tuple[bool, bool], wanted: Whose | None = None
    ) -> None:
        """Keep the practices' records, or those that are wanted: of all together where they are few."""
        select, others = gathered(self.entries, practices, said, wanted)
        if select:
            self.connection.execute(scan.into_records(select, first=True))
        for at, (first, tables) in enumerate(others):
            own = self.entries.select(tables, first, *said, wanted or {})
            self.connection.execute(scan.into_records(own, first=not select and at == 0))

    def _moved(
        self, practices: Sequence[tuple[int, Tables]], name: str, said: tuple[bool, bool], patients: int
    ) -> tuple[Whose, dict[str, Counter[LeftOut]]]:
        """Keep records that came or went in a table of that name: whose they are, by slice; and of each practice how
        many of their values are left out."""
        self._keep(practices, said)
        tables = [one for _, one in practices]
        left_out = dict(zip((one.practice for one in tables), self._left_out(tables, said[1]), strict=True))
        whose: Whose = {}
        found = self._table(dialect.WHOSE)
        for slice_ in np.unique(found["slice"]).tolist():
            whose[slice_] = np.zeros(patients, bool)
            whose[slice_][found["p"][found["slice"] == slice_]] = True
        self.connection.execute(dialect.renamed("records", name))
        return whose, left_out

    def _touched(self, node: n.Node, going: _Going) -> _Touched:
        """For whom what a node came to may not stand."""
        before, nobody = going.before, np.zeros(going.found.patients, bool)
        if any(before.node(node, part) is None for part in range(len(node.kinds))):
            return _Touched(~before.new, nobody, before.new)
        slices = [self.plan.slices[slice_] for slice_ in slices_of(node)]
        again = _any(nobody, (self._rests_on(part, going) for part in n.inside(node.where)))
        again = _any(again, (going.gone.get(at) for at in slices)) & ~before.new
        came = _any(nobody, (going.came.get(at) for at in slices)) & ~before.new
        if _is_better(node):
            return _Touched(again, came & ~again, before.new)
        return _Touched(again | came, nobody, before.new)

    def _rests_on(self, part: n.Term | n.Condition, going: _Going) -> np.ndarray | None:
        """For whom a part of a filter or of a decision may be another than it was."""
        if fact := fact_of(part):
            return going.before.facts[fact]
        match part:
            case n.On():
                return going.changed_members[part.register]
            case n.NodePart():
                columns = (going.changed_nodes[part.node, at] for at in range(len(part.node.kinds)))
                return _any(np.zeros(going.found.patients, bool), columns)
            case _:
                return None

    def _wanted(self, touched: Mapping[n.Node, _Touched], going: _Going) -> Whose:
        """Whose records of which slices some nodes need. The first time those that later nodes are likely to need are
        among them, so that the files are read once."""
        needed = [(node, one.again) for node, one in touched.items()]
        if not going.read:
            needed += [(node, self._likely(node, going)) for node in self.plan.nodes()]
        wanted: Whose = {}
        for node, whom in needed:
            for slice_ in slices_of(node) if whom.any() else ():
                at = self.plan.slices[slice_]
                wanted[at] = wanted[at] | whom if at in wanted else whom
        return wanted

    def _likely(self, node: n.Node, going: _Going) -> np.ndarray:
        """For whom a node that rests on others may have to be worked out again: those of whom records came that these
        read."""
        nodes, facts = self._below[node]
        if not nodes and not facts:
            return np.zeros(going.found.patients, bool)
        slices = {self.plan.slices[one] for other in nodes for one in slices_of(other)}
        slices |= set() if _is_better(node) else {self.plan.slices[one] for one in slices_of(node)}
        others = _any(np.zeros(going.found.patients, bool), (going.before.facts[name] for name in facts))
        return _any(others, (going.came.get(at) for at in slices)) & ~going.before.new

    def _read_again(
        self, wanted: Whose, whole: Sequence[tuple[int, Tables]], said: tuple[bool, bool], going: _Going
    ) -> None:
        """Read the records that are wanted and that have not been read yet into `again`."""
        first = not going.read
        for at, who in wanted.items():
            wanted[at] = who & ~going.read[at] if at in going.read else who
            going.read[at] = going.read[at] | who if at in going.read else who
        places = [(np.flatnonzero(who), at) for at, who in sorted(wanted.items())]
        if not any(len(who) for who, _ in places):
            return
        self.connection.register("wanted", pa.table({
            "p": pa.array(np.concatenate([who for who, _ in places]).astype("i4")),
            "slice": pa.array(np.concatenate([np.full(len(who), at) for who, at in places]).astype("i2")),
        }))  # fmt: skip
        self._keep(whole, said, wanted)
        self.connection.unregister("wanted")
        leave_out(self.connection, self.plan, self.units, said[1])  # what it counts was counted then
        self.connection.execute(dialect.renamed("records", "again") if first else dialect.ADD_AGAIN)

    # Nodes.

    def _sum_up(self, shape: Shape, touched: Mapping[n.Node, _Touched], going: _Going) -> None:
        """Add the columns of a shape's nodes: what was kept, with what the records that came or that were read again
        come to."""
        every = [touched[node] for node in shape.nodes]
        came = self._over("came", shape) if any((one.came | one.alone).any() for one in every) else None
        again = self._over("again", shape) if any(one.again.any() for one in every) else None
        for at, node in enumerate(shape.nodes):
            for part, kind in enumerate(node.kinds):
                was = going.before.node(node, part)
                now = Column(going.found.patients, kind, was)
                if again and every[at].again.any():
                    now.replace(every[at].again, again.of(at, part))
                if came and every[at].alone.any():
                    now.replace(every[at].alone, came.of(at, part))
                if came and every[at].came.any():
                    assert isinstance(node, n.Summary), "the others are read again"
                    now.better(every[at].came, came.of(at, part), _BETTER[node.how])
                going.found.add(node, part, now.cells)
                going.changed_nodes[node, part] = np.ones(going.found.patients, bool) if was is None else now.changed

    def _over(self, name: str, shape: Shape) -> Summed:
        """What a shape comes to over the records of a table."""
        self.connection.execute(dialect.renamed(name, "records"))
        try:
            patient, at, values = self._summed(shape)
        finally:
            self.connection.execute(dialect.renamed("records", name))
        order = np.argsort(at, kind="stable")
        ends = np.searchsorted(at[order], np.arange(len(shape.nodes) + 1))
        return Summed(patient[order], [one[order] for one in values], ends)

    # Decisions.

    def _registers(self, registers: tuple[n.Decision, ...], going: _Going) -> list[np.ndarray]:
        """Who is on each of some registers."""
        members: dict[str, np.ndarray] = {}
        same = {one.code: going.before.cells(f"on:{one.code}") for one in registers}
        for together, whom in self._whom(registers, "on", going):
            answers = self._asked(together, whom, going.found) if len(whom) else {}
            for at, register in enumerate(together):
                was = same[register.code]
                on = np.zeros(going.found.patients, bool) if was is None else ~was.missing
                if len(whom):
                    on = on.copy()
                    on[whom] = selected(register, answers[f"d{at}"])
                members[register.code] = on
                every = np.ones(len(on), bool)
                going.changed_members[register.code] = every if was is None else going.before.new | (on == was.missing)
        return [members[register.code] for register in registers]

    def _indicators(self, going: _Going) -> Decided:
        """What is decided of all patients for each indicator."""
        by_code: dict[str, tuple[np.ndarray, tuple[np.ndarray, np.ndarray] | None, list[np.ndarray]]] = {}
        for together, whom in self._whom(self.plan.indicators, "d", going):
            columns = _taken(going.found, together, whom)
            made = decided(self.plan, together, self._asked(together, whom, going.found), columns)
            for one, codes, days, parts in zip(together, made.codes, made.days, made.parts, strict=True):
                by_code[one.code] = _laid_over(one, going.before, whom, codes, days, parts)
        each = [by_code[one.code] for one in self.plan.indicators]
        return Decided([codes for codes, _, _ in each], [days for _, days, _ in each], [parts for *_, parts in each])

    def _whom(
        self, every: tuple[n.Decision, ...], kind: str, going: _Going
    ) -> list[tuple[tuple[n.Decision, ...], np.ndarray]]:
        """Decisions that are made again for some patients, and those that are made for all, with these."""
        kept: list[n.Decision] = []
        others: list[n.Decision] = []
        for one in every:
            known = going.before.of.get(f"{kind}:{one.code}") == self.keys.decisions[id(one)] and _of_days_of_records(
                one
            )
            (kept if known else others).append(one)
        again = going.before.new.copy()
        for one in kept:
            again = _any(again, (self._rests_on(part, going) for part in terms_of(one)))
            again = _any(again, (going.before.facts[fact] for fact in facts_of_population(one)))
            if one.population not in POPULATIONS:
                again |= going.changed_members[one.population]
        parts = (tuple(kept), np.flatnonzero(again)), (tuple(others), np.arange(going.found.patients))
        return [(together, whom) for together, whom in parts if together]

    def _asked(self, together: tuple[n.Decision, ...], whom: np.ndarray, found: Found) -> dict[str, np.ndarray]:
        """The statement of some decisions, of some patients."""
        which = tuple(self.keys.decisions[id(one)] for one in together)
        if which not in self.some:
            self.some[which] = decisions(self.plan, together)
        return self._decided(_taken(found, together, whom), self.some[which])


def _is_better(node: n.Node) -> bool:
    """Whether what a node comes to is the better one of what two parts of the records come to."""
    return isinstance(node, n.Summary) and node.how in _BETTER and slices_of(node) == [node.slice]


def _of_days_of_records(decision: n.Decision) -> bool:
    """Whether the day of each PCA is one of a record, which cannot be after the day of the earlier evaluation."""
    days = [day for branch in decision.branches for day in branch.days]
    return all(isinstance(day, n.NodePart) and _is_day_of_record(day) for day in days)


def _is_day_of_record(day: n.NodePart) -> bool:
    return day.part == 0 and (
        isinstance(day.node, n.ReadingNode)
        or (isinstance(day.node, n.Summary) and day.node.how in ("latest", "earliest"))
    )


def _taken(found: Found, together: Iterable[n.Decision], whom: np.ndarray) -> dict[str, pa.Array]:
    """What decisions read, of some patients."""
    names = {*found.facts}
    for one in together:
        names |= {f"c{found.plan.columns[node, part]}" for node in nodes_of(one) for part in range(len(node.kinds))}
        names |= {member_name(part.register) for part in terms_of(one) if isinstance(part, n.On)}
        names |= set() if one.population in POPULATIONS else {member_name(one.population)}
    columns = {name: column for name, column in found.columns.items() if name in names}
    if len(whom) == found.patients:
        return columns
    places = pa.array(whom)
    return {name: column.take(places) for name, column in columns.items()}


def _laid_over(
    one: n.Decision,
    before: Before,
    whom: np.ndarray,
    codes: np.ndarray,
    days: tuple[np.ndarray, np.ndarray] | None,
    parts: list[np.ndarray],
) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray] | None, list[np.ndarray]]:
    """What is decided of some patients over what was decided of all."""
    if len(whom) == before.patients:
        return codes, days, parts

    def over(name: str, type_: str, some: np.ndarray, otherwise: int = 0) -> np.ndarray:
        was = before.cells(name, type_)
        assert was is not None, "what is not known is decided of all"
        whole = np.where(was.missing, was.values.dtype.type(otherwise), was.values)
        whole[whom] = some
        return whole

    all_days = None
    if days is not None:
        there = before.cells(f"day:{one.code}", "i4")
        assert there is not None, "what is not known is decided of all"
        has = ~there.missing
        has[whom] = days[1]
        all_days = over(f"day:{one.code}", "i4", days[0]), has
    met = [over(f"m:{one.code}.{at}", "i8", some.astype("i8")).astype(bool) for at, some in enumerate(parts)]
    return over(f"d:{one.code}", "i4", codes, -1), all_days, met


def _any(nobody: np.ndarray, masks: Iterable[np.ndarray | None]) -> np.ndarray:
    """For whom one of some things is so; those that are None say nothing."""
    found = nobody.copy()
    for mask in masks:
        if mask is not None:
            found |= mask
    return found
