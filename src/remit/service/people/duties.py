"""Which duties one person may not have together: the one place that says so. Pure: no row and no request is read here.

Two tables: roles that nobody holds together for one commissioner's area, and acts that nobody does on the same thing (a
scheme, the figures of a month, an invitation). Beside each pair stands its reason, which is what a person reads who is
refused. Both follow governance.md, section 3, and how CQRS Local splits its roles.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from enum import StrEnum

from remit.contract.duties import Duty, pairs
from remit.core.problems import refuse
from remit.service.people.roles import ROLES

APPROVERS = ("approver_tier_1", "approver_tier_2")
OF_THE_PAID = ("practice_viewer", "practice_lead", "network_manager", "clinical_lead")
DECIDERS = ("scheme_author", "contract_manager", *APPROVERS, "finance_officer", "data_quality", "administrator")

_ROLES_APART: tuple[tuple[tuple[str, ...], tuple[str, ...], str], ...] = (
    (("scheme_author",), APPROVERS, "Who writes a scheme does not approve it."),
    (("approver_tier_1",), ("approver_tier_2",), "What tier 1 approves is checked by another person in tier 2."),
    (APPROVERS, ("finance_officer",), "Who approves a payment does not release it."),
    (("data_quality",), APPROVERS, "Who receives the figures does not approve what is paid on them."),
    (("data_quality",), ("finance_officer",), "Who receives the figures does not release what is paid on them."),
    (("administrator",), APPROVERS, "Who gives roles does not approve: one person could appoint both sides."),
    (("administrator",), ("finance_officer",), "Who gives roles does not release payments."),
    (("auditor",), DECIDERS, "An auditor does not decide what is audited."),
    (("auditor",), ("practice_lead", "clinical_lead"), "An auditor sees counts, never patients."),
    (OF_THE_PAID, APPROVERS, "Who works for a practice or network that is paid does not approve what it is paid."),
    (OF_THE_PAID, ("finance_officer",), "Who works for a practice or network that is paid does not release its money."),
    (("practice_lead",), ("data_quality",), "Who answers for a practice's figures does not receive them."),
)


class Act(StrEnum):
    """What somebody does to one thing. Those of a scheme's year are the duties of `contract`, word for word."""

    WRITE_SCHEME = "write a scheme"
    APPROVE_SCHEME = "approve a scheme"
    PUBLISH_SCHEME = "publish a scheme"
    RECEIVE_FIGURES = Duty.RECEIVE_FIGURES.value
    DECLARE_FIGURES = Duty.DECLARE_FIGURES.value
    REVIEW_EVIDENCE = Duty.REVIEW_EVIDENCE.value
    APPROVE_PAYMENT = Duty.APPROVE_PAYMENT.value
    CHECK_PAYMENT = Duty.CHECK_PAYMENT.value
    APPROVE_AMOUNT = Duty.APPROVE_AMOUNT.value
    PREPARE_PAYMENT = Duty.PREPARE_PAYMENT.value
    RELEASE_PAYMENT = Duty.RELEASE_PAYMENT.value
    PROPOSE_ADJUSTMENT = Duty.PROPOSE_ADJUSTMENT.value
    APPROVE_ADJUSTMENT = Duty.APPROVE_ADJUSTMENT.value
    PROPOSE_RECOVERY = Duty.PROPOSE_RECOVERY.value
    AGREE_RECOVERY = Duty.AGREE_RECOVERY.value
    CLOSE_BOOKS = Duty.CLOSE_BOOKS.value
    INVITE = "invite somebody"
    ACCEPT_INVITATION = "accept an invitation"
    GIVE_ROLE = "give or end a role"
    RECEIVE_ROLE = "receive or lose a role"
    RESET_SECOND_FACTOR = "reset a second factor"
    LOSE_SECOND_FACTOR = "have a second factor reset"


_A = Act
_ACTS_APART: tuple[tuple[Act, tuple[Act, ...], str], ...] = (
    (_A.WRITE_SCHEME, (_A.APPROVE_SCHEME,), "You wrote this scheme: somebody else approves it."),
    *((Act(one), (Act(other),), why) for one, other, why in pairs()),
    (_A.INVITE, (_A.ACCEPT_INVITATION,), "You sent this invitation: only the person invited can accept it."),
    (_A.GIVE_ROLE, (_A.RECEIVE_ROLE,), "Nobody gives, extends or ends a role of their own. Ask another administrator."),
    (
        _A.RESET_SECOND_FACTOR, (_A.LOSE_SECOND_FACTOR,),
        "Nobody resets their own second factor. Ask another administrator.",
    ),
)  # fmt: skip


def _pairs(table: Iterable[tuple[Collection[str], Collection[str], str]]) -> dict[frozenset[str], str]:
    return {frozenset((one, other)): reason for some, others, reason in table for one in some for other in others}


_ROLE_REASONS = _pairs(_ROLES_APART)
_ACT_REASONS = _pairs(((first,), others, reason) for first, others, reason in _ACTS_APART)


def why_apart(one: str, other: str) -> str:
    """Why one person may not hold two roles (by their ids) in one area; empty where they may."""
    return _ROLE_REASONS.get(frozenset((one, other)), "")


def role_pairs() -> Iterator[tuple[str, str, str]]:
    """Each pair of roles that are held apart, in the order of the roles, with its reason."""
    ids = list(ROLES)
    for n, one in enumerate(ids):
        for other in ids[n + 1 :]:
            if reason := why_apart(one, other):
                yield one, other, reason


def act_pairs() -> Iterator[tuple[Act, Act, str]]:
    """Each pair of acts that one person does not do on the same thing, with its reason."""
    for first, others, reason in _ACTS_APART:
        for other in others:
            yield first, other, reason


def check_roles(role: str, others: Iterable[str]) -> None:
    """Raises Refused, with each reason, where a role may not be held together with one of the others."""
    reasons = dict.fromkeys(
        f"{ROLES[role].title} and {ROLES[other].title.lower()} cannot be one person. {reason}"
        for other in others
        if (reason := why_apart(role, other))
    )
    if reasons:
        raise refuse("service.duties-apart", " ".join(reasons), None, "")


def why_acts_apart(one: StrEnum, other: StrEnum) -> str:
    """Why one person does not do both acts on the same thing; empty where they may."""
    return _ACT_REASONS.get(frozenset((one, other)), "")


def may_both(one: Act, other: Act) -> bool:
    """Whether one person may do both acts on the same thing."""
    return not why_acts_apart(one, other)


def check(act: Act, person: int | None, done: Mapping[Act, Collection[int | None]]) -> None:
    """Raises Refused with the reason where this person already did, on the same thing, what excludes the act.

    `done` says who (ids of people) did what on it so far. Somebody unknown is never taken for another.
    """
    if person is None:
        return
    for other, people in done.items():
        if person in people and not may_both(act, other):
            raise refuse("service.duties-apart", why_acts_apart(act, other), None, "")
