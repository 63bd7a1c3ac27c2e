"""Another e-mail address: for whoever knows the password, confirmed where it is read, told where it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from tests.service.area import PASSWORD, Area, person, signed_in
from tests.service.signing_in import browser, send, sign_in, text

from remit.service import clock
from remit.service.audit.models import Entry
from remit.service.audit.sentences import sentence
from remit.service.people import post, services
from remit.service.people.models import Person

NEW = "new@example.org"


@pytest.fixture
def viewer(board: Area) -> Person:
    return person("practice_viewer", board["A1"], email="viewer@example.org")


@pytest.fixture
def sends_email(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DEPLOYMENT", replace(settings.DEPLOYMENT, email="smtp://localhost"))


def email_of(viewer: Person) -> str:
    return Person.objects.get(pk=viewer.pk).email


def test_it_changes_once_the_link_is_used_and_the_old_address_is_told(viewer: Person, sends_email: None) -> None:
    client = signed_in(viewer)
    assert send(client, "/account/email/", email=" New@Example.org", current=PASSWORD).url == "/account/"
    assert email_of(viewer) == "viewer@example.org"
    post.wait()
    [letter] = mail.outbox
    assert letter.to == [NEW]
    link = str(letter.body).split("http://testserver")[1].split()[0]

    assert "it would be new@example.org" in text(client.get(link))
    assert email_of(viewer) == "viewer@example.org"
    assert send(client, link).url == "/account/"
    assert email_of(viewer) == NEW
    post.wait()
    assert [one.to for one in mail.outbox] == [[NEW], ["viewer@example.org"]]
    [entry] = Entry.objects.filter(event="person.email-changed")
    assert "changed their e-mail address from viewer@example.org to new@example.org." in sentence(entry)
    assert client.get(link).status_code == 404
    assert sign_in(browser(), NEW).status_code == 302
    assert sign_in(browser(), "viewer@example.org").status_code == 200


def test_a_wrong_password_changes_nothing(viewer: Person) -> None:
    page = send(signed_in(viewer), "/account/email/", email=NEW, current="wrong")
    assert "This is not your password." in text(page)
    assert email_of(viewer) == "viewer@example.org"


def test_where_no_e_mail_is_set_up_it_changes_at_once(viewer: Person) -> None:
    assert send(signed_in(viewer), "/account/email/", email=NEW, current=PASSWORD).url == "/account/"
    assert email_of(viewer) == NEW


def test_the_address_of_somebody_else_is_not_taken(board: Area, viewer: Person) -> None:
    person("auditor", board["QAA"], email=NEW)
    page = send(signed_in(viewer), "/account/email/", email=NEW.upper(), current=PASSWORD)
    assert "cannot be used for your account" in text(page)
    assert email_of(viewer) == "viewer@example.org"


def test_nobody_learns_by_it_who_has_an_account(board: Area, viewer: Person, sends_email: None) -> None:
    person("auditor", board["QAA"], email="there@example.org")
    pages = []
    for email in ("there@example.org", "free@example.org"):
        client = signed_in(viewer)
        sent = send(client, "/account/email/", email=email, current=PASSWORD)
        pages.append((sent.url, text(client.get(sent.url)).replace(email, "*").partition("Where you are signed in")[0]))
    assert pages[0] == pages[1]
    post.wait()
    assert [one.to for one in mail.outbox] == [["free@example.org"]]


def test_a_link_is_for_one_account_and_one_day(board: Area, viewer: Person) -> None:
    other = person("auditor", board["QAA"], email="other@example.org")
    path = f"/account/email/{services.email_token(viewer, NEW)}/"
    assert signed_in(viewer).get(path).status_code == 200
    assert signed_in(other).get(path).status_code == 404
    assert signed_in(viewer).get(f"{path[:-2]}x/").status_code == 404
    assert Client().get(path).url.startswith("/sign-in/")  # type: ignore[attr-defined]
    with clock.at(clock.now() + timedelta(days=2)):
        assert services.email_of(viewer, path) == ""
