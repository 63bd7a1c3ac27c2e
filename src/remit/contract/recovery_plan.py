"""A plan by which a practice pays back: proposed by finance, agreed by the practice.

    (nothing) -> proposed -> agreed -> ended (all is paid back)
                    |  |        `-> replaced (by a new plan, as that is agreed)
                    |  `-> refused (with a reason)
                    `-> replaced (by another proposal, with a reason)

A plan has at most six months from the day of notification; more only with exceptional circumstances recorded (QIF
2024/25, "Payment and reporting"). Where the contract allows it without the practice, a second person of finance agrees.
"""

from __future__ import annotations

from enum import StrEnum

from remit.contract.duties import Duty
from remit.contract.machine import Machine, Move, Party

MOST_MONTHS = 6
LONGEST = 120
"""Months of the longest plan there is, whatever the circumstances: as the file of recoveries has it."""


class State(StrEnum):
    """What has become of a plan."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    REFUSED = "refused"
    REPLACED = "replaced"
    ENDED = "ended"


class Step(StrEnum):
    """What somebody does with it."""

    PROPOSE = "propose"
    AGREE = "agree"
    REFUSE = "refuse"
    REPLACE = "replace"
    END = "end"


def fault_of(months: int, exceptional: str = "", most: int = MOST_MONTHS) -> str:
    """What is wrong with a plan of so many months, in a sentence; empty where nothing is."""
    if not 1 <= months <= LONGEST:
        return f"A recovery plan has 1 to {LONGEST} months, not {months}."
    if months > most and not exceptional.strip():
        return f"{months} months are more than {most}. Record the exceptional circumstances."
    return ""


_FINANCE, _SERVICE = frozenset({Party.FINANCE}), frozenset({Party.SERVICE})


def _machine(agreed_by: frozenset[Party]) -> Machine[State, Step, Party]:
    return Machine(
        name="A recovery plan",
        states=State,
        steps=Step,
        start=None,
        moves={
            (None, Step.PROPOSE): Move(State.PROPOSED, _FINANCE, Duty.PROPOSE_RECOVERY, sound=True),
            (State.PROPOSED, Step.AGREE): Move(State.AGREED, agreed_by, Duty.AGREE_RECOVERY),
            (State.PROPOSED, Step.REFUSE): Move(
                State.REFUSED, frozenset({Party.PRACTICE}), Duty.AGREE_RECOVERY, reason="Say why the practice refuses."
            ),
            (State.PROPOSED, Step.REPLACE): Move(State.REPLACED, _FINANCE, reason="Say why another plan is proposed."),
            (State.AGREED, Step.REPLACE): Move(State.REPLACED, _SERVICE),
            (State.AGREED, Step.END): Move(State.ENDED, _SERVICE),
        },
        not_now={
            Step.PROPOSE: "This plan was already proposed.",
            Step.AGREE: "Only a plan that is proposed can be agreed.",
            Step.REFUSE: "Only a plan that is proposed can be refused.",
            Step.REPLACE: "Only a plan that is proposed or agreed can be replaced.",
            Step.END: "Only a plan that is agreed can end.",
        },
        ended={
            State.REFUSED: "The practice refused this plan. Propose another.",
            State.REPLACED: "Another plan has taken the place of this one.",
            State.ENDED: "This plan has ended.",
        },
        waits_for={State.PROPOSED: agreed_by},
    )


MACHINE = _machine(frozenset({Party.PRACTICE}))
WITHOUT_PRACTICE = _machine(frozenset({Party.PRACTICE, Party.FINANCE}))
"""Where the contract allows recovery without the practice's agreement: a second person of finance may agree to it."""
