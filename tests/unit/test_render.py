"""What each renderer does with folds, links, names that come again, and text that would be obeyed."""

from __future__ import annotations

import csv
import io
import re
from fractions import Fraction

import openpyxl
import pytest
from tests.kinds.every_block import document

from remit.cli import output
from remit.documents.blocks import Block, Bullets, Cell, Column, Document, Fold, Heading, Para, Row, Table
from remit.documents.render.csv import as_csv
from remit.documents.render.html import as_html
from remit.documents.render.terminal import plain_text
from remit.documents.render.workbook import as_xlsx

FOLD = Fold("How it was worked out", (Para("41 of 100 is 41%."), Para("So 13p is paid.")))


def of(*blocks: Block) -> Document:
    return Document("A", (Heading(1, "A"), *blocks))


def table(*rows: Row, caption: str = "Rows", columns: tuple[str, ...] = ("Name", "Is")) -> Table:
    return Table(caption, tuple(Column(name, 1) for name in columns), rows)


def test_a_terminal_names_a_fold_with_its_lines_and_prints_it_where_it_is_asked_for() -> None:
    """Two paragraphs of one line, each with an empty one below."""
    assert plain_text([FOLD], 80, folds=False) == "▸ How it was worked out (4 lines folded away)\n\n"
    assert "So 13p is paid." in plain_text([FOLD], 80)


@pytest.mark.parametrize(
    ("full", "shown", "hint"), [(None, True, False), (False, False, True), (True, True, False)]
)  # fmt: skip
def test_a_command_with_full_says_so_where_something_is_folded_away(
    full: bool | None, shown: bool, hint: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    output.show(of(FOLD), output.Files(), full=full)
    said = capsys.readouterr().out
    assert ("So 13p is paid." in said) is shown
    assert ("--full shows what is folded away." in said) is hint


def test_a_page_folds_and_its_headings_can_be_linked_to() -> None:
    page = as_html(of(Heading(2, "Steps"), Heading(2, "Steps"), FOLD, Bullets((Cell("there", link="#steps-2"),))))
    assert '<h2 id="steps">' in page
    assert '<h2 id="steps-2">' in page
    assert '<details id="how-it-was-worked-out">\n<summary>How it was worked out</summary>' in page
    assert '<a href="#steps-2">there</a>' in page
    names = re.findall(r' id="([^"]*)"', page)
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "file:///etc/passwd"]
)
def test_a_link_leads_to_a_page_or_nowhere(link: str) -> None:
    page = as_html(of(Bullets((Cell("there", link=link), Cell("here", link="statement A1.html")))))
    assert link not in page
    assert '<a href="statement A1.html">here</a>' in page


def test_each_region_of_a_page_has_a_label_of_its_own() -> None:
    page = as_html(of(table(Row(("a", "b"))), table(Row(("a", "b")))))
    assert re.findall(r'aria-label="([^"]*)"', page) == ["Rows", "Rows (2)"]


def test_a_head_without_words_is_no_head() -> None:
    page = as_html(of(table(Row(("a", "b")), Row(("", "c")), columns=("", "Is"))))
    assert page.count('<th scope="col"') == 1
    assert page.count('<th scope="row"') == 1


def test_a_page_without_tables_charts_or_folds_has_no_script() -> None:
    assert "<script>" not in as_html(of(Para("a")))
    assert as_html(of(FOLD)).count("<script>") == 1


def test_no_text_of_a_workbook_is_a_formula_and_its_sheets_have_names_of_their_own() -> None:
    formula = '=HYPERLINK("x")'
    long = "Practices by pounds, in the order of what they lose"
    made = as_xlsx(of(Para(formula), table(Row((formula, "b")), caption=long), table(Row(("a", "b")), caption=long)))
    book = openpyxl.load_workbook(io.BytesIO(made))
    assert book.sheetnames == ["Read first", "Practices by pounds, in the", "Practices by pounds, in the 2"]
    assert all(cell.data_type in "sn" for sheet in book for row in sheet.iter_rows() for cell in row)
    sheet = book["Practices by pounds, in the"]
    assert (sheet["A2"].value, sheet["A2"].data_type) == (formula, "s")
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("B2", "$1:$1")


def test_a_csv_has_values_and_marks_formulas() -> None:
    rows = (
        Row(("=1+1", Cell("£1,234.50", "a", 123450, "pence"))),
        Row(("-5%", Cell("66.7%", "b", Fraction(2, 3), "rate"))),
        Row(("c", Cell("not known", "c", None, "pence"))),
    )
    assert list(csv.reader(io.StringIO(as_csv(of(table(*rows))).decode()))) == [
        ["Name", "Is"], ["'=1+1", "1234.50"], ["-5%", "0.666666666667"], ["c", "not known"],
    ]  # fmt: skip


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
def test_a_terminal_shows_every_figure_whole(width: int) -> None:
    """Names of one word longer than the window are all that may break."""
    made = document()
    text = plain_text(made.blocks, width)
    assert max(map(len, text.splitlines())) <= width
    assert "£10,000,000.00" in text
    assert "…" not in text
    for n in range(1, 13):
        assert f"{1000 * n:,}" in text
