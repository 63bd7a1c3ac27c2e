"""Roles given and ended: by whom, to whom, where, with which reasons; and what each page lets nobody do."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests.service.area import Area, person, signed_in
from tests.service.signing_in import NOW, browser, is_signed_in, text

from remit.service import clock
from remit.service.audit.models import Entry
from remit.service.people.models import Appointment, Person
from remit.service.people.roles import ROLES

ROLE = {"organisation": "QAA", "role": "contract_manager", "since": "2026-06-01", "until": "", "reason": "New post"}


@pytest.fixture(autouse=True)
def nine_o_clock() -> Any:
    with clock.at(NOW):
        yield


@pytest.fixture
def administrator(board: Area) -> Person:
    return person("administrator", board["QAA"], email="admin@example.org")


@pytest.fixture
def someone(board: Area) -> Person:
    return person("scheme_author", board["QAA"], email="author@example.org")


@pytest.fixture
def client(administrator: Person) -> Client:
    return signed_in(administrator)


def give(client: Client, to: Person, **fields: Any) -> Any:
    return client.post(f"/people/{to.pk}/give-role/", ROLE | fields)


def roles_of(person: Person) -> list[tuple[str, str]]:
    held = person.appointments.filter(until=None).order_by("pk")
    return [(one.role, one.organisation.code) for one in held]


def test_an_administrator_gives_a_role_and_the_log_says_it_with_its_reason(client: Client, someone: Person) -> None:
    assert give(client, someone).status_code == 302
    assert roles_of(someone) == [("scheme_author", "QAA"), ("contract_manager", "QAA")]
    entry = Entry.objects.get(event="role.given")
    assert entry.details == {"role": "Contract manager", "since": "1 June 2026", "until": "", "reason": "New post"}
    assert "Contract manager" in text(client.get("/people/"))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"role": "approver_tier_1"}, "Who writes a scheme does not approve it"),
        ({"role": "approver_tier_2", "organisation": "PL1"}, "Who writes a scheme does not approve it"),
        ({"role": "auditor"}, "An auditor does not decide what is audited"),
        ({"role": "practice_lead"}, "Practice lead is not a role of a commissioner"),
        ({"role": "network_manager", "organisation": "A1"}, "Network manager is not a role of a practice"),
        ({"role": "scheme_author"}, "on these days already"),
        ({"organisation": "QBB"}, "QBB is not one of the available choices"),
        ({"role": "king"}, "king is not one of the available choices"),
        ({"since": "2026-06-10", "until": "2026-06-09"}, "The last day is before the first"),
        ({"since": "2026-01-10", "until": "2026-02-09"}, "The last day has passed"),
        ({"reason": " "}, "Say why"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_reason(
    client: Client, someone: Person, fields: dict[str, str], words: str
) -> None:
    page = give(client, someone, **fields)
    assert page.status_code == 200
    assert words in text(page)
    assert roles_of(someone) == [("scheme_author", "QAA")]


def test_a_pair_is_kept_apart_in_one_area_and_not_across_areas(board: Area, someone: Person) -> None:
    other = signed_in(person("administrator", board["QBB"]))
    assert give(other, someone, organisation="QBB").status_code == 404  # nobody of theirs yet
    Appointment.objects.create(person=someone, organisation=board["B1"], role="practice_viewer", since=NOW.date())
    assert give(other, someone, organisation="QBB", role="auditor").status_code == 302


def test_a_pair_is_kept_apart_on_the_days_of_both(client: Client, someone: Person) -> None:
    held = someone.appointments.get()
    held.until = NOW.date() + timedelta(days=10)
    held.save()
    late = str(held.until + timedelta(days=1))
    assert give(client, someone, role="approver_tier_1", since=str(held.until)).status_code == 200
    assert give(client, someone, role="approver_tier_1", since=late).status_code == 302


def test_extra_fields_do_nothing(client: Client, someone: Person, administrator: Person) -> None:
    give(client, someone, person=administrator.pk, person_id=administrator.pk, id=1, pk=1, is_active="")
    assert roles_of(someone)[-1] == ("contract_manager", "QAA")
    assert roles_of(administrator) == [("administrator", "QAA")]


def test_nobody_gives_themselves_a_role(client: Client, administrator: Person) -> None:
    assert "Nobody gives, extends or ends a role of their own" in text(give(client, administrator))
    assert roles_of(administrator) == [("administrator", "QAA")]


def test_nobody_ends_their_own(client: Client, administrator: Person) -> None:
    row = administrator.appointments.get()
    page = client.post(f"/people/{administrator.pk}/roles/{row.pk}/end/", {"reason": "Tired"})
    assert "Nobody gives, extends or ends a role of their own" in text(page)


def test_a_role_is_ended_at_once(client: Client, someone: Person) -> None:
    theirs = signed_in(someone)
    assert "Scheme author" in text(theirs.get("/"))
    row = someone.appointments.get()
    assert client.post(f"/people/{someone.pk}/roles/{row.pk}/end/", {"reason": "Left"}).status_code == 302
    assert roles_of(someone) == []
    assert "Scheme author in" not in text(theirs.get("/account/"))
    entry = Entry.objects.get(event="role.ended")
    assert entry.details == {"role": "Scheme author", "reason": "Left"}
    again = client.post(f"/people/{someone.pk}/roles/{row.pk}/end/", {"reason": "Left"})
    assert "ended already" in text(again)


def test_a_role_given_today_can_be_ended_today(client: Client, someone: Person) -> None:
    give(client, someone)
    row = someone.appointments.get(role="contract_manager")
    client.post(f"/people/{someone.pk}/roles/{row.pk}/end/", {"reason": "A slip"})
    assert roles_of(someone) == [("scheme_author", "QAA")]
    assert "ended on the day that it was given" in text(client.get(f"/people/{someone.pk}/"))


def test_the_last_administrator_stays(board: Area, administrator: Person) -> None:
    second = person("administrator", board["QAA"], email="second@example.org")
    client = signed_in(second)
    row = administrator.appointments.get()
    path = f"/people/{administrator.pk}/roles/{row.pk}/end/"
    Person.objects.filter(pk=second.pk).update(is_active=True)
    assert client.post(path, {"reason": "Leaves"}).status_code == 302  # the second is left
    place = person("administrator", board["PL1"], email="place@example.org")
    assert signed_in(place).get(f"/people/{second.pk}/").status_code == 404  # above the place
    from remit.core.problems import Refused
    from remit.service.people import services
    from remit.service.scope.acting import acting
    from remit.service.scope.scope import EVERYTHING

    with acting(EVERYTHING), pytest.raises(Refused, match="the last administrator"):
        services.switch_off(second, "Leaves too")
    second.refresh_from_db()
    assert second.is_active


def test_an_account_is_switched_off_at_once_and_on_again(client: Client, someone: Person) -> None:
    theirs = signed_in(someone)
    assert client.post(f"/people/{someone.pk}/switch/", {"reason": "On leave"}).status_code == 302
    assert not is_signed_in(theirs)
    assert "The account is switched off" in text(client.get(f"/people/{someone.pk}/"))
    assert "Switch it on first" in text(give(client, someone))
    client.post(f"/people/{someone.pk}/switch/", {"reason": "Back"})
    someone.refresh_from_db()
    assert someone.is_active
    assert [one.event for one in Entry.objects.order_by("number")] == ["person.deactivated", "person.activated"]


def test_nobody_switches_themselves_off(client: Client, administrator: Person) -> None:
    page = client.post(f"/people/{administrator.pk}/switch/", {"reason": "x"})
    assert page.status_code == 200
    administrator.refresh_from_db()
    assert administrator.is_active


@pytest.mark.parametrize("path", ["", "give-role/", "reset-second-factor/", "switch/"])
def test_people_of_another_area_are_not_there(board: Area, client: Client, path: str) -> None:
    stranger = person("practice_viewer", board["B1"])
    assert client.get(f"/people/{stranger.pk}/{path}").status_code == 404
    assert client.post(f"/people/{stranger.pk}/{path}", {"reason": "x"}).status_code == 404
    assert client.get(f"/people/999999/{path}").status_code == 404


def test_a_role_of_somebody_else_is_not_ended_under_another_name(board: Area, client: Client, someone: Person) -> None:
    other = person("contract_manager", board["QAA"]).appointments.get()
    stranger = person("practice_viewer", board["B1"]).appointments.get()
    for row in (other, stranger):
        page = client.post(f"/people/{someone.pk}/roles/{row.pk}/end/", {"reason": "x"})
        assert page.status_code == 404
        row.refresh_from_db()
        assert row.until is None


def test_a_practice_lead_changes_viewers_alone(board: Area) -> None:
    lead = signed_in(person("practice_lead", board["A1"]))
    viewer = person("practice_viewer", board["A1"])
    clinical = person("clinical_lead", board["A1"])
    for one, status in ((viewer, 302), (clinical, 200)):
        row = one.appointments.get()
        assert lead.post(f"/people/{one.pk}/roles/{row.pk}/end/", {"reason": "Left"}).status_code == status
    assert give(lead, clinical, organisation="A1", role="practice_lead").status_code == 200
    for path in ("reset-second-factor/", "switch/"):
        assert lead.post(f"/people/{clinical.pk}/{path}", {"reason": "x"}).status_code == 403
    assert roles_of(clinical) == [("clinical_lead", "A1")]


def test_the_page_of_roles_has_every_role_and_every_pair(someone: Person) -> None:
    page = text(signed_in(someone).get("/roles/"))
    for role in ROLES.values():
        assert role.title in page
    assert "Who writes a scheme does not approve it." in page


@pytest.mark.parametrize("path", ["give-role/", "switch/", "reset-second-factor/"])
def test_a_form_from_another_site_is_refused(administrator: Person, someone: Person, path: str) -> None:
    inside = signed_in(administrator)
    client = browser()
    client.cookies["sessionid"] = inside.session.session_key
    assert client.post(f"/people/{someone.pk}/{path}", ROLE).status_code == 403
    assert roles_of(someone) == [("scheme_author", "QAA")]
