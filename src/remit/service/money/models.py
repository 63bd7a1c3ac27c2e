"""The ledger and what leads to it: payment runs with their lines, recovery plans, adjustments, and closed months.

A transfer has one account that is debited and one that is credited, with the same pence: so whatever is added to the
ledger sums to zero. Transfers are only ever added, and each key once: triggers and constraints hold it.
"""

from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.db.models import F, Q

from remit.contract import adjustment, books, payment_run, recovery_plan
from remit.core import say
from remit.service.declarations.models import Declaration
from remit.service.extracts.models import PracticeFigures
from remit.service.offers.models import SchemeYear
from remit.service.organisations.models import Organisation
from remit.service.people.models import Person
from remit.service.scope.conditions import OF_COMMISSIONER, Visible
from remit.service.scope.rows import ScopedModel
from remit.service.steps import TakenStep

OPEN_RUNS = tuple(one.value for one in payment_run.OPEN)
"""States of a payment run that is neither released nor cancelled; of a commissioner there is one at a time."""
OPEN_PLANS = (recovery_plan.State.PROPOSED.value, recovery_plan.State.AGREED.value)


def _states(of: type[StrEnum]) -> list[tuple[str, str]]:
    return [(one.value, one.value) for one in of]


class BookMonth(ScopedModel):
    """A month of a commissioner's books, by its first day; a closed one takes no transfer any more."""

    visible = Visible(by="organisation_id")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="book_months")
    month = models.DateField()
    state = models.CharField(max_length=20, choices=_states(books.State), default=books.State.OPEN.value)
    balances = models.JSONField(default=dict)

    class Meta(ScopedModel.Meta):
        constraints = (models.UniqueConstraint(fields=["organisation", "month"], name="book_month_once"),)

    def __str__(self) -> str:
        return say.month(self.month)


class BookStep(TakenStep):
    """A step in closing a month of the books."""

    visible = Visible(by="organisation_id")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    book_month = models.ForeignKey(BookMonth, on_delete=models.PROTECT, related_name="steps")

    def __str__(self) -> str:
        return f"{self.step}: {self.book_month_id}"


class PaymentRun(ScopedModel):
    """What a commissioner pays of a month, to be released by a second person.

    `file` is the payment file as it was released, and `sha256` its hash. `problems` say what must be looked at.
    """

    visible = Visible(by="organisation_id")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="payment_runs")
    number = models.PositiveIntegerField()
    month = models.DateField()
    pay_on = models.DateField()
    state = models.CharField(
        max_length=20, choices=_states(payment_run.State), default=payment_run.State.PREPARING.value
    )
    prepared_at = models.DateTimeField()
    prepared_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    done = models.PositiveIntegerField(default=0)
    of = models.PositiveIntegerField(default=0)
    payments = models.PositiveIntegerField(default=0)
    pence = models.BigIntegerField(default=0)
    file = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    problems = models.JSONField(default=list)

    class Meta(ScopedModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["organisation", "number"], name="payment_run_number_once"),
            models.UniqueConstraint(
                fields=["organisation"], condition=Q(state__in=OPEN_RUNS), name="payment_run_open_once"
            ),
        )

    def __str__(self) -> str:
        return f"payment run {self.number}"


class PaymentRunStep(TakenStep):
    """A step of a payment run."""

    visible = Visible(by="organisation_id")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    run = models.ForeignKey(PaymentRun, on_delete=models.PROTECT, related_name="steps")

    def __str__(self) -> str:
        return f"{self.step}: {self.run_id}"


class RecoveryPlan(ScopedModel):
    """How a practice pays back what it was paid too much: in instalments from a day of notification on.

    `schedule` has each instalment's day and pence. More months than the scheme allows need exceptional circumstances.
    """

    visible = Visible(by="practice_id", overseen=OF_COMMISSIONER, former=OF_COMMISSIONER)

    practice = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="recovery_plans")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    scheme_year = models.ForeignKey(SchemeYear, on_delete=models.PROTECT, related_name="recovery_plans")
    declaration = models.ForeignKey(Declaration, null=True, on_delete=models.PROTECT, related_name="recovery_plans")
    number = models.PositiveIntegerField()
    state = models.CharField(
        max_length=20, choices=_states(recovery_plan.State), default=recovery_plan.State.PROPOSED.value
    )
    pence = models.BigIntegerField()
    months = models.PositiveSmallIntegerField()
    notified = models.DateField()
    exception = models.TextField(blank=True)
    schedule = models.JSONField(default=list)

    class Meta(ScopedModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["practice", "scheme_year", "number"], name="recovery_plan_number_once"),
            models.UniqueConstraint(
                fields=["practice", "scheme_year", "state"], condition=Q(state__in=OPEN_PLANS),
                name="recovery_plan_open_once",
            ),
            models.CheckConstraint(condition=Q(pence__gt=0), name="recovery_plan_above_zero"),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"recovery plan {self.number}"


class RecoveryPlanStep(TakenStep):
    """A step of a recovery plan."""

    visible = Visible(by="practice_id", overseen=OF_COMMISSIONER, former=OF_COMMISSIONER)

    practice = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    plan = models.ForeignKey(RecoveryPlan, on_delete=models.PROTECT, related_name="steps")

    def __str__(self) -> str:
        return f"{self.step}: {self.plan_id}"


class Adjustment(ScopedModel):
    """An amount that no rule of the scheme gives, with its reason: above zero for the practice, below for it to pay."""

    visible = Visible(by="practice_id", overseen=OF_COMMISSIONER, former=OF_COMMISSIONER)

    practice = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="adjustments")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    scheme_year = models.ForeignKey(SchemeYear, on_delete=models.PROTECT, related_name="adjustments")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=20, choices=_states(adjustment.State), default=adjustment.State.PROPOSED.value)
    pence = models.BigIntegerField()
    day = models.DateField()
    reason = models.TextField()

    class Meta(ScopedModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["organisation", "number"], name="adjustment_number_once"),
            models.CheckConstraint(condition=~Q(pence=0) & ~Q(reason=""), name="adjustment_with_reason"),
        )

    def __str__(self) -> str:
        return f"adjustment {self.number}"


class AdjustmentStep(TakenStep):
    """A step of an adjustment."""

    visible = Visible(by="practice_id", overseen=OF_COMMISSIONER, former=OF_COMMISSIONER)

    practice = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    adjustment = models.ForeignKey(Adjustment, on_delete=models.PROTECT, related_name="steps")

    def __str__(self) -> str:
        return f"{self.step}: {self.adjustment_id}"


class PaymentLine(ScopedModel):
    """What a payment run pays, or takes, of a practice and scheme year, and all that it rests on.

    `pence` is above zero for what is paid, below for what is recovered; a `held` line is not paid, and `why` says why.
    `rests` names the extract, the scheme's version and hash, the clusters and the engine.
    """

    visible = Visible(by="practice_id", overseen=OF_COMMISSIONER, former=OF_COMMISSIONER)

    run = models.ForeignKey(PaymentRun, on_delete=models.PROTECT, related_name="lines")
    practice = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="payment_lines")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    scheme_year = models.ForeignKey(SchemeYear, on_delete=models.PROTECT, related_name="payment_lines")
    kind = models.CharField(max_length=20)
    pence = models.BigIntegerField(null=True)
    held = models.BooleanField(default=False)
    why = models.TextField()
    key = models.CharField(max_length=120)
    figures = models.ForeignKey(PracticeFigures, null=True, on_delete=models.PROTECT, related_name="+")
    declaration = models.ForeignKey(Declaration, null=True, on_delete=models.PROTECT, related_name="+")
    plan = models.ForeignKey(RecoveryPlan, null=True, on_delete=models.PROTECT, related_name="+")
    adjustment = models.ForeignKey(Adjustment, null=True, on_delete=models.PROTECT, related_name="+")
    rests = models.JSONField(default=dict)

    class Meta(ScopedModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["run", "key"], name="payment_line_once_a_run"),
            models.CheckConstraint(condition=Q(held=True) | Q(pence__isnull=False), name="payment_line_has_pence"),
        )

    def __str__(self) -> str:
        return f"{self.kind} of {self.practice_id} in {self.run_id}"


class Transfer(ScopedModel):
    """A line of the ledger: pence from the account that is credited to the one that is debited, on a day, and why.

    `organisation` is the commissioner of the scheme year, `paid_by` who keeps its books on that day: itself, or its
    successor. Transfers of one `transaction` belong together. `corrects` is the one that this puts right, by its
    difference. Nobody writes here but the service itself, after somebody's decision.
    """

    visible = Visible(by="practice_id", overseen=OF_COMMISSIONER, former=OF_COMMISSIONER, written_by_service=True)

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="ledger")
    paid_by = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    transaction = models.CharField(max_length=120)
    key = models.CharField(max_length=120)
    day = models.DateField()
    practice = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="transfers")
    scheme_year = models.ForeignKey(SchemeYear, on_delete=models.PROTECT, related_name="transfers")
    debit = models.CharField(max_length=40)
    credit = models.CharField(max_length=40)
    pence = models.BigIntegerField()
    kind = models.CharField(max_length=20)
    memo = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    line = models.ForeignKey(PaymentLine, null=True, on_delete=models.PROTECT, related_name="transfers")
    declaration = models.ForeignKey(Declaration, null=True, on_delete=models.PROTECT, related_name="transfers")
    adjustment = models.ForeignKey(Adjustment, null=True, on_delete=models.PROTECT, related_name="transfers")
    corrects = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="corrected_by")

    class Meta(ScopedModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["organisation", "key"], name="transfer_key_once"),
            models.UniqueConstraint(fields=["organisation", "number"], name="transfer_number_once"),
            models.CheckConstraint(condition=Q(pence__gt=0) & ~Q(debit=F("credit")), name="transfer_moves_pence"),
        )

    def __str__(self) -> str:
        return f"transfer {self.number}"
