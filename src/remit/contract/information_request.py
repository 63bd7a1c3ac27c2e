"""A freedom-of-information request, as the commissioner records it; nothing in the service uses this yet.

    (nothing) -> received -> answered -> internal review -> reviewed -> with the ICO
                   |  ^
                   v  |
              clock stopped (while the commissioner waits for what it asked the requester)

An internal review can be requested within 40 working days of the first answer, and whoever is not content with its
outcome can apply to the Information Commissioner's Office (ICO): letter of reply FOI-0525/1288. The days are counted by
`catalogue.register`; a step that comes too late has a fault.
"""

from __future__ import annotations

from enum import StrEnum

from remit.contract.machine import Machine, Move, Party


class State(StrEnum):
    """What has become of a request."""

    RECEIVED = "received"
    CLOCK_STOPPED = "clock stopped"
    ANSWERED = "answered"
    INTERNAL_REVIEW = "internal review"
    REVIEWED = "reviewed"
    WITH_ICO = "with the ICO"


class Step(StrEnum):
    """What is recorded of it."""

    RECEIVE = "receive"
    STOP_CLOCK = "stop the clock"
    START_CLOCK = "start the clock"
    ANSWER = "answer"
    REQUEST_REVIEW = "request a review"
    ANSWER_REVIEW = "answer the review"
    GO_TO_ICO = "go to the ICO"


_MANAGER = frozenset({Party.CONTRACT_MANAGER})

MACHINE: Machine[State, Step, Party] = Machine(
    name="A freedom-of-information request",
    states=State,
    steps=Step,
    start=None,
    moves={
        (None, Step.RECEIVE): Move(State.RECEIVED, _MANAGER),
        (State.RECEIVED, Step.STOP_CLOCK): Move(
            State.CLOCK_STOPPED, _MANAGER, reason="Say what you asked the requester."
        ),
        (State.CLOCK_STOPPED, Step.START_CLOCK): Move(State.RECEIVED, _MANAGER),
        (State.RECEIVED, Step.ANSWER): Move(State.ANSWERED, _MANAGER),
        (State.ANSWERED, Step.REQUEST_REVIEW): Move(State.INTERNAL_REVIEW, _MANAGER, sound=True),
        (State.INTERNAL_REVIEW, Step.ANSWER_REVIEW): Move(State.REVIEWED, _MANAGER, reason="Say what was decided."),
        (State.REVIEWED, Step.GO_TO_ICO): Move(State.WITH_ICO, _MANAGER),
    },
    not_now={
        Step.RECEIVE: "The request was already received.",
        Step.STOP_CLOCK: "The clock can only be stopped before the request is answered, and while it runs.",
        Step.START_CLOCK: "Only a clock that is stopped can be started again.",
        Step.ANSWER: "Only a request whose clock runs can be answered.",
        Step.REQUEST_REVIEW: "A review can only be requested once, after the answer.",
        Step.ANSWER_REVIEW: "Only an internal review that was requested can be answered.",
        Step.GO_TO_ICO: "A request goes to the ICO once, after its internal review.",
    },
    ended={State.WITH_ICO: "This request is with the Information Commissioner's Office."},
    waits_for={State.RECEIVED: _MANAGER, State.INTERNAL_REVIEW: _MANAGER},
)
