"""The pages of offers: made in steps and sent once, answered by a practice, refused with the reason, not for others."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from tests.service import area, offers_desk
from tests.service.area import Area, signed_in
from tests.service.offers_desk import END, IN_TIME, PLUS, START, Desk
from tests.service.signing_in import text

from remit.service import clock
from remit.service.audit.models import Entry
from remit.service.offers import following
from remit.service.offers.models import Offer, Participation, SchemeYear
from remit.service.organisations.models import PRACTICE, Membership, Organisation
from remit.service.people import post
from remit.service.scope.acting import acting
from remit.service.scope.scope import EVERYTHING

pytestmark = pytest.mark.one_database

MAKE = "/offers/QAA/new/qif-2024-25/1/"
DAYS = {"starts": "1/4/2024", "ends": "31/3/2025", "respond_by": "31/5/2024"}


@pytest.fixture
def desk(board: Area) -> Iterator[Desk]:
    with clock.at(IN_TIME):
        yield offers_desk.desk(board)


def browser(desk: Desk, role: str = "contract_manager", code: str = "QAA") -> Client:
    return signed_in(desk.person(role, code))


def one(desk: Desk, code: str) -> str:
    return f"/offers/practice/{code}/{desk.row(code).pk}/"


def test_an_offer_in_steps(desk: Desk) -> None:
    client = browser(desk)
    assert "Make an offer" in text(client.get("/offers/QAA/"))
    picked = client.post("/offers/QAA/new/", {"scheme": "qif-2024-25/1"})
    assert picked.headers["Location"] == MAKE
    form = client.get(MAKE)
    assert 'value="1/4/2024"' in form.content.decode()
    assert 'value="29/5/2024"' in form.content.decode(), "four weeks to answer"
    review = client.post(MAKE, DAYS | {"whom": "all", "words": "Please read it."})
    said = text(review)
    assert "It goes to 3 practices. Nothing is sent until you press the button." in said
    for name in ("First practice", "Second practice", "Third practice"):
        assert name in said
    assert not Offer.objects.exists()
    again = client.post(MAKE, DAYS | {"whom": "all", "words": "Please read it.", "change": "1"})
    assert "Please read it." in text(again)
    assert "There is a problem" not in text(again)
    kept = DAYS | {"whom": "all", "words": "Please read it.", "number": "1", "send": "1"}
    sent = client.post(MAKE, kept, follow=True)
    assert "The offer was sent to 3 practices." in text(sent)
    assert "Of 3 practices: 3 not answered yet." in text(sent)
    twice = client.post(MAKE, kept, follow=True)
    assert "This offer was sent already: it is not sent again." in text(twice)
    assert (Offer.objects.count(), Participation.objects.count()) == (1, 3)
    assert Entry.objects.filter(event="offer.made").count() == 1


def test_everything_that_is_wrong_is_said_at_once(desk: Desk) -> None:
    plus = offers_desk.published(desk.area, "QAA", PLUS)
    desk.offer("A1")
    desk.offer("A2", version=plus)
    wrong = {"starts": "1/4/2023", "ends": "1/3/2023", "respond_by": "1/4/2024", "whom": "named"}
    said = text(browser(desk).post(MAKE, wrong | {"codes": "A1, A2\nA9;B1 A3 A3"}))
    for problem in (
        "There is no practice A9 in First area. Did you mean",
        "There is no practice B1 in First area.",
        "A3 is listed twice. Name it once.",
        "The first day is 1 April 2023; the scheme's year is 1 April 2024 to 31 March 2025.",
        "The last day is before the first. Correct one of the two days.",
        "The day by which to answer, 1 April 2024, has passed. Give today or a later day.",
        "First practice (A1) was offered this scheme already (offer 1), and has not answered yet. Leave it out.",
        "Second practice (A2) was offered QIF Plus 2024/25, another variant of this scheme, already (offer 2), and has "
        "not answered yet. Take that offer back first: a practice has one variant in a year.",
    ):
        assert problem in said, problem
    assert Offer.objects.count() == 2


def test_a_practice_has_one_variant_and_no_two_parts_on_a_day(desk: Desk) -> None:
    desk.offer("A1")
    desk.accepted("A1")
    organisation = desk.area["A3"]
    organisation.closed = date(2024, 4, 30)
    organisation.save()
    offers_desk.published(desk.area, "QAA", PLUS)
    client = browser(desk)
    said = text(client.post(f"/offers/QAA/new/{PLUS}/1/", DAYS | {"whom": "named", "codes": "A1 A3"}))
    assert "First practice (A1) takes part in QIF 2024/25, another variant of this scheme until 31 March 2025" in said
    assert "End its part there first: a practice has one variant in a year." in said
    assert "Third practice (A3) closed on 30 April 2024. Leave it out." in said
    ended = {"last": "30/6/2024", "reason": "It goes to QIF Plus."}
    assert client.post(f"{one(desk, 'A1')}end/", ended).status_code == 302
    said = text(client.post(f"/offers/QAA/new/{PLUS}/1/", DAYS | {"whom": "named", "codes": "A1"}))
    assert "takes part in QIF 2024/25, another variant of this scheme until 30 June 2024 (offer 1)" in said
    later = DAYS | {"starts": "1/7/2024", "whom": "named", "codes": "A1"}
    assert "It goes to 1 practice." in text(client.post(f"/offers/QAA/new/{PLUS}/1/", later))


def test_codes_come_in_a_file_with_their_lines(desk: Desk) -> None:
    content = b"practice_code,practice_name\nA1,First\nX77,Nowhere\n"
    named = DAYS | {"whom": "named", "file": SimpleUploadedFile("practices.csv", content)}
    said = text(browser(desk).post(MAKE, named))
    assert "practices.csv, line 3: There is no practice X77 in First area." in said
    named["file"] = SimpleUploadedFile("practices.csv", b"\xef\xbb\xbfA1\r\nA2\r\n")
    assert "It goes to 2 practices." in text(browser(desk).post(MAKE, named))


def test_the_practices_of_a_network(desk: Desk) -> None:
    review = browser(desk).post(MAKE, DAYS | {"whom": "area", "area": "NW1"})
    assert "all practices of First network" in text(review)
    assert "Third practice" not in text(review)
    assert "Choose the place or network." in text(browser(desk).post(MAKE, DAYS | {"whom": "area"}))


def test_a_practice_answers(desk: Desk) -> None:
    desk.offer("A1", "A2")
    lead = browser(desk, "practice_lead", "A1")
    assert "QIF 2024/25: answer the offer, due by 31 May 2024" in text(lead.get("/"))
    page = text(lead.get(one(desk, "A1")))
    assert "lets First area see its counts from 1 April 2024 to 31 March 2025" in page
    unconfirmed = lead.post(f"{one(desk, 'A1')}accept/", {"starts": "1/4/2024"})
    assert "Confirm that the practice takes part" in text(unconfirmed)
    outside = lead.post(f"{one(desk, 'A1')}accept/", {"starts": "1/4/2023", "agreed": "on"}, follow=True)
    assert "The first day has to be from 1 April 2024 to 31 March 2025" in text(outside)
    done = lead.post(f"{one(desk, 'A1')}accept/", {"starts": "1/7/2024", "agreed": "on"}, follow=True)
    assert "First practice takes part in QIF 2024/25 from 1 July 2024." in text(done)
    twice = lead.post(f"{one(desk, 'A1')}accept/", {"starts": "1/4/2024", "agreed": "on"})
    assert "Only an offer that is open can be accepted. Practice lead of First practice was the last to change it" in (
        text(twice)
    )
    assert desk.row("A1").starts == date(2024, 7, 1)
    assert "answer the offer" not in text(lead.get("/"))
    viewer = browser(desk, "practice_viewer", "A1")
    assert "Withdraw" not in text(viewer.get(one(desk, "A1")))
    assert viewer.post(f"{one(desk, 'A1')}withdraw/", {}).status_code == 403


def test_the_commissioner_sees_and_does_its_steps(desk: Desk) -> None:
    desk.offer("A1", "A2", "A3")
    with clock.at(IN_TIME + timedelta(days=40)):
        manager = browser(desk)
        assert following.lapse(desk.area["QAA"], clock.today()) == 3
        assert "QIF 2024/25: offer 1 lapsed without an answer of 3 practices" in text(manager.get("/"))
        page = text(manager.get(one(desk, "A1")))
        assert "Allow a late answer" in page
        assert "Accept the offer" not in page
        late = {"respond_by": "30/6/2024", "reason": "Their system failed."}
        assert "may answer by 30 June 2024" in text(manager.post(f"{one(desk, 'A1')}allow-late/", late, follow=True))
        assert "Only an offer that lapsed" in text(manager.post(f"{one(desk, 'A1')}allow-late/", late))
        assert "Enter a reason." in text(manager.post(f"{one(desk, 'A1')}take-back/", {}))
        taken = manager.post(f"{one(desk, 'A1')}take-back/", {"reason": "Sent by mistake."}, follow=True)
        assert "The offer was taken back. " in text(taken)
        again = manager.post(f"{one(desk, 'A1')}offer-again/", {"respond_by": "1/1/2024"})
        assert "The day by which to answer, 1 January 2024, has passed." in text(again)
        listed = text(manager.get("/offers/QAA/1/"))
        assert "Of 3 practices: 2 without an answer by the day and 1 taken back." in listed


def test_a_withdrawal_and_what_others_see_after_it(desk: Desk) -> None:
    desk.offer("A1", "A2")
    desk.accepted("A1")
    lead = browser(desk, "practice_lead", "A1")
    early = lead.post(f"{one(desk, 'A1')}withdraw/", {"last": "30/4/2024", "reason": "A partner leaves."})
    assert "The last day has to be from 1 May 2024 to 31 March 2025." in text(early)
    done = lead.post(f"{one(desk, 'A1')}withdraw/", {"last": "31/8/2024", "reason": "A partner leaves."}, follow=True)
    assert "The practice leaves the scheme: 31 August 2024 is its last day." in text(done)
    row = desk.row("A1")
    assert (row.state, row.ends) == ("left", date(2024, 8, 31))
    assert row.consent is not None
    assert row.consent.last == date(2024, 8, 31)
    assert "A partner leaves." in text(browser(desk).get("/offers/QAA/1/"))
    assert one(desk, "A1") not in browser(desk, "practice_lead", "A2").get("/offers/practice/A2/").content.decode()
    assert browser(desk, "practice_lead", "A2").get(one(desk, "A1")).status_code == 404
    assert browser(desk, "contract_manager", "QBB").get("/offers/QAA/1/").status_code == 404


def test_a_consent_that_was_there_before_is_not_given_twice_nor_taken_away(desk: Desk) -> None:
    from remit.service.consents.models import Consent

    Consent.objects.create(practice=desk.area["A1"], to=desk.area["QAA"], since=date(2024, 6, 1))
    desk.offer("A1")
    row = desk.accepted("A1")
    consents = Consent.objects.filter(practice=desk.area["A1"]).order_by("since")
    assert [(each.since, each.until) for each in consents] == [(START, date(2024, 5, 31)), (date(2024, 6, 1), None)]
    with acting(desk.scope("practice_lead", "A1")):
        from remit.service.offers import services

        services.withdraw(row, date(2024, 8, 31), "A partner leaves.")
    assert [each.last for each in consents.all()] == [date(2024, 5, 31), None]


def test_still_reported_is_recorded_and_taken_back(desk: Desk) -> None:
    desk.offer("A1")
    lead = browser(desk, "practice_lead", "A1")
    address = f"{one(desk, 'A1')}still-reported/"
    given = {"where": "CQRS and GPES", "since": "1/4/2024"}
    assert "Only of a practice that takes part" in text(lead.post(address, given))
    desk.accepted("A1")
    assert "Say since when" in text(lead.post(address, {"where": "CQRS"}))
    assert "is still reported by CQRS and GPES" in text(lead.post(address, given, follow=True))
    assert "this is recorded already" in text(lead.post(address, given))
    manager = browser(desk)
    assert "Still reported by CQRS and GPES, since 1 April 2024" in text(manager.get("/offers/QAA/1/"))
    assert b"CQRS and GPES,2024-04-01" in manager.get("/offers/QAA/1/practices.csv").content
    done = manager.post(f"{one(desk, 'A1')}reported/", {"where": ""}, follow=True)
    assert "is no longer reported elsewhere" in text(done)


def test_the_answers_as_files(desk: Desk) -> None:
    from openpyxl import load_workbook

    desk.offer("A1", "A2")
    desk.accepted("A1")
    client = browser(desk)
    lines = client.get("/offers/QAA/year/qif-2024-25/practices.csv").content.decode().splitlines()
    assert lines[0].startswith("practice_code,practice,place,network,offer,state,first_day,last_day,answer_by,answered")
    assert lines[1].startswith("A1,First practice,First place,First network,1,takes part,2024-04-01,2025-03-31,")
    assert lines[2].startswith("A2,Second practice,First place,First network,1,not answered yet,")
    book = load_workbook(io.BytesIO(client.get("/offers/QAA/1/practices.xlsx").content))
    cells = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
    assert {"A1", "A2", "First place", "takes part"} <= cells
    assert client.get("/offers/QAA/1/practices.pdf").status_code == 404


def test_the_limits_of_a_year(desk: Desk) -> None:
    desk.offer("A1")
    client, address = browser(desk), "/offers/QAA/year/qif-2024-25/limits/"
    form = client.get(address).content.decode()
    assert 'value="15000.00"' in form
    sent = {
        "finance_above": "£20,000", "medium_from": "15000", "high_from": "14999.99", "needs_declaration": "on",
        "needs_approval": "on", "reason": "The ICB's scheme of delegation.",
    }  # fmt: skip
    assert "High risk begins at the amount of medium risk, or above it." in text(client.post(address, sent))
    sent["high_from"] = "60000.50"
    page = text(client.post(address, sent, follow=True))
    assert "amounts above £20,000.00" in page
    rules = SchemeYear.objects.get().rules
    assert (rules["finance_above"], rules["high_from"], rules["tier_2_in_bulk"], rules["needs_review"]) == (
        2_000_000, 6_000_050, False, False,
    )  # fmt: skip
    assert "nothing was changed" in text(client.post(address, sent)).lower()
    assert "Enter a reason." in text(client.post(address, sent | {"reason": ""}))
    assert Entry.objects.filter(event="scheme-year.rules").count() == 1
    assert browser(desk, "finance_officer", "QAA").get(address).status_code == 403
    place = signed_in(desk.person("contract_manager", "PL1"))
    assert place.post(address, sent).status_code == 403


def test_practice_leads_are_written_to_and_a_failure_stops_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    monkeypatch.setattr(settings, "DEPLOYMENT", replace(settings.DEPLOYMENT, email="smtp://localhost"))
    monkeypatch.setattr(settings, "EMAIL_BACKEND", "django.core.mail.backends.locmem.EmailBackend")
    desk.person("practice_lead", "A1")
    desk.person("practice_lead", "A2")
    desk.person("practice_viewer", "A2")
    mail.outbox = []
    with django_capture_on_commit_callbacks(execute=True):
        desk.offer("A1", "A2")
    post.wait()
    assert sorted(each.to[0] for each in mail.outbox) == [
        "desk.practice_lead.a1@example.org", "desk.practice_lead.a2@example.org",
    ]  # fmt: skip
    body = mail.outbox[0].body
    assert "First practice is offered QIF 2024/25, from 1 April 2024 to 31 March 2025." in body
    assert f"/offers/practice/A1/{desk.row('A1').pk}/" in body
    monkeypatch.setattr(settings, "EMAIL_BACKEND", "no.such.backend")
    monkeypatch.setattr(post, "send_all", lambda *_: 1 / 0)
    with django_capture_on_commit_callbacks(execute=True):
        desk.offer("A3", version=offers_desk.published(desk.area, "QAA", PLUS))
    assert Offer.objects.count() == 2


@pytest.mark.usefixtures("sessions_as_they_are")
def test_an_offer_to_a_whole_area_takes_few_queries(desk: Desk, django_assert_max_num_queries: Any) -> None:
    practices = Organisation.objects.bulk_create(
        Organisation(code=f"C{n:03}", name=f"Practice C{n:03}", kind=PRACTICE) for n in range(141)
    )
    Membership.objects.bulk_create(
        Membership(member=each, parent=desk.area["NW1"], parent_kind="network", since=START) for each in practices
    )
    client = browser(desk)
    client.get("/offers/QAA/")
    with django_assert_max_num_queries(85):
        sent = client.post(MAKE, DAYS | {"whom": "all", "number": "1", "send": "1"})
    assert sent.headers["Location"] == "/offers/QAA/1/"
    assert Participation.objects.count() == 144
    with django_assert_max_num_queries(24):
        assert "144 not answered yet" in text(client.get("/offers/QAA/1/"))


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_the_same_moment() -> None:
    with clock.at(IN_TIME), acting(EVERYTHING):
        desk = offers_desk.desk(area.made(START))
        desk.offer("A1")
        lead = signed_in(desk.person("practice_lead", "A1"))
        other = signed_in(area.person("practice_lead", desk.area["A1"], email="other.lead@example.org"))
        address = one(desk, "A1")
    barrier, answers = Barrier(2), []

    def send(client: Client, path: str, data: dict[str, str]) -> None:
        client.raise_request_exception = False
        try:
            barrier.wait()
            with clock.at(IN_TIME):
                answers.append(client.post(path, data).status_code)
        finally:
            connection.close()

    threads = [
        Thread(target=send, args=(lead, f"{address}accept/", {"starts": "1/4/2024", "agreed": "on"})),
        Thread(target=send, args=(other, f"{address}refuse/", {"reason": "Too few staff."})),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 302], "one answer counts, the other is told so"
    with acting(EVERYTHING):
        row = Participation.objects.get()
        assert row.steps.count() == 2
        assert row.state in ("accepted", "refused")
        assert (row.consent_id is not None) == (row.state == "accepted")
        assert (row.starts, row.ends) == (START, END)
