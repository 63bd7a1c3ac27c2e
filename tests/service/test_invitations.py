"""Invitations: who invites whom to what, what an address is good for, and how the first administrator comes in."""

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from tests.service.area import PASSWORD, Area, person, signed_in
from tests.service.signing_in import NOW, browser, code, send, text

from remit.service import clock
from remit.service.audit.models import Entry
from remit.service.organisations.models import Organisation
from remit.service.people import invitations, post
from remit.service.people.models import Appointment, Invitation, Person

pytestmark = pytest.mark.one_database

NEW = "a quite long password"
INVITED = {"name": "Nia New", "email": "Nia@example.org", "organisation": "A1", "roles": ["practice_viewer"],
           "since": "2026-06-01", "until": ""}  # fmt: skip


@pytest.fixture
def administrator(board: Area) -> Person:
    return person("administrator", board["QAA"], email="admin@example.org")


def invite(client: Any, **fields: Any) -> Any:
    with clock.at(NOW):
        return client.post("/people/invite/", INVITED | fields)


def address(client: Any, **fields: Any) -> str:
    """The address that the inviter sees once."""
    with clock.at(NOW):
        invited = signed_in_at_nine(client, fields)
        found = re.search(r"http://testserver(/invitation/[^\s<]+)", client.get(invited.url).content.decode())
    assert found
    return found[1]


def signed_in_at_nine(client: Any, fields: dict[str, Any]) -> Any:
    page = client.post("/people/invite/", INVITED | fields)
    assert page.status_code == 302, text(page)
    return page


@pytest.fixture
def client(administrator: Person) -> Any:
    with clock.at(NOW):
        return signed_in(administrator)


def accept(path: str, client: Client | None = None, at: Any = NOW, **fields: Any) -> Any:
    with clock.at(at):
        return send(client or browser(), path, **{"name": "Nia New", "password": NEW, **fields})


def test_an_invitation_makes_an_account_with_its_roles(client: Any, board: Area) -> None:
    visitor = browser()
    page = accept(address(client), visitor)
    assert (page.status_code, page.url) == (302, "/")
    someone = Person.objects.get(email="nia@example.org")
    assert [(one.role, one.organisation.code, one.since) for one in someone.appointments.all()] == [
        ("practice_viewer", "A1", date(2026, 6, 1))
    ]
    with clock.at(NOW):
        assert "Practice viewer in First practice" in text(visitor.get("/account/"))
    events = [(one.event, one.person and one.person.email) for one in Entry.objects.order_by("number")]
    assert events == [
        ("invitation.sent", "admin@example.org"),
        ("invitation.accepted", "nia@example.org"),
        ("person.signed-in", "nia@example.org"),
    ]


def test_its_secret_is_nowhere_in_the_database(client: Any) -> None:
    token = address(client).split("/")[2]
    row = Invitation.objects.get()
    assert token not in str(vars(row))
    assert token not in str([one.details for one in Entry.objects.all()])


def test_an_address_is_good_once(client: Any) -> None:
    path = address(client)
    accept(path)
    page = browser().get(path)
    assert page.status_code == 404
    assert "cannot be used" in text(page)


def test_an_address_is_good_for_seven_days(client: Any) -> None:
    path = address(client)
    with clock.at(NOW + timedelta(days=7, seconds=1)):
        assert browser().get(path).status_code == 404
    assert accept(path, at=NOW + timedelta(days=6, hours=23)).status_code == 302


def test_an_invitation_is_taken_back(client: Any) -> None:
    path = address(client)
    with clock.at(NOW):
        assert client.post(f"/people/invitations/{Invitation.objects.get().pk}/take-back/").url == "/people/"
        assert browser().get(path).status_code == 404
        again = client.post(f"/people/invitations/{Invitation.objects.get().pk}/take-back/")
        assert again.status_code == 404
    assert Entry.objects.filter(event="invitation.revoked").count() == 1


def test_it_ends_with_whoever_sent_it(client: Any, administrator: Person) -> None:
    path = address(client)
    Person.objects.filter(pk=administrator.pk).update(is_active=False)
    with clock.at(NOW):
        assert browser().get(path).status_code == 404


def test_nothing_tells_the_inviter_who_has_an_account(client: Any, board: Area) -> None:
    person("practice_viewer", board["B1"], email="known@example.org")
    pages = []
    for email in ("known@example.org", "unknown@example.org"):
        with clock.at(NOW):
            answer = client.post("/people/invite/", INVITED | {"email": email})
            shown = text(client.get(answer.url))
            listed = text(client.get("/people/"))
        pages.append((answer.status_code, answer.url, re.sub(r"/invitation/\S+", "", shown),
                      listed.replace(email, "").count("Nia New")))  # fmt: skip
    assert pages[0][:3] == pages[1][:3]
    opened = []
    for email in ("known@example.org", "unknown@example.org"):
        path = address(client, email=email)
        with clock.at(NOW):
            opened.append(text(browser().get(path)).replace(email, ""))
    assert opened[0] == opened[1]


def test_whoever_has_an_account_signs_in_to_accept(client: Any, board: Area) -> None:
    known = person("practice_viewer", board["A2"], email="nia@example.org")
    path = address(client)
    assert "You have an account already" in text(accept(path))
    with clock.at(NOW):
        visitor: Any = signed_in(known)
        assert visitor.post(path, {"name": "Other", "password": NEW, "roles": "administrator"}).url == "/"
    known.refresh_from_db()
    assert known.name != "Other"
    assert known.check_password(PASSWORD)
    assert {one.organisation.code for one in known.appointments.all()} == {"A1", "A2"}


def test_whoever_is_signed_in_as_somebody_else_cannot_accept(client: Any) -> None:
    path = address(client)
    with clock.at(NOW):
        assert "for another e-mail address" in text(client.get(client.post(path).url))
    assert not Person.objects.filter(email="nia@example.org").exists()


def test_nobody_invites_themselves(client: Any, administrator: Person) -> None:
    page = invite(client, email="ADMIN@example.org", organisation="A1", roles=["practice_viewer"])
    assert "Nobody gives, extends or ends a role of their own" in text(page)


def test_extra_fields_do_nothing(client: Any) -> None:
    path = address(client, token_hash="x", invited_by="9", accepted_at="2026-01-01", expires_at="2099-01-01")
    row = Invitation.objects.get()
    assert row.accepted_at is None
    assert row.expires_at == NOW + timedelta(days=7)
    extra: dict[str, Any] = {"roles": ["administrator"], "organisation": "QAA", "email": "evil@example.org"}
    accept(path, **extra, until="2000-01-01", is_active="", commissioner_code="QEV", commissioner_name="Evil")
    someone = Person.objects.get(email="nia@example.org")
    assert [(one.role, one.organisation.code) for one in someone.appointments.all()] == [("practice_viewer", "A1")]
    assert not Person.objects.filter(email="evil@example.org").exists()
    assert not Organisation.objects.filter(code="QEV").exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"organisation": "B1"}, "B1 is not one of the available choices"),
        ({"roles": ["network_manager"]}, "Network manager is not a role of a practice"),
        ({"organisation": "QAA", "roles": ["scheme_author", "approver_tier_1"]}, "Who writes a scheme does not"),
        ({"organisation": "QAA", "roles": ["made_up"]}, "made_up is not one of the available choices"),
        ({"until": "2026-05-31"}, "The last day is before the first"),
        ({"email": "no address"}, "Enter an e-mail address"),
        ({"since": "soon"}, "Write the day"),
        ({"since": "2020-01-01"}, "within a year"),
        ({"roles": []}, "Choose at least one role"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said_and_what_was_typed_is_kept(client: Any, fields: Any, words: str) -> None:
    page = invite(client, **fields)
    assert page.status_code == 200
    assert words in text(page)
    assert 'value="Nia New"' in page.content.decode()
    assert not Invitation.objects.exists()


def test_an_easy_password_is_refused_and_the_address_stays_good(client: Any) -> None:
    path = address(client)
    page = accept(path, password="nia@example.org")
    assert "too similar to the email" in text(page)
    assert accept(path).status_code == 302


def test_a_duty_that_breaks_is_said_to_whoever_accepts(client: Any, board: Area) -> None:
    known = person("scheme_author", board["QAA"], email="nia@example.org")
    path = address(client, organisation="PL1", roles=["approver_tier_2"])
    with clock.at(NOW):
        visitor: Any = signed_in(known)
        assert "Who writes a scheme does not approve it" in text(visitor.get(visitor.post(path).url))
    assert known.appointments.count() == 1


def test_a_practice_lead_invites_viewers_of_her_practice_and_nobody_else(board: Area) -> None:
    with clock.at(NOW):
        client = signed_in(person("practice_lead", board["A1"]))
        page = text(client.get("/people/invite/"))
        assert "Practice viewer" in page
        assert "Practice lead of" in page  # her own name, in the header
        for fields in ({"roles": ["practice_lead"]}, {"organisation": "A2"}, {"organisation": "NW1"}):
            assert client.post("/people/invite/", INVITED | fields).status_code == 200
    assert not Invitation.objects.exists()
    accept(address(client))
    assert Appointment.objects.filter(person__email="nia@example.org", role="practice_viewer").count() == 1


@pytest.mark.parametrize("role", ["practice_viewer", "network_manager", "contract_manager", "auditor", "scheme_author"])
def test_no_other_role_invites(board: Area, role: str) -> None:
    where = {"practice_viewer": "A1", "network_manager": "NW1"}.get(role, "QAA")
    with clock.at(NOW):
        client = signed_in(person(role, board[where]))
        assert client.get("/people/invite/").status_code == 403
        assert client.post("/people/invite/", INVITED).status_code == 403


def test_an_administrator_takes_no_invitation_of_another_area_back(client: Any, board: Area) -> None:
    address(client)
    with clock.at(NOW):
        other: Any = signed_in(person("administrator", board["QBB"]))
        assert other.post(f"/people/invitations/{Invitation.objects.get().pk}/take-back/").status_code == 404
        lead = signed_in(person("practice_lead", board["A1"]))
        assert "Nia New" in text(lead.get("/people/"))


def test_it_is_sent_by_e_mail_where_that_is_set_up(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DEPLOYMENT", replace(settings.DEPLOYMENT, email="smtp://localhost"))
    path = address(client, name="Nia O'New")
    post.wait()
    [message] = mail.outbox
    assert message.to == ["Nia@example.org"]
    assert f"http://testserver{path}" in message.body
    assert "Dear Nia O'New" in message.body


def test_guessing_addresses_has_to_wait(board: Area) -> None:
    with clock.at(NOW):
        guesser = Client()
        answers = [guesser.get(f"/invitation/guess{n}/").status_code for n in range(31)]
    assert answers == [404] * 30 + [429]


def test_a_form_from_another_site_is_refused(client: Any) -> None:
    path = address(client)
    with clock.at(NOW):
        assert browser().post(path, {"name": "Nia", "password": NEW}).status_code == 403


# The first administrator


def test_from_an_empty_database_to_a_commissioner_with_its_administrator(everything: None) -> None:
    with clock.at(NOW):
        path = invitations.first_where_nobody_is()
    visitor = browser()
    page = accept(path, visitor, name="Ada First", email="ada@example.org", commissioner_code="qnc",
                  commissioner_name="Staffordshire and Stoke-on-Trent")  # fmt: skip
    assert page.url == "/"
    with clock.at(NOW):
        assert visitor.get("/").url == "/second-factor/"
        key = str(text(visitor.get("/second-factor/")).split("Key: ")[1].replace(" ", ""))[:32]
        token = visitor.get("/sign-in/")  # signed in already
        assert token.status_code == 302
        page = visitor.get("/second-factor/")
        key = str(text(page).split("Key: ")[1].replace(" ", ""))[:32]
        csrf = page.content.decode().split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
        visitor.post("/second-factor/", {"csrfmiddlewaretoken": csrf, "code": code(key, NOW)})
        assert "Ada First" in text(visitor.get("/people/"))
    qnc = Organisation.objects.get(code="QNC")
    assert (qnc.kind, qnc.name) == ("commissioner", "Staffordshire and Stoke-on-Trent")
    assert Appointment.objects.get().role == "administrator"
    assert invitations.first_where_nobody_is() == ""


def test_the_operator_names_the_commissioner_and_the_address(everything: None) -> None:
    with clock.at(NOW):
        path = invitations.first_invitation("ada@example.org", "QNC", "Staffordshire")
        page = text(browser().get(path))
    assert "Code of your commissioner" not in page
    assert "ada@example.org" in page
    accept(path, email="evil@example.org", commissioner_code="QEV")
    assert [(one.person.email, one.organisation.code) for one in Appointment.objects.all()] == [
        ("ada@example.org", "QNC")
    ]


def test_a_second_first_address_ends_the_one_before_and_both_end_after_a_day(everything: None) -> None:
    with clock.at(NOW):
        first = invitations.first_invitation()
        second = invitations.first_invitation()
        assert browser().get(first).status_code == 404
        assert browser().get(second).status_code == 200
    with clock.at(NOW + timedelta(hours=24, seconds=1)):
        assert browser().get(second).status_code == 404


def test_a_commissioner_that_is_there_gets_another_administrator(board: Area) -> None:
    with clock.at(NOW):
        path = invitations.first_invitation("ada@example.org", "QAA", "First area")
    accept(path)
    assert Appointment.objects.get(person__email="ada@example.org").organisation == board["QAA"]
    assert Organisation.objects.filter(code="QAA").count() == 1


NO_COMMISSIONERS = [("A1", "not of a commissioner"), ("Q-1", "Enter the NHS code"), ("", "Enter the code")]


@pytest.mark.parametrize(("code_typed", "words"), NO_COMMISSIONERS)
def test_a_code_that_is_no_commissioners_is_refused(board: Area, code_typed: str, words: str) -> None:
    with clock.at(NOW):
        path = invitations.first_invitation("ada@example.org")
    page = accept(path, commissioner_code=code_typed, commissioner_name="Name")
    assert words in text(page)
    assert not Person.objects.filter(email="ada@example.org").exists()
