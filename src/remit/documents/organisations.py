"""The organisations of an area as of a day: each below what it belongs to, with its list size where it is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from remit.core import say
from remit.documents.blocks import Cell, Column, Document, Heading, Para, Row, Table
from remit.documents.figures import count


@dataclass(frozen=True)
class AreaRow:
    """An organisation of the area: how far down it is, and of a network or practice the people on its list."""

    depth: int
    code: str
    name: str
    kind: str
    people: int | None = None
    people_on: date | None = None


def area_tree(name: str, day: date, rows: Sequence[AreaRow]) -> Document:
    """The area as a table, from the top down."""
    kinds = [row.kind for row in rows]
    many = [
        f"{kinds.count(kind)} {kind}{'s' if kinds.count(kind) != 1 else ''}"
        for kind in ("place", "network", "practice")
    ]
    columns = (
        Column("Organisation", 6),
        Column("Code", 2),
        Column("Kind", 2),
        Column("People", 2, True, True),
        Column("On", 3),
    )
    shown = tuple(
        Row((
            f"{'· ' * (row.depth - 1)}{row.name}", row.code, row.kind,
            count(row.people, f"{row.code}/list") if row.kind in ("network", "practice") else "",
            Cell(say.day(row.people_on), f"{row.code}/list-day", row.people_on, "day") if row.people_on else "",
        ))
        for row in rows
    )  # fmt: skip
    lead = f"On {say.day(day)}: {', '.join(many)}."
    return Document(name, (Heading(1, name), Para(lead, "lead"), Table("Who belongs to it", columns, shown)))
