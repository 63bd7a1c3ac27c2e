"""The boundary table: what a practice gets just below, exactly at and just above every bound, beside the words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from remit.cli.layout import grid, heading, indented
from remit.core import say
from remit.core.rounding import exact_text
from remit.scheme.boundaries import (
    JUST,
    Boundary,
    ItemBoundaries,
    Side,
    Table,
    award_text,
    boundaries,
    percent_text,
)
from remit.scheme.kinds import Steps
from remit.scheme.model import Scheme

_SIDES = ("Just below", "Exactly", "Just above")
_JUST = f"{exact_text(JUST * 100)} of a percentage point, the smallest step of a rate with two decimals"


def boundary_page(scheme: Scheme, only: Sequence[str] = ()) -> Iterator[RenderableType]:
    """The table as text: an item at a time where the words of the source stand beside it, else all in one table."""
    found = list(boundaries(scheme, only))
    yield Text(say.clean(scheme.title), style="bold")
    yield Text(f"\nWhat a practice gets at every bound. Just below and just above are by {_JUST}.")
    edges = [edge for one in found for table in one.tables for edge in table.boundaries]
    fewer = " Where lower is better, < is below it and <= at or below it." if any(edge.falls for edge in edges) else ""
    yield Text(f"> is above the bound, >= is at or above it.{fewer}", style="dim")
    together = [one for one in found if one.tables and not one.gate and not one.tables[0].words]
    for one in found:
        if one.tables and one not in together:
            yield from _item(one)
    if together:
        yield heading("Items whose file quotes no words of the source")
        yield indented(Text(f"in {' or '.join(dict.fromkeys(one.unit for one in together))}", style="dim"))
        rows = [[one.item.item, *_row(edge, "")] for one in together for edge in one.tables[0].boundaries]
        table = grid(("Item", "left"), ("Bound", "right"), *((name, "right") for name in _SIDES), rows=rows)
        table.columns[0].no_wrap = True
        yield indented(table)
    waiting = [one.item for one in found if one.item.requires]
    if waiting:
        yield heading("Conditions")
        for item in waiting:
            be = "is" if len(item.requires) == 1 else "are"
            yield indented(Text(f"{item.item}: paid only when {say.listed(item.requires)} {be} met"))
    flat: dict[str, list[str]] = {}
    for one in found:
        if not one.tables:
            flat.setdefault(say.clean(one.note), []).append(one.item.item)
    if flat:
        yield heading("Items without a bound")
        for note, codes in flat.items():
            yield indented(Text(f"{note}: {', '.join(codes)}"))


def _item(one: ItemBoundaries) -> Iterator[RenderableType]:
    yield Text(f"\n{one.item.item}  {say.clean(one.item.title)}", style="bold")
    if one.gates:
        yield indented(Text(f"Which table holds, by the achievement of {one.gate}:"))
        rows = [[_bound(edge), *(_gate_side(side, one) for side in _sides(edge))] for edge in one.gates]
        yield indented(grid((one.gate, "right"), *((name, "left") for name in _SIDES), rows=rows, spaced=True), 4)
        yield Text()
    for n, table in enumerate(one.tables, 1):
        if one.gate:
            yield indented(Text(f"Table {n}, where {one.gate} is {table.when}:"))
        if table.words:
            yield indented(Text(f"“{say.clean(table.words)}”", style="italic"), 4 if one.gate else 2)
        if table.note:
            yield indented(Text(say.clean(table.note), style="dim"), 4 if one.gate else 2)
        yield indented(_table(table, one), 4 if one.gate else 2)
        if one.gate and n < len(one.tables):
            yield Text()


def _table(table: Table, one: ItemBoundaries) -> RenderableType:
    if not table.boundaries:
        return Text("nothing, whatever is achieved")
    columns = (("Bound", "right"), *((name, "right") for name in _SIDES))
    return grid(*columns, rows=[_row(edge, one.unit) for edge in table.boundaries])


def _row(edge: Boundary, unit: str) -> list[str]:
    return [_bound(edge), *(_side(side, unit) for side in _sides(edge))]


def _bound(edge: Boundary) -> str:
    return f"{edge.operator} {exact_text(edge.bound.at * 100)}%"


def _sides(edge: Boundary) -> tuple[Side | None, Side | None, Side | None]:
    return edge.below, edge.at, edge.above


def _side(side: Side | None, unit: str) -> str:
    """`35.01%: 10p`; without a unit `40.00%: 12`; nothing where there is no such rate."""
    if side is None or side.earned is None:
        return "–"
    award = award_text(side.earned, unit) if unit else exact_text(side.earned, most=4)
    return f"{percent_text(side.rate)}: {award}"


def _gate_side(side: Side | None, one: ItemBoundaries) -> str:
    """`0.75%: 8p in 1a`, and below it the table that holds."""
    if side is None:
        return "–"
    kind = one.item.kind
    assert isinstance(kind, Steps)
    number = next((n for n, table in enumerate(kind.tables, 1) if table.when.text == side.table), 0)
    held = f"table {number}" if number else "no table"
    own = f"{award_text(side.earned, 'pence')} in {one.gate}\n" if side.earned is not None else ""
    return f"{percent_text(side.rate)}: {own}{held} in {one.item.item}"


def boundary_data(scheme: Scheme, only: Sequence[str] = ()) -> dict[str, Any]:
    """The same as data: rates in per cent and awards in the item's unit, as exact decimals in text."""
    return {
        "scheme": scheme.scheme,
        "version": scheme.version,
        "just": {"value": exact_text(JUST * 100), "unit": "percentage points"},
        "items": [_item_data(one) for one in boundaries(scheme, only)],
    }


def _item_data(one: ItemBoundaries) -> dict[str, Any]:
    found: dict[str, Any] = {"item": one.item.item, "title": say.clean(one.item.title), "unit": one.unit}
    if one.note:
        found["note"] = say.clean(one.note)
    if one.gate:
        found["gate"] = {"item": one.gate, "bounds": [_edge_data(edge) for edge in one.gates]}
    found["tables"] = [
        {
            **({"when": table.when} if table.when else {}),
            "words": say.clean(table.words),
            **({"note": say.clean(table.note)} if table.note else {}),
            "bounds": [_edge_data(edge) for edge in table.boundaries],
        }
        for table in one.tables
    ]
    return found


def _edge_data(edge: Boundary) -> dict[str, Any]:
    sides = zip(("below", "at", "above"), _sides(edge), strict=True)
    return {
        "bound": exact_text(edge.bound.at * 100),
        "operator": edge.operator,
        **{name: _side_data(side) if side else None for name, side in sides},
    }


def _side_data(side: Side) -> dict[str, str | None]:
    found = {
        "achievement": exact_text(side.rate * 100, 2),
        "earned": None if side.earned is None else exact_text(side.earned),
    }
    return {**found, "table": side.table} if side.table else found
