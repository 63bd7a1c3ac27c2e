"""A row of every table of a scheme's year, for a commissioner and one of its practices; whoever calls acts as the
service."""

from __future__ import annotations

from datetime import date

from django.db import models

from remit.contract.declaration import State as Declared
from remit.contract.payment_run import State as Run
from remit.service import clock
from remit.service.declarations.models import (
    Declaration,
    DeclarationCopy,
    DeclarationDifference,
    DeclarationFile,
    DeclarationStep,
    EnteredNumbers,
)
from remit.service.extracts.models import ACCEPTED, Extract, PracticeFigures
from remit.service.money.models import (
    Adjustment,
    AdjustmentStep,
    BookMonth,
    BookStep,
    PaymentLine,
    PaymentRun,
    PaymentRunStep,
    RecoveryPlan,
    RecoveryPlanStep,
    Transfer,
)
from remit.service.offers.models import Offer, Participation, ParticipationStep, SchemeYear
from remit.service.organisations.models import Organisation
from remit.service.register.models import SchemeVersion

START, END = date(2024, 4, 1), date(2025, 3, 31)


def year_rows(commissioner: Organisation, practice: Organisation, version: SchemeVersion) -> dict[str, models.Model]:
    """One of each, by the table's name; numbers are from 900 on, and the run is cancelled."""
    now, of = clock.now(), {"practice": practice, "organisation": commissioner}
    taken = {"step": "a step", "state": "a state", "at": now, "words": "said"}
    year = SchemeYear.objects.create(
        organisation=commissioner, scheme_id="another-2024-25", title="A scheme", year="2024/25", starts=START, ends=END
    )
    offer = Offer.objects.create(
        organisation=commissioner, number=900, scheme_year=year, version=version, starts=START, ends=END,
        respond_by=START, to="all", sent_at=now,
    )  # fmt: skip
    part = Participation.objects.create(
        **of, scheme_year=year, offer=offer, scheme_id=version.scheme_id, title="A scheme", year="2024/25",
        starts=START, ends=END, respond_by=START,
    )  # fmt: skip
    extract = Extract.objects.filter(organisation=commissioner, state=ACCEPTED).first() or Extract.objects.create(
        organisation=commissioner, number=900, scheme_version=version, day=END, state=ACCEPTED, sha256="0" * 64,
        folder=f"rows-{commissioner.code}", received=now,
    )  # fmt: skip
    figures = PracticeFigures.objects.filter(extract=extract, practice=practice).first()
    if figures is None:
        figures = PracticeFigures.objects.create(
            extract=extract, practice=practice, day=END, place=1, status="final", pence=1_00, sha256="0" * 64,
            statement_for_commissioner="", overview="",
        )  # fmt: skip
    declaration = Declaration.objects.create(
        **of, scheme_year=year, participation=part, number=1, figures=figures, day=END, state=Declared.DECLARED.value,
        pence=1_00, payment="{}", sha256="0" * 64, statement_for_commissioner="", declared_at=now,
    )  # fmt: skip
    run = PaymentRun.objects.create(
        organisation=commissioner, number=900, month=START, pay_on=END, state=Run.CANCELLED.value, prepared_at=now
    )
    plan = RecoveryPlan.objects.create(**of, scheme_year=year, number=1, pence=1_00, months=6, notified=END)
    adjustment = Adjustment.objects.create(**of, scheme_year=year, number=900, pence=-1, day=END, reason="a reason")
    month, _ = BookMonth.objects.get_or_create(organisation=commissioner, month=START)
    line = PaymentLine.objects.create(**of, run=run, scheme_year=year, kind="instalment", pence=1_00, why="", key="k")
    rows: tuple[models.Model, ...] = (
        year, offer, part, declaration, run, plan, adjustment, month, line,
        ParticipationStep.objects.create(**of, participation=part, **taken),
        DeclarationCopy.objects.create(practice=practice, declaration=declaration, counts="", statement=""),
        DeclarationDifference.objects.create(practice=practice, declaration=declaration, document=""),
        EnteredNumbers.objects.create(
            **of, scheme_year=year, figures=figures, asked_at=now, declaration=declaration, rows=[{"a": 1}]
        ),
        DeclarationStep.objects.create(**of, declaration=declaration, pence=1_00, **taken),
        DeclarationFile.objects.create(
            **of, scheme_year=year, number=1, name="a.pdf", sha256="0" * 64, size=1, shows="a", at=now
        ),
        BookStep.objects.create(organisation=commissioner, book_month=month, **taken),
        PaymentRunStep.objects.create(organisation=commissioner, run=run, **taken),
        RecoveryPlanStep.objects.create(**of, plan=plan, **taken),
        AdjustmentStep.objects.create(**of, adjustment=adjustment, **taken),
        Transfer.objects.create(
            **of, paid_by=commissioner, number=900, transaction="t", key="k", day=START, scheme_year=year,
            debit="paid in advance", credit="cash", pence=1_00, kind="instalment", memo="", at=now,
        ),
    )  # fmt: skip
    return {one._meta.db_table: one for one in rows}
