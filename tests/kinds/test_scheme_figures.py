"""The kind: a figure of a scheme's card, its boundaries or a difference that is lost or differs in one of its formats.

Then what full achievement pays, worked out by hand from the documents.
"""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterable, Iterator
from functools import cache

import openpyxl
import pypdf
import pytest

from remit.application import difference, schemes, show
from remit.documents.blocks import Amounts, Block, Cell, Document, Facts, Fold, Table
from remit.documents.render.html import as_html
from remit.documents.render.pdf import page_as_pdf
from remit.documents.render.terminal import plain_text
from remit.documents.render.workbook import as_xlsx
from remit.documents.scheme_card import boundary_document, card, unverified_in_all
from remit.documents.scheme_difference import difference as difference_document
from remit.documents.scheme_list import scheme_list


def _card(name: str) -> Document:
    return card(show.card_of(show.evaluate(show.ShowRequest(name))))


DOCUMENTS = {
    "qif": lambda: _card("qif-2024-25"),
    "qif plus": lambda: _card("qif-plus-2024-25"),
    "qof": lambda: _card("qof-england-2018-19"),
    "uplift": lambda: _card("pcds-buckinghamshire-2017-18-uplift"),
    "boundaries": lambda: boundary_document(show.evaluate(show.ShowRequest("qif-2024-25"))),
    "difference": lambda: difference_document(
        difference.evaluate(difference.DifferenceRequest("qof-england-2018-19", "qof-england-2019-20"))
    ),
    "list": lambda: scheme_list(schemes.evaluate()),
    "unverified": lambda: unverified_in_all(schemes.evaluate()),
}


@cache
def made(name: str) -> Document:
    return DOCUMENTS[name]()


def cells_of(blocks: Iterable[Block]) -> Iterator[Cell]:
    for block in blocks:
        if isinstance(block, Fold):
            yield from cells_of(block.blocks)
        elif isinstance(block, Table):
            yield from (cell for row in block.rows for cell in row.cells if isinstance(cell, Cell))
        elif isinstance(block, Facts | Amounts):
            yield from (cell for _, cell in block.rows if isinstance(cell, Cell))


def flat(text: str) -> str:
    return re.sub(r"[\s\u2060]+", "", text)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_figure_is_in_every_format(name: str) -> None:
    document = made(name)
    cells = [cell for cell in cells_of(document.blocks) if cell.figure]
    ids = [cell.figure for cell in cells]
    assert cells
    assert len(ids) == len(set(ids))
    page = flat(html.unescape(re.sub(r"<[^>]+>", " ", as_html(document))))
    terminal = flat(plain_text(document.blocks, 200))
    pdf = page_as_pdf(document.title, document.foot, document.blocks, document.title, document.wide)
    paper = flat(" ".join(sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(pdf)).pages))
    for where in (page, terminal, paper):
        assert [cell.text for cell in cells if flat(cell.text) not in where] == []
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(document)))
    index = {row[0].value: row for row in book["Figures"].iter_rows(min_row=2)}
    for cell in cells:
        _, text, place = (column.value for column in index[cell.figure])
        sheet, _, at = str(place).rpartition("!")
        value = book[sheet.strip("'")][at].value
        assert text == cell.text
        if cell.value is None or not cell.unit:
            assert value == cell.text
        else:
            assert value == pytest.approx(float(cell.value) / (100 if cell.unit == "pence" else 1)), cell.figure  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("scheme", "patients", "pence"),
    [
        ("qif-2024-25", None, 2_100_000),  # £2.10 x 10,000
        ("qif-2024-25", 5_500, 1_155_000),  # £2.10 x 5,500
        ("qof-england-2018-19", None, 10_020_634),  # 559 x £179.26
        ("qof-england-2018-19", 2 * 8_096, 20_041_268),  # the same at twice the national average list of 8,096
        ("nis-tower-hamlets", None, 1_400_000),  # £7,000 in advance and £7,000 on performance
        ("anticoagulation-joint-staffordshire", None, None),  # tariffs that no source gives
        ("iif-england", None, None),  # its points and their value are not known
    ],
)
def test_what_full_achievement_pays(scheme: str, patients: int | None, pence: int | None) -> None:
    found = show.card_of(show.evaluate(show.ShowRequest(scheme)), patients).worth
    assert found.pence == pence
    assert bool(found.unpriced) == (pence is None)


def test_what_is_not_known_is_said_and_never_shown_as_nothing() -> None:
    text = plain_text(_card("spirometry-staffordshire").blocks, 200)
    assert "What it pays in all is not known: what items" in text
    assert "£0.00" not in text
