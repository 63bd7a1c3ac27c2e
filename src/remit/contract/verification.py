"""Post-payment verification: a random sample of claimed patients is checked against the practice's own system.

    (nothing) -> announced -> sampled -> checked -> no action
                    `-> cancelled                |-> feedback
                        (with a reason)          |-> recovery
                                                 `-> referral

Nothing uses this yet. The four outcomes follow the verification of eye-care claims by the NHS Business Services
Authority, by analogy; a referral is for fraud. Claims too many and too few are both reported.
"""

from __future__ import annotations

from enum import StrEnum

from remit.contract.machine import Machine, Move, Party


class State(StrEnum):
    """What has become of a verification."""

    ANNOUNCED = "announced"
    SAMPLED = "sampled"
    CHECKED = "checked"
    CANCELLED = "cancelled"
    NO_ACTION = "no action"
    FEEDBACK = "feedback"
    RECOVERY = "recovery"
    REFERRAL = "referral"


class Step(StrEnum):
    """What somebody does with it."""

    ANNOUNCE = "announce"
    SAMPLE = "sample"
    CHECK_RECORDS = "check records"
    CANCEL = "cancel"
    CLOSE_WITHOUT_ACTION = "close without action"
    GIVE_FEEDBACK = "give feedback"
    RECOVER = "recover"
    REFER = "refer"


_MANAGER = frozenset({Party.CONTRACT_MANAGER})
_OUTCOMES = {
    Step.CLOSE_WITHOUT_ACTION: State.NO_ACTION,
    Step.GIVE_FEEDBACK: State.FEEDBACK,
    Step.RECOVER: State.RECOVERY,
    Step.REFER: State.REFERRAL,
}
_CHECKED_FIRST = "An outcome is decided once, after the records are checked."
_CLOSED = "This verification has its outcome."

MACHINE: Machine[State, Step, Party] = Machine(
    name="A post-payment verification",
    states=State,
    steps=Step,
    start=None,
    moves={
        (None, Step.ANNOUNCE): Move(State.ANNOUNCED, _MANAGER),
        (State.ANNOUNCED, Step.SAMPLE): Move(State.SAMPLED, frozenset({Party.SERVICE}), sound=True),
        (State.ANNOUNCED, Step.CANCEL): Move(
            State.CANCELLED, _MANAGER, reason="Say why the verification is cancelled."
        ),
        (State.SAMPLED, Step.CHECK_RECORDS): Move(
            State.CHECKED, _MANAGER, sound=True, reason="Say what you looked at."
        ),
        **{
            (State.CHECKED, step): Move(to, _MANAGER, reason="Say why this is the outcome.")
            for step, to in _OUTCOMES.items()
        },
    },
    not_now={
        Step.ANNOUNCE: "The verification was already announced.",
        Step.SAMPLE: "A sample is drawn once, after the verification is announced.",
        Step.CHECK_RECORDS: "Records are checked once, after the sample is drawn.",
        Step.CANCEL: "Only a verification without a sample can be cancelled.",
        **dict.fromkeys(_OUTCOMES, _CHECKED_FIRST),
    },
    ended={**dict.fromkeys(_OUTCOMES.values(), _CLOSED), State.CANCELLED: "This verification was cancelled."},
    waits_for={
        State.ANNOUNCED: frozenset({Party.SERVICE}),
        State.SAMPLED: _MANAGER,
        State.CHECKED: _MANAGER,
    },
)
