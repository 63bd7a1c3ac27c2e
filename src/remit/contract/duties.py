"""What one person does not do twice in the year of a scheme: the one place that says so.

A duty is done to one thing: the figures of a practice, a payment run with all that it pays, an adjustment, a recovery
plan. Beside each pair stands its reason, which is what a person reads who is refused. The pairs follow governance and
how CQRS Local splits its roles: who receives, declares or approves what is paid does not release it.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum


class Duty(StrEnum):
    """What somebody does to one thing of a scheme's year, in the order in which it is done."""

    RECEIVE_FIGURES = "receive figures"
    DECLARE_FIGURES = "declare a practice's figures"
    REVIEW_EVIDENCE = "review a practice's evidence"
    APPROVE_PAYMENT = "approve a payment"
    CHECK_PAYMENT = "check an approved payment"
    APPROVE_AMOUNT = "approve the amount of a payment"
    PREPARE_PAYMENT = "prepare a payment run"
    RELEASE_PAYMENT = "release a payment"
    PROPOSE_ADJUSTMENT = "propose an adjustment"
    APPROVE_ADJUSTMENT = "approve an adjustment"
    PROPOSE_RECOVERY = "propose a recovery plan"
    AGREE_RECOVERY = "agree to a recovery plan"
    CLOSE_BOOKS = "close the books"


_D = Duty
_APART: tuple[tuple[Duty, tuple[Duty, ...], str], ...] = (
    (
        _D.RECEIVE_FIGURES, (_D.APPROVE_PAYMENT, _D.CHECK_PAYMENT, _D.APPROVE_AMOUNT, _D.RELEASE_PAYMENT),
        "One person does not both receive the figures and decide on the payment.",
    ),
    (
        _D.DECLARE_FIGURES,
        (
            _D.RECEIVE_FIGURES, _D.REVIEW_EVIDENCE, _D.APPROVE_PAYMENT, _D.CHECK_PAYMENT, _D.APPROVE_AMOUNT,
            _D.RELEASE_PAYMENT,
        ),
        "One person does not declare a practice's figures and also act on them for the commissioner.",
    ),
    (_D.APPROVE_PAYMENT, (_D.CHECK_PAYMENT,), "One person does not both approve a payment and check the approval."),
    (
        _D.APPROVE_PAYMENT, (_D.APPROVE_AMOUNT,),
        "One person does not both approve a payment and approve its amount for finance.",
    ),
    (_D.APPROVE_PAYMENT, (_D.RELEASE_PAYMENT,), "One person does not both approve a payment and release it."),
    (
        _D.CHECK_PAYMENT, (_D.APPROVE_AMOUNT,),
        "One person does not both check a payment and approve its amount for finance.",
    ),
    (_D.CHECK_PAYMENT, (_D.RELEASE_PAYMENT,), "One person does not both check a payment and release it."),
    (
        _D.APPROVE_AMOUNT, (_D.RELEASE_PAYMENT,),
        "One person does not both approve the amount of a payment and release it.",
    ),
    (
        _D.APPROVE_ADJUSTMENT, (_D.RELEASE_PAYMENT,),
        "One person does not both approve an adjustment and release what it comes to.",
    ),
    (_D.PREPARE_PAYMENT, (_D.RELEASE_PAYMENT,), "You prepared this payment run: somebody else releases it."),
    (_D.PROPOSE_ADJUSTMENT, (_D.APPROVE_ADJUSTMENT,), "You proposed this adjustment: somebody else decides on it."),
    (_D.PROPOSE_RECOVERY, (_D.AGREE_RECOVERY,), "You proposed this recovery plan: somebody else agrees to it."),
)  # fmt: skip

_REASONS: dict[frozenset[StrEnum], str] = {
    frozenset((one, other)): why for one, others, why in _APART for other in others
}


def why_apart(one: StrEnum, other: StrEnum) -> str:
    """Why one person does not do two duties on the same thing; empty where they may."""
    return _REASONS.get(frozenset((one, other)), "")


def pairs() -> Iterator[tuple[Duty, Duty, str]]:
    """Each pair of duties that one person does not do on the same thing, with its reason."""
    for one, others, why in _APART:
        for other in others:
            yield one, other, why
