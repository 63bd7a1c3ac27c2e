"""The boundary table: what a practice gets just below, exactly at and just above every threshold, beside the words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from remit.core import say
from remit.core.rounding import exact_text
from remit.documents.blocks import Block, Bullets, Cell, Column, Document, Facts, Heading, Para, Row, Table
from remit.documents.scheme_card.items import conditions
from remit.scheme.boundaries import (
    JUST,
    Boundary,
    BoundarySide,
    BoundaryTable,
    ItemBoundaries,
    award_text,
    boundaries,
    percent_text,
)
from remit.scheme.kinds import Steps
from remit.scheme.model import Scheme

_CHANGES = {" points": "percentage points", "%": "per cent"}
_SIDES = ("Just below", "Exactly", "Just above")
_KEYS = ("below", "at", "above")
_JUST = f"{exact_text(JUST * 100)} of a percentage point, the smallest step of a rate with two decimals"


def boundary_document(scheme: Scheme, only: Sequence[str] = ()) -> Document:
    """The table: an item at a time where the words of the source stand beside it, else all in one table."""
    title = f"{say.clean(scheme.title)}: what a practice gets at every threshold"
    return Document(title, tuple(_blocks(scheme, title, only)), foot=f"{scheme.scheme}, version {scheme.version}")


def _blocks(scheme: Scheme, title: str, only: Sequence[str]) -> Iterator[Block]:
    found = list(boundaries(scheme, only))
    edges = [edge for one in found for table in one.tables for edge in table.boundaries]
    fewer = " Where lower is better, < is below it and <= at or below it." if any(edge.falls for edge in edges) else ""
    fewer += " Per 1,000, they are by 0.1." if any(edge.per == 1000 for edge in edges) else ""
    yield Heading(1, title)
    yield Para(f"“Just below” and “just above” are by {_JUST}. > is above the threshold, >= is at or above it.{fewer}")
    if scheme.scaled_to:
        yield Para("What is paid is before the budget that all practices share, which may reduce it.")
    small = [one.item.item for one in found if scheme.small_numbers_of(one.item)]
    if small:
        yield Para(f"With few patients in the denominator of {say.listed(small)}, the area's average is the rate.")
    together = [one for one in found if one.tables and not one.gate and not (one.tables[0].words or one.tables[0].when)]
    for one in found:
        if one.tables and one not in together:
            yield from _item(one)
    if together:
        units = dict.fromkeys(one.unit for one in together)
        caption = f"Items whose file quotes no words of the source, in {' or '.join(units)}"
        rows = (
            Row((one.item.item, *_row(edge, "" if len(units) == 1 else one.unit, f"{one.item.item}/{n}")))
            for one in together
            for n, edge in enumerate(one.tables[0].boundaries, 1)
        )
        yield Heading(2, "Items without the source's words")
        columns = (Column("Item", 2), Column("Threshold", 2, True), *(Column(name, 3, True) for name in _SIDES))
        yield Table(caption, columns, tuple(rows))
    waiting = [(one.item, tuple(conditions(one.item))) for one in found]
    if any(words for _, words in waiting):
        yield Heading(2, "Conditions")
        yield Bullets(tuple(f"{item.item}: {'; '.join(words)}" for item, words in waiting if words))
    flat: dict[str, list[str]] = {}
    for one in found:
        if not one.tables:
            flat.setdefault(say.clean(one.note), []).append(one.item.item)
    if flat:
        yield Heading(2, "Items without a threshold")
        yield Facts(tuple((", ".join(codes), say.capital(note)) for note, codes in flat.items()))


def _item(one: ItemBoundaries) -> Iterator[Block]:
    yield Heading(2, f"{one.item.item}: {say.clean(one.item.title)}")
    if one.gates:
        rows = (Row((_bound(edge), *(_gate_side(side, one) for side in _sides(edge)))) for edge in one.gates)
        columns = (Column(one.gate, 2), *(Column(name, 4) for name in _SIDES))
        yield Table(f"Which table holds, by the achievement of {one.gate}", columns, tuple(rows))
    for n, table in enumerate(one.tables, 1):
        caption = (
            f"Table {n}, where {one.gate} is {table.when}"
            if one.gate
            else f"What {one.item.item} pays {table.when}".strip()
        )
        if table.words:
            yield Para(f"“{say.clean(table.words)}”")
        if table.note:
            yield Para(say.clean(table.note), "small")
        yield from _table(table, one, caption, f"{one.item.item}/{n}")


def _table(table: BoundaryTable, one: ItemBoundaries, caption: str, figure: str) -> Iterator[Block]:
    if not table.boundaries:
        yield Para(f"{caption}: nothing, whatever is achieved.")
        return
    columns = (Column("Threshold", 2), *(Column(name, 3, True) for name in _SIDES))
    rows = (Row(_row(edge, one.unit, f"{figure}/{n}")) for n, edge in enumerate(table.boundaries, 1))
    yield Table(caption, columns, tuple(rows))


def _row(edge: Boundary, unit: str, figure: str) -> tuple[str | Cell, ...]:
    sides = zip(_KEYS, _sides(edge), strict=True)
    return (_bound(edge), *(_side(side, unit, f"{figure}/{key}", edge) for key, side in sides))


def _bound(edge: Boundary) -> str:
    if edge.of_change:
        return f"{edge.operator} {exact_text(edge.threshold.at * 100)}{edge.of_change}"
    return f"{edge.operator} {say.rate(edge.threshold.at, edge.per, 12)}"


def _sides(edge: Boundary) -> tuple[BoundarySide | None, BoundarySide | None, BoundarySide | None]:
    return edge.below, edge.at, edge.above


def _side(side: BoundarySide | None, unit: str, figure: str, edge: Boundary) -> str | Cell:
    """`35.01%: 10p`; without a unit `40.00%: 12`; of a change `5.01 points: £12`; nothing where there is none."""
    if side is None or side.earned is None:
        return "–"
    award = award_text(side.earned, unit) if unit else exact_text(side.earned, most=4)
    at = f"{exact_text(side.rate * 100, 2)}{edge.of_change}" if edge.of_change else percent_text(side.rate, edge.per)
    return Cell(f"{at}: {award}", figure)


def _gate_side(side: BoundarySide | None, one: ItemBoundaries) -> str:
    """`0.75%: 8p in 1a`, and below it the table that holds."""
    if side is None:
        return "–"
    kind = one.item.kind
    assert isinstance(kind, Steps)
    number = next((n for n, table in enumerate(kind.tables, 1) if table.when.text == side.table), 0)
    holds = f"table {number}" if number else "no table"
    own = f"{award_text(side.earned, 'pence')} in {one.gate}\n" if side.earned is not None else ""
    return f"{percent_text(side.rate)}: {own}{holds} in {one.item.item}"


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
    sides = zip(_KEYS, _sides(edge), strict=True)
    return {
        "bound": exact_text(edge.threshold.at * edge.per),
        "operator": edge.operator,
        **({"of": f"change over the practice's own baseline, in {_CHANGES[edge.of_change]}"} if edge.of_change else {}),
        **({} if edge.per == 100 else {"per": str(edge.per)}),
        **{name: _side_data(side, edge.per) if side else None for name, side in sides},
    }


def _side_data(side: BoundarySide, per: int) -> dict[str, str | None]:
    found = {
        "achievement": exact_text(side.rate * per, 2),
        "earned": None if side.earned is None else exact_text(side.earned),
    }
    return {**found, "table": side.table} if side.table else found
