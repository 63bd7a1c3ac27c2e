"""The pages of the books, as whoever keeps them and whoever looks on sees them; the journal; a form sent twice."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.service.area import Area, person, signed_in
from tests.service.test_adjustments import take_part
from tests.service.test_ledger import instalment, made_year

from remit.service import clock
from remit.service.audit.models import Entry
from remit.service.extracts.models import ACCEPTED, Extract, PracticeFigures
from remit.service.money.ledger import post
from remit.service.money.models import Adjustment, BookMonth, Transfer
from remit.service.offers.models import SchemeYear
from remit.service.register.models import SchemeVersion

pytestmark = pytest.mark.one_database

NOW = datetime(2024, 6, 10, 9, tzinfo=UTC)


@pytest.fixture
def year(board: Area) -> Iterator[SchemeYear]:
    """In June: two instalments of A1 are paid, and one of A2, and A1 has earned £150.00 by May's figures."""
    with clock.at(NOW):
        year = made_year(board)
        take_part(board, year, "A1")
        post([instalment(board, year, 1), instalment(board, year, 1, practice="A2"), instalment(board, year, 2)], "run")
        figures(board, year, date(2024, 4, 30), 9000, datetime(2024, 5, 5, tzinfo=UTC))
        figures(board, year, date(2024, 5, 31), 15000, datetime(2024, 6, 5, tzinfo=UTC))
        yield year


def figures(board: Area, year: SchemeYear, day: date, pence: int, decided: datetime) -> None:
    from remit.service.consents.models import Consent

    number = Extract.objects.count() + 1
    extract = Extract.objects.create(
        organisation=board["QAA"], number=number, scheme_version=SchemeVersion.objects.get(), day=day, state=ACCEPTED,
        sha256=str(number) * 64, folder=f"books-{number}", received=decided, decided=decided,
    )  # fmt: skip
    PracticeFigures.objects.create(
        extract=extract, practice=board["A1"], day=day, place=1, status="provisional", pence=pence, sha256="0" * 64,
        statement_for_commissioner="", overview="",
    )  # fmt: skip
    Consent.objects.get_or_create(practice=board["A1"], to=board["QAA"], since=date(2024, 4, 1))


@pytest.fixture
def finance(board: Area) -> Client:
    return signed_in(person("finance_officer", board["QAA"], email="first@example.org"))


def text_of(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return " ".join(answer.content.decode().replace("\u2060", "").split())


def test_what_the_accounts_stand_at(year: SchemeYear, finance: Client) -> None:
    assert finance.get("/books/").headers["Location"] == "/books/QAA/"
    text = text_of(finance, "/books/QAA/")
    assert "The books balance on 10 June 2024: the debits and credits of 3 entries are equal." in text
    assert text.count("£300.00") == 4  # paid in advance, cash, and both totals
    assert "April 2024 is the next month to close." in text


def test_a_month_is_closed_once_however_often_the_form_is_sent(year: SchemeYear, finance: Client) -> None:
    assert "Close April 2024 for good" in text_of(finance, "/books/QAA/close/")
    for _ in range(2):
        answer = finance.post("/books/QAA/close/", {"month": "2024-04-01"}, follow=True)
    assert "These books are closed and are not opened again." in answer.content.decode()
    assert [one.month for one in BookMonth.objects.all()] == [date(2024, 4, 1)]
    assert Entry.objects.filter(event="books.closed").count() == 1
    assert "May 2024 is the next month to close." in text_of(finance, "/books/QAA/")
    assert finance.post("/books/QAA/close/", {"month": "soon"}).status_code == 404


def test_a_year_says_what_is_left_in_it(year: SchemeYear, finance: Client) -> None:
    text = text_of(finance, "/books/QAA/years/qif-2024-25/close/")
    assert "It ends on 31 March 2025." in text
    answer = finance.post("/books/QAA/years/qif-2024-25/close/", follow=True)
    assert "that was paid in advance is not set against an award" in answer.content.decode()
    year.refresh_from_db()
    assert year.closed is None
    assert finance.get("/books/QAA/years/none-2024-25/close/").status_code == 404


def test_the_journal_has_two_lines_for_each_transfer(year: SchemeYear, finance: Client) -> None:
    text = text_of(finance, "/books/QAA/journal/?since=1/4/2024&until=30/4/2024")
    assert "2 entries from 1 April 2024 to 30 April 2024" in text
    answer = finance.get("/books/QAA/journal/file/?since=2024-04-01&until=2024-05-31")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert [(row["number"], row["line"], row["account"], row["debit"], row["credit"]) for row in rows[:2]] == [
        ("1", "1", "paid in advance", "100.00", ""), ("1", "2", "cash", "", "100.00"),
    ]  # fmt: skip
    assert len(rows) == 6
    assert {row["scheme"] for row in rows} == {"qif-2024-25"}
    assert Entry.objects.filter(event="journal.exported").count() == 1
    assert "Choose a later one" in text_of(finance, "/books/QAA/journal/?since=2/4/2024&until=1/4/2024")
    assert finance.get("/books/QAA/journal/file/?since=x").status_code == 302


def test_an_adjustment_is_proposed_by_one_and_approved_by_another(
    board: Area, year: SchemeYear, finance: Client
) -> None:
    form = {"year": str(year.pk), "practice": "a1", "pounds": "-12.50", "day": "1/6/2024", "reason": "paid elsewhere"}
    for field, value, words in (
        ("practice", "A2", "No practice with this code was offered a part"),
        ("pounds", "0", "other than zero"),
        ("pounds", "1.234", "no more than 2 decimal places"),
        ("reason", "", "Say why the amount is adjusted."),
        ("day", "1/7/2024", "has not come yet"),
    ):
        answer = finance.post("/books/QAA/adjustments/new/", form | {field: value})
        assert words in answer.content.decode(), words
    answer = finance.post("/books/QAA/adjustments/new/", form)
    assert answer.headers["Location"] == "/books/QAA/adjustments/1/"
    path = "/books/QAA/adjustments/1/"
    text = text_of(finance, path)
    assert "£12.50 to be paid by First practice (A1)" in text
    assert "Approve it" not in text
    second = signed_in(person("finance_officer", board["QAA"], email="second@example.org"))
    assert "Say why the adjustment is refused" in second.post(path, {"step": "refuse", "words": ""}).content.decode()
    second.post(path, {"step": "approve"})
    again = second.post(path, {"step": "approve"}, follow=True)
    assert "Adjustment 1 is approved, or not for you to decide. Nothing changed." in again.content.decode()
    assert Transfer.objects.filter(kind="adjustment").count() == 1
    assert "Entered in the books: entry 4 on 1 June 2024" in text_of(second, path)
    assert "First practice (A1)" in text_of(second, "/books/QAA/adjustments/")
    assert Adjustment.objects.get().state == "approved"


def test_the_accrual_of_a_day_and_what_moved(year: SchemeYear, finance: Client) -> None:
    """By May A1 has earned £150.00 and was paid £200.00; by April £90.00 and £100.00. A2's figures are not known."""
    text = text_of(finance, "/books/QAA/accrual/?day=9/6/2024&before=6/5/2024")
    assert "£0.00 is owed to practices and £50.00 is prepaid: −£50.00 in all." in text
    assert "1 practice's year is left out" in text.replace("&#39;", "'").replace("&#x27;", "'")
    assert "What moved since 6 May 2024" in text
    answer = finance.get("/books/QAA/accrual/csv/?day=2024-06-09&before=2024-05-06")
    rows = answer.content.decode()
    assert "Paid since,-100.00" in rows
    assert "Figures,60.00" in rows
    assert finance.get("/books/QAA/accrual/xlsx/?day=2024-06-09").content[:2] == b"PK"
    assert finance.get("/books/QAA/accrual/pdf/").status_code == 404
    assert "Choose a day before" in text_of(finance, "/books/QAA/accrual/?day=9/6/2024&before=9/6/2024")
    assert "Nothing is earned or paid by 1 April 2024" in text_of(finance, "/books/QAA/accrual/?day=1/4/2024")


@pytest.mark.parametrize("role", ["contract_manager", "auditor", "approver_tier_1"])
def test_who_looks_on_sees_the_books_and_changes_nothing(role: str, board: Area, year: SchemeYear) -> None:
    client = signed_in(person(role, board["QAA"]))
    assert "Close April 2024" not in text_of(client, "/books/QAA/")
    assert client.get("/books/QAA/close/").status_code == 403
    assert client.post("/books/QAA/adjustments/new/").status_code == 403
    assert client.get("/books/QBB/").status_code == 404
    assert client.get("/books/PL1/").status_code == 404


def test_another_commissioner_s_books_are_not_there(board: Area, year: SchemeYear) -> None:
    client = signed_in(person("finance_officer", board["QBB"]))
    assert client.get("/books/QAA/journal/").status_code == 404
    assert "Nothing is in the books yet" in text_of(client, "/books/QBB/")
    assert signed_in(person("practice_lead", board["A1"])).get("/books/").status_code == 403


PAGES = (
    "/books/QAA/", "/books/QAA/close/", "/books/QAA/journal/?since=1/4/2024&until=1/1/2025", "/books/QAA/adjustments/",
    "/books/QAA/journal/file/?since=1/4/2024&until=1/1/2025", "/books/QAA/accrual/?day=9/6/2024&before=6/5/2024",
    "/books/QAA/adjustments/new/", "/books/QAA/years/qif-2024-25/close/",
)  # fmt: skip


@pytest.mark.usefixtures("sessions_as_they_are")
def test_a_page_asks_as_much_with_more_rows(board: Area, year: SchemeYear, finance: Client) -> None:
    def counted() -> dict[str, int]:
        found = {}
        for path in PAGES:
            finance.get(path)
            with CaptureQueriesContext(connection) as queries:
                assert finance.get(path).status_code == 200
            found[path] = len(queries)
        return found

    def adjustments(*numbers: int) -> None:
        of = {"practice": board["A1"], "organisation": board["QAA"], "scheme_year": year}
        for n in numbers:
            Adjustment.objects.create(**of, number=n, pence=n, day=date(2024, 6, 1), reason="a reason")

    adjustments(1)
    few = counted()
    adjustments(2, 3, 4, 5)
    post([instalment(board, year, n) for n in (3, 4, 5)] + [instalment(board, year, 6, practice="A3")], "more")
    assert counted() == few
    assert max(few.values()) <= 24, few
