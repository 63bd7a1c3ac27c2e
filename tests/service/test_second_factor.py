"""The second factor: who has to give it, what a code is good for, and what happens when the device is lost."""

from dataclasses import replace
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core import mail
from django.test import Client
from tests.service.area import PASSWORD, Area, person, signed_in
from tests.service.signing_in import NOW, browser, code, is_signed_in, send, sign_in, text, with_app

from remit.service import clock
from remit.service.audit.models import Entry
from remit.service.people import post, second_factor
from remit.service.people.models import Person
from remit.service.people.roles import ROLES

pytestmark = pytest.mark.one_database


@pytest.fixture
def lead(board: Area) -> Person:
    return person("practice_lead", board["A1"], email="lead@example.org")


@pytest.fixture
def viewer(board: Area) -> Person:
    return person("practice_viewer", board["A1"], email="viewer@example.org")


def key_on(page: Any) -> str:
    return str(text(page).split("Key: ")[1].split(" Code ")[0].replace(" ", ""))[:32]


def test_which_roles_ask_for_it() -> None:
    ask = {role.id for role in ROLES.values() if role.needs_second_factor}
    assert set(ROLES) - ask == {"practice_viewer", "network_manager", "auditor"}


@pytest.mark.parametrize("path", ["/", "/account/", "/people/", "/roles/", "/second-factor/recovery-codes/"])
def test_nothing_else_opens_before_it_is_set_up(lead: Person, path: str) -> None:
    client = browser()
    sign_in(client, lead.email)
    page = client.get(path)
    assert (page.status_code, page.url) == (302, "/second-factor/")


def test_it_is_set_up_with_a_code_of_the_app_and_the_recovery_codes_are_shown_once(lead: Person) -> None:
    client = browser()
    sign_in(client, lead.email)
    page = client.get("/second-factor/")
    assert 'src="data:image/svg+xml;base64,' in page.content.decode()
    key = key_on(page)
    token = page.content.decode().split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    before = client.cookies["sessionid"].value
    wrong = client.post("/second-factor/", {"csrfmiddlewaretoken": token, "code": "123 45"})
    assert key_on(wrong) == key  # the same picture is still good
    done = client.post("/second-factor/", {"csrfmiddlewaretoken": token, "code": code(key)})
    assert done.url == "/second-factor/recovery-codes/"
    assert client.cookies["sessionid"].value != before
    assert "Keep your recovery codes" in text(client.get(done.url))
    assert "You have 10 recovery codes left" in text(client.get(done.url))
    assert client.get("/people/").status_code == 200
    assert Entry.objects.filter(event="second-factor.on", person=lead).count() == 1


def test_the_key_is_not_in_the_database_as_it_is(viewer: Person) -> None:
    key = with_app(viewer)
    assert key not in str(Authenticator.objects.get().data)


def test_with_it_the_password_alone_signs_nobody_in(viewer: Person) -> None:
    key = with_app(viewer)
    client = browser()
    assert sign_in(client, viewer.email, next="/roles/").url == "/sign-in/code/"
    assert not is_signed_in(client)
    assert client.get("/second-factor/").url.startswith("/sign-in/")
    assert send(client, "/sign-in/code/", code=code(key)).url == "/roles/"
    assert is_signed_in(client)


def test_the_code_page_is_for_nobody_without_the_password(viewer: Person) -> None:
    with_app(viewer)
    assert browser().get("/sign-in/code/").url == "/sign-in/"


def test_both_steps_give_the_session_another_key(viewer: Person) -> None:
    key = with_app(viewer)
    client = browser()
    client.get("/sign-in/")
    session = client.session
    session["planted"] = "yes"
    session.save()
    keys = [session.session_key]
    client.cookies["sessionid"] = session.session_key
    sign_in(client, viewer.email)
    keys.append(client.cookies["sessionid"].value)
    send(client, "/sign-in/code/", code=code(key))
    keys.append(client.cookies["sessionid"].value)
    assert len(set(keys)) == 3
    for old in keys[:2]:
        thief = browser()
        thief.cookies["sessionid"] = old
        assert not is_signed_in(thief)


def test_a_code_is_good_once(viewer: Person) -> None:
    key = with_app(viewer)
    with clock.at(NOW):
        assert second_factor.accept(viewer, code(key, NOW)) == "totp"
        assert second_factor.accept(viewer, code(key, NOW)) == ""
        assert second_factor.accept(viewer, code(key, NOW, steps=-1)) == ""  # nor is an older one afterwards
        assert second_factor.accept(viewer, code(key, NOW, steps=1)) == "totp"


def test_the_code_that_set_it_up_is_not_good_again(viewer: Person) -> None:
    with clock.at(NOW):
        client = Client()
        client.post("/sign-in/", {"email": viewer.email, "password": PASSWORD})
        key = key_on(client.get("/second-factor/"))
        client.post("/second-factor/", {"code": code(key, NOW)})
        assert second_factor.accept(viewer, code(key, NOW)) == ""


@pytest.mark.parametrize(("steps", "good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_the_clock_of_the_app_may_be_wrong_by_one_step(viewer: Person, steps: int, good: bool) -> None:
    key = with_app(viewer)
    with clock.at(NOW):
        assert bool(second_factor.accept(viewer, code(key, NOW, steps))) is good


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "\u0660" * 6, "000000000000000", "-1", "\uff11" * 6])
def test_what_is_no_code_is_refused(viewer: Person, typed: str) -> None:
    with_app(viewer)
    with clock.at(NOW):
        assert second_factor.accept(viewer, typed) == ""


def test_a_recovery_code_is_good_once_and_the_rest_stay(lead: Person) -> None:
    with_app(lead)
    second_factor.new_codes(lead)
    codes = second_factor.unseen_codes(lead)
    assert len(set(codes)) == 10
    assert second_factor.unseen_codes(lead) == []
    client = browser()
    sign_in(client, lead.email)
    assert send(client, "/sign-in/code/", code=codes[3]).url == "/"
    assert is_signed_in(client)
    again = browser()
    sign_in(again, lead.email)
    assert "wrong, or was used before" in text(send(again, "/sign-in/code/", code=codes[3]))
    assert second_factor.codes_left(lead) == 9
    assert second_factor.accept(lead, codes[4]) == "recovery_codes"


def test_new_recovery_codes_want_a_code_and_end_those_before(lead: Person) -> None:
    key = with_app(lead)
    second_factor.new_codes(lead)
    old = second_factor.unseen_codes(lead)
    client = signed_in(lead)
    assert "wrong" in text(client.post("/second-factor/recovery-codes/", {"code": "000000"}))
    assert client.post("/second-factor/recovery-codes/", {"code": code(key)}).status_code == 302
    assert "Keep your recovery codes" in text(client.get("/second-factor/recovery-codes/"))
    assert second_factor.accept(lead, old[0]) == ""


def test_where_it_was_set_up_elsewhere_the_code_is_asked_for(lead: Person) -> None:
    key = with_app(lead)
    client = signed_in(lead, second_factor=False)
    assert client.get("/").headers["Location"] == "/second-factor/"
    page = client.get("/second-factor/")
    assert "Enter your code" in text(page)
    assert "Key:" not in text(page)  # nobody sets up another one in its place
    assert client.post("/second-factor/", {"code": "000000"}).status_code == 200
    assert client.get("/").status_code == 302
    client.post("/second-factor/", {"code": code(key)})
    assert client.get("/").status_code == 200


def test_patients_are_seen_only_once_it_was_given(lead: Person, board: Area) -> None:
    from remit.service.scope import reach

    day = NOW.date()
    assert reach.of_person(lead, day, False).patients == frozenset()
    assert reach.of_person(lead, day, True).patients == {board["A1"].pk}


def test_whoever_may_switches_it_on_and_off(viewer: Person) -> None:
    client = signed_in(viewer, second_factor=False)
    assert client.get("/").status_code == 200
    key = key_on(client.get("/second-factor/"))
    client.post("/second-factor/", {"code": code(key)})
    assert second_factor.is_on(viewer)
    assert "wrong" in text(client.post("/second-factor/switch-off/", {"code": code(key)}))  # used a moment ago
    client.post("/second-factor/switch-off/", {"code": code(key, steps=1)})
    assert not second_factor.is_on(viewer)
    assert Entry.objects.filter(event="second-factor.off", person=viewer).count() == 1


def test_whose_role_asks_for_it_cannot_switch_it_off(lead: Person) -> None:
    key = with_app(lead)
    client = signed_in(lead)
    assert client.get("/second-factor/switch-off/").status_code == 404
    assert client.post("/second-factor/switch-off/", {"code": code(key)}).status_code == 404
    assert second_factor.is_on(lead)


def test_an_administrator_resets_it_the_log_and_an_e_mail_say_so(
    lead: Person, board: Area, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "DEPLOYMENT", replace(settings.DEPLOYMENT, email="smtp://localhost"))
    with_app(lead)
    here = signed_in(lead)
    administrator = person("administrator", board["QAA"])
    page = signed_in(administrator).post(f"/people/{lead.pk}/reset-second-factor/", {"reason": "Phone lost"})
    assert page.status_code == 302
    assert not second_factor.is_on(lead)
    assert not is_signed_in(here)
    entry = Entry.objects.get(event="second-factor.reset")
    assert (entry.person, entry.subject, entry.details) == (administrator, lead.name, {"reason": "Phone lost"})
    post.wait()
    assert [one.to for one in mail.outbox] == [[lead.email]]


def test_nobody_resets_their_own(board: Area) -> None:
    administrator = person("administrator", board["QAA"])
    with_app(administrator)
    page = signed_in(administrator).post(f"/people/{administrator.pk}/reset-second-factor/", {"reason": "Mine"})
    assert "Nobody resets their own second factor" in text(page)
    assert second_factor.is_on(administrator)


def test_an_administrator_elsewhere_resets_nothing(lead: Person, board: Area) -> None:
    with_app(lead)
    other = person("administrator", board["QBB"])
    assert signed_in(other).post(f"/people/{lead.pk}/reset-second-factor/", {"reason": "x"}).status_code == 404
    assert second_factor.is_on(lead)


def test_who_works_elsewhere_too_is_reset_by_nobody_of_one_place(lead: Person, board: Area) -> None:
    from remit.service.people.models import Appointment

    Appointment.objects.create(person=lead, organisation=board["B1"], role="practice_lead", since=NOW.date())
    with_app(lead)
    client = signed_in(person("administrator", board["QAA"]))
    page = client.post(f"/people/{lead.pk}/reset-second-factor/", {"reason": "x"})
    assert "outside the organisations that you look after" in text(page)
    assert second_factor.is_on(lead)


def test_a_session_of_long_ago_does_not_count_as_two_steps_for_another_person(lead: Person, viewer: Person) -> None:
    client = signed_in(viewer)
    client.get("/")
    assert sign_in(client, lead.email).status_code == 302
    assert "Practice viewer" in text(client.get("/"))  # still who she was: a session is one person's
