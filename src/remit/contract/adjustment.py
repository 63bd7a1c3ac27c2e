"""An adjustment of what a practice is paid: always with a reason, proposed by one person and approved by another.

(nothing) -> proposed (with a reason) -> approved
                |  `-> refused (with a reason)
                `-> taken back
"""

from __future__ import annotations

from enum import StrEnum

from remit.contract.duties import Duty
from remit.contract.machine import Machine, Move, Party


class State(StrEnum):
    """What has become of an adjustment."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    TAKEN_BACK = "taken back"


class Step(StrEnum):
    """What somebody does with it."""

    PROPOSE = "propose"
    APPROVE = "approve"
    REFUSE = "refuse"
    TAKE_BACK = "take back"


_FINANCE = frozenset({Party.FINANCE})

MACHINE: Machine[State, Step, Party] = Machine(
    name="An adjustment",
    states=State,
    steps=Step,
    start=None,
    moves={
        (None, Step.PROPOSE): Move(
            State.PROPOSED, _FINANCE, Duty.PROPOSE_ADJUSTMENT, sound=True, reason="Say why the amount is adjusted."
        ),
        (State.PROPOSED, Step.APPROVE): Move(State.APPROVED, _FINANCE, Duty.APPROVE_ADJUSTMENT, sound=True),
        (State.PROPOSED, Step.REFUSE): Move(
            State.REFUSED, _FINANCE, Duty.APPROVE_ADJUSTMENT, reason="Say why the adjustment is refused."
        ),
        (State.PROPOSED, Step.TAKE_BACK): Move(State.TAKEN_BACK, _FINANCE),
    },
    not_now={
        Step.PROPOSE: "This adjustment was already proposed.",
        Step.APPROVE: "Only an adjustment that is proposed can be approved.",
        Step.REFUSE: "Only an adjustment that is proposed can be refused.",
        Step.TAKE_BACK: "Only an adjustment that is proposed can be taken back.",
    },
    ended={
        State.APPROVED: "This adjustment is approved. Correct it with another adjustment.",
        State.REFUSED: "This adjustment was refused. Propose another.",
        State.TAKEN_BACK: "This adjustment was taken back. Propose another.",
    },
    waits_for={State.PROPOSED: _FINANCE},
)
