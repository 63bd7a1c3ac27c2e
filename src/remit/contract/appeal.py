"""A practice's appeal against a decision: internal first, then a panel with a member of the local medical committee.

    (nothing) -> internal -> upheld
                  |  |  `-> not upheld -> panel -> upheld by the panel
                  |  |                      |  `-> dismissed
                  |  |                      |
                  `--`----------------------`-> withdrawn (by the practice)

Nothing uses this yet. The outcome always has a reason.
"""

from __future__ import annotations

from enum import StrEnum

from remit.contract.machine import Machine, Move, Party


class State(StrEnum):
    """What has become of an appeal."""

    INTERNAL = "internal"
    UPHELD = "upheld"
    NOT_UPHELD = "not upheld"
    PANEL = "panel"
    UPHELD_BY_PANEL = "upheld by the panel"
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"


class Step(StrEnum):
    """What somebody does with it."""

    APPEAL = "appeal"
    UPHOLD = "uphold"
    DECLINE = "decline"
    GO_TO_PANEL = "go to panel"
    WITHDRAW = "withdraw"


_PRACTICE, _MANAGER, _PANEL = (frozenset({one}) for one in (Party.PRACTICE, Party.CONTRACT_MANAGER, Party.PANEL))
_WITHDRAW: Move[State, Party] = Move(State.WITHDRAWN, _PRACTICE)
_WHY = "Say why the appeal is decided so."

MACHINE: Machine[State, Step, Party] = Machine(
    name="An appeal",
    states=State,
    steps=Step,
    start=None,
    moves={
        (None, Step.APPEAL): Move(
            State.INTERNAL, _PRACTICE, sound=True, reason="Say what you appeal against, and why."
        ),
        (State.INTERNAL, Step.UPHOLD): Move(State.UPHELD, _MANAGER, reason=_WHY),
        (State.INTERNAL, Step.DECLINE): Move(State.NOT_UPHELD, _MANAGER, reason=_WHY),
        (State.INTERNAL, Step.WITHDRAW): _WITHDRAW,
        (State.NOT_UPHELD, Step.GO_TO_PANEL): Move(
            State.PANEL, _PRACTICE, sound=True, reason="Say why the appeal goes to the panel."
        ),
        (State.PANEL, Step.UPHOLD): Move(State.UPHELD_BY_PANEL, _PANEL, reason=_WHY),
        (State.PANEL, Step.DECLINE): Move(State.DISMISSED, _PANEL, reason=_WHY),
        (State.PANEL, Step.WITHDRAW): _WITHDRAW,
    },
    not_now={
        Step.APPEAL: "The appeal was already made.",
        Step.UPHOLD: "Only an appeal that is open can be upheld.",
        Step.DECLINE: "Only an appeal that is open can be declined.",
        Step.GO_TO_PANEL: "Only an appeal that was not upheld can go to the panel.",
        Step.WITHDRAW: "Only an appeal that is open can be withdrawn.",
    },
    ended={
        State.UPHELD: "This appeal was upheld.",
        State.UPHELD_BY_PANEL: "The panel upheld this appeal.",
        State.DISMISSED: "The panel dismissed this appeal.",
        State.WITHDRAWN: "This appeal was withdrawn.",
    },
    waits_for={State.INTERNAL: _MANAGER, State.PANEL: _PANEL},
)
