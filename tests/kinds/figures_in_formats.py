"""Finds each figure of a document in every format: what the frame of `test_figures_in_every_format.py` stands on."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from fractions import Fraction
from html.parser import HTMLParser

import openpyxl
import pypdf

from remit.core.words import visible
from remit.documents.blocks import Amounts, Beside, Block, Bullets, Cell, Document, Facts, Fold, Keep, Table
from remit.documents.render.csv import as_csv
from remit.documents.render.html import as_html
from remit.documents.render.pdf import page_as_pdf
from remit.documents.render.terminal import plain_text
from remit.documents.render.workbook import as_xlsx

Value = int | Fraction | date | None


def cells(blocks: Iterable[Block], tables: bool = False) -> Iterator[Cell]:
    """Every cell with a figure; those of tables alone."""
    for block in blocks:
        texts: Iterable[str | Cell] = ()
        if isinstance(block, Table):
            texts = (cell for row in block.rows for cell in row.cells)
        elif isinstance(block, Fold | Keep):
            yield from cells(block.blocks, tables)
        elif isinstance(block, Beside):
            yield from cells([block.facts], tables)
        elif isinstance(block, Facts | Amounts) and not tables:
            texts = (said for _, said in block.rows)
        elif isinstance(block, Bullets) and not tables:
            texts = block.items
        yield from (text for text in texts if isinstance(text, Cell) and text.figure)


def assert_in_every_format(document: Document, expected: Mapping[str, Value]) -> None:
    """Each expected figure has that exact value, and stands in each format as its cell says."""
    every = list(cells(document.blocks))
    names = [cell.figure for cell in every]
    assert len(set(names)) == len(names), sorted({name for name in names if names.count(name) > 1})
    shown = {cell.figure: cell for cell in every}
    assert {name: shown[name].value for name in expected if name in shown} == dict(expected)
    in_page(document, shown)
    in_workbook(document, shown)
    in_words(shown, "PDF", pdf_text(document))
    in_words(shown, "terminal", plain_text(document.blocks, 80))
    in_csv(document)


def in_page(document: Document, shown: Mapping[str, Cell]) -> None:
    page = _Figures()
    page.feed(as_html(document))
    assert {name: bare(text) for name, text in page.figures.items()} == {n: bare(c.text) for n, c in shown.items()}


def in_workbook(document: Document, shown: Mapping[str, Cell]) -> None:
    data = as_xlsx(document)
    assert data == as_xlsx(document)
    book = openpyxl.load_workbook(io.BytesIO(data))
    rows = list(book["Figures"].iter_rows(min_row=2, values_only=True)) if shown else []
    assert {row[0] for row in rows} == {visible(name) for name in shown}
    for name, text, place in rows:
        cell = shown[str(name)]
        sheet, _, at = str(place).rpartition("!")
        held = book[sheet.strip("'")][at].value
        assert text == visible(cell.text)
        assert _same(held, cell), (name, held, cell)
    for page in book:
        assert all(cell.data_type != "f" for row in page.iter_rows() for cell in row), "a formula"


def _same(held: object, cell: Cell) -> bool:
    if cell.value is None or not cell.unit:
        return held == visible(cell.text)
    if isinstance(cell.value, date):
        return isinstance(held, datetime) and held.date() == cell.value
    assert isinstance(held, int | float)
    value = Fraction(cell.value) / (100 if cell.unit == "pence" else 1)
    return abs(Fraction(held) - value) <= abs(value) / 10**12  # what a spreadsheet's number can hold


def in_words(shown: Mapping[str, Cell], where: str, text: str) -> None:
    whole = bare(text)
    assert [cell.text for cell in shown.values() if bare(cell.text) not in whole] == [], where


def in_csv(document: Document) -> None:
    """Each figure of a table is there with its exact value: pounds to the penny, days and counts as they are."""
    written = {cell for row in csv.reader(io.StringIO(as_csv(document).decode())) for cell in row}
    for cell in cells(document.blocks, tables=True):
        assert exact_as_text(cell) & written, cell


def exact_as_text(cell: Cell) -> set[str]:
    """By the tests' own arithmetic; a fraction that does not end has twelve decimals."""
    if cell.value is None or not cell.unit:
        return {cell.text}
    if isinstance(cell.value, date):
        return {cell.value.isoformat()}
    if cell.unit == "pence":
        pounds, pence = divmod(abs(int(cell.value)), 100)
        return {f"{'-' if cell.value < 0 else ''}{pounds}.{pence:02d}"}
    value = Fraction(cell.value)
    if value.denominator == 1:
        return {str(value.numerator)}
    digits = f"{int(abs(value) * 10**12 + Fraction(1, 2)):013d}"
    return {f"{'-' if value < 0 else ''}{digits[:-12]}.{digits[-12:]}".rstrip("0").rstrip(".")}


def pdf_text(document: Document) -> str:
    pdf = page_as_pdf(document.title, document.foot, document.blocks, document.title, document.wide, set())
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def bare(text: str) -> str:
    """Without what a format breaks lines with."""
    return re.sub(r"\s", "", visible(re.sub("[\u2060\u200b\xad]", "", text)))


class _Figures(HTMLParser):
    """The text of each element that has a figure."""

    def __init__(self) -> None:
        super().__init__()
        self.figures: dict[str, str] = {}
        self.inside: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        name = dict(attrs).get("data-figure")
        if name is not None:
            self.inside.append((tag, name))
            self.figures[name] = ""

    def handle_endtag(self, tag: str) -> None:
        if self.inside and self.inside[-1][0] == tag:
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.figures[self.inside[-1][1]] += data
