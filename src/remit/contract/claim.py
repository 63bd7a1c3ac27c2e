"""A claim of activity, as the service will take it; nothing uses this yet.

    draft -> submitted -> approved -> paid
      |       |  |  `-> refused (with a reason)
      |       |  `-> queried -> submitted, with an answer
      `-------`-> withdrawn (by the practice), as a queried one can be

What tier 2 and finance have to say follows the limits, as for a declaration, once claims are in the service.
"""

from __future__ import annotations

from enum import StrEnum

from remit.contract.duties import Duty
from remit.contract.machine import Machine, Move, Party


class State(StrEnum):
    """What has become of a claim."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    QUERIED = "queried"
    APPROVED = "approved"
    REFUSED = "refused"
    PAID = "paid"
    WITHDRAWN = "withdrawn"


class Step(StrEnum):
    """What somebody does with it."""

    SUBMIT = "submit"
    QUERY = "query"
    ANSWER = "answer"
    APPROVE = "approve"
    REFUSE = "refuse"
    PAY = "pay"
    WITHDRAW = "withdraw"


_PRACTICE, _TIER_1 = frozenset({Party.PRACTICE}), frozenset({Party.TIER_1})
_WITHDRAW: Move[State, Party] = Move(State.WITHDRAWN, _PRACTICE)

MACHINE: Machine[State, Step, Party] = Machine(
    name="A claim",
    states=State,
    steps=Step,
    start=State.DRAFT,
    moves={
        (State.DRAFT, Step.SUBMIT): Move(State.SUBMITTED, _PRACTICE, Duty.DECLARE_FIGURES, sound=True),
        (State.SUBMITTED, Step.QUERY): Move(State.QUERIED, _TIER_1, reason="Say what you want to know."),
        (State.QUERIED, Step.ANSWER): Move(
            State.SUBMITTED, _PRACTICE, Duty.DECLARE_FIGURES, sound=True, reason="Answer the question."
        ),
        (State.SUBMITTED, Step.APPROVE): Move(State.APPROVED, _TIER_1, Duty.APPROVE_PAYMENT, sound=True),
        (State.SUBMITTED, Step.REFUSE): Move(
            State.REFUSED, _TIER_1, Duty.APPROVE_PAYMENT, reason="Say why the claim is refused."
        ),
        (State.APPROVED, Step.PAY): Move(State.PAID, frozenset({Party.SERVICE})),
        (State.DRAFT, Step.WITHDRAW): _WITHDRAW,
        (State.SUBMITTED, Step.WITHDRAW): _WITHDRAW,
        (State.QUERIED, Step.WITHDRAW): _WITHDRAW,
    },
    not_now={
        Step.SUBMIT: "Only a draft can be submitted.",
        Step.QUERY: "Only a claim that is submitted can be queried.",
        Step.ANSWER: "Only a claim that is queried has a question to answer.",
        Step.APPROVE: "Only a claim that is submitted can be approved.",
        Step.REFUSE: "Only a claim that is submitted can be refused.",
        Step.PAY: "Only an approved claim can be paid.",
        Step.WITHDRAW: "Only a claim that is not yet decided can be withdrawn.",
    },
    ended={
        State.REFUSED: "This claim was refused.",
        State.PAID: "This claim is paid.",
        State.WITHDRAWN: "This claim was withdrawn.",
    },
    waits_for={
        State.DRAFT: _PRACTICE,
        State.SUBMITTED: _TIER_1,
        State.QUERIED: _PRACTICE,
        State.APPROVED: frozenset({Party.SERVICE}),
    },
)
