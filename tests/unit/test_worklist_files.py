"""A worklist as CSV, workbook, page and PDF: what they say, and that the same list gives the same bytes."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import openpyxl
import pytest
from pypdf import PdfReader
from tests.unit.made_worklists import evaluated, listed, records

from remit.documents.render.html import page as page_of
from remit.documents.render.pdf import page_as_pdf
from remit.documents.worklist.csv import as_csv
from remit.documents.worklist.page import page
from remit.documents.worklist.paper import paper
from remit.documents.worklist.xlsx import as_xlsx
from remit.worklist.model import Worklist


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    folder = tmp_path_factory.mktemp("worklist")
    store = records(folder)
    return store, evaluated(folder / "local", store), evaluated(folder / "qif", store, "qif-2024-25")


@pytest.fixture(scope="module")
def made(folders: tuple[Path, Path, Path]) -> Worklist:
    return listed(*folders, ahead=4)


def as_html(made: Worklist) -> str:
    shown = page(made)
    assert shown.private
    return page_of(shown.title, shown.blocks, shown.public, shown.wide)


def as_pdf(made: Worklist) -> bytes:
    shown = paper(made)
    assert shown.private
    return page_as_pdf(shown.title, shown.foot, shown.blocks, shown.title, shown.wide)


def rows(made: Worklist) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(as_csv(made))))


def test_the_table_has_a_row_for_each_patient_in_order(made: Worklist) -> None:
    found = rows(made)
    assert [(row["place"], row["patient_id"], row["list"]) for row in found] == [
        ("1", "high", "to do"),
        ("2", "invited", "to do"),
        ("3", "ageing", "to do"),
        ("4", "smear-old", "to do"),
        ("5", "smear-soon", "coming due"),
        ("6", "silent", "PCA, still needs care"),
        ("7", "declined", "declined"),
    ]
    first = found[0]
    assert (first["worth_pounds"], first["worth"], first["gaps"]) == ("580.00", "known", "2")
    assert (first["next_date"], first["next_why"]) == ("2025-03-31", "year end")
    assert (first["as_of"], first["records_to"]) == ("2024-12-31", "2025-01-31")
    assert {row["provisional"] for row in found} == {"demonstration codes"}
    assert found[5]["pca"] == "Blood pressure check: no reply to invitations, 20 Jun 2024 (HYP008)"
    assert found[6]["declined"] == "Blood pressure check: chose not to have it, 3 May 2024 (HYP008)"


def test_the_workbook_has_a_sheet_for_each_list(made: Worklist) -> None:
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(made)))
    assert book.sheetnames == [
        "To do", "Coming due", "PCA, still needs care", "Declined", "All care", "Clinics", "By birth month", "About",
    ]  # fmt: skip
    to_do = book["To do"]
    assert (to_do.freeze_panes, to_do.print_title_rows, to_do.page_setup.orientation) == ("B4", "$3:$3", "landscape")
    assert to_do.auto_filter.ref == "A3:Q7"
    assert [to_do.cell(row, 1).value for row in range(4, 8)] == ["high", "invited", "ageing", "smear-old"]
    assert "As of 31 December 2024".casefold() in str(to_do["A1"].value).casefold()
    assert "For the practice only" in str(to_do["A2"].value)
    assert book["PCA, still needs care"]["A4"].value == "silent"
    assert book["Declined"]["A4"].value == "declined"
    gaps = [row[0].value for row in book["All care"].iter_rows(min_row=4)]
    assert gaps == ["high", "high", "invited", "ageing", "smear-old", "smear-soon", "silent", "declined"]


def test_no_cell_is_a_formula(folders: tuple[Path, Path, Path], tmp_path: Path) -> None:
    store = records(tmp_path, "=1+1,1980-01-10,M,,\n", "=1+1,2015-01-10,HYP_COD,,\n")
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(listed(store, evaluated(tmp_path / "one", store)))))
    cell = book["To do"]["A4"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_the_page_needs_nothing_else_and_says_what_must_be_known(made: Worklist) -> None:
    text = as_html(made)
    assert not re.search(r"<script[^>]+src|<link|<img|https?://|url\(", text)
    assert '<html lang="en-GB">' in text
    assert '<meta name="robots" content="noindex">' in text
    for words in (
        "As of 31 December 2024, 4 patients need care by 31 March 2025.",
        "One contact each covers 5 of the 5 things to do.",
        "Nurse or HCA review 3, cervical screening 1",
        "For the practice only",
        "pseudonyms",
        "Do not call patients from this list.",
        "31 January 2025: care after 31 December 2024 is not seen here",
        "2 patients who, the records say, died or left",
        'PCA, but still needs care <span class="amount">1 patient</span>',
        'Declined <span class="amount">1 patient</span>',
        "One alone earns nothing; 2 more patients reach 4 above 65%",
        "Accessible information",
        "Patients whom an indicator excludes are not here",
    ):
        assert words in text, words
    assert text.index('<th scope="row">high') < text.index('<th scope="row">invited')
    assert "thead { display: table-header-group; }" in text


def test_a_name_in_the_records_is_no_markup(tmp_path: Path) -> None:
    store = records(tmp_path, "<b>x</b>,1980-01-10,M,,\n", "<b>x</b>,2015-01-10,HYP_COD,,\n")
    text = as_html(listed(store, evaluated(tmp_path / "one", store)))
    assert "<b>" not in text


def test_the_pdf_is_landscape_and_leaves_room_to_write(made: Worklist) -> None:
    pages = PdfReader(io.BytesIO(as_pdf(made))).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert pages[0].mediabox.width > pages[0].mediabox.height
    assert "Notes" in text
    assert "For the practice only" in text
    assert "Blood pressure check: last 150/95 on 12 May 2024 (HYP008)" in text
    assert "☐" in text


def test_the_same_list_gives_the_same_bytes(folders: tuple[Path, Path, Path], made: Worklist) -> None:
    again = listed(*folders, ahead=4)
    assert again == made
    for form in (as_csv, as_html, as_pdf, as_xlsx):
        assert form(again) == form(made)


def test_a_list_of_nobody(tmp_path: Path) -> None:
    store = records(tmp_path, "ok1,1980-01-10,M,,\n", "ok1,2015-01-10,HYP_COD,,\nok1,2024-06-01,BP,128/78,\n")
    made = listed(store, evaluated(tmp_path / "one", store))
    assert made.entries == ()
    assert "Nobody on this list needs care now." in as_html(made)
    assert as_csv(made).count("\n") == 1
    assert as_xlsx(made)
    assert as_pdf(made)
