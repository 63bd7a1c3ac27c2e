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
from remit.documents.cells import POUNDS, RATE, cell_number, lines_of

_CREATED = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
"""The same document gives the same bytes, so a workbook says nothing of the clock."""

_FORMATS = {
    "pence": POUNDS,
    "rate": RATE,
    "count": "#,##0",
    "points": "#,##0.00",
    "number": "#,##0.######",
    "day": "d mmm yyyy",
}
_PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
_READ_FIRST, _NAMES, _SAID = "Read first", 34, 90
_NARROW, _WIDE = 9, 60
_TONES = {
    "": {},
    "good": {"font_color": "#1d4f91"},
    "poor": {"font_color": "#b25000"},
    "quiet": {"font_color": "#4c5b66"},
}


def as_xlsx(document: Document) -> bytes:
    """The workbook. The same document gives the same bytes; no text of it is a formula."""
    return _Workbook(document).as_bytes()


class _Workbook:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.into = io.BytesIO()
        self.book = xlsxwriter.Workbook(self.into, _PLAIN)
        self.book.set_properties({"title": visible(document.title), "created": _CREATED})
        self.formats: dict[tuple[tuple[str, Any], ...], Any] = {}
        self.figures: list[tuple[Cell, str, int, int]] = []
        self.names: set[str] = set()

    def as_bytes(self) -> bytes:
        """The sheet to read first, then the tables in the order of the document, then the figures."""
        first = self.sheet(_READ_FIRST)
        first.set_column(0, 0, _NAMES)
        first.set_column(1, 1, _SAID)
        row = 0
        tables: list[tuple[Table, Any]] = []
        for block in _flat(self.document.blocks):
            if isinstance(block, Table):
                sheet = self.sheet(block.caption, landscape=len(block.columns) > 5)
                tables.append((block, sheet))
                link = f"internal:'{sheet.get_name()}'!A1"
                first.write_url(row, 0, link, self.format(font_color="#1d4f91", underline=1), sheet.get_name())
                self.cell(first, row, 1, block.caption, text_wrap=True)
                row += 1
            else:
                row = self.text(first, row, block)
        for table, sheet in tables:
            self.table(table, sheet)
        if self.figures:
            self.index()
        self.book.close()
        return self.into.getvalue()

    def sheet(self, title: str, landscape: bool = False) -> Any:
        """A new sheet, by a name that a workbook allows; it prints as wide as a page."""
        short = _short(re.sub(r"[\[\]:*?/\\']", " ", visible(title)))
        name, n = short, 2
        while name.casefold() in self.names or name.casefold() == "history":
            name, n = f"{short} {n}", n + 1
        self.names.add(name.casefold())
        sheet = self.book.add_worksheet(name)
        if landscape:
            sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(0.5, 0.5, 0.6, 0.6)
        foot = visible(self.document.foot or self.document.title).replace("&", "&&")[:180]
        sheet.set_footer(f"&L{foot}&RPage &P of &N")
        return sheet

    def format(self, **wanted: Any) -> Any:
        key = tuple(sorted(wanted.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format({"valign": "top", **wanted})
        return self.formats[key]

    def text(self, sheet: Any, row: int, block: Block) -> int:
        """A block that is no table, from a row on; gives the next free row."""
        if isinstance(block, Heading):
            size = {1: 16, 2: 13}.get(block.level, 11)
            self.cell(sheet, row, 0, f"{block.text}  {block.amount}".rstrip(), bold=True, font_size=size)
        elif isinstance(block, Para):
            style = self.format(text_wrap=True, bold=block.kind == "lead")
            sheet.merge_range(row, 0, row, 1, "", style)
            sheet.write_string(row, 0, visible(block.text), style)
            sheet.set_row(row, 15 * lines_of(block.text, _NAMES + _SAID - 8))
        elif isinstance(block, Facts | Amounts):
            for name, said in block.rows:
                sheet.write_string(row, 0, visible(name), self.format(text_wrap=True))
                self.cell(sheet, row, 1, said, text_wrap=True, align="left")
                sheet.set_row(row, 15 * max(_lines(name, _NAMES), _lines(str(said), _SAID)))
                row += 1
        elif isinstance(block, Bullets):
            for item in block.items:
                self.cell(sheet, row, 1, item, text_wrap=True, align="left")
                sheet.set_row(row, 15 * _lines(str(item), _SAID))
                row += 1
        return row + 1

    def table(self, table: Table, sheet: Any) -> None:
        """A sheet of its own: its head stays in sight and is printed on each page, its rows can be filtered."""
        for n, column in enumerate(table.columns):
            sheet.set_column(n, n, _width(table, n))
            style = {"bold": True, "bottom": 1, "text_wrap": True, "align": "right" if column.numeric else "left"}
            self.cell(sheet, 0, n, column.title, **style)
        for n, row in enumerate(table.rows, 1):
            bold: dict[str, Any] = {"bold": True} if row.kind else {}
            for at, cell in enumerate(row.cells):
                numeric = {"align": "right"} if table.columns[at].numeric else {"align": "left"}
                self.cell(sheet, n, at, cell, text_wrap=row.kind != "group", **bold, **numeric)
        sheet.freeze_panes(1, 1)
        sheet.repeat_rows(0)
        if table.rows and not any(row.kind == "group" for row in table.rows):
            sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)

    def cell(self, sheet: Any, row: int, column: int, said: str | Cell, **style: Any) -> None:
        """Text as text, a figure as the number that it is, and its place kept for the index."""
        cell = said if isinstance(said, Cell) else Cell(said)
        style |= _TONES[cell.tone]
        if cell.value is None or not cell.unit:
            sheet.write_string(row, column, visible(cell.text), self.format(**style))
        elif isinstance(cell.value, date):
            sheet.write_datetime(row, column, cell.value, self.format(**style, num_format=_FORMATS["day"]))
        else:
            pounds = cell.unit == "pence" and isinstance(cell.value, int)
            value = cell.value / 100 if pounds else cell_number(cell.value)
            sheet.write_number(row, column, value, self.format(**style, num_format=_FORMATS[cell.unit]))
        if cell.figure:
            self.figures.append((cell, sheet.get_name(), row, column))

    def index(self) -> None:
        """Every figure: its id, what the other formats show, and where in this workbook it stands."""
        sheet = self.sheet("Figures")
        sheet.set_column(0, 2, 34)
        for n, title in enumerate(("Figure", "As shown elsewhere", "Place")):
            self.cell(sheet, 0, n, title, bold=True, bottom=1)
        for n, (cell, name, row, column) in enumerate(self.figures, 1):
            sheet.write_string(n, 0, visible(cell.figure))
            sheet.write_string(n, 1, visible(cell.text))
            sheet.write_string(n, 2, f"'{name}'!{xlsxwriter.utility.xl_rowcol_to_cell(row, column)}")
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.autofilter(0, 0, len(self.figures), 2)


def _short(title: str) -> str:
    """As many whole words as the name of a sheet has room for."""
    words = title.split()
    while len(words) > 1 and len(" ".join(words)) > 28:
        words.pop()
    return " ".join(words)[:28].strip() or "Table"


def _lines(text: str, width: int) -> int:
    return sum(lines_of(line, width) for line in text.split("\n"))


def _width(table: Table, n: int) -> float:
    """The room of a column: its longest line, within limits, and the longest word of its head."""
    cells = (str(row.cells[n]) for row in table.rows if row.kind != "group" and n < len(row.cells))
    longest = max((len(line) for cell in cells for line in cell.split("\n")), default=0)
    head = max((len(word) for word in table.columns[n].title.split()), default=0)
    return min(_WIDE, max(_NARROW, longest + 2, head + 4))


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
