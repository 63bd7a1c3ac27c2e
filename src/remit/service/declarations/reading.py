"""What pages, and payments, ask of declarations; each answer is for the current scope."""

from __future__ import annotations

from django.db.models import QuerySet

from remit.application.extract import payment_of
from remit.contract.declaration import State
from remit.payment.instalments import DuePayment
from remit.service.declarations.models import Declaration
from remit.service.offers.models import SchemeYear
from remit.service.organisations.models import Organisation

RELEASED = ("activity", "balance", "recovery")
"""What is paid, or recovered, on an approved declaration alone; instalments flow from the offer."""


def approved(practice: Organisation | int, scheme_year: SchemeYear | int) -> Declaration | None:
    """The newest declaration of a practice and scheme year that is approved and stands; None where there is none."""
    rows = Declaration.objects.filter(practice=practice, scheme_year=scheme_year, state=State.APPROVED.value)
    return rows.order_by("-number").first()


def released_by(declaration: Declaration) -> tuple[DuePayment, ...]:
    """What a declaration lets be paid and recovered, in the order of days: nothing until it is approved."""
    if declaration.state != State.APPROVED.value:
        return ()
    return tuple(due for due in payment_of(declaration.payment).dues if due.kind in RELEASED)


def declarations_of(practice: Organisation, scheme_year: SchemeYear | None = None) -> QuerySet[Declaration]:
    """What a practice has declared, the newest first."""
    rows = Declaration.objects.filter(practice=practice)
    rows = rows.filter(scheme_year=scheme_year) if scheme_year else rows
    return rows.select_related("participation", "declared_by").order_by("-declared_at", "-number")
