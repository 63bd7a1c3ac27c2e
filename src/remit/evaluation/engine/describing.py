"""A plan as people read it: what is scanned, the shapes of the statements, and who reads which field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import assert_never

from remit.evaluation.engine import dialect
from remit.evaluation.engine import nodes as n
from remit.evaluation.engine.planning import fields_of
from remit.evaluation.engine.templates import Shape, shapes
from remit.evaluation.model import Dates
from remit.rules import model as r

ALWAYS = ("patient", "date", "code")
"""What every scan reads of a record."""


@dataclass(frozen=True)
class ShapeLine:
    """One statement: its stage, what it works out and on which condition, how many nodes and slices, and its text."""

    number: int
    stage: int
    how: str
    condition: str
    nodes: int
    slices: int
    sql: str


@dataclass(frozen=True)
class FieldLine:
    """One node: the statement that works it out, its clusters, the text of the field, and who reads it."""

    shape: int
    clusters: str
    text: str
    read_by: tuple[str, ...]


@dataclass(frozen=True)
class Described:
    """A plan in words. `written` is how many fields the definitions have, before equal ones become one."""

    reads: tuple[str, ...]
    slices: int
    codes: int
    written: int
    shapes: tuple[ShapeLine, ...]
    fields: tuple[FieldLine, ...]
    registers: tuple[tuple[int, tuple[str, ...]], ...]
    indicators: tuple[str, ...]


def describe(
    plan: n.QueryPlan,
    definitions: Iterable[r.Definition],
    registers: Mapping[str, r.Definition],
    dates: Dates,
    codes: Mapping[str, Iterable[str]],
) -> Described:
    """What the plan of these definitions does, statement by statement."""
    users: dict[n.Node, list[str]] = {}
    texts: dict[n.Node, str] = {}
    written = 0
    for definition in definitions:
        written += len(definition.fields)
        for name, node in fields_of(definition, registers, dates):
            users.setdefault(node, []).append(definition.code)
            texts.setdefault(node, (definition.texts or {}).get(name, name))
    lines: list[ShapeLine] = []
    fields: list[FieldLine] = []
    for at, stage in enumerate(plan.stages, 1):
        for shape in shapes(plan, stage):
            number = len(lines) + 1
            lines.append(_line(number, at, shape))
            for node in shape.nodes:
                names = node.halves if isinstance(node, n.ReadingNode) else node.slice
                by = tuple(dict.fromkeys(users.get(node, ())))
                fields.append(FieldLine(number, " or ".join(names), texts.get(node, ""), by))
    reads = (*ALWAYS, *sorted(plan.needs - {*ALWAYS}))
    read = {code for slice_ in plan.slices for name in slice_ for code in codes[name]}
    members = tuple(
        (at, tuple(d.code for d in stage.registers)) for at, stage in enumerate(plan.stages, 1) if stage.registers
    )
    indicators = tuple(d.code for d in plan.indicators)
    return Described(reads, len(plan.slices), len(read), written, tuple(lines), tuple(fields), members, indicators)


def _how(node: n.Node) -> str:
    match node:
        case n.ReadingNode():
            return f"{node.which} reading"
        case n.SupplyNode():
            return {"covered": "days covered", "longest gap": "longest gap"}.get(node.what, f"{node.what} gap")
        case n.Summary():
            return node.how
        case _:
            assert_never(node)


def _line(number: int, stage: int, shape: Shape) -> ShapeLine:
    node = shape.nodes[0]
    how = _how(node)
    condition = dialect.readable(shape.tests)
    return ShapeLine(number, stage, how, condition, len(shape.nodes), len(shape.slices), shape.sql)
