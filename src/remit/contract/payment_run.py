"""A payment run of a commissioner: prepared in the background, released by a second person.

    (nothing) -> preparing -> prepared -> released
                   |   |         `-> cancelled (with a reason), as one that is preparing or failed can be
                   |   `-> failed -> preparing, again

Whoever prepared a run does not release it, nor does anybody who received, declared or approved what it pays.
"""

from __future__ import annotations

from enum import StrEnum

from remit.contract.duties import Duty
from remit.contract.machine import Machine, Move, Party


class State(StrEnum):
    """What has become of a run."""

    PREPARING = "preparing"
    PREPARED = "prepared"
    RELEASED = "released"
    CANCELLED = "cancelled"
    FAILED = "failed"


class Step(StrEnum):
    """What is done with it."""

    PREPARE = "prepare"
    FINISH = "finish"
    FAIL = "fail"
    RETRY = "retry"
    RELEASE = "release"
    CANCEL = "cancel"


OPEN = (State.PREPARING, State.PREPARED, State.FAILED)
"""States of a run that is neither released nor cancelled; of one commissioner there is one at a time."""

_FINANCE, _SERVICE = frozenset({Party.FINANCE}), frozenset({Party.SERVICE})
_CANCEL: Move[State, Party] = Move(State.CANCELLED, _FINANCE, reason="Say why the run is cancelled.")

MACHINE: Machine[State, Step, Party] = Machine(
    name="A payment run",
    states=State,
    steps=Step,
    start=None,
    moves={
        (None, Step.PREPARE): Move(State.PREPARING, _FINANCE, Duty.PREPARE_PAYMENT, sound=True),
        (State.PREPARING, Step.FINISH): Move(State.PREPARED, _SERVICE),
        (State.PREPARING, Step.FAIL): Move(State.FAILED, _SERVICE),
        (State.FAILED, Step.RETRY): Move(State.PREPARING, _FINANCE, Duty.PREPARE_PAYMENT, sound=True),
        (State.PREPARED, Step.RELEASE): Move(State.RELEASED, _FINANCE, Duty.RELEASE_PAYMENT, sound=True),
        (State.PREPARING, Step.CANCEL): _CANCEL,
        (State.PREPARED, Step.CANCEL): _CANCEL,
        (State.FAILED, Step.CANCEL): _CANCEL,
    },
    not_now={
        Step.PREPARE: "This run was already begun.",
        Step.FINISH: "Only a run that is being prepared can be finished.",
        Step.FAIL: "Only a run that is being prepared can fail.",
        Step.RETRY: "Only a run that failed can be tried again.",
        Step.RELEASE: "Only a run that is prepared can be released.",
        Step.CANCEL: "Only a run that is not yet released can be cancelled.",
    },
    ended={
        State.RELEASED: "This run is released: what it paid is corrected in the next run.",
        State.CANCELLED: "This run was cancelled. Prepare a new one.",
    },
    waits_for={State.PREPARING: _SERVICE, State.PREPARED: _FINANCE, State.FAILED: _FINANCE},
)
