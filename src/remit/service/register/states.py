"""The states of a version of a scheme, and which step leads from one to another, for whom. Pure: no row is read here.

    draft -> submitted -> approved -> published
      |          `-> draft (sent back, with a reason; or taken back by who writes)
      `-> withdrawn

Whoever had a hand in the text does not approve it. What is published, or withdrawn, never changes.
"""

from __future__ import annotations

from collections.abc import Set
from enum import StrEnum

from remit.contract import machine
from remit.contract.machine import Machine, Move
from remit.contract.machine import NotPossible as NotPossible
from remit.service.people import duties
from remit.service.people.duties import Act
from remit.service.people.roles import Action


class State(StrEnum):
    """What has become of a version."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


OPEN = (State.DRAFT, State.SUBMITTED, State.APPROVED)
"""States of a version that is being worked on; of one scheme there is one at a time."""


class Step(StrEnum):
    """What somebody does with a version."""

    SAVE = "save"
    SUBMIT = "submit"
    TAKE_BACK = "take back"
    WITHDRAW = "withdraw"
    APPROVE = "approve"
    SEND_BACK = "send back"
    PUBLISH = "publish"


_NEEDS_COMMENT, _NEEDS_REASON = "Say what you checked.", "Say what has to change."
_WRITES, _APPROVES = frozenset({Action.WRITE_SCHEMES}), frozenset({Action.APPROVE_SCHEMES})
_SEND_BACK: Move[State, Action] = Move(State.DRAFT, _APPROVES, Act.APPROVE_SCHEME, reason=_NEEDS_REASON)

MOVES: dict[tuple[State, Step], Move[State, Action]] = {
    (State.DRAFT, Step.SAVE): Move(State.DRAFT, _WRITES, Act.WRITE_SCHEME),
    (State.DRAFT, Step.SUBMIT): Move(State.SUBMITTED, _WRITES, sound=True),
    (State.DRAFT, Step.WITHDRAW): Move(State.WITHDRAWN, _WRITES),
    (State.SUBMITTED, Step.TAKE_BACK): Move(State.DRAFT, _WRITES),
    (State.SUBMITTED, Step.APPROVE): Move(
        State.APPROVED, _APPROVES, Act.APPROVE_SCHEME, sound=True, reason=_NEEDS_COMMENT
    ),
    (State.SUBMITTED, Step.SEND_BACK): _SEND_BACK,
    (State.APPROVED, Step.SEND_BACK): _SEND_BACK,
    (State.APPROVED, Step.PUBLISH): Move(
        State.PUBLISHED, frozenset({Action.PUBLISH_SCHEMES}), Act.PUBLISH_SCHEME, sound=True
    ),
}
"""Every step that there is; all others are refused. A step is for whoever may do the action, where the scheme is."""

_FINAL = {
    State.PUBLISHED: "This version is published, and a published version never changes. Correct it with a new version.",
    State.WITHDRAWN: "This draft was withdrawn. Start a new version.",
}
_NOT_NOW = {
    Step.SAVE: "The text can only be changed while it is a draft.",
    Step.SUBMIT: "Only a draft can be submitted.",
    Step.TAKE_BACK: "Only a version that is submitted can be taken back.",
    Step.WITHDRAW: "Only a draft can be withdrawn.",
    Step.APPROVE: "Only a version that is submitted can be approved.",
    Step.SEND_BACK: "Only a version that is submitted or approved can be sent back.",
    Step.PUBLISH: "Only an approved version can be published.",
}
NOT_ALLOWED = "Your roles do not allow this here."
HAS_ERRORS = "The text has errors. Correct them first."

MACHINE: Machine[State, Step, Action] = Machine(
    name="A version of a scheme",
    states=State,
    steps=Step,
    start=State.DRAFT,
    moves={(state, step): move for (state, step), move in MOVES.items()},
    not_now=_NOT_NOW,
    ended=_FINAL,
    waits_for={State.DRAFT: _WRITES, State.SUBMITTED: _APPROVES, State.APPROVED: frozenset({Action.PUBLISH_SCHEMES})},
    not_yours=NOT_ALLOWED,
    why_apart=duties.why_acts_apart,
)


def after(
    state: State, step: Step, actions: Set[Action], is_author: bool, has_errors: bool = False, words: str = ""
) -> State | NotPossible:
    """The state that a step leads to, for somebody who may do `actions`, or why it does not."""
    return machine.after(MACHINE, state, step, actions, _done(is_author), words, HAS_ERRORS if has_errors else "")


def possible(state: State, actions: Set[Action], is_author: bool) -> tuple[Step, ...]:
    """The steps that somebody can take from a state, whatever the text has wrong and whatever is said."""
    return machine.possible(MACHINE, state, actions, _done(is_author))


def _done(is_author: bool) -> frozenset[Act]:
    return frozenset({Act.WRITE_SCHEME} if is_author else ())
