"""A practice's statement and the overview as pages: the command line's figures, under consent, and as files."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.service import area, figures_in

from remit.application.run import RunRequest
from remit.application.run import run as run_use_case
from remit.application.statement import StatementRequest, statements
from remit.documents.render.csv import as_csv
from remit.documents.render.html import fragment
from remit.documents.statement.formats import as_pdf, as_xlsx, document
from remit.service.consents.models import Consent
from remit.service.extracts.files import folder_of
from remit.service.extracts.models import Extract
from remit.service.home import overviews

SMALL = "5 of 6"
"""A1's patients of 2a: too few for others."""


@pytest.fixture
def extract(board: area.Area, tmp_path: Path) -> Extract:
    """A1 and A2 have figures of the year's end; A2 alone shares them."""
    overviews._KEEPING._kept.clear()
    figures_in.consent(board, "A2")
    return figures_in.checked(figures_in.received(board, figures_in.scheme(board), tmp_path / "in"))


def visitor(board: area.Area, role: str, code: str) -> Client:
    return area.signed_in(figures_in.someone(role, board[code]))


def page(client: Client, address: str) -> str:
    answer = client.get(address, follow=True)
    assert answer.status_code == 200, address
    return str(answer.content.decode())


def address_of(extract: Extract, code: str, file: str = "") -> str:
    return f"/statements/{code}/{extract.pk}/{file}"


def test_a_practice_reads_what_the_command_line_says_to_the_penny(
    board: area.Area, extract: Extract, tmp_path: Path
) -> None:
    """The same files, run as `remit run` does it, elsewhere: every block below the title is the same."""
    inputs = tmp_path / "in"
    request = RunRequest(("qif-2024-25",), inputs / "practices.csv", tmp_path / "run", inputs / "counts.csv")
    run_use_case(request)
    (expected,) = statements(StatementRequest(tmp_path / "run", ("A1",)))
    said = page(visitor(board, "practice_viewer", "A1"), "/statements/")
    for figure in ("A1/awarded", "A1/balance", "A1/paid in advance"):
        cell = f'data-figure="{figure}">'
        ours, theirs = (
            text.partition(cell)[2].partition("<")[0] for text in (said, fragment(document(expected)).markup)
        )
        assert ours == theirs != ""
    assert SMALL in said
    main, parted, _ = fragment(document(expected)).rest.partition('<h2 id="what-this-statement-rests-on">')
    assert parted
    assert main in said
    assert "Provisional." in said
    assert "31 March 2025" in said


def test_the_files_of_a_practice_are_those_of_the_command_line(board: area.Area, extract: Extract) -> None:
    (made,) = statements(StatementRequest(folder_of(extract.organisation_id, extract.folder) / extract.run, ("A1",)))
    client = visitor(board, "practice_viewer", "A1")
    expected = {"pdf": as_pdf(made), "xlsx": as_xlsx(made), "csv": as_csv(document(made))}
    for ending, content in expected.items():
        answer = client.get(address_of(extract, "A1", f"statement.{ending}"))
        assert answer.content == content, ending
        name = f'attachment; filename="statement-A1-qif-2024-25-2025-03-31.{ending}"'
        assert answer.headers["Content-Disposition"] == name
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert client.get(address_of(extract, "A1", "statement.exe")).status_code == 404


def test_others_have_a_copy_without_small_numbers_in_the_page_and_in_each_file(
    board: area.Area, extract: Extract
) -> None:
    figures_in.consent(board, "A1")
    client = visitor(board, "contract_manager", "QAA")
    said = page(client, address_of(extract, "A1"))
    assert "This copy has no counts that could tell of a person." in said
    sheet = openpyxl.load_workbook(io.BytesIO(client.get(address_of(extract, "A1", "statement.xlsx")).content))
    cells = [str(cell.value) for tab in sheet for row in tab.iter_rows() for cell in row]
    table = client.get(address_of(extract, "A1", "statement.csv")).content.decode()
    for text in (said, " ".join(cells), table):
        assert SMALL not in text
    assert client.get(address_of(extract, "A1", "statement.pdf")).content.startswith(b"%PDF")


@pytest.mark.parametrize(
    ("role", "of", "whose", "status"),
    [
        ("practice_viewer", "A1", "A1", 200),
        ("practice_lead", "A1", "A1", 200),
        ("practice_viewer", "A1", "A2", 404),
        ("practice_viewer", "A2", "A1", 404),
        ("contract_manager", "QAA", "A2", 200),
        ("contract_manager", "QAA", "A1", 404),
        ("contract_manager", "QBB", "A2", 404),
        ("network_manager", "NW1", "A2", 404),
        ("auditor", "QAA", "A2", 200),
        ("administrator", "QAA", "A2", 403),
    ],
)
def test_a_statement_opens_for_the_practice_and_for_whom_it_consented_to(
    role: str, of: str, whose: str, status: int, board: area.Area, extract: Extract
) -> None:
    client = visitor(board, role, of)
    for file in ("", "statement.pdf", "statement.xlsx", "statement.csv"):
        assert client.get(address_of(extract, whose, file)).status_code == status, file


def test_the_list_has_the_statements_that_somebody_may_open(board: area.Area, extract: Extract) -> None:
    figures_in.consent(board, "A1")
    said = page(visitor(board, "contract_manager", "QAA"), "/statements/")
    assert [code for code in ("A1", "A2") if address_of(extract, code) in said] == ["A1", "A2"]
    nothing = page(visitor(board, "contract_manager", "QBB"), "/statements/")
    assert "There is no statement yet." in nothing


def test_an_overview_has_who_shares_says_who_does_not_and_follows_each_change(
    board: area.Area, extract: Extract
) -> None:
    client = visitor(board, "contract_manager", "QAA")
    said = page(client, "/overview/")
    assert address_of(extract, "A2") in said
    assert address_of(extract, "A1") not in said
    assert (
        "1 practice does not share figures of that day with you, and is in no sum below: First practice (A1)." in said
    )
    figures_in.consent(board, "A1")
    assert address_of(extract, "A1") in page(client, "/overview/")
    Consent.objects.filter(practice=board["A1"]).update(withdrawn=date(2025, 3, 1))
    again = page(client, "/overview/")
    assert address_of(extract, "A1") not in again
    assert SMALL not in said + again


def test_an_overview_of_nobody_says_so(board: area.Area, extract: Extract) -> None:
    said = page(visitor(board, "network_manager", "NW1"), "/overview/")
    assert "No practice shares its figures of 31 March 2025 with you" in said
    assert visitor(board, "practice_lead", "A1").get("/overview/").status_code == 403
    assert visitor(board, "contract_manager", "QBB").get(f"/overview/{extract.pk}/").status_code == 404


def test_the_first_page_has_the_latest_day_and_its_provisional_pounds(board: area.Area, extract: Extract) -> None:
    """A2 has 41 of 100 of 2a, which pays 13p a head on 5,000 weighted patients: £650.00; A1 has five of six."""
    practice = page(visitor(board, "practice_viewer", "A2"), "/")
    assert (
        "Second practice, Quality Improvement Framework (QIF) 2024/25: £650.00 earned so far (provisional)" in practice
    )
    area_wide = page(visitor(board, "finance_officer", "QAA"), "/")
    assert "1 of 2 practices earned £650.00 so far (provisional)" in area_wide
    assert "31 March 2025" in practice
    assert "£" not in page(visitor(board, "contract_manager", "QBB"), "/").partition("<main")[2].partition("</main")[0]


def test_a_name_that_a_spreadsheet_would_obey_is_text_in_every_file(board: area.Area, tmp_path: Path) -> None:
    practices = figures_in.PRACTICES.replace("First practice", "=HYPERLINK(1)")
    sent = figures_in.received(board, figures_in.scheme(board), tmp_path / "in", practices=practices)
    extract = figures_in.checked(sent)
    client = visitor(board, "practice_viewer", "A1")
    table = client.get(address_of(extract, "A1", "statement.csv")).content.decode()
    cells = [cell for row in csv.reader(io.StringIO(table)) for cell in row]
    assert [cell for cell in cells if cell.startswith(("=", "@", "\t"))] == []
    sheet = openpyxl.load_workbook(io.BytesIO(client.get(address_of(extract, "A1", "statement.xlsx")).content))
    formulas = [str(c.value) for tab in sheet for row in tab.iter_rows() for c in row if c.data_type == "f"]
    assert [formula for formula in formulas if "HYPERLINK(1)" in formula] == []
    assert "HYPERLINK" in page(client, address_of(extract, "A1"))


@pytest.mark.parametrize(
    ("role", "of", "address", "most"),
    [
        ("practice_viewer", "A2", "/", 30),
        ("practice_viewer", "A2", "/statements/A2/{}/", 30),
        ("contract_manager", "QAA", "/", 40),
        ("contract_manager", "QAA", "/statements/", 30),
        ("contract_manager", "QAA", "/overview/{}/", 30),
    ],
)
@pytest.mark.usefixtures("sessions_as_they_are")
def test_a_page_asks_the_database_a_few_times(
    role: str, of: str, address: str, most: int, board: area.Area, extract: Extract
) -> None:
    client = visitor(board, role, of)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page(client, address.format(extract.pk))
    assert len(queries) <= most, [one["sql"][:150] for one in queries.captured_queries]
