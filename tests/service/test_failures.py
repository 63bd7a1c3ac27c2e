"""Failed sign-ins in the audit log: of accounts that exist, each doubling; and who fails cannot tell which exist."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.service.area import Area, person
from tests.service.signing_in import NOW, browser, code, send, sign_in, with_app

from remit.service import clock
from remit.service.audit.models import Entry
from remit.service.audit.sentences import sentence
from remit.service.people.models import Person

NOBODY = "nobody@example.org"


@pytest.fixture
def viewer(board: Area) -> Person:
    return person("practice_viewer", board["A1"], email="viewer@example.org")


def fail(email: str, times: int, first: int = 0) -> None:
    """So many failures, each from another address, so that none has to wait."""
    for n in range(first, first + times):
        client = Client(REMOTE_ADDR=f"198.51.{n // 200}.{n % 200}")
        assert client.post("/sign-in/", {"email": email, "password": "wrong"}).status_code == 200


def said() -> list[str]:
    return [sentence(entry) for entry in Entry.objects.order_by("number")]


def test_an_entry_comes_with_the_fifth_failure_and_each_time_they_have_doubled(viewer: Person) -> None:
    begins = "Somebody who tried to sign in as Practice viewer of First practice failed: "
    with clock.at(NOW):
        fail(viewer.email, 4)
        assert said() == []
        fail(viewer.email, 17, first=4)
    assert said() == [
        f"{begins}{times} times within a day, the last time from 198.51.0.{times - 1}." for times in (5, 10, 20)
    ]
    assert {entry.organisation and entry.organisation.code for entry in Entry.objects.all()} == {"A1"}


def test_tries_that_have_to_wait_are_counted_too(viewer: Person) -> None:
    client = Client(REMOTE_ADDR="198.51.100.9")
    answers = [client.post("/sign-in/", {"email": viewer.email, "password": "x"}).status_code for _ in range(10)]
    assert answers == [200] * 5 + [429] * 5
    assert [entry.details["times"] for entry in Entry.objects.order_by("number")] == [5, 10]


def test_the_next_sign_in_says_what_failed_before_and_the_count_begins_anew(viewer: Person) -> None:
    with clock.at(NOW):
        fail(viewer.email, 2)
        sign_in(browser(), viewer.email)
        sign_in(browser(), viewer.email)
        fail(viewer.email, 3, first=2)
    with clock.at(NOW + timedelta(days=2)):
        sign_in(browser(), viewer.email)
    who = "Practice viewer of First practice, practice viewer of First practice, signed in."
    assert said() == [f"{who} Within a day before, 2 tries had failed.", who, who]


def test_wrong_codes_are_told_apart_from_wrong_passwords(viewer: Person) -> None:
    key = with_app(viewer)
    client = browser()
    with clock.at(NOW):
        sign_in(client, viewer.email)
        for _ in range(5):
            send(client, "/sign-in/code/", code="000000")
    assert said() == [
        "Somebody with the password of Practice viewer of First practice gave wrong codes: 5 within a day, the last "
        "time from 127.0.0.1."
    ]
    assert code(key) != "000000"


@pytest.mark.usefixtures("sessions_as_they_are")
def test_of_nobody_there_is_no_entry_and_the_same_is_done(viewer: Person) -> None:
    """At each failure, that with an entry too, as many questions go to the database."""
    asked = {}
    for email, first in ((viewer.email, 0), (NOBODY, 10)):
        fail(email, 4, first=first)
        with CaptureQueriesContext(connection) as queries:
            fail(email, 1, first=first + 4)
        asked[email] = [str(query["sql"]).partition(" ")[0] for query in queries]
    assert abs(len(asked[viewer.email]) - len(asked[NOBODY])) <= 2
    assert asked[NOBODY].count("INSERT") == asked[viewer.email].count("INSERT")
    assert [entry.subject for entry in Entry.objects.all()] == [viewer.name]
