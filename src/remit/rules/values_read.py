"""Which values rules read: of which clusters, in which units. It shows which recorded values no rule reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import assert_never

from remit.rules import model as r
from remit.rules.definitions import registers_of

Clusters = tuple[str, ...]
"""Clusters that a field reads together, sorted."""

ANY = ""
"""No unit is asked for: a value in any is read."""


def values_read(
    definitions: Iterable[r.Definition], registers: Mapping[str, r.Definition]
) -> dict[Clusters, frozenset[str]]:
    """The clusters whose values the definitions ask for, with the registers that they rest on, and the units in which
    they read them, as the rules write them. Of none where they ask only whether there is a value."""
    units_by_clusters: dict[Clusters, set[str]] = {}
    for definition in _with_registers(definitions, registers):
        for name, field in definition.fields.items():
            for clusters, units in read_by(name, field):
                units_by_clusters.setdefault(tuple(sorted(set(clusters))), set()).update(units)
    return {clusters: frozenset(units) for clusters, units in sorted(units_by_clusters.items())}


def _with_registers(
    definitions: Iterable[r.Definition], registers: Mapping[str, r.Definition]
) -> Iterator[r.Definition]:
    waiting, done = list(definitions), set()
    while waiting:
        definition = waiting.pop()
        if id(definition) not in done:
            done.add(id(definition))
            yield definition
            waiting += [registers[code] for code in registers_of(definition) if code in registers]


def read_by(name: str, field: r.Field) -> Iterator[tuple[Clusters, set[str]]]:
    """The clusters whose values a field asks for, each with the units in which it reads them."""
    match field:
        case r.Value():
            yield field.clusters, {field.unit}
        case r.ReadingOf():
            for cluster in field.clusters:
                yield (cluster,), {field.unit}
        case r.Pick() | r.Tally():
            yield from _values_compared(field.clusters, field.where)
            yield from _values_compared_beside(name, field.clusters, field.where)
        case r.DateOf() | r.EndOf() | r.PartOf() | r.Span() | r.Supply():
            pass
        case _:
            assert_never(field)
    where = r.filter_of(field)
    for part in r.conditions(where) if where is not None else ():
        if isinstance(part, r.Beside):
            yield from _values_compared(part.clusters, part.where)
            yield from _values_compared_beside(part.name, part.clusters, part.where)


def _values_compared(clusters: Clusters, where: r.Condition | None) -> Iterator[tuple[Clusters, set[str]]]:
    """The values of its own records that a filter compares."""
    for part in r.conditions(where, beside=False) if where is not None else ():
        sides = (part.left, part.right) if isinstance(part, r.Compare) else ()
        if any(side == r.OwnPart("value") for side in sides):
            yield clusters, {ANY}
        elif isinstance(part, r.IsNull) and part.term == r.OwnPart("value"):
            yield clusters, set()


def _values_compared_beside(
    name: str, clusters: Clusters, where: r.Condition | None
) -> Iterator[tuple[Clusters, set[str]]]:
    """The value of a named record that the filter of another record compares."""
    if where is not None and r.RecordPart("value", name) in r.terms(where):
        yield clusters, {ANY}
