"""Signing in: who gets in, who does not, how long they wait, and that nothing tells a stranger who has an account."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core import mail
from django.test import Client
from tests.service.area import PASSWORD, Area, person
from tests.service.signing_in import NOW, browser, code, is_signed_in, send, sign_in, text, with_app

from remit.service import clock
from remit.service.audit.models import Entry
from remit.service.people import post
from remit.service.people.models import Person
from remit.service.people.throttle import Limit, in_words

pytestmark = pytest.mark.one_database

NOBODY = "nobody@example.org"


@pytest.fixture
def viewer(board: Area) -> Person:
    return person("practice_viewer", board["A1"], email="viewer@example.org")


@pytest.fixture
def sends_email(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DEPLOYMENT", replace(settings.DEPLOYMENT, email="smtp://localhost"))


def test_somebody_with_an_account_gets_in_and_the_log_says_so(viewer: Person) -> None:
    client = browser()
    page = sign_in(client, " Viewer@Example.org ")
    assert (page.status_code, page.url) == (302, "/")
    assert is_signed_in(client)
    entry = Entry.objects.get(event="person.signed-in")
    assert (entry.person, entry.organisation and entry.organisation.code) == (viewer, "A1")


@pytest.mark.parametrize("email", ["viewer@example.org", NOBODY, "off@example.org", "unset@example.org"])
def test_whatever_is_wrong_the_answer_is_the_same(board: Area, viewer: Person, email: str) -> None:
    Person.objects.create_user("off@example.org", PASSWORD, name="Off", is_active=False)
    Person.objects.create_user("unset@example.org", None, name="Unset")
    page = sign_in(browser(), email, "not the password")
    assert page.status_code == 200
    assert "do not fit together, or the account is switched off" in text(page)


def test_an_account_that_is_switched_off_does_not_get_in(viewer: Person) -> None:
    viewer.is_active = False
    viewer.save()
    client = browser()
    assert "do not fit together" in text(sign_in(client, viewer.email))
    assert not is_signed_in(client)


@pytest.mark.parametrize("email", ["viewer@example.org", NOBODY, "off@example.org", "unset@example.org"])
def test_an_unknown_account_costs_the_same_hashing_call(
    board: Area, viewer: Person, email: str, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    for one in (viewer, Person.objects.create_user("off@example.org", None, name="Off", is_active=False)):
        one.set_password(PASSWORD)
        one.save()
    Person.objects.create_user("unset@example.org", None, name="Unset")
    sign_in(browser(), "first@example.org", "whatever it is")  # what nobody's password is compared with is made once
    calls = []

    def counted(method: str) -> None:
        before = getattr(Argon2PasswordHasher, method)

        def after(self: Argon2PasswordHasher, *args: Any) -> Any:
            calls.append(method)
            return before(self, *args)

        monkeypatch.setattr(Argon2PasswordHasher, method, after)

    counted("verify")
    counted("encode")
    sign_in(browser(), email, "not the password")
    assert calls == ["verify"]


def test_passwords_are_kept_as_argon2() -> None:
    from remit.service import settings as real

    assert real.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]


ELSEWHERE = (
    "//evil.example", "https://evil.example/", "javascript:alert(1)", "\\\\evil.example", "/\\evil.example",
    "http:///evil.example", " //evil.example", "people",
)  # fmt: skip


@pytest.mark.parametrize("next_page", ELSEWHERE)
def test_signing_in_leads_to_no_other_site(viewer: Person, next_page: str) -> None:
    assert sign_in(browser(), viewer.email, next=next_page).url == "/"
    client = browser()
    sign_in(client, viewer.email)
    assert client.get("/sign-in/", {"next": next_page}).url == "/"


def test_signing_in_leads_back_to_the_page_that_was_asked_for(viewer: Person) -> None:
    client = browser()
    asked = client.get("/roles/")
    assert asked.url == "/sign-in/?next=/roles/"
    assert 'name="next" value="/roles/"' in client.get(asked.url).content.decode()
    assert sign_in(client, viewer.email, next="/roles/").url == "/roles/"


def test_a_form_from_another_site_is_refused(viewer: Person) -> None:
    client = browser()
    assert client.post("/sign-in/", {"email": viewer.email, "password": PASSWORD}).status_code == 403
    assert not is_signed_in(client)


def test_signing_in_gives_the_session_another_key(viewer: Person) -> None:
    client = browser()
    client.get("/sign-in/")
    session = client.session
    session["planted"] = "yes"
    session.save()
    client.cookies["sessionid"] = session.session_key or ""
    sign_in(client, viewer.email)
    assert client.cookies["sessionid"].value != session.session_key
    thief = Client()
    thief.cookies["sessionid"] = session.session_key or ""
    assert not is_signed_in(thief)


def test_extra_fields_do_nothing(viewer: Person) -> None:
    sign_in(browser(), viewer.email, is_active="", name="Other", role="administrator", organisation="QAA")
    viewer.refresh_from_db()
    assert (viewer.is_active, viewer.name) == (True, "Practice viewer of First practice")
    assert [one.role for one in viewer.appointments.all()] == ["practice_viewer"]


def test_signing_out_is_a_form_and_no_link(viewer: Person) -> None:
    client = browser()
    sign_in(client, viewer.email)
    client.get("/sign-out/")
    assert is_signed_in(client)
    assert client.post("/sign-out/").status_code == 403
    token = client.get("/account/").content.decode().split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    client.post("/sign-out/", {"csrfmiddlewaretoken": token})
    assert not is_signed_in(client)


# Waits


def wrong(client: Client, email: str, times: int, **extra: Any) -> list[int]:
    return [client.post("/sign-in/", {"email": email, "password": "wrong"}, **extra).status_code for _ in range(times)]


@pytest.mark.parametrize("email", ["viewer@example.org", NOBODY])
def test_many_wrong_passwords_have_to_wait_and_the_page_says_how_long(viewer: Person, email: str) -> None:
    with clock.at(NOW):
        client = Client()
        assert wrong(client, email, 6) == [200, 200, 200, 200, 200, 429]
        page = client.post("/sign-in/", {"email": email, "password": PASSWORD})
        assert "Wait 30 seconds, and try again." in text(page)
        assert page.headers["Retry-After"] == "30"
    with clock.at(NOW + timedelta(seconds=31)):
        assert wrong(client, email, 2) == [200, 429]
        assert "Wait 60 seconds" in text(client.post("/sign-in/", {"email": email, "password": PASSWORD}))


def test_after_the_wait_the_right_password_gets_in_and_the_count_begins_anew(viewer: Person) -> None:
    with clock.at(NOW):
        assert wrong(Client(), viewer.email, 6)[-1] == 429
    with clock.at(NOW + timedelta(seconds=31)):
        client = browser()
        sign_in(client, viewer.email)
        assert is_signed_in(client)
        assert wrong(Client(), viewer.email, 5) == [200] * 5


def test_a_stranger_locks_nobody_out(viewer: Person) -> None:
    with clock.at(NOW):
        assert wrong(Client(), viewer.email, 6, REMOTE_ADDR="203.0.113.9")[-1] == 429
        client = Client(REMOTE_ADDR="198.51.100.7")
        client.post("/sign-in/", {"email": viewer.email, "password": PASSWORD})
        assert is_signed_in(client)


def test_one_address_that_tries_many_accounts_has_to_wait(viewer: Person) -> None:
    with clock.at(NOW):
        client = Client()
        answers = [wrong(client, f"{n}@example.org", 1)[0] for n in range(51)]
        assert answers == [200] * 50 + [429]


def test_what_a_client_says_of_its_address_counts_only_behind_a_proxy(
    viewer: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    with clock.at(NOW):
        for n in range(5):
            wrong(Client(), viewer.email, 1, HTTP_X_FORWARDED_FOR=f"203.0.113.{n}")
        assert wrong(Client(), viewer.email, 1, HTTP_X_FORWARDED_FOR="203.0.113.77") == [429]
        monkeypatch.setattr(settings, "DEPLOYMENT", replace(settings.DEPLOYMENT, proxies=1))
        assert wrong(Client(), viewer.email, 1, HTTP_X_FORWARDED_FOR="203.0.113.77") == [200]
        for n in range(5):  # what stands before the proxy's own entry is the client's word
            wrong(Client(), viewer.email, 1, HTTP_X_FORWARDED_FOR=f"192.0.2.{n}, 203.0.113.78")
        assert wrong(Client(), viewer.email, 1, HTTP_X_FORWARDED_FOR="192.0.2.99, 203.0.113.78") == [429]


def test_waits_grow_to_their_longest() -> None:
    limit = Limit("of a test", 3, 30, 3600)
    waits = [limit.wait(count) for count in (1, 2, 3, 4, 5, 9, 10, 11, 1000)]
    seconds = [wait and int(wait.total_seconds()) for wait in waits]
    assert seconds == [None, None, 30, 60, 120, 1920, 3600, 3600, 3600]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "1 second"), (30, "30 seconds"), (90, "90 seconds"), (91, "2 minutes"), (120, "2 minutes"),
     (3540, "59 minutes"), (3541, "1 hour"), (3600, "1 hour"), (3601, "2 hours")],
)  # fmt: skip
def test_a_wait_in_words(seconds: int, words: str) -> None:
    assert in_words(seconds) == words


# A new password


def reset_address() -> str:
    post.wait()
    return str(mail.outbox[-1].body).split("http://testserver")[1].split()[0]


def test_a_forgotten_password_is_set_anew_once(viewer: Person, sends_email: None) -> None:
    here = browser()
    sign_in(here, viewer.email)
    assert send(browser(), "/password/reset/", email=viewer.email).url == "/password/reset/sent/"
    address = reset_address()
    page = send(browser(), address, password="another long password")
    assert page.url == "/sign-in/"
    assert not is_signed_in(here)  # every session ended
    assert browser().get(address).status_code == 404
    client = browser()
    sign_in(client, viewer.email, "another long password")
    assert is_signed_in(client)


def test_whoever_has_no_account_sees_the_same_and_no_e_mail_goes_out(viewer: Person, sends_email: None) -> None:
    pages = [send(browser(), "/password/reset/", email=email) for email in (viewer.email, NOBODY)]
    assert {(page.status_code, page.url) for page in pages} == {(302, "/password/reset/sent/")}
    post.wait()
    assert [one.to for one in mail.outbox] == [[viewer.email]]


def test_a_letter_box_is_not_filled(viewer: Person, sends_email: None) -> None:
    with clock.at(NOW):
        for n in range(9):
            client = Client(REMOTE_ADDR=f"198.51.100.{n}")
            assert client.post("/password/reset/", {"email": viewer.email}).status_code == 302
    post.wait()
    assert len(mail.outbox) == 5


def test_asking_often_has_to_wait(viewer: Person, sends_email: None) -> None:
    with clock.at(NOW):
        answers = [Client().post("/password/reset/", {"email": NOBODY}).status_code for _ in range(4)]
    assert answers == [302, 302, 302, 429]


def test_without_e_mail_the_page_says_how_to_go_on(viewer: Person) -> None:
    assert "sends no e-mails yet" in text(browser().get("/password/reset/"))


def test_an_easy_password_is_refused_with_each_reason(viewer: Person, sends_email: None) -> None:
    send(browser(), "/password/reset/", email=viewer.email)
    page = send(browser(), reset_address(), password="password")
    assert "at least 12 characters" in text(page)
    assert "too common" in text(page)


def test_a_new_password_gives_no_second_factor(viewer: Person, sends_email: None) -> None:
    with_app(viewer)
    send(browser(), "/password/reset/", email=viewer.email)
    send(browser(), reset_address(), password="another long password")
    client = browser()
    assert sign_in(client, viewer.email, "another long password").url == "/sign-in/code/"
    assert not is_signed_in(client)


@pytest.mark.parametrize("uid", ["MQ", "AAAA", "x", "%20", "MTAwMDAwMDAw"])
def test_a_forged_address_is_of_no_use(viewer: Person, uid: str) -> None:
    assert browser().get(f"/password/reset/{uid}/c4x-0123456789abcdef/").status_code == 404


def test_codes_have_waits_too(viewer: Person) -> None:
    key = with_app(viewer)
    with clock.at(NOW):
        client = Client()
        client.post("/sign-in/", {"email": viewer.email, "password": PASSWORD})
        answers = [client.post("/sign-in/code/", {"code": "000000"}).status_code for _ in range(6)]
        assert answers == [200] * 5 + [429]
        assert client.post("/sign-in/code/", {"code": code(key, NOW)}).status_code == 429
    with clock.at(NOW + timedelta(seconds=31)):
        assert client.post("/sign-in/code/", {"code": code(key, NOW + timedelta(seconds=31))}).status_code == 302
        assert is_signed_in(client)
