"""The roles of the service, what each may do, and where it may be given. Pure: no row and no request is read here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Action(StrEnum):
    """What can be done in the service."""

    SEE_ORGANISATIONS = "see organisations"
    CHANGE_ORGANISATIONS = "change organisations"
    INVITE_PEOPLE = "invite people"
    MANAGE_PEOPLE = "give and end roles"
    SEE_SCHEMES = "see schemes"
    WRITE_SCHEMES = "write schemes"
    APPROVE_SCHEMES = "approve schemes"
    PUBLISH_SCHEMES = "publish schemes"
    RECEIVE_EXTRACTS = "receive extracts"
    SEE_EXTRACTS = "see extracts"
    SEE_STATEMENTS = "see statements"
    SEE_OVERVIEW = "see overviews"
    SEE_PATIENTS = "see patients"
    SEE_CONSENT = "see consent"
    GIVE_CONSENT = "give and withdraw consent"
    RECORD_CONSENT = "record a consent signed on paper"
    SEE_AUDIT = "see the audit log"
    SEE_YEAR = "see offers, positions and declarations"
    MAKE_OFFERS = "make offers and end them"
    ANSWER_OFFERS = "answer offers and leave a scheme"
    DECLARE = "declare a practice's figures"
    REVIEW_EVIDENCE = "review the evidence of a declaration"
    APPROVE_DECLARATIONS = "approve declarations"
    CHECK_DECLARATIONS = "check what was approved in bulk"
    APPROVE_AMOUNTS = "approve amounts above the limit"
    SEE_MONEY = "see payments and recoveries"
    SEE_BOOKS = "see the books"
    KEEP_BOOKS = "prepare and release payments, recover, adjust and close"


DECIDES = frozenset({
    Action.CHANGE_ORGANISATIONS, Action.INVITE_PEOPLE, Action.MANAGE_PEOPLE, Action.WRITE_SCHEMES,
    Action.APPROVE_SCHEMES, Action.PUBLISH_SCHEMES, Action.RECEIVE_EXTRACTS, Action.GIVE_CONSENT,
    Action.RECORD_CONSENT, Action.MAKE_OFFERS, Action.ANSWER_OFFERS, Action.DECLARE, Action.REVIEW_EVIDENCE,
    Action.APPROVE_DECLARATIONS, Action.CHECK_DECLARATIONS, Action.APPROVE_AMOUNTS, Action.KEEP_BOOKS,
})  # fmt: skip
"""Actions that decide something: whoever may do one signs in with a second factor."""


@dataclass(frozen=True)
class Role:
    """A role: its name in plain words, at which kinds of organisation it is given, and what it may do there."""

    id: str
    title: str
    kinds: frozenset[str]
    actions: frozenset[Action]

    @property
    def needs_second_factor(self) -> bool:
        """Whether its holders sign in with a second factor: all who decide, and all who see patients."""
        return bool(self.actions & DECIDES) or Action.SEE_PATIENTS in self.actions


_A = Action
_OF_AREA = frozenset({"commissioner", "place"})
_READS = frozenset({
    _A.SEE_ORGANISATIONS, _A.SEE_SCHEMES, _A.SEE_EXTRACTS, _A.SEE_STATEMENTS, _A.SEE_CONSENT, _A.SEE_YEAR,
})  # fmt: skip
_OF_PRACTICE = _READS | {_A.SEE_MONEY}
_OVERSEES = _READS | {_A.SEE_OVERVIEW}
_PAYS = _OVERSEES | {_A.SEE_MONEY, _A.SEE_BOOKS}


def _role(id: str, title: str, kinds: frozenset[str] | set[str], *actions: Action, reads: frozenset[Action]) -> Role:
    return Role(id, title, frozenset(kinds), reads | frozenset(actions))


ROLES = {
    role.id: role
    for role in (
        _role("practice_viewer", "Practice viewer", {"practice"}, reads=_OF_PRACTICE),
        _role(
            "practice_lead", "Practice lead", {"practice"}, _A.SEE_PATIENTS, _A.GIVE_CONSENT, _A.INVITE_PEOPLE,
            _A.ANSWER_OFFERS, _A.DECLARE, reads=_OF_PRACTICE,
        ),
        _role("network_manager", "Network manager", {"network"}, reads=_OVERSEES),
        _role("contract_manager", "Contract manager", _OF_AREA, _A.PUBLISH_SCHEMES, _A.MAKE_OFFERS, _A.REVIEW_EVIDENCE,
              reads=_PAYS),
        _role("approver_tier_1", "Approver, tier 1", _OF_AREA, _A.APPROVE_SCHEMES, _A.APPROVE_DECLARATIONS,
              reads=_PAYS),
        _role("approver_tier_2", "Approver, tier 2", _OF_AREA, _A.APPROVE_SCHEMES, _A.CHECK_DECLARATIONS, reads=_PAYS),
        _role("finance_officer", "Finance officer", _OF_AREA, _A.APPROVE_AMOUNTS, _A.KEEP_BOOKS, reads=_PAYS),
        _role("data_quality", "Data quality specialist", _OF_AREA, _A.RECEIVE_EXTRACTS, reads=_OVERSEES),
        _role("clinical_lead", "Clinical lead", {"practice", "network", "commissioner"}, _A.SEE_PATIENTS, reads=_READS),
        _role("scheme_author", "Scheme author", _OF_AREA, _A.WRITE_SCHEMES, reads=_READS),
        _role("auditor", "Auditor", _OF_AREA, _A.SEE_AUDIT, reads=_PAYS),
        _role(
            "administrator", "Administrator", _OF_AREA, _A.CHANGE_ORGANISATIONS, _A.INVITE_PEOPLE, _A.MANAGE_PEOPLE,
            _A.SEE_AUDIT, _A.RECORD_CONSENT, reads=frozenset({_A.SEE_ORGANISATIONS, _A.SEE_CONSENT}),
        ),
    )
}  # fmt: skip
"""Every role by its id, from the practice to the commissioner."""


def may_give(actions: frozenset[Action]) -> tuple[Role, ...]:
    """The roles that somebody with these actions at an organisation gives there.

    An administrator gives all, a practice lead those that look and do not decide.
    """
    if Action.MANAGE_PEOPLE in actions:
        return tuple(ROLES.values())
    return (ROLES["practice_viewer"],) if Action.INVITE_PEOPLE in actions else ()
