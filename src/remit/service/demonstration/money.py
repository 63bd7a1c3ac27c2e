"""The money of the made-up area: payments of two months, a recovery by a plan, and payments that wait for a release."""

from __future__ import annotations

import time
from datetime import date

from remit.contract.adjustment import Step as Adjust
from remit.contract.payment_run import State as Run
from remit.service import clock
from remit.service.demonstration.area import COMMISSIONER, PAY_ON, TO_PAY_ON, WAITS
from remit.service.demonstration.figures import QIF
from remit.service.demonstration.setting_up import organisation, working_as
from remit.service.money import adjustments, recoveries, releasing, runs
from remit.service.money.models import Adjustment, PaymentRun, RecoveryPlan
from remit.service.money.preparing import prepare
from remit.service.offers.models import SchemeYear

_TOO_MUCH = 5_000_00
"""What is to be paid back, in pence: more than the instalments that are still to come."""
_WHY = "Nurses of another practice were paid by this one last year (made up)."
_WAIT = 0.5


def pay() -> None:
    """A finance officer prepares each month's payments, and a second one releases them."""
    for pay_on in PAY_ON:
        run = _prepared(pay_on)
        if run.state == Run.PREPARED.value:
            with working_as("finance_officer", COMMISSIONER, second=True):
                releasing.release(run)


def recover_and_prepare() -> None:
    """An adjustment that two people decide, the plan by which it is paid back, which waits for the practice's answer,
    and the payments of February, which wait for their release."""
    with working_as("finance_officer"):
        year = SchemeYear.objects.get(organisation__code=COMMISSIONER, scheme_id=QIF)
        practice = organisation(WAITS)
        one = Adjustment.objects.filter(practice=practice).first()
        one = one or adjustments.propose(year, practice, -_TOO_MUCH, clock.today(), _WHY)
    if one.state == "proposed":
        with working_as("finance_officer", COMMISSIONER, second=True):
            adjustments.decide(one, Adjust.APPROVE, "Read against last year's payments (made up).")
    with working_as("finance_officer"):
        if not RecoveryPlan.objects.filter(practice=practice).exists():
            recoveries.propose(year, practice)
    _prepared(TO_PAY_ON)


def _prepared(pay_on: date) -> PaymentRun:
    """A month's run as it is, or as a finance officer prepares it."""
    month = pay_on.replace(day=1)
    with working_as("finance_officer"):
        area = organisation(COMMISSIONER)
        rows = PaymentRun.objects.filter(organisation=area, month=month).exclude(state=Run.CANCELLED.value)
        run: PaymentRun = rows.first() or runs.begin(area, month, pay_on)
    while run.state in (Run.PREPARING.value, Run.FAILED.value):
        prepare.func(area.pk, run.pk)
        with working_as("finance_officer"):
            run.refresh_from_db()
            if run.state == Run.FAILED.value:
                runs.retry(run)
        if run.state == Run.PREPARING.value:
            time.sleep(_WAIT)
    return run
