"""Who sees which rows: each part of a scope, on both databases."""

from datetime import date

import pytest
from tests.service.area import Area, person, signed_in

from remit.core.problems import Refused
from remit.service.organisations.models import Organisation
from remit.service.scope import reach
from remit.service.scope.acting import acting
from remit.service.scope.scope import NOBODY


@pytest.mark.parametrize(
    ("role", "at", "seen"),
    [
        ("practice_viewer", "A1", {"A1", "NW1", "PL1", "QAA"}),
        ("network_manager", "NW1", {"NW1", "A1", "A2", "PL1", "QAA"}),
        ("contract_manager", "QAA", {"QAA", "PL1", "NW1", "NW2", "A1", "A2", "A3"}),
        ("auditor", "QBB", {"QBB", "NW3", "B1"}),
    ],
)
def test_each_role_sees_its_organisations_and_no_other(board: Area, role: str, at: str, seen: set[str]) -> None:
    someone = person(role, board[at])
    with acting(reach.of_person(someone, date(2024, 6, 1), True)):
        assert {one.code for one in Organisation.objects.all()} == seen


def test_nobody_sees_nothing(board: Area) -> None:
    with acting(NOBODY):
        assert not Organisation.objects.exists()


def test_rows_without_a_scope_are_refused() -> None:
    with pytest.raises(Refused):
        Organisation.objects.exists()


def test_the_first_page_shows_what_a_person_has(board: Area) -> None:
    page = signed_in(person("contract_manager", board["QAA"])).get("/")
    assert page.status_code == 200
    assert "Contract manager" in page.content.decode()
    assert "First area" in page.content.decode()
