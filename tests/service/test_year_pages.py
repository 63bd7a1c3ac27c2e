"""The pages of the year: who sees what of whom, what they say, and the files that they give."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client
from tests.service.area import Area, signed_in
from tests.service.figures_in import someone
from tests.service.year_made import YearMade, made

from remit.service import clock
from remit.service.declarations.reading import every, lines
from remit.service.offers.models import Participation
from remit.service.people.models import Person
from remit.service.reminders.calendars import calendar_of
from remit.service.scope import reach
from remit.service.scope.acting import acting
from remit.service.scope.scope import Scope
from remit.service.year import area

pytestmark = pytest.mark.one_database


@pytest.fixture
def year(board: Area, tmp_path: Path) -> YearMade:
    return made(board, tmp_path)


def at(year: YearMade, role: str, code: str) -> Client:
    return signed_in(someone(role, year.area[code]))


def seen_by(person: Person) -> Scope:
    """What a person sees."""
    return reach.of_person(person, clock.today(), second_factor=True)


def text(client: Client, path: str, status: int = 200) -> str:
    """The words of a page, in one line."""
    answer = client.get(path)
    assert answer.status_code == status, f"{path}: {answer.status_code}"
    words = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", answer.content.decode(), flags=re.DOTALL)
    return " ".join(words.split())


@pytest.mark.parametrize(
    ("role", "code", "to"),
    [
        ("practice_lead", "A1", "/year/practice/A1/"),
        ("practice_viewer", "A2", "/year/practice/A2/"),
        ("network_manager", "NW1", "/year/area/NW1/"),
        ("contract_manager", "QAA", "/year/area/QAA/"),
        ("contract_manager", "PL1", "/year/area/PL1/"),
        ("approver_tier_1", "QAA", "/year/area/QAA/"),
        ("finance_officer", "QAA", "/year/finance/QAA/"),
        ("auditor", "QAA", "/year/payments/QAA/"),
    ],
)
def test_each_person_has_one_page_to_begin_from(year: YearMade, role: str, code: str, to: str) -> None:
    answer = at(year, role, code).get("/year/")
    assert answer.headers["Location"] == to


def test_a_practice_reads_its_year(year: YearMade) -> None:
    said = text(at(year, "practice_lead", "A1"), "/year/practice/A1/")
    for words in (
        "Offered done, 2 Apr 2024", "Accepted done, 8 Apr 2024", "Figures done, 31 Mar 2025", "Declared done",
        "Approved done", "Instalment", "paid on 20 April 2024", "£100.00", "£100.01", "Balance", "£300.05",
        "Adjustment", "£7.77",
    ):  # fmt: skip
        assert words in said, f"{words} in {said}"
    assert "Second practice" not in said


def test_a_practice_sees_its_recovery_and_what_is_still_to_be_paid_back(year: YearMade) -> None:
    """Six of £25.00 were agreed; one was paid back: five of £25.00 are left, £125.00."""
    said = text(at(year, "practice_viewer", "A2"), "/year/practice/A2/")
    assert "To pay back £125.00" in said
    assert said.count("−£25.00") == 6
    assert said.count("not paid back yet") == 5


def test_who_refused_is_not_asked_for_more(year: YearMade) -> None:
    said = text(at(year, "practice_lead", "A3"), "/year/practice/A3/")
    assert "Nothing is to do: the practice refused the offer of" in said
    assert "Accepted ended here, 9 Apr 2024" in said


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_its_payments_are_a_file(year: YearMade, ending: str) -> None:
    answer = at(year, "practice_viewer", "A1").get(f"/year/practice/A1/payments.{ending}")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="payments-A1.{ending}"'
    if ending == "csv":
        lines = answer.content.decode().splitlines()
        assert sum(line.split(",")[4] == "Instalment" for line in lines if line.count(",") >= 6) == 2
        assert "300.05" in answer.content.decode()
    assert at(year, "practice_viewer", "A1").get("/year/practice/A1/payments.pdf").status_code == 404


def test_another_practice_is_not_there(year: YearMade) -> None:
    client = at(year, "practice_lead", "A1")
    for path in ("/year/practice/A2/", "/year/practice/A2/payments.csv", "/year/practice/Z9/"):
        assert client.get(path).status_code == 404
    theirs = year.payments["A2", "recovery"]
    assert client.get(f"/year/payment/{theirs.pk}/").status_code == 404
    assert client.get(f"/year/payment/{year.payments['A1', 'balance'].pk}/").status_code == 200


def test_without_the_right_to_see_money_there_is_none(year: YearMade) -> None:
    for role, code in (("network_manager", "NW1"), ("data_quality", "QAA"), ("clinical_lead", "A1")):
        client = at(year, role, code)
        said = text(client, "/year/practice/A1/")
        assert "Paid so far" not in said
        assert "£100.00" not in said
        assert client.get("/year/practice/A1/payments.csv").status_code == 403
        assert client.get(f"/year/payment/{year.payments['A1', 'balance'].pk}/").status_code == 403


def test_the_area_counts_who_accepted_and_who_refused(year: YearMade) -> None:
    client = at(year, "contract_manager", "QAA")
    said = text(client, "/year/area/QAA/")
    assert "2 of 3 accepted, 1 refused." in said
    assert "We have too few staff this year." in said
    assert "refused on 9 Apr 2024" in said
    only = text(client, "/year/area/QAA/?show=refused")
    assert "Third practice (A3)" in only
    assert "First practice (A1)" not in only


def test_the_area_is_a_file_of_what_is_shown(year: YearMade) -> None:
    answer = at(year, "contract_manager", "QAA").get("/year/area/QAA/practices.csv?show=approved")
    rows = answer.content.decode().splitlines()
    assert [row.split(",")[0] for row in rows[1:]] == ["A1", "A2"]


def test_a_practice_that_shares_nothing_has_no_figures_there(year: YearMade) -> None:
    """A network sees under a consent of its own, and has none."""
    said = text(at(year, "network_manager", "NW1"), "/year/area/NW1/")
    assert said.count("not shared") == 2
    assert "Third practice" not in said


def test_finance_sees_the_run_and_what_differs(year: YearMade) -> None:
    """In run 2 A1 has £100.01. In run 3 it has a balance of £300.05 and an adjustment of £7.77, and A2 pays £25.00."""
    said = text(at(year, "finance_officer", "QAA"), "/year/finance/QAA/")
    assert "Run 3 for June 2025" in said
    assert "Balances 1 +£300.05" in said
    assert "More or fewer instalments 1 −£100.01" in said
    assert "Adjustments 1 +£7.77" in said
    assert "Recoveries 1 −£25.00" in said
    assert "£125.00" in said
    assert "April 2024 is the next month to close." in said


def test_what_a_practice_that_merged_was_paid_stands_with_its_successor(year: YearMade) -> None:
    """Without awards in the books A1 owes its balance and its adjustment, £300.05 + £7.77, and A2 is owed the £25.00
    that it paid back. Where A2 merged into A1, A1 owes £282.82."""
    client = at(year, "finance_officer", "QAA")
    assert "(A1) £307.82 by the practice" in text(client, "/year/finance/QAA/")
    assert "(A2) £25.00 to the practice" in text(client, "/year/finance/QAA/")
    Participation.objects.filter(practice__code="A2").update(state="carried on", into=year.area["A1"])
    said = text(client, "/year/finance/QAA/")
    assert "(A1) £282.82 by the practice" in said
    assert "to the practice" not in said


def test_a_payment_is_found_by_practice_month_and_amount(year: YearMade) -> None:
    client = at(year, "auditor", "QAA")
    for asked, count in (
        ("practice=A1", 4), ("practice=second", 2), ("month=2024-04", 2), ("amount=100.01", 1),
        ("amount=%C2%A3300.05", 1), ("kind=recovery", 1),
        ("practice=A1&month=2024-05&amount=100.01", 1), ("practice=A1&amount=1", 0), ("", 6),
    ):  # fmt: skip
        assert client.get(f"/year/payments/QAA/?{asked}").content.decode().count("/year/payment/") == count, asked
    assert "Write the amount in pounds and pence" in text(client, "/year/payments/QAA/?amount=lots")
    assert client.get("/year/payments/QAA/found.csv?practice=A1&month=2024-05").content.count(b"\n") == 2


def test_what_is_typed_into_the_search_does_no_harm(year: YearMade) -> None:
    client = at(year, "auditor", "QAA")
    for asked in (
        "from=999999999999999999999",
        "from=-1",
        "practice=%00",
        "month=2024-13",
        "amount=9" + "9" * 40,
        "kind=x",
    ):
        assert client.get(f"/year/payments/QAA/?{asked}").status_code == 200, asked


def test_the_books_are_the_commissioners_alone(year: YearMade) -> None:
    for role, code in (("auditor", "QBB"), ("finance_officer", "QBB")):
        client = at(year, role, code)
        for path in ("/year/finance/QAA/", "/year/payments/QAA/", "/year/area/QAA/", "/year/payments/QAA/found.csv"):
            assert client.get(path).status_code == 404
        assert client.get(f"/year/payment/{year.payments['A1', 'balance'].pk}/").status_code == 404
    practice = at(year, "practice_lead", "A1")
    assert practice.get("/year/finance/QAA/").status_code == 403
    assert practice.get("/year/payments/QAA/").status_code == 403


@pytest.mark.parametrize("state", ["refused", "offered", "accepted"])
def test_who_is_late_is_late_on_the_calendar_too(year: YearMade, state: str) -> None:
    """A3 refused and is late with nothing; had it not answered, or accepted and not declared, it would be late."""
    Participation.objects.filter(practice=year.area["A3"]).update(state=state)
    with acting(seen_by(someone("contract_manager", year.area["QAA"]))):
        rows = area.rows_of(year.area["QAA"])
        calendar = calendar_of(year.area["QAA"])
    late = {str(row.practice) for row in rows if row.is_late}
    assert late == {one.whose for one in calendar.late} == (set() if state == "refused" else {"Third practice (A3)"})


def test_for_whom_a_declaration_waits_is_what_its_own_page_says(year: YearMade) -> None:
    with acting(seen_by(someone("contract_manager", year.area["QAA"]))):
        rows = {row.practice.code: row for row in area.rows_of(year.area["QAA"])}
        for line in lines(every(newest=True)):
            row = rows[line.row.practice.code]
            assert (row.risk.lower(), row.waits_for) == (f"{line.risk} risk", " or ".join(sorted(line.waits_for)))
