"""Payment runs: begun, tried again, cancelled. One run of a commissioner is open at a time."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Max

from remit.contract.payment_run import MACHINE, State, Step
from remit.core import say
from remit.core.problems import refuse
from remit.service import clock
from remit.service.audit.log import record
from remit.service.money import not_in_backup
from remit.service.money.ledger import closed_until, month_name
from remit.service.money.models import OPEN_RUNS, PaymentRun
from remit.service.money.preparing import prepare, take
from remit.service.money.successors import commissioners_of, successor_of
from remit.service.organisations.models import COMMISSIONER, Organisation
from remit.service.people.roles import Action
from remit.service.scope.scope import current
from remit.service.steps import done_by, led, parties_in

AHEAD = timedelta(days=31)
"""How long before a month begins its payments may be prepared."""


def begin(organisation: Organisation, month: date, pay_on: date) -> PaymentRun:
    """Begin a run for all that is due by the end of a month: a job prepares it. Raises Refused where it cannot be.

    A run that a predecessor left open is cancelled: whoever succeeded it pays what it would have paid.
    """
    check_may(organisation)
    month = month.replace(day=1)
    try:
        with transaction.atomic():
            locked = Organisation.objects.select_for_update(no_key=True).get(
                pk=organisation.pk
            )  # one number after the other
            state = led(
                MACHINE, None, Step.PREPARE, parties_in(locked), fault=fault_to_prepare(locked, month, pay_on)
            )  # fmt: skip
            _cancel_of_predecessors(locked)
            last = PaymentRun.objects.filter(organisation=locked).aggregate(last=Max("number"))["last"] or 0
            run = PaymentRun.objects.create(
                organisation=locked, number=last + 1, month=month, pay_on=pay_on, state=state.value,
                prepared_at=clock.now(), prepared_by_id=current().person,
            )  # fmt: skip
            take(run, Step.PREPARE, person=current().person)
            record("run.begun", locked, str(run), month=f"{month:%Y-%m}", pay_on=pay_on)
            prepare.enqueue(locked.pk, run.pk)  # the queue is in this database: with the row or not at all
    except IntegrityError:  # somebody else began one at the same moment
        raise refuse("service.step-not-possible", open_already(open_run(organisation)), None, "") from None
    return run


def retry(run: PaymentRun) -> bool:
    """Prepare a run again that failed, or whose job came to nothing; whether there was anything to do."""
    check_may(run.organisation)
    with transaction.atomic():
        locked = PaymentRun.objects.select_for_update(no_key=True).get(pk=run.pk)
        if locked.state == State.FAILED.value:
            person = current().person
            fault = fault_to_prepare(locked.organisation, locked.month, locked.pay_on, locked)
            state = led(MACHINE, locked.state, Step.RETRY, parties_in(locked.organisation_id), fault=fault)
            locked.state, locked.problems, locked.done, locked.of = state.value, [], 0, 0
            locked.save()
            take(locked, Step.RETRY, person=person)
            record("run.tried-again", locked.organisation, str(locked))
        elif locked.state != State.PREPARING.value:
            return False
        prepare.enqueue(locked.organisation_id, locked.pk)
    return True


def cancel(run: PaymentRun, reason: str) -> PaymentRun:
    """Cancel a run that is not released, with a reason. Raises Refused where it cannot be."""
    check_may(run.organisation)
    with transaction.atomic():
        locked = PaymentRun.objects.select_for_update(no_key=True).select_related("organisation").get(pk=run.pk)
        _cancelled(locked, reason)
    return locked


def _cancelled(locked: PaymentRun, reason: str) -> None:
    done = done_by(current().person, MACHINE, locked.steps.all())
    state = led(MACHINE, locked.state, Step.CANCEL, parties_in(locked.organisation_id), done, reason)
    locked.state = state.value
    locked.save()
    take(locked, Step.CANCEL, reason, current().person)
    record("run.cancelled", locked.organisation, str(locked), month=f"{locked.month:%Y-%m}", reason=reason.strip())


def _cancel_of_predecessors(organisation: Organisation) -> None:
    before = commissioners_of(organisation, clock.today()) - {organisation.pk}
    rows = PaymentRun.objects.select_for_update(of=("self",), no_key=True).filter(
        organisation__in=before, state__in=OPEN_RUNS
    )
    for row in rows.select_related("organisation").order_by("pk"):
        _cancelled(row, f"{organisation} took over from {row.organisation} and pays what is due.")


def fault_to_prepare(organisation: Organisation, month: date, pay_on: date, again: PaymentRun | None = None) -> str:
    """What is wrong with preparing a month's payments, in a sentence; empty where nothing is."""
    today = clock.today()
    if organisation.kind != COMMISSIONER:
        return f"{organisation} is no commissioner: it pays nothing itself."
    if later := successor_of(organisation, today):
        return f"{later.successor} took over on {say.day(later.day)} and pays what is due. Prepare it there."
    if lost := not_in_backup.fault_of(organisation, today):
        return lost
    if again is None and (other := open_run(organisation)):
        return open_already(other)
    if month > today + AHEAD:
        return f"{month_name(month)} is too far ahead: payments are prepared up to a month before it begins."
    if pay_on < month:
        return f"{say.day(pay_on)} is before {month_name(month)} begins. Choose a later day to pay on."
    released = PaymentRun.objects.filter(organisation=organisation, state=State.RELEASED.value)
    last = released.aggregate(last=Max("month"))["last"]
    if last is not None and last > month:
        return f"{month_name(last)} is paid already, with all that was due before. Prepare that month or a later one."
    closed = closed_until([organisation.pk])
    if closed is not None and pay_on.replace(day=1) <= closed:
        return f"The books of {month_name(pay_on)} are closed. Choose a day of an open month to pay on."
    return ""


def open_run(organisation: Organisation) -> PaymentRun | None:
    """The run of a commissioner that is neither released nor cancelled."""
    return PaymentRun.objects.filter(organisation=organisation, state__in=OPEN_RUNS).first()


def open_already(run: PaymentRun | None) -> str:
    """Why there is no second run beside one that is open."""
    which = f"Payment run {run.number} for {month_name(run.month)}" if run else "Another payment run"
    return f"{which} is still open: release it or cancel it before another is prepared."


def check_may(organisation: Organisation) -> None:
    """Raises PermissionDenied where the person at work does not keep the books of an organisation."""
    if not current().may(Action.KEEP_BOOKS, organisation.pk):
        raise PermissionDenied(Action.KEEP_BOOKS)
