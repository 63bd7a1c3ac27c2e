"""The job that prepares a payment run: it calculates with no transaction open, and stores all of it in a short one.

It may be run twice, by two workers, or be ended at any moment: what decides is the state of the run's row, which goes
from preparing to prepared once.
"""

from __future__ import annotations

from django.db import transaction

from remit.application.progress import Stopped
from remit.contract.payment_run import MACHINE, State, Step
from remit.core.problems import Refused
from remit.service import clock
from remit.service.audit.log import record
from remit.service.money.calculating import Calculated, calculated
from remit.service.money.models import PaymentLine, PaymentRun, PaymentRunStep
from remit.service.steps import led, parties_in
from remit.service.work.jobs import job

PREPARING = State.PREPARING.value


@job
def prepare(organisation: int, run: int) -> None:
    """Prepare a run, unless that is done, or it was cancelled."""
    row = PaymentRun.objects.select_related("organisation").filter(pk=run, organisation=organisation).first()
    if row is None or row.state != PREPARING:
        return
    try:
        finish(row, calculated(row, _Progress(row.pk).report))
    except Stopped:
        return
    except Refused as refused:
        fail(row, [one.message for one in refused.problems])
    except BaseException:  # whatever it was, a signal too: it did not finish, and goes on as what it is
        fail(row, ["It was ended before it was finished. Try it again; if that does not help, report it."])
        raise


class _Progress:
    """How far the run is; whoever cancelled it stops it."""

    def __init__(self, run: int) -> None:
        self.run = run

    def report(self, done: int, of: int) -> None:
        if not PaymentRun.objects.filter(pk=self.run, state=PREPARING).update(done=done, of=of):
            raise Stopped


def finish(row: PaymentRun, made: Calculated) -> bool:
    """Store the lines and let the run be prepared; False where it was decided in the meantime."""
    with transaction.atomic():
        locked = PaymentRun.objects.select_for_update(no_key=True).get(pk=row.pk)
        if locked.state != PREPARING:
            return False
        locked.state = led(MACHINE, locked.state, Step.FINISH, parties_in(row.organisation_id)).value
        locked.done = locked.of = 3
        locked.payments, locked.pence, locked.problems = made.payments, made.pence, []
        for line in made.lines:
            line.run = locked
        PaymentLine.objects.bulk_create(made.lines)
        locked.save()
        take(locked, Step.FINISH)
        record(
            "run.prepared", row.organisation, str(row), month=_month(row), payments=made.payments,
            held=sum(line.held for line in made.lines), total_pence=made.pence,
        )  # fmt: skip
    return True


def fail(row: PaymentRun, problems: list[str]) -> None:
    """Say that a run could not be prepared, and why."""
    with transaction.atomic():
        locked = PaymentRun.objects.select_for_update(no_key=True).get(pk=row.pk)
        if locked.state != PREPARING:
            return
        locked.state = led(MACHINE, locked.state, Step.FAIL, parties_in(row.organisation_id)).value
        locked.problems = problems
        locked.save()
        take(locked, Step.FAIL)
        record("run.failed", row.organisation, str(row), problems=tuple(problems))


def take(run: PaymentRun, step: Step, words: str = "", person: int | None = None) -> None:
    """The row that says that a step was taken."""
    PaymentRunStep.objects.create(
        organisation_id=run.organisation_id, run=run, step=step.value, state=run.state, person_id=person,
        at=clock.now(), words=words.strip(),
    )  # fmt: skip


def _month(run: PaymentRun) -> str:
    return f"{run.month:%Y-%m}"
