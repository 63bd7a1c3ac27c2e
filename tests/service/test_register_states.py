"""The states of a scheme's version: every state x step x role x same or other person, against a table set by hand."""

from __future__ import annotations

from itertools import product

import pytest

from remit.service.people.roles import ROLES, Action
from remit.service.register.states import MOVES, NotPossible, State, Step, after, possible

pytestmark = pytest.mark.one_database

LEADS = {
    ("draft", "save"): "draft",
    ("draft", "submit"): "submitted",
    ("draft", "withdraw"): "withdrawn",
    ("submitted", "take back"): "draft",
    ("submitted", "approve"): "approved",
    ("submitted", "send back"): "draft",
    ("approved", "send back"): "draft",
    ("approved", "publish"): "published",
}
"""Where each step leads; any other is none."""

TAKEN_BY = {
    "save": {"scheme_author"},
    "submit": {"scheme_author"},
    "withdraw": {"scheme_author"},
    "take back": {"scheme_author"},
    "approve": {"approver_tier_1", "approver_tier_2"},
    "send back": {"approver_tier_1", "approver_tier_2"},
    "publish": {"contract_manager"},
}
"""Who takes it, by role."""

BY_ANOTHER = {"approve", "send back"}
SOUND = {"submit", "approve", "publish"}
IN_WORDS = {"approve", "send back"}


@pytest.mark.parametrize(
    ("state", "step", "role", "is_author"),
    list(product([one.value for one in State], [one.value for one in Step], ROLES, (False, True))),
)
def test_every_state_step_and_role(state: str, step: str, role: str, is_author: bool) -> None:
    leads = LEADS.get((state, step))
    can = leads is not None and role in TAKEN_BY[step] and not (is_author and step in BY_ANOTHER)
    actions = ROLES[role].actions
    found = after(State(state), Step(step), actions, is_author, words="read against the contract")
    assert (found == leads) if can else isinstance(found, NotPossible)
    assert (Step(step) in possible(State(state), actions, is_author)) is can
    if can:
        broken = after(State(state), Step(step), actions, is_author, True, "read")
        silent = after(State(state), Step(step), actions, is_author, False, "  ")
        assert isinstance(broken, NotPossible) is (step in SOUND)
        assert isinstance(silent, NotPossible) is (step in IN_WORDS)


def test_nothing_leads_out_of_what_is_published_or_withdrawn() -> None:
    everything = frozenset(Action)
    for state, step in product((State.PUBLISHED, State.WITHDRAWN), Step):
        found = after(state, step, everything, False, words="all")
        assert isinstance(found, NotPossible)
        assert found.now
        assert "new version" in found.why


def test_each_refusal_says_why_in_a_sentence() -> None:
    for state, step in product(State, Step):
        found = after(state, step, frozenset(), False)
        assert isinstance(found, NotPossible)
        assert found.why[0].isupper()
        assert found.why.endswith(".")


def test_the_database_holds_the_same_ways() -> None:
    from importlib import import_module

    ways = set(import_module("remit.service.register.migrations.0002_unchanged")._WAYS)
    assert ways == {(state.value, move.to.value) for (state, _), move in MOVES.items()}
