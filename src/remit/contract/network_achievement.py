"""What a network achieves together: known once every member's figures are; nothing uses this yet.

    awaiting network achievement -> calculated
                 `<---------------------' (a member's figures changed)

CQRS names the first state. Each member then declares as for its own figures.
"""

from __future__ import annotations

from enum import StrEnum

from remit.contract.machine import Machine, Move, Party


class State(StrEnum):
    """What has become of a network's figures."""

    AWAITING_ACHIEVEMENT = "awaiting network achievement"
    CALCULATED = "calculated"


class Step(StrEnum):
    """What Remit does with them."""

    CALCULATE = "calculate"
    WAIT_AGAIN = "wait again"


_SERVICE = frozenset({Party.SERVICE})

MACHINE: Machine[State, Step, Party] = Machine(
    name="What a network achieves",
    states=State,
    steps=Step,
    start=State.AWAITING_ACHIEVEMENT,
    moves={
        (State.AWAITING_ACHIEVEMENT, Step.CALCULATE): Move(State.CALCULATED, _SERVICE, sound=True),
        (State.CALCULATED, Step.WAIT_AGAIN): Move(State.AWAITING_ACHIEVEMENT, _SERVICE),
    },
    not_now={
        Step.CALCULATE: "What the network achieves is already calculated.",
        Step.WAIT_AGAIN: "Figures of a member are already awaited.",
    },
    ended={},
    waits_for={State.AWAITING_ACHIEVEMENT: frozenset({Party.PRACTICE})},
)
