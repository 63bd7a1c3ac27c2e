"""Sessions: when they end, what ends them, and how rarely a page that is looked at writes."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.service.area import PASSWORD, Area, person, signed_in
from tests.service.signing_in import NOW, browser, is_signed_in, send, sign_in, text

from remit.service import clock
from remit.service.deployment import from_environment
from remit.service.people.models import OpenSession, Person
from remit.service.people.sessions import browser as browser_name

pytestmark = pytest.mark.one_database


@pytest.fixture
def viewer(board: Area) -> Person:
    return person("practice_viewer", board["A1"], email="viewer@example.org")


@pytest.fixture
def lead(board: Area) -> Person:
    return person("practice_lead", board["A1"], email="lead@example.org")


def at(client: Any, minutes: float) -> bool:
    """Whether a session is still signed in to, so long after nine o'clock."""
    with clock.at(NOW + timedelta(minutes=minutes)):
        return is_signed_in(client)


@pytest.fixture
def client_at_nine(viewer: Person) -> Any:
    with clock.at(NOW):
        return signed_in(viewer)


def test_a_session_ends_when_it_is_not_used_for_half_an_hour(client_at_nine: Any) -> None:
    assert at(client_at_nine, 30)
    assert at(client_at_nine, 60)
    assert not at(client_at_nine, 90.1)


def test_the_page_says_why(client_at_nine: Any) -> None:
    with clock.at(NOW + timedelta(minutes=31)):
        page = client_at_nine.get("/account/")
        assert page.url == "/sign-in/?next=/account/"
        assert "you did not use it for a while" in text(client_at_nine.get(page.url))


def test_a_session_ends_after_twelve_hours_however_much_it_is_used(client_at_nine: Any) -> None:
    for minutes in range(20, 12 * 60 + 1, 20):
        assert at(client_at_nine, minutes)
    assert not at(client_at_nine, 12 * 60 + 0.1)


def test_a_deployment_says_how_long() -> None:
    assert from_environment({"REMIT_IDLE_MINUTES": "10"}).idle_minutes == 10
    assert from_environment({}).idle_minutes == 30


def test_a_page_that_is_looked_at_writes_once_a_minute_at_most(client_at_nine: Any) -> None:
    def writes(seconds: float) -> int:
        with (
            clock.at(NOW + timedelta(seconds=seconds)),
            CaptureQueriesContext(
                connection,
            ) as queries,
        ):
            assert client_at_nine.get("/roles/").status_code == 200
        return sum(one["sql"].startswith(("UPDATE", "INSERT", "DELETE")) for one in queries.captured_queries)

    assert [writes(seconds) for seconds in (1, 30, 59, 61, 90, 120, 122)] == [0, 0, 0, 2, 0, 0, 2]


def test_a_session_without_its_times_is_none(viewer: Person) -> None:
    client = signed_in(viewer)
    session = client.session
    del session["signed_in_at"]
    session.save()
    assert not is_signed_in(client)


def test_the_account_lists_them_and_ends_one(viewer: Person) -> None:
    here, there = browser(), browser()
    sign_in(here, viewer.email)
    sign_in(there, viewer.email)
    assert text(here.get("/account/")).count("This session") == 1
    other = OpenSession.objects.get(session_key=there.session.session_key)
    send(
        here,
        "/account/",
    )
    token = here.get("/account/").content.decode().split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    path = f"/account/sessions/{other.pk}/end/"
    assert here.post(path).status_code == 403  # no token
    assert here.post(path, {"csrfmiddlewaretoken": token}).url == "/account/"
    assert is_signed_in(here)
    assert not is_signed_in(there)


def test_nobody_ends_a_session_of_somebody_else(viewer: Person, lead: Person) -> None:
    other = signed_in(lead)
    row = OpenSession.objects.get(person=lead)
    assert signed_in(viewer).post(f"/account/sessions/{row.pk}/end/").status_code == 404
    assert is_signed_in(other)
    assert signed_in(viewer).get(f"/account/sessions/{row.pk}/end/").status_code == 405


def test_signing_out_everywhere_ends_all(viewer: Person) -> None:
    clients = [signed_in(viewer) for _ in range(3)]
    clients[0].post("/account/sign-out-everywhere/")
    assert [is_signed_in(one) for one in clients] == [False] * 3
    assert not OpenSession.objects.exists()
    assert not any(viewer.pk == one.get_decoded().get("_auth_user_id") for one in Session.objects.all())


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(viewer: Person) -> None:
    here, there = browser(), signed_in(viewer)
    sign_in(here, viewer.email)
    before = here.session.session_key
    page = send(here, "/account/password/", current="wrong", password="another long password")
    assert "not your present password" in text(page)
    page = send(here, "/account/password/", current=PASSWORD, password="another long password")
    assert page.url == "/account/"
    assert is_signed_in(here)
    assert not is_signed_in(there)
    assert here.session.session_key != before
    assert [one.session_key for one in OpenSession.objects.all()] == [here.session.session_key]


def test_the_present_password_has_waits(viewer: Person) -> None:
    with clock.at(NOW):
        client = signed_in(viewer)
        typed = {"current": "wrong", "password": "another long password"}
        answers = [client.post("/account/password/", typed).status_code for _ in range(6)]
    assert answers == [200] * 5 + [429]


def test_a_role_that_is_taken_away_counts_at_the_next_request(board: Area) -> None:
    someone = person("administrator", board["QAA"])
    client = signed_in(someone)
    assert client.get("/people/").status_code == 200
    role = someone.appointments.get()
    role.until = date(2024, 5, 1)
    role.save()
    assert client.get("/people/").status_code == 403


def test_somebody_who_is_switched_off_is_out_at_once(viewer: Person) -> None:
    client = signed_in(viewer)
    assert is_signed_in(client)
    Person.objects.filter(pk=viewer.pk).update(is_active=False)
    assert not is_signed_in(client)


def test_a_name_is_changed_and_nothing_else(viewer: Person) -> None:
    page = send_as(viewer, "/account/name/", name="New Name", email="other@example.org", is_active="", password="x")
    assert page.url == "/account/"
    viewer.refresh_from_db()
    assert (viewer.name, viewer.email, viewer.is_active) == ("New Name", "viewer@example.org", True)
    assert viewer.check_password(PASSWORD)


def send_as(someone: Person, path: str, **fields: Any) -> Any:
    client = browser()
    sign_in(client, someone.email)
    return send(client, path, **fields)


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/142.0 Safari/537.36 Edg/142.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604", "Safari on iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox on Linux"),
        ("", "Another browser"),
        ("<script>", "Another browser"),
    ],
)  # fmt: skip
def test_a_browser_is_named_as_people_know_it(agent: str, name: str) -> None:
    assert browser_name(agent) == name
