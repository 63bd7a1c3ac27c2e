"""The states of a version of a scheme, and which step leads from one to another, for whom. Pure: no row is read here.

    draft -> submitted -> approved -> published
      |          `-> draft (sent back, with a reason; or taken back by who writes)
      `-> withdrawn

Whoever had a hand in the text does not approve it. What is published, or withdrawn, never changes.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from enum import StrEnum

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


@dataclass(frozen=True)
class Move:
    """Where a step leads; the action that who takes it must be allowed, in the organisation whose scheme it is.

    `act` is what it is to the duties that one person does not have together. `sound`: only where the text has no error.
    `words`: what must be said with it, in the name of the field.
    """

    to: State
    action: Action
    act: Act = Act.WRITE_SCHEME
    sound: bool = False
    words: str = ""


MOVES: dict[tuple[State, Step], Move] = {
    (State.DRAFT, Step.SAVE): Move(State.DRAFT, Action.WRITE_SCHEMES),
    (State.DRAFT, Step.SUBMIT): Move(State.SUBMITTED, Action.WRITE_SCHEMES, sound=True),
    (State.DRAFT, Step.WITHDRAW): Move(State.WITHDRAWN, Action.WRITE_SCHEMES),
    (State.SUBMITTED, Step.TAKE_BACK): Move(State.DRAFT, Action.WRITE_SCHEMES),
    (State.SUBMITTED, Step.APPROVE): Move(
        State.APPROVED, Action.APPROVE_SCHEMES, Act.APPROVE_SCHEME, sound=True, words="comment"
    ),
    (State.SUBMITTED, Step.SEND_BACK): Move(State.DRAFT, Action.APPROVE_SCHEMES, Act.APPROVE_SCHEME, words="reason"),
    (State.APPROVED, Step.SEND_BACK): Move(State.DRAFT, Action.APPROVE_SCHEMES, Act.APPROVE_SCHEME, words="reason"),
    (State.APPROVED, Step.PUBLISH): Move(State.PUBLISHED, Action.PUBLISH_SCHEMES, Act.PUBLISH_SCHEME, sound=True),
}
"""Every step that there is; all others are refused."""

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
NEEDS_WORDS = {"comment": "Say what you checked.", "reason": "Say what has to change."}


_APART = {(one, other): why for one, other, why in duties.act_pairs()}


@dataclass(frozen=True)
class NotPossible:
    """Why a step cannot be taken, in a sentence; `now` where the state alone forbids it."""

    why: str
    now: bool = False


def after(
    state: State, step: Step, actions: Set[Action], is_author: bool, has_errors: bool = False, words: str = ""
) -> State | NotPossible:
    """The state that a step leads to, for somebody who may do `actions`, or why it does not."""
    move = MOVES.get((state, step))
    if move is None:
        return NotPossible(_FINAL.get(state, _NOT_NOW[step]), now=True)
    if move.action not in actions:
        return NotPossible(NOT_ALLOWED)
    if is_author and not duties.may_both(Act.WRITE_SCHEME, move.act):
        return NotPossible(_APART[Act.WRITE_SCHEME, move.act])
    if move.sound and has_errors:
        return NotPossible(HAS_ERRORS)
    if move.words and not words.strip():
        return NotPossible(NEEDS_WORDS[move.words])
    return move.to


def possible(state: State, actions: Set[Action], is_author: bool) -> tuple[Step, ...]:
    """The steps that somebody can take from a state, whatever the text has wrong and whatever is said."""
    return tuple(
        step for step in Step if isinstance(after(state, step, actions, is_author, words="as they come"), State)
    )
