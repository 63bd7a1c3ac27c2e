"""What is to do with a commissioner's money, the most pressing first: for finance's page, and for the first page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from remit.contract import adjustment, payment_run, recovery_plan
from remit.core.dates import add_months
from remit.core.words import agreed
from remit.service import clock
from remit.service.money import closing, showing
from remit.service.money.models import Adjustment, AdjustmentStep, PaymentRun, RecoveryPlan
from remit.service.money.successors import keeper_of
from remit.service.organisations.models import Organisation
from remit.service.people.roles import Action
from remit.service.scope.scope import current
from remit.service.web.words import month_name
from remit.service.year.links import address

_Run = payment_run.State


@dataclass(frozen=True)
class ToDo:
    """A thing to do, in a sentence; the page where it is done and what the link to it says, nothing where it is not
    for whoever looks. `with_month`: it is said by the calendar's reminders too."""

    sentence: str
    href: str = ""
    press: str = ""
    with_month: bool = False


def to_do(commissioner: Organisation) -> list[ToDo]:
    """Everything that waits, the most pressing first."""
    may = current().may(Action.KEEP_BOOKS, commissioner.pk)
    runs = PaymentRun.objects.filter(organisation=commissioner).exclude(state=_Run.CANCELLED.value)
    run = runs.select_related("organisation", "prepared_by").defer("file").order_by("-number").first()
    every = [*_of_run(run), *_adjustments(commissioner), *_plans(commissioner), *_month(commissioner, run)]
    return every if may else [ToDo(one.sentence) for one in every]


def _of_run(run: PaymentRun | None) -> Iterator[ToDo]:
    """A run that is not released yet."""
    if run is None or run.state == _Run.RELEASED.value:
        return
    name, href = (
        f"ayment run {run.number} for {month_name(run.month)}",
        address("run", run.organisation.code, run.number),
    )
    if run.state == _Run.PREPARING.value:
        yield ToDo(f"P{name} is being prepared.")
    elif run.state == _Run.FAILED.value:
        yield ToDo(f"P{name} did not finish: try it again, or cancel it.", href, "See the run")
    elif run.prepared_by_id == current().person:
        yield ToDo(f"You prepared p{name}: a second person releases it.")
    elif why := showing.why_not_released(run):
        yield ToDo(f"P{name} waits to be released by somebody else. {why}")
    else:
        yield ToDo(f"Look through p{name}, and release it or cancel it.", href, "Look through the run")


def _adjustments(commissioner: Organisation) -> Iterator[ToDo]:
    """Adjustments that a second person decides on; who proposed one is not asked."""
    rows = Adjustment.objects.filter(organisation=commissioner, state=adjustment.State.PROPOSED.value)
    waiting = set(rows.values_list("pk", flat=True))
    steps = AdjustmentStep.objects.filter(adjustment__in=waiting, step=adjustment.Step.PROPOSE.value)
    own = set(steps.filter(person=current().person).values_list("adjustment", flat=True))
    href = address("books-adjustments", commissioner.code)
    if n := len(waiting - own):
        words = agreed(f"{n:,} adjustment{{ waits|s wait}} for a second person: decide on {{it|them}}.", n)
        yield ToDo(words, href, "See the adjustments")
    if n := len(own):
        yield ToDo(agreed(f"{n:,} adjustment{{|s}} that you proposed {{waits|wait}} for a second person.", n))


def _plans(commissioner: Organisation) -> Iterator[ToDo]:
    """Recovery plans that were refused with none proposed since, and those that wait for an answer."""
    newest: dict[tuple[int, int], str] = {}
    rows = RecoveryPlan.objects.filter(organisation=commissioner).order_by("number")
    for practice, year, state in rows.values_list("practice", "scheme_year", "state"):
        newest[practice, year] = state
    states = list(newest.values())
    if n := states.count(recovery_plan.State.REFUSED.value):
        words = agreed(f"{n:,} practice{{|s}} refused a recovery plan: propose another.", n)
        yield ToDo(words, address("recoveries-of", commissioner.code), "See the recoveries")
    if n := states.count(recovery_plan.State.PROPOSED.value):
        yield ToDo(agreed(f"{n:,} recovery plan{{ waits|s wait}} for an answer.", n))


def _month(commissioner: Organisation, run: PaymentRun | None) -> Iterator[ToDo]:
    """This month's run where it was not prepared, and the month to close where it is over."""
    today, code = clock.today(), commissioner.code
    month = today.replace(day=1)
    if run is None or (run.month < month and run.state == _Run.RELEASED.value):
        words = f"Prepare the payment run for {month_name(month)}."
        yield ToDo(words, address("runs-of", code), "Go to the payment runs", with_month=True)
    first = closing.next_to_close(closing.kept_by(commissioner))
    if first is None or keeper_of(commissioner, today) != commissioner:
        return
    if today > add_months(first, 1) - timedelta(days=1):
        yield ToDo(f"Close the books of {month_name(first)}: the month is over.", address("books-of", code),
                   "Go to the books")  # fmt: skip


def nothing(run: PaymentRun | None) -> ToDo:
    """What is said where nothing is to do."""
    return ToDo(f"Nothing waits: {month_name(run.month)} is paid." if run else "Nothing waits.")


__all__ = ["ToDo", "nothing", "to_do"]
