"""The achievement of each item in a statement as it is kept: what of it may be shown to whom was decided when it was
made, so that a trend shows no count that the statement does not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from remit.documents.blocks import Block, Cell, Document, Fold, Table


def achieved_in(statement: Document, code: str) -> dict[str, Fraction]:
    """The rate of each item that the statement of a practice shows."""
    start, end = f"{code}/", "/achieved"
    return {
        cell.figure.removeprefix(start).removesuffix(end): cell.value
        for cell in _cells(statement.blocks)
        if cell.unit == "rate" and isinstance(cell.value, Fraction)
        and cell.figure.startswith(start) and cell.figure.endswith(end)
    }  # fmt: skip


def _cells(blocks: Iterable[Block]) -> Iterator[Cell]:
    """The figures in the tables, and in those that are folded away."""
    for block in blocks:
        if isinstance(block, Fold):
            yield from _cells(block.blocks)
        elif isinstance(block, Table):
            yield from (cell for row in block.rows for cell in row.cells if isinstance(cell, Cell))
