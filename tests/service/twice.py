"""Somebody who did one duty in one role, and has another role since: what is tried of "nobody decides twice"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from html import unescape
from typing import Any

from django.test import Client
from tests.service.area import Area, person, signed_in

from remit.contract.duties import Duty
from remit.service.audit.models import Entry
from remit.service.declarations.models import Declaration, DeclarationStep
from remit.service.extracts.models import Extract
from remit.service.money.models import Adjustment, BookMonth, PaymentRun, RecoveryPlan, Transfer
from remit.service.offers.models import Participation
from remit.service.people.models import Appointment, Person

ROLE_OF = {
    Duty.RECEIVE_FIGURES: ("data_quality", "QAA"), Duty.DECLARE_FIGURES: ("practice_lead", "A1"),
    Duty.REVIEW_EVIDENCE: ("contract_manager", "QAA"), Duty.APPROVE_PAYMENT: ("approver_tier_1", "QAA"),
    Duty.CHECK_PAYMENT: ("approver_tier_2", "QAA"), Duty.APPROVE_AMOUNT: ("finance_officer", "QAA"),
    Duty.PREPARE_PAYMENT: ("finance_officer", "QAA"), Duty.RELEASE_PAYMENT: ("finance_officer", "QAA"),
    Duty.PROPOSE_ADJUSTMENT: ("finance_officer", "QAA"), Duty.APPROVE_ADJUSTMENT: ("finance_officer", "QAA"),
    Duty.PROPOSE_RECOVERY: ("finance_officer", "QAA"), Duty.AGREE_RECOVERY: ("finance_officer", "QAA"),
}  # fmt: skip
"""Who does a duty, and where."""


def newcomer(board: Area, duty: Duty) -> Person:
    """Somebody in the role of a duty; whoever calls acts as the service."""
    role, code = ROLE_OF[duty]
    return person(role, board[code], email="twice@example.org")


def moved(board: Area, someone: Person, duty: Duty, code: str = "") -> Client:
    """The same person, in the role of another duty alone, at a browser; whoever calls acts as the service."""
    role, own = ROLE_OF[duty]
    Appointment.objects.filter(person=someone).delete()
    Appointment.objects.create(person=someone, organisation=board[code or own], role=role, since=date(2024, 4, 1))
    return signed_in(someone)


@dataclass(frozen=True)
class Standing:
    """All that a decision would have changed."""

    rows: tuple[Any, ...]

    @classmethod
    def now(cls) -> Standing:
        """As the database has it; whoever calls acts as the service."""
        states = [list(model.objects.order_by("pk").values_list("pk", "state")) for model in (
            Declaration, PaymentRun, Adjustment, RecoveryPlan, Extract, Participation, BookMonth)]  # fmt: skip
        counts = [model.objects.count() for model in (DeclarationStep, Transfer, Entry)]
        return cls((*states, *counts))


def text_of(answer: Any) -> str:
    """A page's words, without tags."""
    text = unescape(re.sub(r"<[^>]*>", " ", answer.content.decode()))
    return " ".join(text.replace("\u2060", "").split())


def forms_of(answer: Any) -> set[str]:
    """Where the forms of a page lead."""
    return set(re.findall(r'<form method="post" action="([^"]*)"', answer.content.decode()))
