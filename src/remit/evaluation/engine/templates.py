"""The plan as statements: one long group-by for each shape of node, one wide look at what they came to for decisions.

Two nodes have one *shape* if their statements differ in nothing but slices, constants and columns; those stand in a
small table of parameters, `q`, which the records are joined with. The text says no practice and is written once for a
run. `dialect` has the words.

The tables that it reads: `records` (p, slice, d and, if the plan needs them, value, unit, episode, reading, code), up
to the achievement date; `patients` (p and the facts); `known_dates` and `known_numbers` (p, c, v), which hold the
columns that other nodes rest on; `wide`, a row for each patient with a column for each (p, facts, c0, c1 …, on_REG).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import assert_never

from remit.evaluation.engine import dialect, supply
from remit.evaluation.engine import nodes as n
from remit.evaluation.engine.expressions import Expressions
from remit.evaluation.engine.planning import conditions_of, own_slices


@dataclass
class Shape:
    """Nodes that one statement works out: its template, the tests of a record in it, and of each row of the answer's
    `f` the columns that it fills."""

    template: str
    tests: tuple[str, ...]
    rows: list[tuple[str, ...]] = field(default_factory=list)
    nodes: list[n.Node] = field(default_factory=list)
    slices: set[int] = field(default_factory=set)

    @property
    def sql(self) -> str:
        """The statement: p, f (the node's place in `nodes`), then a column for each of the node's."""
        halves = isinstance(self.nodes[0], n.ReadingNode)
        return dialect.statement(self.template, self.rows, self.slices, halves)


class _Filter(Expressions):
    """A node's filter, its constants and columns turned into parameters of `q`."""

    def __init__(self, plan: n.QueryPlan, members: dict[str, int], half: int = 0, spans: bool = False) -> None:
        self.plan, self.members = plan, members
        self.parameters: list[str] = []
        self.joins: dict[tuple[str, int], str] = {}
        self.facts = False
        super().__init__(
            self._column, self._fact, self._member, self._constant, self._slice, dialect.RECORD, plan.units,
            plan.needs, half, spans, plan.answers,
        )  # fmt: skip

    def _parameter(self, text: str) -> str:
        self.parameters.append(text)
        return dialect.parameter(len(self.parameters) - 1)

    def _constant(self, value: date | int | str) -> str:
        return self._parameter(dialect.literal(value))

    def _slice(self, value: n.Slice) -> str:
        return self._parameter(str(self.plan.slices[value]))

    def _joined(self, table: str, column: int) -> str:
        if (table, column) not in self.joins:
            alias = f"v{len(self.joins)}"
            self.joins[table, column] = dialect.joined(table, alias, self._parameter(str(column)))
        return dialect.column(f"v{list(self.joins).index((table, column))}", "v")

    def _column(self, node: n.Node, part: int) -> str:
        table = "known_dates" if node.kinds[part] == "date" else "known_numbers"
        return self._joined(table, self.plan.columns[node, part])

    def _fact(self, name: str) -> str:
        self.facts = True
        return dialect.column(dialect.PATIENT, name)

    def _member(self, register: str) -> str:
        return self._joined("known_numbers", self.members[register])


def member_columns(plan: n.QueryPlan) -> dict[str, int]:
    """The column of each register, after those of the nodes: 1 for those who are on it."""
    registers = [decision.code for stage in plan.stages for decision in stage.registers]
    return {code: len(plan.columns) + at for at, code in enumerate(registers)}


def shapes(plan: n.QueryPlan, stage: n.Stage, coded: bool = False, spans: bool = False) -> list[Shape]:
    """The statements of a stage; `coded`: some records have several codings, which count once; `spans`: some values
    have a comparator, and so two ends."""
    members = member_columns(plan)
    by_template: dict[str, Shape] = {}
    for node in stage.nodes:
        halves = isinstance(node, n.ReadingNode)
        for half, slice_ in enumerate(own_slices(node)):
            filter_ = _Filter(plan, members, half, spans)
            tests, template = _written(filter_, node, coded)
            shape = by_template.setdefault(template, Shape(template, tests))
            if not half:
                shape.nodes.append(node)
            number = plan.slices[slice_]
            shape.slices.add(number)
            at = str(len(shape.nodes) - 1)
            shape.rows.append((at, str(number), *([str(half)] if halves else []), *filter_.parameters))
    return list(by_template.values())


def _written(filter_: _Filter, node: n.Node, coded: bool) -> tuple[tuple[str, ...], str]:
    """The tests of a node's records, and the template of its statement."""
    if isinstance(node, n.SupplyNode):
        return (), _supplied(filter_, node)
    where = filter_.condition(node.where)
    tests = [] if where == dialect.TRUE else [where]
    tests += dialect.plain(dialect.RECORD, filter_.plan.needs, n.own_parts(node.where))
    joins = list(filter_.joins.values())
    match node:
        case n.Summary():
            return tuple(tests), dialect.summary(node.how, joins, filter_.facts, tests, coded, filter_.spans)
        case n.ReadingNode():
            tests = [dialect.HAS_VALUE, *tests]
            latest, spans = node.which == "latest", filter_.spans
            return tuple(tests), dialect.best_reading(len(node.halves), latest, joins, filter_.facts, tests, spans)
        case _:
            assert_never(node)


def _supplied(filter_: _Filter, node: n.SupplyNode) -> str:
    first, last = filter_.term(node.first), filter_.term(node.last)
    least = filter_.constant(node.least)
    until = filter_.constant(node.until) if node.until else ""
    plain = dialect.plain(dialect.RECORD, filter_.plan.needs)
    return supply.statement(node.what, first, last, least, list(filter_.joins.values()), filter_.facts, plain, until)


# Decisions, over `wide`.


class _Wide(Expressions):
    """Conditions over the columns of `wide`; those that stand in `shared` are columns already. `read` are those that
    were named."""

    def __init__(self, plan: n.QueryPlan) -> None:
        self.shared: dict[n.Condition, str] = {}
        self.read: dict[str, None] = {}
        super().__init__(
            lambda node, part: self.named(f"c{plan.columns[node, part]}"),
            self.named,
            lambda register: self.named(dialect.quoted(member_name(register))),
            dialect.literal,
            spans=True,
        )

    def named(self, column: str) -> str:
        """A column of `wide`."""
        self.read[column] = None
        return column

    def condition(self, condition: n.Condition) -> str:
        return self.shared.get(condition) or super().condition(condition)


def decisions(plan: n.QueryPlan, together: Sequence[n.Decision]) -> str:
    """A row for each patient, in any order: p, then for each decision the code of the deciding side (NULL outside its
    population) and whether each of its parts is met; last the days of `days_of`."""
    wide = _Wide(plan)
    shared = {
        condition: f"s{at}"
        for at, condition in enumerate(_used_often([c for one in together for c in conditions_of(one)]))
    }
    first = {name: wide.condition(condition) for condition, name in shared.items()}
    wide.shared = shared
    second: dict[str, str] = {}
    for at, decision in enumerate(together):
        second[f"d{at}"] = _decided(wide, decision)
        for part, (_, condition) in enumerate(decision.parts):
            second[f"m{at}_{part}"] = dialect.true_or_false(wide.condition(condition))
    second |= {name: wide.term(term) for term, name in days_of(together).items()}
    return dialect.decisions(wide.read, first, second)


def _used_often(conditions: Sequence[n.Condition]) -> list[n.Condition]:
    """The parts of conditions that are asked more than once: they are worked out once."""
    uses: Counter[n.Condition] = Counter()
    waiting = list(conditions)
    while waiting:
        condition = waiting.pop(0)
        if isinstance(condition, n.Every | n.Either | n.Least):
            waiting += condition.parts
        else:
            uses[condition] += 1
    return [condition for condition, times in uses.items() if times > 1]


def days_of(together: Sequence[n.Decision]) -> dict[n.Term, str]:
    """The dates that the day of a PCA may be and that are no column of `wide`, with the decisions' column for each."""
    terms = (day for one in together for branch in one.branches for day in branch.days)
    return {
        term: f"day{at}" for at, term in enumerate(dict.fromkeys(terms)) if not isinstance(term, n.NodePart | n.Fact)
    }


def member_name(register: str) -> str:
    """The column of `wide` that says who is on a register."""
    return f"on_{register}"


def _decided(wide: _Wide, decision: n.Decision) -> str:
    fact = POPULATIONS.get(decision.population)
    within = fact or dialect.present(wide.member(decision.population))
    if fact:
        within = wide.named(f"{fact}_{decision.moment}" if decision.moment else fact)
    return dialect.decided(
        within, [(wide.condition(test.condition), test.then, test.otherwise) for test in decision.tests]
    )


POPULATIONS: dict[str, str] = {"registered": "registered", "died in the year": "died_in_year"}
"""The facts that say who is in a population that is not a register."""
