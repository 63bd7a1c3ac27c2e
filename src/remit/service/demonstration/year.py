"""A year that is lived in the made-up area: offers and answers, payments of two months, declarations in several states.

All of it is done through the services, as its people would. What is there already is left alone.
"""

from __future__ import annotations

import time
from datetime import date, timedelta

from remit.contract.declaration import Step
from remit.contract.participation import State
from remit.contract.payment_run import State as Run
from remit.service import clock
from remit.service.declarations import services as declarations
from remit.service.declarations.models import Declaration
from remit.service.demonstration.area import COMMISSIONER, LEADS, PAY_ON, REFUSES, SENT_BACK, SINCE, WAITS
from remit.service.demonstration.figures import JANUARY, QIF
from remit.service.demonstration.setting_up import first_version, organisation, working_as
from remit.service.extracts import reading
from remit.service.extracts.models import PracticeFigures
from remit.service.money import releasing, runs
from remit.service.money.models import PaymentRun
from remit.service.money.preparing import prepare
from remit.service.offers import services as offers
from remit.service.offers.choosing import Days, practices_of
from remit.service.offers.models import Offer, Participation, SchemeYear

_ENDS = date(2025, 3, 31)
_TO_ANSWER = timedelta(days=28)
_WAIT = 0.5


def offer() -> None:
    """The contract manager offers QIF to all practices; most have not answered yet."""
    with working_as("contract_manager"):
        if Offer.objects.filter(scheme_year__scheme_id=QIF).exists():
            return
        area, version = organisation(COMMISSIONER), first_version(QIF)
        assert version is not None
        days = Days(SINCE, _ENDS, clock.today() + _TO_ANSWER)
        to = f"all practices of {area.name}"
        offers.make_offer(
            version, practices_of(area, days), days.starts, days.ends, days.respond_by,
            "Everybody and everything in this offer is made up.", to,
        )  # fmt: skip


def answer() -> None:
    """Three practices accept; one refuses."""
    for code in (LEADS, WAITS, SENT_BACK, REFUSES):
        with working_as("practice_lead", code):
            one = Participation.objects.filter(practice__code=code, scheme_year__scheme_id=QIF).order_by("-pk").first()
            if one is None or one.state != State.OFFERED.value:
                continue
            if code == REFUSES:
                offers.refuse_offer(one, "We have too few nurses for it this year (made up).")
            else:
                offers.accept(one)


def pay() -> None:
    """A finance officer prepares each month's payments, and a second one releases them."""
    for pay_on in PAY_ON:
        month = pay_on.replace(day=1)
        with working_as("finance_officer"):
            area = organisation(COMMISSIONER)
            rows = PaymentRun.objects.filter(organisation=area, month=month).exclude(state=Run.CANCELLED.value)
            run = rows.first() or runs.begin(area, month, pay_on)
        while run.state in (Run.PREPARING.value, Run.FAILED.value):
            prepare.func(area.pk, run.pk)
            with working_as("finance_officer"):
                run.refresh_from_db()
                if run.state == Run.FAILED.value:
                    runs.retry(run)
            if run.state == Run.PREPARING.value:
                time.sleep(_WAIT)
        if run.state == Run.PREPARED.value:
            with working_as("finance_officer", COMMISSIONER, second=True):
                releasing.release(run)


def declare() -> None:
    """Three practices declare their figures of January: one is approved, one is sent back, one waits."""
    for code in (LEADS, WAITS, SENT_BACK):
        with working_as("practice_lead", code):
            practice = organisation(code)
            if Declaration.objects.filter(practice=practice).exists():
                continue
            part = Participation.objects.get(practice=practice, scheme_year__scheme_id=QIF, state=State.ACCEPTED.value)
            figures = PracticeFigures.objects.filter(
                practice=practice, day=JANUARY, extract__in=reading.standing().values("pk"),
                extract__scheme_version__scheme_id=QIF,
            ).first()  # fmt: skip
            if figures is not None and figures.pence is not None:
                year = SchemeYear.objects.get(pk=part.scheme_year_id)
                declarations.declare(practice, year, figures, words="These are our figures (made up).")
    _take("approver_tier_1", SENT_BACK, "declared", Step.SEND_BACK, "Look at item 2a again (made up).")
    _take("approver_tier_1", LEADS, "declared", Step.APPROVE, "Read against the extract (made up).")
    _take("finance_officer", LEADS, "awaiting finance", Step.APPROVE_AMOUNT, "Within the budget (made up).")


def _take(role: str, code: str, state: str, step: Step, words: str) -> None:
    with working_as(role):
        one = Declaration.objects.filter(practice__code=code, state=state).first()
        if one is not None:
            declarations.take(one, step, words, declarations.Numbers(one.sha256, one.pence))
