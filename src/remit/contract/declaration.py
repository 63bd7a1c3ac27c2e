"""A practice's declaration of specific figures, and what is asked for until it is approved.

    (nothing) -> declared -> reviewed -> awaiting tier 2 -> awaiting finance -> approved
                     `----------`--------------`-----------------`-> sent back (with a reason)
                     `----------`--------------`-----------------`-> taken back (by the practice)
                     `----------`--------------`-----------------`-----------`-> withdrawn (the figures changed)

Which of the states a declaration passes is decided by the limits of its year: evidence is reviewed where there is some,
tier 2 checks what was approved in bulk or is above its limit, finance approves above its own. Each step asks anew, with
what is then approved or waits of the practice. Figures that are declared again are a new declaration.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from enum import StrEnum

from remit.contract.duties import Duty
from remit.contract.limits import Needed
from remit.contract.machine import Machine, Move, Party


class State(StrEnum):
    """What has become of a declaration."""

    DECLARED = "declared"
    REVIEWED = "reviewed"
    AWAITING_TIER_2 = "awaiting tier 2"
    AWAITING_FINANCE = "awaiting finance"
    APPROVED = "approved"
    SENT_BACK = "sent back"
    TAKEN_BACK = "taken back"
    WITHDRAWN = "withdrawn"


class Step(StrEnum):
    """What somebody does with it."""

    DECLARE = "declare"
    REVIEW_EVIDENCE = "review evidence"
    APPROVE = "approve"
    CHECK = "check"
    APPROVE_AMOUNT = "approve amount"
    SEND_BACK = "send back"
    TAKE_BACK = "take back"
    WITHDRAW = "withdraw"


WAITING = (State.DECLARED, State.REVIEWED, State.AWAITING_TIER_2, State.AWAITING_FINANCE)
"""States of a declaration that is neither approved nor ended."""
COUNTED = (*WAITING, State.APPROVED)
"""States in which the amount is held against the limits together with the practice's others of the year."""

_ON_THE_WAY = (Step.DECLARE, Step.REVIEW_EVIDENCE, Step.APPROVE, Step.CHECK, Step.APPROVE_AMOUNT)
EVERYTHING = Needed(declaration=True, review=True, tier_1=True, tier_2=True, finance=True)
"""What the most careful declaration needs: every state is passed."""

_MANAGER, _TIER_1, _TIER_2 = (frozenset({one}) for one in (Party.CONTRACT_MANAGER, Party.TIER_1, Party.TIER_2))
_PRACTICE, _FINANCE, _SERVICE = (frozenset({one}) for one in (Party.PRACTICE, Party.FINANCE, Party.SERVICE))


def next_state(needed: Needed, given: Set[Step]) -> State:
    """Where a declaration stands that needs something, after the steps that were taken on it, in whatever order."""
    if needed.tier_1 and Step.APPROVE not in given:
        return State.REVIEWED if Step.REVIEW_EVIDENCE in given else State.DECLARED
    if needed.review and Step.REVIEW_EVIDENCE not in given:
        return State.DECLARED
    if needed.tier_2 and Step.CHECK not in given:
        return State.AWAITING_TIER_2
    if needed.finance and Step.APPROVE_AMOUNT not in given:
        return State.AWAITING_FINANCE
    return State.APPROVED


def machine(needed: Needed, given: Set[Step]) -> Machine[State, Step, Party]:
    """The machine of one declaration: what it needs now, and the steps that were taken on it so far (by whomever)."""
    return _machine(needed, dict.fromkeys(_ON_THE_WAY, given))


def _machine(needed: Needed, given: Mapping[Step, Set[Step]]) -> Machine[State, Step, Party]:
    def leads(step: Step) -> State:
        return next_state(needed, given[step] | {step})

    moves: dict[tuple[State | None, Step], Move[State, Party]] = {
        (None, Step.DECLARE): Move(
            leads(Step.DECLARE), _PRACTICE if needed.declaration else _SERVICE, Duty.DECLARE_FIGURES, sound=True
        ),
        (State.DECLARED, Step.REVIEW_EVIDENCE): Move(
            leads(Step.REVIEW_EVIDENCE), _MANAGER, Duty.REVIEW_EVIDENCE, reason="Say what you looked at."
        ),
        (State.REVIEWED, Step.APPROVE): Move(leads(Step.APPROVE), _TIER_1, Duty.APPROVE_PAYMENT, sound=True),
        (State.AWAITING_TIER_2, Step.CHECK): Move(leads(Step.CHECK), _TIER_2, Duty.CHECK_PAYMENT, sound=True),
        (State.AWAITING_FINANCE, Step.APPROVE_AMOUNT): Move(
            leads(Step.APPROVE_AMOUNT), _FINANCE, Duty.APPROVE_AMOUNT, sound=True
        ),
        (State.APPROVED, Step.WITHDRAW): Move(State.WITHDRAWN, _SERVICE, reason="Say what changed."),
    }
    if not needed.review:
        moves[State.DECLARED, Step.APPROVE] = moves[State.REVIEWED, Step.APPROVE]
    for state in WAITING:
        looks = _MANAGER if state in (State.DECLARED, State.REVIEWED) else frozenset[Party]()
        moves[state, Step.SEND_BACK] = Move(
            State.SENT_BACK, looks | _TIER_1 | _TIER_2 | _FINANCE, reason="Say what has to change."
        )
        moves[state, Step.TAKE_BACK] = Move(State.TAKEN_BACK, _PRACTICE)
        moves[state, Step.WITHDRAW] = moves[State.APPROVED, Step.WITHDRAW]
    return Machine(
        name="A declaration",
        states=State,
        steps=Step,
        start=None,
        moves=moves,
        not_now=_NOT_NOW | ({Step.APPROVE: _REVIEW_FIRST} if needed.review else {}),
        ended=_ENDED,
        waits_for={
            State.DECLARED: _MANAGER if needed.review else _TIER_1,
            State.REVIEWED: _TIER_1,
            State.AWAITING_TIER_2: _TIER_2,
            State.AWAITING_FINANCE: _FINANCE,
        },
    )


_REVIEW_FIRST = "A declaration is approved once, after its evidence is reviewed."
_NOT_NOW = {
    Step.DECLARE: "These figures are already declared.",
    Step.REVIEW_EVIDENCE: "Evidence is reviewed once, before a declaration is approved.",
    Step.APPROVE: "A declaration is approved by tier 1 once, after it is declared.",
    Step.CHECK: "Only a declaration that waits for tier 2 can be checked.",
    Step.APPROVE_AMOUNT: "Only a declaration that waits for finance can have its amount approved.",
    Step.SEND_BACK: "Only a declaration that waits for approval can be sent back.",
    Step.TAKE_BACK: "Only a declaration that waits for approval can be taken back.",
    Step.WITHDRAW: "Only a declaration that waits or is approved can be withdrawn.",
}
_ENDED = {
    State.SENT_BACK: "This declaration was sent back. Declare the figures again when they are put right.",
    State.TAKEN_BACK: "This declaration was taken back. Declare the figures again.",
    State.WITHDRAWN: "This declaration was withdrawn, and no longer stands. Declare the figures again.",
}
MACHINE = _machine(EVERYTHING, {step: set(_ON_THE_WAY[:n]) for n, step in enumerate(_ON_THE_WAY)})
"""Of a declaration that needs everything and passes every state."""
