"""The plan as SQL: one long group-by for each shape of node, one wide look at what they came to for the decisions.

Two nodes have one *shape* if their SQL differs in nothing but slices, constants and columns; those stand in a small
table of parameters, `q`, which the records are joined with. The text says no practice and is written once for a run.

The tables that it reads: `records` (p, slice, d and, if the plan needs them, value, unit, episode, reading, code), up
to the achievement date; `patients` (p and the facts); `known_dates` and `known_numbers` (p, c, v), which hold the
columns that other nodes rest on; `wide`, a row for each patient with a column for each (p, facts, c0, c1 …, on_REG).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from remit.evaluation.engine import nodes as n
from remit.evaluation.engine.expressions import HALF, Expressions, literal
from remit.evaluation.engine.planning import conditions_of, slices_of

_AGGREGATES = {
    "latest": "max(e.d)",
    "earliest": "min(e.d)",
    "records": "count(*)",
    "days": "count(DISTINCT e.d)",
    "codes": "count(DISTINCT e.code)",
    "lowest": "min(e.value)",
    "highest": "max(e.value)",
    "mean": f"CAST(sum(e.value) % {HALF} AS BIGINT), CAST(sum(e.value) // {HALF} AS BIGINT), count(*)",
    "last": "max(ROW(e.code, e.reading, e.value))[3]",
    "only": "CASE WHEN min(e.value) = max(e.value) THEN min(e.value) END",
}


@dataclass
class Shape:
    """Nodes that one statement works out: its text, and of each row of the answer's `f` the columns that it fills."""

    template: str
    rows: list[tuple[str, ...]] = field(default_factory=list)
    nodes: list[n.Node] = field(default_factory=list)
    slices: set[int] = field(default_factory=set)

    @property
    def sql(self) -> str:
        """The statement: p, f (the node's place in `nodes`), then a column for each of the node's."""
        values = ",\n  ".join(f"({', '.join(row)})" for row in self.rows)
        width = len(self.rows[0]) - 2
        names = ", ".join(["f", "slice", *(f"k{i}" for i in range(width))])
        if isinstance(self.nodes[0], n.ReadingNode):
            names = ", ".join(["f", "slice", "half", *(f"k{i}" for i in range(width - 1))])
        which = ", ".join(map(str, sorted(self.slices)))
        return self.template.format(parameters=f"(VALUES\n  {values}) q({names})", slices=which)


class _Filter(Expressions):
    """A node's filter, its constants and columns turned into parameters of `q`."""

    def __init__(self, plan: n.QueryPlan, members: dict[str, int]) -> None:
        self.plan, self.members = plan, members
        self.parameters: list[str] = []
        self.joins: dict[tuple[str, int], str] = {}
        self.facts = False
        super().__init__(self._column, self._fact, self._member, self._constant, "e", plan.units)

    def _parameter(self, text: str) -> str:
        self.parameters.append(text)
        return f"q.k{len(self.parameters) - 1}"

    def _constant(self, value: date | int | str | n.Slice) -> str:
        if isinstance(value, tuple):
            return self._parameter(str(self.plan.slices[value]))
        return self._parameter(literal(value))

    def _joined(self, table: str, column: int) -> str:
        if (table, column) not in self.joins:
            alias = f"v{len(self.joins)}"
            self.joins[table, column] = (
                f"LEFT JOIN {table} {alias} ON {alias}.p = e.p AND {alias}.c = {self._parameter(str(column))}"
            )
        return f"v{list(self.joins).index((table, column))}.v"

    def _column(self, node: n.Node, part: int) -> str:
        table = "known_dates" if node.kinds[part] == "date" else "known_numbers"
        return self._joined(table, self.plan.columns[node, part])

    def _fact(self, name: str) -> str:
        self.facts = True
        return f"t.{name}"

    def _member(self, register: str) -> str:
        return self._joined("known_numbers", self.members[register])


def member_columns(plan: n.QueryPlan) -> dict[str, int]:
    """The column of each register, after those of the nodes: 1 for those who are on it."""
    registers = [decision.code for stage in plan.stages for decision in stage.registers]
    return {code: len(plan.columns) + at for at, code in enumerate(registers)}


def shapes(plan: n.QueryPlan, stage: n.Stage) -> list[Shape]:
    """The statements of a stage."""
    members = member_columns(plan)
    found: dict[str, Shape] = {}
    for node in stage.nodes:
        write = _reading if isinstance(node, n.ReadingNode) else _summary
        template, parameters = write(plan, members, node)  # type: ignore[arg-type]
        shape = found.setdefault(template, Shape(template))
        at = str(len(shape.nodes))
        shape.nodes.append(node)
        own = slices_of(node)[: len(node.halves)] if isinstance(node, n.ReadingNode) else [node.slice]
        for half, slice_ in enumerate(own):
            number = plan.slices[slice_]
            shape.slices.add(number)
            extra = (str(half),) if isinstance(node, n.ReadingNode) else ()
            shape.rows.append((at, str(number), *extra, *parameters))
    return list(found.values())


def _from(filter_: _Filter, where: Sequence[str]) -> str:
    joins = list(filter_.joins.values())
    if filter_.facts:
        joins.append("JOIN patients t ON t.p = e.p")
    lines = ["FROM records e JOIN {parameters} ON e.slice = q.slice", *joins]
    tests = ["e.slice IN ({slices})", *(test for test in where if test != "TRUE")]
    return "\n".join([*lines, "WHERE " + "\n  AND ".join(tests)])


def _summary(plan: n.QueryPlan, members: dict[str, int], node: n.Summary) -> tuple[str, list[str]]:
    filter_ = _Filter(plan, members)
    where = filter_.condition(node.where)
    tail = _from(filter_, [where])
    return f"SELECT e.p, q.f, {_AGGREGATES[node.how]}\n{tail}\nGROUP BY e.p, q.f", filter_.parameters


def _reading(plan: n.QueryPlan, members: dict[str, int], node: n.ReadingNode) -> tuple[str, list[str]]:
    """Halves that belong together, then the best of them: the date first, then the lowest values in order."""
    filter_ = _Filter(plan, members)
    where = filter_.condition(node.where)
    tail = _from(filter_, ["e.value IS NOT NULL", where])
    halves = range(len(node.halves))
    values = ", ".join(f"min(e.value) FILTER (WHERE q.half = {half}) AS v{half}" for half in halves)
    whole = " AND ".join(f"v{half} IS NOT NULL" for half in halves)
    picked = ", ".join(f"v{half}" for half in halves)
    order = f"d{' DESC' if node.which == 'latest' else ''}, {picked}"
    template = (
        f"SELECT DISTINCT ON (p, f) p, f, d, {picked}\n"
        f"FROM (SELECT e.p, q.f, e.d, {values}\n{tail}\nGROUP BY e.p, q.f, e.d, e.reading) WHERE {whole}\n"
        f"ORDER BY p, f, {order}"
    )
    return template, filter_.parameters


# Decisions, over `wide`.


class _Wide(Expressions):
    """Conditions over the columns of `wide`; those that stand in `shared` are columns already."""

    def __init__(self, plan: n.QueryPlan) -> None:
        self.shared: dict[n.Condition, str] = {}
        super().__init__(
            lambda node, part: f"c{plan.columns[node, part]}", str, lambda register: f'"on_{register}"', literal
        )

    def condition(self, given: n.Condition) -> str:
        return self.shared.get(given) or super().condition(given)


def decisions(plan: n.QueryPlan, made: Sequence[n.Decision]) -> str:
    """A row for each patient, in any order: p, then for each decision the code of the deciding side (NULL outside its
    population) and whether each of its parts is met; last the days of `days_of`."""
    wide = _Wide(plan)
    shared = {
        condition: f"s{at}"
        for at, condition in enumerate(_asked_often([c for one in made for c in conditions_of(one)]))
    }
    first = ["*", *(f"{wide.condition(condition)} AS {name}" for condition, name in shared.items())]
    wide.shared = shared
    second = ["p"]
    for at, decision in enumerate(made):
        second.append(f"{_decided(wide, decision)} AS d{at}")
        for part, (_, condition) in enumerate(decision.parts):
            second.append(f"coalesce({wide.condition(condition)}, FALSE) AS m{at}_{part}")
    second += [f"{wide.term(term)} AS {name}" for term, name in days_of(made).items()]
    one, two = (",\n  ".join(columns) for columns in (first, second))
    return f"SELECT {two}\nFROM (SELECT {one}\nFROM wide)"


def _asked_often(conditions: Sequence[n.Condition]) -> list[n.Condition]:
    """The parts of conditions that are asked more than once: they are worked out once."""
    asked: Counter[n.Condition] = Counter()
    waiting = list(conditions)
    while waiting:
        condition = waiting.pop(0)
        if isinstance(condition, n.Every | n.Either | n.Least):
            waiting += condition.parts
        else:
            asked[condition] += 1
    return [condition for condition, times in asked.items() if times > 1]


def days_of(made: Sequence[n.Decision]) -> dict[n.Term, str]:
    """The dates that the day of a PCA may be and that are no column of `wide`, with the decisions' column for each."""
    terms = (day for one in made for branch in one.branches for day in branch.days)
    return {term: f"day{at}" for at, term in enumerate(dict.fromkeys(terms)) if not isinstance(term, n.Of | n.Fact)}


def member_name(register: str) -> str:
    """The column of `wide` that says who is on a register."""
    return f"on_{register}"


def _population(wide: _Wide, decision: n.Decision) -> str:
    named = {"registered": "registered", "died in the year": "died_in_year"}
    return named.get(decision.population) or f"{wide.member(decision.population)} IS NOT NULL"


def _decided(wide: _Wide, decision: n.Decision) -> str:
    lines = [f"CASE WHEN NOT ({_population(wide, decision)}) THEN NULL"]
    for test in decision.tests:
        condition = wide.condition(test.condition)
        if test.then is not None:
            lines.append(f"WHEN {condition} THEN {test.then}")
            if test.otherwise is not None:
                lines.append(f"ELSE {test.otherwise}")
        else:
            lines.append(f"WHEN ({condition}) IS NOT TRUE THEN {test.otherwise}")
    if not decision.tests:
        lines.append("ELSE 0")
    return " ".join([*lines, "END"])
