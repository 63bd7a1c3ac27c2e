"""What nodes and decisions rest on: other nodes, registers and the facts of patients."""

from __future__ import annotations

from collections.abc import Iterable

from remit.evaluation.engine import nodes as n
from remit.evaluation.engine.planning import terms_of
from remit.evaluation.engine.templates import POPULATIONS


def below(plan: n.QueryPlan) -> dict[n.Node, tuple[set[n.Node], set[str]]]:
    """The nodes that each node rests on, by registers too, and the facts."""
    registers = {one.code: one for stage in plan.stages for one in stage.registers}
    return {node: _all_below(node, registers) for node in plan.nodes()}


def _all_below(node: n.Node, registers: dict[str, n.Decision]) -> tuple[set[n.Node], set[str]]:
    nodes: set[n.Node] = set()
    asked: set[str] = set()
    facts: set[str] = set()
    waiting: list[Iterable[n.Term | n.Condition]] = [n.inside(node.where)]
    while waiting:
        for part in waiting.pop():
            if isinstance(part, n.NodePart) and part.node not in nodes:
                nodes.add(part.node)
                waiting.append(n.inside(part.node.where))
            elif isinstance(part, n.On) and part.register not in asked:
                asked.add(part.register)
                facts |= facts_of_population(registers[part.register])
                waiting.append(terms_of(registers[part.register]))
            elif fact := fact_of(part):
                facts.add(fact)
    return nodes, facts


def fact_of(part: n.Term | n.Condition) -> str:
    """The fact that a part asks for itself, or ''."""
    match part:
        case n.Fact():
            return part.name
        case n.Age():
            return "dob"
        case n.OneOf():
            return part.fact
        case _:
            return ""


def facts_of_population(decision: n.Decision) -> set[str]:
    """The fact by which a population is told that is no register."""
    fact = POPULATIONS.get(decision.population)
    return set() if fact is None else {f"{fact}_{decision.moment}" if decision.moment else fact}
