"""Somebody with roles in two organisations sees by each role what it sees by itself, and nothing by both together."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.service import area
from tests.service.area import Area
from tests.service.figures_in import checked, consent, received, scheme
from tests.service.signing_in import text

from remit.service import clock
from remit.service.extracts.models import Extract, PracticeFigures
from remit.service.people.models import Appointment, Person
from remit.service.people.roles import Action
from remit.service.scope import reach
from remit.service.scope.acting import acting, doing

SINCE = date(2024, 4, 1)
POUNDS = ("£1,700", "£650", "£2,350")
"""What A1, A2 and both have earned."""


def somebody(board: Area, *roles: tuple[str, str]) -> Person:
    """One person with several roles."""
    person = area.person(roles[0][0], board[roles[0][1]], email="two.roles@example.org")
    for role, at in roles[1:]:
        Appointment.objects.create(person=person, organisation=board[at], role=role, since=SINCE)
    return person


@pytest.fixture
def extract(board: Area, tmp_path: Path) -> Extract:
    """Figures of A1 and A2, which let the commissioner see them."""
    found = checked(received(board, scheme(board), tmp_path))
    consent(board, "A1", "A2")
    return found


@pytest.mark.parametrize(
    "roles",
    [
        (("administrator", "QAA"), ("network_manager", "NW2")),  # A3's network: nobody there has figures
        (("administrator", "QAA"), ("network_manager", "NW1")),  # A1's, which consented to the commissioner alone
        (("administrator", "QAA"), ("network_manager", "NW3")),
        (("administrator", "QAA"), ("practice_viewer", "A3")),
        (("administrator", "QAA"), ("contract_manager", "QBB")),
        (("administrator", "QAA"), ("auditor", "QBB")),
    ],
)
@pytest.mark.parametrize("path", ["/", "/statements/", "/overview/", "/overview/{pk}/", "/figures/", "/schemes/"])
def test_an_administrator_sees_no_pounds_by_another_role(
    board: Area, extract: Extract, roles: tuple[tuple[str, str], ...], path: str
) -> None:
    page = area.signed_in(somebody(board, *roles)).get(path.format(pk=extract.pk), follow=True)
    assert not [amount for amount in POUNDS if amount in text(page)]
    assert "First practice (A1)" not in text(page)


def test_an_author_sees_no_overview_by_another_role(board: Area, extract: Extract) -> None:
    client = area.signed_in(somebody(board, ("scheme_author", "QAA"), ("network_manager", "NW3")))
    assert client.get(f"/overview/{extract.pk}/").status_code == 404
    assert "£2,350" not in text(client.get("/"))
    assert client.get(f"/statements/A1/{extract.pk}/").status_code == 200


def test_each_role_goes_on_to_see_its_own(board: Area, extract: Extract) -> None:
    client = area.signed_in(somebody(board, ("contract_manager", "QAA"), ("practice_viewer", "B1")))
    assert "£2,350" in text(client.get(f"/overview/{extract.pk}/"))
    assert "£1,700" in text(client.get("/statements/"))


def test_what_is_seen_while_an_action_is_done(board: Area, extract: Extract) -> None:
    person = somebody(board, ("administrator", "QAA"), ("network_manager", "NW1"))
    with acting(reach.of_person(person, clock.today(), True)):
        assert PracticeFigures.objects.count() == 2  # by the administrator's role, for no page
        with doing(Action.SEE_OVERVIEW) as seen:
            assert seen.own == {board["NW1"].pk}
            assert seen.overseen == {board["A1"].pk, board["A2"].pk}
            assert seen.consented == {board["NW1"].pk}
            assert not PracticeFigures.objects.exists()
        with doing(Action.SEE_PATIENTS) as seen:
            assert seen.seen == frozenset()
        with doing(Action.SEE_ORGANISATIONS) as seen:
            assert seen.own == {board["QAA"].pk, board["NW1"].pk}
