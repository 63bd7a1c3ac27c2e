"""A document's tables as CSV: the first as it is, or each under its caption where there are several."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from remit.core.rounding import exact_text, pence_text
from remit.documents.blocks import Block, Cell, Document, Fold, Table
from remit.files.tables import write_rows


def as_csv(document: Document) -> bytes:
    """The tables of the document. A group's name stands before its rows, in a column of its own.

    A figure is its exact value without a unit: pounds and pence as `1234.56`, a rate of 1 as `1`, a day as ISO writes
    it. What a spreadsheet would take for a formula has a mark before it.
    """
    into = io.StringIO()
    tables = list(_tables(document.blocks))
    for n, table in enumerate(tables):
        if len(tables) > 1:
            write_rows(into, [*([[]] if n else []), [table.caption]])
        write_rows(into, _rows(table))
    return into.getvalue().encode()


def exact(said: str | Cell) -> str:
    """What stands in the file: the value of a figure, the text of what is none or not known."""
    if not isinstance(said, Cell) or said.value is None or not said.unit:
        return str(said)
    if isinstance(said.value, date):
        return said.value.isoformat()
    return pence_text(int(said.value)) if said.unit == "pence" else exact_text(said.value)


def rows_as_csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A table of every row, where a document has one besides what it shows: cells are text, exact and without units."""
    into = io.StringIO()
    write_rows(into, [columns])
    write_rows(into, rows)
    return into.getvalue().encode()


def _tables(blocks: Iterable[Block]) -> Iterator[Table]:
    for block in blocks:
        if isinstance(block, Table):
            yield block
        elif isinstance(block, Fold):
            yield from _tables(block.blocks)


def _rows(table: Table) -> Iterator[list[str]]:
    grouped = any(row.kind == "group" for row in table.rows)
    yield [*(["Group"] if grouped else []), *(column.title for column in table.columns)]
    group = ""
    for row in table.rows:
        if row.kind == "group":
            group = str(row.cells[0])
        else:
            yield [*([group] if grouped else []), *map(exact, row.cells)]
