"""The tables of a plan: each statement that works something out, and each field with whoever reads it."""

from __future__ import annotations

from remit.documents.blocks import Cell, Column, Row, Table
from remit.evaluation.engine.describing import Described


def statements(described: Described) -> Table:
    """One row for each statement."""
    columns = (
        Column("No", 1, True), Column("Stage", 1, True), Column("Works out", 5), Column("Fields", 1, True),
        Column("Slices", 1, True), Column("Where", 6),
    )  # fmt: skip
    rows = [
        Row((*map(_count, (one.number, one.stage)), one.how, *map(_count, (one.nodes, one.slices)),
             one.condition or "every record of the slice"))
        for one in described.shapes
    ]  # fmt: skip
    return Table("Statements", columns, tuple(rows))


def fields(described: Described) -> Table:
    """One row for each field that differs from the others, with the number of its statement."""
    columns = Column("No", 1, True), Column("Field", 6), Column("Clusters", 4), Column("Read by", 4)
    rows = [Row((_count(one.shape), one.text, one.clusters, ", ".join(one.read_by))) for one in described.fields]
    return Table("Fields", columns, tuple(rows))


def _count(number: int) -> Cell:
    return Cell(str(number), value=number, unit="count")
