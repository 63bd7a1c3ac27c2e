"""The year of a scheme by role: every state x step x role of every machine, against the tables set by hand."""

from __future__ import annotations

from itertools import product

import pytest
from tests.unit.contract_tables import PARTIES, TABLES, lines, machine_of, state, states_of

from remit.contract.machine import NotPossible, after, possible
from remit.service.people.parties import PARTY_OF_ROLE
from remit.service.people.roles import ROLES

pytestmark = pytest.mark.one_database

LETTERS = {
    "practice_viewer": "", "practice_lead": "P", "network_manager": "N", "contract_manager": "C",
    "approver_tier_1": "1", "approver_tier_2": "2", "finance_officer": "F", "data_quality": "D", "clinical_lead": "",
    "scheme_author": "", "auditor": "", "administrator": "",
}  # fmt: skip
"""What each role stands for in the tables; nobody holds a role of the panel or of Remit itself."""


def test_each_role_stands_for_what_it_should() -> None:
    assert set(LETTERS) == set(ROLES)
    assert {role: PARTIES[letter] for role, letter in LETTERS.items() if letter} == PARTY_OF_ROLE


@pytest.mark.parametrize(("name", "role"), list(product(TABLES, LETTERS)))
def test_every_state_step_and_role(name: str, role: str) -> None:
    parties = frozenset({PARTY_OF_ROLE[role]} if role in PARTY_OF_ROLE else ())
    leads = {(one, step): (who, to) for one, step, who, to, _ in lines(TABLES[name])}
    for at in states_of(name):
        machine, now = machine_of(name), state(name, at)
        for step in machine.steps:
            who, to = leads.get((at, step.value), ("", ""))
            can = bool(LETTERS[role]) and LETTERS[role] in who
            found = after(machine, now, step, parties, reason="because")
            assert (found == to) if can else isinstance(found, NotPossible), (at, step)
            assert (step in possible(machine, now, parties)) is can
