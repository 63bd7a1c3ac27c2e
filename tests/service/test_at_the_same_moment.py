"""Two invitations of one person that are accepted at the same moment: one account, each duty kept, no failed page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client
from tests.service import area
from tests.service.area import Area, person
from tests.service.signing_in import browser, send

from remit.service import clock
from remit.service.people import invitations
from remit.service.people.models import Appointment, Person
from remit.service.scope import reach
from remit.service.scope.acting import acting
from remit.service.scope.scope import EVERYTHING

NIA = "nia@example.org"
committed = pytest.mark.django_db(transaction=True)


def invited(board: Area, administrator: Person, role: str, code: str) -> str:
    """The path of an invitation of Nia."""
    with acting(reach.of_person(administrator, clock.today(), True)):
        return invitations.invite(NIA, "Nia", [role], board[code], clock.today(), None, "")


def together(visitor: Callable[[], Client], paths: list[str]) -> list[int]:
    """What each of several browsers gets that accept at the same moment."""
    barrier, answers = Barrier(len(paths)), []

    def accept(path: str) -> None:
        client = visitor()
        client.raise_request_exception = False
        try:
            client.get(path)
            barrier.wait()
            page = send(client, path, name="Nia New", password="a quite long password")
            answers.append(page.status_code)
        finally:
            connection.close()

    threads = [Thread(target=accept, args=(path,)) for path in paths]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@committed
@pytest.mark.parametrize("codes", [("A1", "A1"), ("A1", "A2")])
def test_a_new_account_is_made_once(codes: tuple[str, str]) -> None:
    with acting(EVERYTHING):
        board = area.made(date(2024, 4, 1))
        administrator = person("administrator", board["QAA"])
    paths = [invited(board, administrator, "practice_viewer", code) for code in dict.fromkeys(codes)]
    answers = together(browser, (paths * 2)[:2])
    assert 302 in answers
    assert set(answers) <= {200, 302, 404}
    with acting(EVERYTHING):
        assert Appointment.objects.filter(person__email=NIA).count() == 1


@committed
def test_two_roles_that_are_kept_apart_are_not_both_taken() -> None:
    with acting(EVERYTHING):
        board = area.made(date(2024, 4, 1))
        administrator = person("administrator", board["QAA"])
        nia = person("practice_viewer", board["B1"], email=NIA)
    paths = [invited(board, administrator, role, "QAA") for role in ("approver_tier_1", "approver_tier_2")]
    visitors = [area.signed_in(nia), area.signed_in(nia)]
    answers = together(visitors.pop, paths)
    assert answers == [302, 302]  # to the first page, and back to the invitation with the reason
    with acting(EVERYTHING):
        assert Appointment.objects.filter(person=nia, organisation=board["QAA"]).count() == 1
