"""What the sheets share: the workbook, its formats, and where cells stand that formulas refer to."""

from __future__ import annotations

import io
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Any, ClassVar

import xlsxwriter

from remit.core import say
from remit.core.words import visible
from remit.documents.cells import NUMBER, cell_number
from remit.documents.statement.model import Statement

_MADE = datetime(2000, 1, 1)  # noqa: DTZ001 - a fixed day: the same statement gives the same bytes


@dataclass
class Places:
    """Cells that formulas refer to, as `Summary!$B$12`; and rows by what stands in them. Empty where there is none."""

    heads: str = ""
    per_point: str = ""
    cpi: str = ""
    share: str = ""
    awarded: str = ""
    advance: str = ""
    activity: str = ""
    rows: dict[str, int] = field(default_factory=dict)
    steps: dict[tuple[str, int, int], int] = field(default_factory=dict)
    weights: dict[tuple[str, str], int] = field(default_factory=dict)


class Book:
    """The workbook, its formats and places."""

    def __init__(self, statement: Statement, names: Sequence[str]) -> None:
        self.statement = statement
        self.at = Places()
        self.into = io.BytesIO()
        self.book = xlsxwriter.Workbook(self.into, {"in_memory": True})
        self.book.set_properties({"title": say.clean(f"Statement: {statement.title}"), "created": _MADE})
        self.book.set_calc_mode("auto")
        self.formats: dict[tuple[tuple[str, Any], ...], Any] = {}
        self.sheets = {name: self.book.add_worksheet(name) for name in names}
        for sheet in self.sheets.values():
            sheet.hide_gridlines(2)
            sheet.set_landscape()
            sheet.set_paper(9)
            sheet.fit_to_pages(1, 0)

    def bytes(self) -> bytes:
        """The file."""
        self.book.close()
        return self.into.getvalue()

    def style(self, **properties: Any) -> Any:
        """A cell format; the same properties are one format."""
        key = tuple(sorted({"font_name": "Calibri", "valign": "top", **properties}.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format(dict(key))
        return self.formats[key]


class Sheet(ABC):
    """A sheet of the workbook."""

    name: ClassVar[str]

    def __init__(self, book: Book) -> None:
        self.style, self.sheet, self.at = book.style, book.sheets[self.name], book.at
        self.statement, self.result = book.statement, book.statement.result
        self.scheme = self.result.scheme

    @abstractmethod
    def write(self) -> None:
        """Fill the sheet."""

    def titled(self, text: str) -> None:
        """The sheet's title, in its first row."""
        self.sheet.write_string(0, 0, visible(text), self.style(bold=True, font_size=14))
        self.sheet.set_row(0, 22)

    def head(self, row: int, columns: Iterable[tuple[str, int]]) -> None:
        """The titles and widths of the columns."""
        for n, (title, width) in enumerate(columns):
            self.sheet.set_column(n, n, width)
            self.sheet.write_string(row, n, visible(title), self.style(bold=True, bottom=2, text_wrap=True))

    def text(self, row: int, column: int, text: str, **properties: Any) -> None:
        """A cell of text: never read as a formula or a link."""
        self.sheet.write_string(row, column, visible(text), self.style(**properties))

    def given(self, row: int, column: int, value: Fraction | int, form: str = NUMBER) -> None:
        """A number that may be changed."""
        self.sheet.write_number(row, column, cell_number(value), self.style(num_format=form, bg_color="#FFF8DC"))

    def formula(
        self, row: int, column: int, formula: str, value: Fraction | str, form: str = "", **properties: Any
    ) -> None:
        """A live cell with the engine's result as its cached value."""
        cached = value if isinstance(value, str) else cell_number(value)
        style = self.style(num_format=form, **properties) if form else self.style(**properties)
        self.sheet.write_formula(row, column, f"={formula}", style, cached)
