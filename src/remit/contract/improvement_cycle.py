"""A quality-improvement cycle of a practice: a topic, then a declaration with evidence; nothing uses this yet.

(nothing) -> topic chosen -> declared -> accepted
                                `-> sent back (with a reason) -> declared, again
"""

from __future__ import annotations

from enum import StrEnum

from remit.contract.duties import Duty
from remit.contract.machine import Machine, Move, Party


class State(StrEnum):
    """What has become of a cycle."""

    TOPIC_CHOSEN = "topic chosen"
    DECLARED = "declared"
    ACCEPTED = "accepted"
    SENT_BACK = "sent back"


class Step(StrEnum):
    """What somebody does with it."""

    CHOOSE_TOPIC = "choose topic"
    DECLARE = "declare"
    ACCEPT = "accept"
    SEND_BACK = "send back"


_PRACTICE, _MANAGER = frozenset({Party.PRACTICE}), frozenset({Party.CONTRACT_MANAGER})
_DECLARE: Move[State, Party] = Move(State.DECLARED, _PRACTICE, Duty.DECLARE_FIGURES, sound=True)

MACHINE: Machine[State, Step, Party] = Machine(
    name="A quality-improvement cycle",
    states=State,
    steps=Step,
    start=None,
    moves={
        (None, Step.CHOOSE_TOPIC): Move(State.TOPIC_CHOSEN, _PRACTICE),
        (State.TOPIC_CHOSEN, Step.DECLARE): _DECLARE,
        (State.SENT_BACK, Step.DECLARE): _DECLARE,
        (State.DECLARED, Step.ACCEPT): Move(
            State.ACCEPTED, _MANAGER, Duty.REVIEW_EVIDENCE, reason="Say what you looked at."
        ),
        (State.DECLARED, Step.SEND_BACK): Move(
            State.SENT_BACK, _MANAGER, Duty.REVIEW_EVIDENCE, reason="Say what has to change."
        ),
    },
    not_now={
        Step.CHOOSE_TOPIC: "The topic is already chosen.",
        Step.DECLARE: "Only a cycle whose topic is chosen, or that was sent back, can be declared.",
        Step.ACCEPT: "Only a cycle that is declared can be accepted.",
        Step.SEND_BACK: "Only a cycle that is declared can be sent back.",
    },
    ended={State.ACCEPTED: "This cycle is accepted."},
    waits_for={State.TOPIC_CHOSEN: _PRACTICE, State.DECLARED: _MANAGER, State.SENT_BACK: _PRACTICE},
)
