"""The first page of each role: who the person is, what waits, what is new, and where the roles lead."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import resolve
from tests.service import area, register_desk

from remit.service.consents.models import Consent
from remit.service.organisations.models import Membership, Organisation
from remit.service.people.models import Appointment, Person
from remit.service.people.roles import ROLES
from remit.service.web.navigation import MENU

WHERE = {"practice": "A1", "network": "NW1", "place": "PL1", "commissioner": "QAA"}


@pytest.mark.parametrize("role", ROLES)
def test_every_role_has_a_first_page_whose_links_it_may_open(role: str, board: area.Area) -> None:
    kind = next(kind for kind in WHERE if kind in ROLES[role].kinds)
    client = area.signed_in(area.person(role, board[WHERE[kind]]))
    page = client.get("/")
    assert page.status_code == 200
    text = page.content.decode()
    assert f"{ROLES[role].title[0].lower()}{ROLES[role].title[1:]} of {board[WHERE[kind]].name}." in text
    links = {href for href in re.findall(r'<a [^>]*href="(/[^"]*)"', text) if not href.startswith("/static/")}
    assert links
    assert {link: client.get(link, follow=True).status_code for link in links} == dict.fromkeys(links, 200)


def test_somebody_with_roles_in_two_places_is_told_both(board: area.Area) -> None:
    someone = area.person("practice_viewer", board["A1"])
    Appointment.objects.create(
        person=someone, organisation=board["NW2"], role="network_manager", since=date(2024, 4, 1)
    )
    text = area.signed_in(someone).get("/").content.decode()
    assert "You are practice viewer of First practice and network manager of Second network." in text
    assert "<h1>First practice and 1 other</h1>" in text


def test_somebody_without_a_role_sees_no_organisation(board: area.Area) -> None:
    someone = Person.objects.create_user("nobody@example.org", area.PASSWORD, name="Nobody in particular")
    text = area.signed_in(someone).get("/").content.decode()
    assert "You have no role now. Ask your administrator for one." in text
    assert not any(one.name in text for one in board.organisations.values())


def test_every_entry_of_the_menu_is_a_page() -> None:
    from django.urls import reverse

    for link in MENU:
        assert resolve(reverse(link.name)).url_name == link.name


def test_a_scheme_waits_for_each_in_turn_and_for_nobody_whose_own_work_it_is(board: area.Area) -> None:
    work = register_desk.at_work(board)
    address = register_desk.ONE

    def waits(client: Client) -> list[str]:
        text = client.get("/").content.decode()
        return re.findall(rf'<a href="{address}">([^<]*)</a>', text.partition("<h2>New</h2>")[0])

    def everybody() -> list[list[str]]:
        return [waits(client) for client in (work.author, work.approver, work.manager, work.practice, work.elsewhere)]

    register_desk.draft(work)
    title = register_desk.row().title
    assert everybody() == [[f"Finish the draft of {title}, version 1, or withdraw it"], [], [], [], []]
    work.author.post(f"{address}submit/")
    assert everybody() == [[], [f"Approve {title}, version 1, or send it back"], [], [], []]
    work.approver.post(f"{address}approve/", {"appr-words": "Read against the contract.", "appr-based_on": ""})
    assert everybody() == [[], [], [f"Publish {title}, version 1: it is approved"], [], []]
    work.manager.post(f"{address}publish/", {"publ-day": "2024-04-01"})
    assert everybody() == [[], [], [], [], []]
    news = [client.get("/").content.decode() for client in (work.author, work.practice, work.elsewhere)]
    assert [f"{title}, version 1 is published" in text for text in news] == [True, True, False]


def test_a_practice_that_shares_with_nobody_is_asked_and_whoever_may_not_answer_is_not(board: area.Area) -> None:
    asked = "First practice shares its counts with nobody today: say whether it should"
    lead, viewer = (area.signed_in(area.person(role, board["A1"])) for role in ("practice_lead", "practice_viewer"))
    assert f'<a href="/consents/A1/">{asked}</a>' in lead.get("/").content.decode()
    assert asked not in viewer.get("/").content.decode()
    Consent.objects.create(practice=board["A1"], to=board["QAA"], since=date(2024, 4, 1))
    assert asked not in lead.get("/").content.decode()


def test_an_administrator_begins_with_the_practice_map_and_goes_on_with_people(board: area.Area) -> None:
    new = Organisation.objects.create(code="QNN", name="New area", kind="commissioner")
    client = area.signed_in(area.person("administrator", new))
    assert "No practice belongs to New area yet: bring in its practice map" in client.get("/").content.decode()
    place = Organisation.objects.create(code="PLN", name="New place", kind="place")
    Membership.objects.create(member=place, parent=new, since=date(2024, 4, 1))
    assert "Nobody else has a role in New area yet: invite people" in client.get("/").content.decode()
    area.person("scheme_author", new)
    assert "Nothing waits for you." in client.get("/").content.decode()
