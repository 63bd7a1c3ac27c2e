"""A year that grows by practices: of each a part in the scheme, a declaration, a payment, a plan and an adjustment.

Rows are planted; whoever calls acts as the service.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from remit.payment.book import ADVANCE, CASH, INSTALMENT
from remit.service import clock
from remit.service.declarations.models import Declaration, DeclarationStep
from remit.service.extracts.models import Extract, PracticeFigures
from remit.service.money.models import Adjustment, PaymentLine, PaymentRun, RecoveryPlan, Transfer
from remit.service.offers.models import Offer, Participation, ParticipationStep
from remit.service.organisations.models import Organisation

ENDS = date(2025, 3, 31)


def grow(practices: Iterable[Organisation], extract: Extract) -> None:
    """In the newest scheme year of an extract's commissioner: each practice's figures are declared, and wait."""
    offer = Offer.objects.filter(organisation=extract.organisation).select_related("scheme_year").get()
    for practice in practices:
        _grow(practice, offer, PracticeFigures.objects.get(extract=extract, practice=practice))


def _grow(practice: Organisation, offer: Offer, figures: PracticeFigures) -> None:
    now, year = clock.now(), offer.scheme_year
    of = {"practice": practice, "organisation": offer.organisation}
    taken = {"step": "a step", "state": "a state", "at": now, "words": "said"}
    part = Participation.objects.create(
        **of, scheme_year=year, offer=offer, scheme_id=year.scheme_id, title=year.title, year=year.year,
        starts=year.starts, ends=year.ends, respond_by=year.starts, state="accepted", answered_at=now,
    )  # fmt: skip
    ParticipationStep.objects.create(**of, participation=part, **taken)
    one = Declaration.objects.create(
        **of, scheme_year=year, participation=part, number=1, figures=figures, day=figures.day, state="declared",
        pence=figures.pence or 0, payment=figures.payment, sha256=figures.sha256, statement_for_commissioner="",
        declared_at=now,
    )  # fmt: skip
    DeclarationStep.objects.create(
        **of, declaration=one, pence=one.pence, step="declare", state="declared", at=now, words=""
    )
    schedule = [{"day": "2025-06-20", "pence": 100}]
    RecoveryPlan.objects.create(
        **of, scheme_year=year, number=1, state="agreed", pence=100, months=1, notified=ENDS, schedule=schedule
    )
    number = Transfer.objects.filter(organisation=offer.organisation).count() + 1
    Adjustment.objects.create(**of, scheme_year=year, number=number, pence=-1, day=ENDS, reason="a reason")
    key = f"{practice.code}:{number}"
    PaymentLine.objects.create(
        **of, run=PaymentRun.objects.filter(organisation=offer.organisation).order_by("pk")[0], scheme_year=year,
        kind=INSTALMENT, pence=100, why="Instalment 1 of 12", key=key,
    )  # fmt: skip
    Transfer.objects.create(
        **of, paid_by=offer.organisation, number=number, transaction=f"run {number}", key=key, day=year.starts,
        scheme_year=year, debit=ADVANCE, credit=CASH, pence=100, kind=INSTALMENT, memo="instalment 1", at=now,
    )  # fmt: skip
