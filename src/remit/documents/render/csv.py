"""A document's tables as CSV: the first as it is, or each under its caption where there are several."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from remit.documents.blocks import Block, Document, Fold, Table
from remit.files.tables import write_rows


def as_csv(document: Document) -> bytes:
    """The tables of the document, as text. A group's name stands before its rows, in a column of its own."""
    into = io.StringIO()
    writer = csv.writer(into, lineterminator="\n")
    tables = list(_tables(document.blocks))
    for n, table in enumerate(tables):
        if len(tables) > 1:
            writer.writerows([*([[]] if n else []), [table.caption]])
        writer.writerows(_rows(table))
    return into.getvalue().encode()


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
            yield [*([group] if grouped else []), *(str(cell) for cell in row.cells)]
