"""Definitions to the typed plan: decisions and nodes (`resolving`), what each reads, and the stages in their order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import assert_never

from remit.evaluation.engine import nodes as n
from remit.evaluation.engine.resolving import Past, Resolver, limits
from remit.evaluation.model import Dates
from remit.records.measures import Measures, shipped_measures
from remit.records.model import UNASKED
from remit.records.values import unit_key, units_read
from remit.rules import model as r
from remit.rules.values_read import values_read


def query_plan(
    definitions: Iterable[r.Definition],
    registers: Mapping[str, r.Definition],
    dates: Dates,
    also: Iterable[str] = (),
    measures: Measures | None = None,
) -> n.QueryPlan:
    """The plan of indicators for a run's dates, with the registers that they rest on and those asked for `also`."""
    definitions, measures = list(definitions), measures or shipped_measures()
    resolvers = [Resolver(one, registers, dates, measures) for one in definitions]
    indicators = tuple(one.decision() for one in resolvers)
    past = {name: those for one in resolvers for name, those in one.past.items()}
    decisions: dict[str, n.Decision] = {}
    waiting = [*also, *(code for one in indicators for code in _registers_of(one))]
    while waiting:
        code = waiting.pop()
        if code not in decisions:
            if code in past:
                earlier = past[code]
                resolver = Resolver(earlier.definition, registers, earlier.dates, measures, earlier.moment)
                decisions[code] = resolver.decision_before(code, earlier.counted)
            else:
                resolver = Resolver(registers[code], registers, dates, measures)
                decisions[code] = resolver.decision()
            past |= resolver.past
            waiting += _registers_of(decisions[code])
    stages = _stages(indicators, decisions)
    slices: dict[n.Slice, int] = {}
    columns: dict[tuple[n.Node, int], int] = {}
    needs: set[str] = set()
    units: dict[str, None] = {}
    texts: set[n.Slice] = set()
    more: set[n.Slice] = set()
    answers: set[str] = set()
    for stage in stages:
        for node in stage.nodes:
            for slice_ in slices_of(node):
                slices.setdefault(slice_, len(slices))
            for part in range(len(node.kinds)):
                columns[node, part] = len(columns)
            node_needs = _needs(node)
            needs |= node_needs
            units |= {part.key: None for part in n.inside(node.where) if isinstance(part, n.UnitIs)}
            answers |= {part.cluster for part in n.inside(node.where) if isinstance(part, n.AnswerIn)}
            texts |= {*slices_of(node)} if node_needs & {"reading", "code"} else set()
            more |= {*slices_of(node)} if node_needs - {*UNASKED} else set()
    units |= {unit_key(measures, limit.unit): None for limit in measures.limits}
    values = tuple(
        _values(clusters, frozenset(unit_key(measures, unit) for unit in units_asked), [*units], measures)
        for clusters, units_asked in values_read(definitions, registers).items()
    )
    for one in values:
        slices.setdefault(one.slice, len(slices))
    needs |= {"value", "unit"} if values or "value" in needs else set()
    return n.QueryPlan(
        dates.achievement, dates.start, dates.end, stages, indicators, slices, columns,
        frozenset(needs), tuple(units), frozenset(texts), frozenset(more | {one.slice for one in values}), values,
        _facts(stages, indicators),
        tuple(sorted(answers)),
        _before(decisions, past),
    )  # fmt: skip


def _before(decisions: Mapping[str, n.Decision], past: Mapping[str, Past]) -> tuple[Dates, ...]:
    """The dates of each earlier year, from the one before the run to the first that is asked after."""
    moments = {past[code].moment: past[code].dates for code in decisions if code in past}
    return tuple(moments[at] for at in sorted(moments))


def _facts(stages: tuple[n.Stage, ...], indicators: tuple[n.Decision, ...]) -> frozenset[str]:
    """The columns of the patients that some rule asks for; the sex is always there."""
    decisions = [*indicators, *(register for stage in stages for register in stage.registers)]
    parts = [part for decision in decisions for part in terms_of(decision)]
    parts += [part for stage in stages for node in stage.nodes for part in n.inside(node.where)]
    return frozenset(part.fact for part in parts if isinstance(part, n.OneOf)) - {"sex"}


def _values(slice_: n.Slice, units_asked: frozenset[str], units: list[str], measures: Measures) -> n.ValuesRead:
    read = units_read(measures, slice_, units_asked)
    own_only = read != units_asked

    def can_be(unit: str) -> tuple[int, int]:
        return _NO_VALUE if own_only and unit not in read else limits(measures, slice_, unit)

    of_unit: dict[int | None, tuple[int, int]] = {at: can_be(unit) for at, unit in enumerate(units)}
    of_unit |= {_OTHER: can_be("?"), None: limits(measures, slice_, "")}
    unsaid = tuple(limits(measures, slice_, unit) for unit in sorted(units_asked) if unit and "" not in units_asked)
    return n.ValuesRead(slice_, read, of_unit, unsaid)


_NO_VALUE = (1, 0)
"""Between these is none: no field reads a value in the unit."""

_OTHER = -1
"""The number of a unit that no rule asks for and that has no limits."""


def slices_of(node: n.Node) -> list[n.Slice]:
    """The slices of the records that a node reads: its own, then those beside."""
    return own_slices(node) + [part.slice for part in n.inside(node.where) if isinstance(part, n.Beside)]


def own_slices(node: n.Node) -> list[n.Slice]:
    """The slices of the records that a node sums up: one, or one for each half of a reading."""
    match node:
        case n.Summary() | n.SupplyNode():
            return [node.slice]
        case n.ReadingNode():
            return [(half,) for half in node.halves]
        case _:
            assert_never(node)


def fields_of(
    definition: r.Definition, registers: Mapping[str, r.Definition], dates: Dates
) -> Iterator[tuple[str, n.Node]]:
    """Each field of a definition that reads records, with its node; the parts of a reading share the reading's."""
    resolver = Resolver(definition, registers, dates)
    for name, field in definition.fields.items():
        term = resolver.field(name, field)
        for part in (term, *(term.terms if isinstance(term, n.HowMany) else ())):
            if isinstance(part, n.NodePart) and not isinstance(field, r.Span):
                yield name, part.node


def counts_records(plan: n.QueryPlan) -> bool:
    """Whether it matters that several codings are one record."""
    return any(isinstance(node, n.Summary) and node.how in ("records", "mean") for node in plan.nodes())


_NEEDS: dict[n.How, tuple[str, ...]] = {
    "lowest": ("value",), "highest": ("value",), "mean": ("value",), "only": ("value",),
    "last": ("value", "code", "reading", "time"), "codes": ("code",),
    "end of latest": ("ends", "time"), "end of earliest": ("ends", "time"),
    "time of latest": ("time",), "time of earliest": ("time",),
}  # fmt: skip
"""What of a record each way to sum up reads, beside its date."""


def _needs(node: n.Node) -> set[str]:
    match node:
        case n.ReadingNode():
            needs = {"value", "reading"}
        case n.SupplyNode():
            needs = {"ends"}
        case n.Summary():
            needs = {*_NEEDS.get(node.how, ())}
        case _:
            assert_never(node)
    for part in n.inside(node.where):
        if isinstance(part, n.Own | n.Outer) and part.part != "date":
            needs.add(part.part)
        elif isinstance(part, n.AnswerIn):
            needs.add("answer")
        elif isinstance(part, n.UnitIs):
            needs.add("unit")
    return needs


def conditions_of(decision: n.Decision) -> list[n.Condition]:
    """The conditions of a decision: of its rules, and of its named parts."""
    return [test.condition for test in decision.tests] + [condition for _, condition in decision.parts]


def terms_of(decision: n.Decision) -> list[n.Term | n.Condition]:
    """All that a decision asks, at any depth."""
    roots: list[n.Term | n.Condition] = [*conditions_of(decision)]
    roots += [day for branch in decision.branches for day in branch.days]
    return [part for root in roots for part in n.inside(root)]


def nodes_of(decision: n.Decision) -> list[n.Node]:
    """The nodes whose columns a decision reads."""
    return [part.node for part in terms_of(decision) if isinstance(part, n.NodePart)]


def _registers_of(decision: n.Decision) -> list[str]:
    """The registers that a decision rests on, those that its nodes' filters ask after too."""
    registers = [part.register for part in terms_of(decision) if isinstance(part, n.On)]
    waiting, done = list(nodes_of(decision)), set()
    while waiting:
        node = waiting.pop()
        if node in done:
            continue
        done.add(node)
        for part in n.inside(node.where):
            if isinstance(part, n.On):
                registers.append(part.register)
            elif isinstance(part, n.NodePart):
                waiting.append(part.node)
    if decision.population not in ("registered", "died in the year"):
        registers.append(decision.population)
    return registers


def _stages(indicators: tuple[n.Decision, ...], registers: Mapping[str, n.Decision]) -> tuple[n.Stage, ...]:
    """Everything at the first stage at which all that it rests on is done."""
    of_node: dict[n.Node, int] = {}
    of_register: dict[str, int] = {}

    def node_level(node: n.Node) -> int:
        if node not in of_node:
            below = [0]
            for part in n.inside(node.where):
                if isinstance(part, n.NodePart):
                    below.append(node_level(part.node) + 1)
                elif isinstance(part, n.On):
                    below.append(register_level(part.register) + 1)
            of_node[node] = max(below)
        return of_node[node]

    def register_level(code: str) -> int:
        if code not in of_register:
            decision = registers[code]
            below = [node_level(node) for node in nodes_of(decision)]
            others = [part.register for part in terms_of(decision) if isinstance(part, n.On)]
            others += [decision.population] if decision.population in registers else []
            of_register[code] = max([0, *below, *(register_level(other) + 1 for other in others)])
        return of_register[code]

    for code in sorted(registers):
        register_level(code)
    for indicator in indicators:
        for node in nodes_of(indicator):
            node_level(node)
    last = max([-1, *of_node.values(), *of_register.values()])
    return tuple(
        n.Stage(
            tuple(node for node, at in of_node.items() if at == level),
            tuple(registers[code] for code in sorted(registers) if of_register[code] == level),
        )
        for level in range(last + 1)
    )
