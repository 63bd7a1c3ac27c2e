"""Any document as a workbook: a sheet to read first, a sheet for each table, and one that names every figure."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import xlsxwriter

from remit.core.words import visible
from remit.documents.blocks import (
    Amounts,
    Beside,
    Block,
    Bullets,
    Cell,
    Document,
    Facts,
    Fold,
    Heading,
    Keep,
    Para,
    Table,
)  # fmt: skip
from remit.documents.cells import POUNDS, RATE, cell_number

_MADE = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
"""The same document gives the same bytes, so a workbook says nothing of the clock."""

_FORMATS = {
    "pence": POUNDS,
    "rate": RATE,
    "count": "#,##0",
    "points": "#,##0.00",
    "number": "#,##0.######",
    "day": "d mmm yyyy",
}
_READ_FIRST = "Read first"


def as_xlsx(document: Document) -> bytes:
    """The workbook. The same document gives the same bytes."""
    return _Workbook(document).made()


class _Workbook:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.into = io.BytesIO()
        self.book = xlsxwriter.Workbook(self.into, {"in_memory": True})
        self.book.set_properties({"title": visible(document.title), "created": _MADE})
        self.formats: dict[tuple[tuple[str, Any], ...], Any] = {}
        self.figures: list[tuple[Cell, str, int, int]] = []
        self.names: set[str] = set()

    def made(self) -> bytes:
        """The sheets in the order of the document."""
        first = self.sheet(_READ_FIRST)
        first.set_column(0, 0, 34)
        first.set_column(1, 1, 90)
        row = 0
        tables: list[Table] = []
        for block in _flat(self.document.blocks):
            if isinstance(block, Table):
                tables.append(block)
            else:
                row = self.text(first, row, block)
        for table in tables:
            self.table(table)
        if self.figures:
            self.index()
        self.book.close()
        return self.into.getvalue()

    def sheet(self, title: str) -> Any:
        """A new sheet, by a name that a workbook allows."""
        short = re.sub(r"[\[\]:*?/\\']", " ", visible(title)).strip()[:28].strip() or "Table"
        name, n = short, 2
        while name.casefold() in self.names or name.casefold() == "history":
            name, n = f"{short} {n}", n + 1
        self.names.add(name.casefold())
        return self.book.add_worksheet(name)

    def format(self, **wanted: Any) -> Any:
        key = tuple(sorted(wanted.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format({"valign": "top", **wanted})
        return self.formats[key]

    def text(self, sheet: Any, row: int, block: Block) -> int:
        """A block that is no table, from a row on; gives the next free row."""
        wrap = self.format(text_wrap=True)
        if isinstance(block, Heading):
            size = {1: 16, 2: 13}.get(block.level, 11)
            self.cell(sheet, row, 0, f"{block.text}  {block.amount}".rstrip(), bold=True, font_size=size)
        elif isinstance(block, Para):
            sheet.merge_range(
                row, 0, row, 1, visible(block.text), self.format(text_wrap=True, bold=block.kind == "lead")
            )
            sheet.set_row(row, 15 * max(1, -(-len(block.text) // 115)))
        elif isinstance(block, Facts | Amounts):
            for name, said in block.rows:
                sheet.write_string(row, 0, visible(name), wrap)
                self.cell(sheet, row, 1, said, text_wrap=True, align="left")
                row += 1
        elif isinstance(block, Bullets):
            for item in block.items:
                self.cell(sheet, row, 1, item, text_wrap=True)
                row += 1
        return row + 1

    def table(self, table: Table) -> None:
        """A sheet of its own, with a filter and its head in sight."""
        sheet = self.sheet(table.caption)
        for n, column in enumerate(table.columns):
            sheet.set_column(n, n, min(60, max(10, column.width * 6, len(column.title) + 2)))
            self.cell(
                sheet,
                0,
                n,
                column.title,
                bold=True,
                bottom=1,
                text_wrap=True,
                align="right" if column.numeric else "left",
            )
        for n, row in enumerate(table.rows, 1):
            style: dict[str, Any] = {"bold": True} if row.kind else {}
            for at, cell in enumerate(row.cells):
                numeric = {"align": "right"} if table.columns[at].numeric else {}
                self.cell(sheet, n, at, cell, text_wrap=True, **style, **numeric)
        sheet.freeze_panes(1, 1)
        if table.rows and not any(row.kind == "group" for row in table.rows):
            sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)

    def cell(self, sheet: Any, row: int, column: int, said: str | Cell, **style: Any) -> None:
        """Text as text, a figure as the number that it is, and its place kept for the index."""
        cell = said if isinstance(said, Cell) else Cell(said)
        if cell.value is None or not cell.unit:
            sheet.write_string(row, column, visible(cell.text), self.format(**style))
        elif isinstance(cell.value, date):
            sheet.write_datetime(row, column, cell.value, self.format(**style, num_format=_FORMATS["day"]))
        else:
            value = (
                cell.value / 100 if cell.unit == "pence" and isinstance(cell.value, int) else cell_number(cell.value)
            )
            sheet.write_number(row, column, value, self.format(**style, num_format=_FORMATS[cell.unit]))
        if cell.figure:
            self.figures.append((cell, sheet.get_name(), row, column))

    def index(self) -> None:
        """Every figure: its id, what the other formats show, and where in this workbook it stands."""
        sheet = self.sheet("Figures")
        sheet.set_column(0, 2, 30)
        for n, title in enumerate(("Figure", "As shown elsewhere", "Place")):
            self.cell(sheet, 0, n, title, bold=True, bottom=1)
        for n, (cell, name, row, column) in enumerate(self.figures, 1):
            sheet.write_string(n, 0, visible(cell.figure))
            sheet.write_string(n, 1, visible(cell.text))
            sheet.write_string(n, 2, f"'{name}'!{xlsxwriter.utility.xl_rowcol_to_cell(row, column)}")
        sheet.freeze_panes(1, 0)


def _flat(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks without those that only hold others; charts are left out, what they show stands in the tables."""
    for block in blocks:
        if isinstance(block, Fold):
            yield Heading(3, block.title)
            yield from _flat(block.blocks)
        elif isinstance(block, Keep):
            yield from _flat(block.blocks)
        elif isinstance(block, Beside):
            yield block.facts
        else:
            yield block
