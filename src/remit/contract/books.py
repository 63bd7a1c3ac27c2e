"""The books of a month, and of a year: open, then closed for good.

    open -> closed

Closed books are never opened again: a correction is an entry of the next open month.
"""

from __future__ import annotations

from enum import StrEnum

from remit.contract.duties import Duty
from remit.contract.machine import Machine, Move, Party


class State(StrEnum):
    """What has become of the books."""

    OPEN = "open"
    CLOSED = "closed"


class Step(StrEnum):
    """What somebody does with them."""

    CLOSE = "close"


_FINANCE = frozenset({Party.FINANCE})

MACHINE: Machine[State, Step, Party] = Machine(
    name="The books of a month or a year",
    states=State,
    steps=Step,
    start=State.OPEN,
    moves={(State.OPEN, Step.CLOSE): Move(State.CLOSED, _FINANCE, Duty.CLOSE_BOOKS, sound=True)},
    not_now={Step.CLOSE: "Only open books can be closed."},
    ended={State.CLOSED: "These books are closed and are not opened again. Enter a correction in the next open month."},
    waits_for={State.OPEN: _FINANCE},
)
