"""A practice's part in a scheme's year: the offer, the answer, leaving.

(nothing) -> offered -> accepted -> left (the practice withdrew, or the commissioner ended it; with a reason)
               | |  `-> refused (with a reason) -> offered, again
               | |`---> taken back (by the commissioner, with a reason) -> offered, again
               | `----> lapsed (no answer by the day) -> offered, late (with a reason)
               `------> carried on, as an accepted one is, where the practice merged into another

A practice that closes or leaves the area has its part ended, or its open offer taken back, by the service. What a
merger carried on goes on, or is open again, where the merger is undone.
"""

from __future__ import annotations

from enum import StrEnum

from remit.contract.machine import Machine, Move, Party


class State(StrEnum):
    """What has become of an offer."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    LAPSED = "lapsed"
    TAKEN_BACK = "taken back"
    LEFT = "left"
    CARRIED_ON = "carried on"


class Step(StrEnum):
    """What somebody does with it."""

    OFFER = "offer"
    ACCEPT = "accept"
    REFUSE = "refuse"
    LAPSE = "lapse"
    TAKE_BACK = "take back"
    OFFER_AGAIN = "offer again"
    ALLOW_LATE = "allow late"
    WITHDRAW = "withdraw"
    END = "end"
    CARRY_ON = "carry on"
    GO_ON = "go on"
    OPEN_AGAIN = "open again"


_PRACTICE, _MANAGER = frozenset({Party.PRACTICE}), frozenset({Party.CONTRACT_MANAGER})
_SERVICE = frozenset({Party.SERVICE})
_ENDS = _MANAGER | _SERVICE

MACHINE: Machine[State, Step, Party] = Machine(
    name="An offer, and the practice's part in the scheme",
    states=State,
    steps=Step,
    start=None,
    moves={
        (None, Step.OFFER): Move(State.OFFERED, _MANAGER, sound=True),
        (State.OFFERED, Step.ACCEPT): Move(State.ACCEPTED, _PRACTICE, sound=True),
        (State.OFFERED, Step.REFUSE): Move(State.REFUSED, _PRACTICE, reason="Say why the practice refuses."),
        (State.OFFERED, Step.LAPSE): Move(State.LAPSED, _SERVICE),
        (State.OFFERED, Step.TAKE_BACK): Move(State.TAKEN_BACK, _ENDS, reason="Say why the offer is taken back."),
        (State.OFFERED, Step.CARRY_ON): Move(State.CARRIED_ON, _SERVICE),
        (State.REFUSED, Step.OFFER_AGAIN): Move(State.OFFERED, _MANAGER, sound=True),
        (State.TAKEN_BACK, Step.OFFER_AGAIN): Move(State.OFFERED, _MANAGER, sound=True),
        (State.LAPSED, Step.ALLOW_LATE): Move(
            State.OFFERED, _MANAGER, sound=True, reason="Say why the practice may answer late."
        ),
        (State.ACCEPTED, Step.WITHDRAW): Move(
            State.LEFT, _PRACTICE, sound=True, reason="Say why the practice withdraws."
        ),
        (State.ACCEPTED, Step.END): Move(
            State.LEFT, _ENDS, sound=True, reason="Say why the practice's part in the scheme ends."
        ),
        (State.ACCEPTED, Step.CARRY_ON): Move(State.CARRIED_ON, _SERVICE),
        (State.CARRIED_ON, Step.GO_ON): Move(State.ACCEPTED, _SERVICE),
        (State.CARRIED_ON, Step.OPEN_AGAIN): Move(State.OFFERED, _SERVICE),
    },
    not_now={
        Step.OFFER: "This scheme was already offered to the practice.",
        Step.ACCEPT: "Only an offer that is open can be accepted.",
        Step.REFUSE: "Only an offer that is open can be refused.",
        Step.LAPSE: "Only an offer that is open can lapse.",
        Step.TAKE_BACK: "Only an offer that is open can be taken back.",
        Step.OFFER_AGAIN: "Only an offer that was refused or taken back can be made again.",
        Step.ALLOW_LATE: "Only an offer that lapsed can be opened again.",
        Step.WITHDRAW: "Only a practice that accepted can withdraw.",
        Step.END: "Only a practice that accepted can be taken out of the scheme.",
        Step.CARRY_ON: "Only an offer that is open or accepted is carried on by another practice.",
        Step.GO_ON: "Only what a merger carried on goes on by itself again.",
        Step.OPEN_AGAIN: "Only what a merger carried on is open again.",
    },
    ended={
        State.LEFT: "The practice has left the scheme.",
        State.CARRIED_ON: "The practice merged into another, which carries on its part in the scheme.",
    },
    waits_for={State.OFFERED: _PRACTICE},
)
