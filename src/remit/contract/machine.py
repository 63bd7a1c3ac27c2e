"""States, and the steps that lead from one to another: who may take each, and what is refused, in plain sentences.

A thing of a scheme's year (an offer, a declaration, a payment run) is in one state at a time. `Machine` has its moves
as a table; `after` says where a step leads, or why it cannot be taken. Nothing is stored here, and no clock is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

from remit.contract.duties import why_apart
from remit.core import say


class Party(StrEnum):
    """Who moves something in the year of a scheme."""

    PRACTICE = "the practice"
    NETWORK = "the network"
    CONTRACT_MANAGER = "the contract manager"
    TIER_1 = "the tier 1 approver"
    TIER_2 = "the tier 2 approver"
    FINANCE = "the finance officer"
    DATA_QUALITY = "the data quality specialist"
    PANEL = "the appeals panel"
    """With a member of the local medical committee."""
    SERVICE = "Remit itself"
    """At changed figures, a day that has passed, a merger."""


StateT = TypeVar("StateT", bound=StrEnum)
StepT = TypeVar("StepT", bound=StrEnum)
WhoT = TypeVar("WhoT", bound=StrEnum)


@dataclass(frozen=True)
class Move(Generic[StateT, WhoT]):
    """Where a step leads, and for whom.

    `duty` is what it is to the duties that one person does not do together on one thing. `sound`: only where nothing
    is wrong with the thing, or with the day. `reason`: what must be said with it, as the sentence that is read by
    whoever left it out; empty where nothing need be said.
    """

    to: StateT
    by: frozenset[WhoT]
    duty: StrEnum | None = None
    sound: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Machine(Generic[StateT, StepT, WhoT]):
    """A thing's states and every step that there is; all others are refused.

    `start` is the state before the first step: None where the first step makes the thing. `not_now` says for each step
    when it can be taken, `ended` for each last state why nothing follows. `waits_for` names who is to act next.
    `why_apart` says why one person does not do two duties on the same thing, empty where they may; `not_yours` is the
    sentence for whoever is not one of those who may, where the parties' own names are not enough.
    """

    name: str
    states: type[StateT]
    steps: type[StepT]
    start: StateT | None
    moves: Mapping[tuple[StateT | None, StepT], Move[StateT, WhoT]]
    not_now: Mapping[StepT, str]
    ended: Mapping[StateT, str]
    waits_for: Mapping[StateT, frozenset[WhoT]] = field(default_factory=dict)
    not_yours: str = ""
    why_apart: Callable[[StrEnum, StrEnum], str] = why_apart

    def duties_of(self, steps: Iterable[StepT]) -> frozenset[StrEnum]:
        """What steps are to the duties that are kept apart: what a person did on a thing, from the steps they took."""
        wanted = frozenset(steps)
        return frozenset(
            move.duty for (_, step), move in self.moves.items() if step in wanted and move.duty is not None
        )


@dataclass(frozen=True)
class NotPossible:
    """Why a step cannot be taken, in a sentence; `now` where the state alone forbids it."""

    why: str
    now: bool = False


def after(
    machine: Machine[StateT, StepT, WhoT],
    state: StateT | None,
    step: StepT,
    parties: Set[WhoT],
    done: Set[StrEnum] = frozenset(),
    reason: str = "",
    fault: str = "",
) -> StateT | NotPossible:
    """The state that a step leads to for somebody who acts as `parties`, or why it does not.

    `done` has the duties that the same person did on the same thing, and on what it pays. `fault` is what is wrong
    with the thing or the day, in a sentence.
    """
    move = machine.moves.get((state, step))
    if move is None:
        ended = machine.ended.get(state, "") if state is not None else ""
        return NotPossible(ended or machine.not_now[step], now=True)
    if why := _not_for(machine, move, parties, done):
        return NotPossible(why)
    if move.sound and fault:
        return NotPossible(fault)
    if move.reason and not reason.strip():
        return NotPossible(move.reason)
    return move.to


def possible(
    machine: Machine[StateT, StepT, WhoT], state: StateT | None, parties: Set[WhoT], done: Set[StrEnum] = frozenset()
) -> tuple[StepT, ...]:
    """The steps that somebody can take from a state, whatever the thing has wrong and whatever is said."""
    return tuple(
        step
        for step in machine.steps
        if (move := machine.moves.get((state, step))) is not None and not _not_for(machine, move, parties, done)
    )


def _not_for(
    machine: Machine[StateT, StepT, WhoT], move: Move[StateT, WhoT], parties: Set[WhoT], done: Set[StrEnum]
) -> str:
    """Why a move is not for somebody, who acts as `parties` and did `done`; empty where it is."""
    if not move.by & parties:
        return machine.not_yours or f"Only {say.listed(sorted(move.by), 'or')} can do this."
    if move.duty is None:
        return ""
    return next((why for other in sorted(done) if (why := machine.why_apart(move.duty, other))), "")
