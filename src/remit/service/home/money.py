"""What waits of money: for finance what its own page says, for a practice a recovery plan to answer."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from remit.contract.recovery_plan import State
from remit.core import say
from remit.core.words import agreed
from remit.service.home.reading import Task
from remit.service.money.models import RecoveryPlan
from remit.service.organisations.models import COMMISSIONER, Organisation
from remit.service.people.roles import Action
from remit.service.scope.scope import Scope
from remit.service.year.to_do import to_do


def of_finance(scope: Scope) -> Iterator[Task]:
    """What somebody who keeps books can do now; what the calendar reminds of has its own line."""
    for one in Organisation.objects.filter(pk__in=scope.own, kind=COMMISSIONER).order_by("name"):
        if scope.may(Action.KEEP_BOOKS, one.pk):
            yield from (Task(each.sentence, each.href) for each in to_do(one) if each.href and not each.with_month)


def of_practice(scope: Scope) -> Iterator[Task]:
    """The recovery plans that a practice has to answer."""
    rows = RecoveryPlan.objects.filter(practice__in=scope.own, state=State.PROPOSED.value)
    for plan in rows.select_related("practice").order_by("pk"):
        if scope.may(Action.DECLARE, plan.practice_id):
            months = agreed(f"{plan.months:,} month{{|s}}", plan.months)
            what = f"{plan.practice.name}: agree to pay back {say.money(plan.pence)} in {months}"
            yield Task(f"{what}, or refuse with your reason", reverse("recovery-plan", args=[plan.pk]))
