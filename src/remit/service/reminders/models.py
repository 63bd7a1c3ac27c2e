"""When a commissioner expects things and reminds of them, which days were begun, and what each person was reminded of.

What was sent is a row for each thing, stage and person; it is there before the letter goes, and once: so nothing is
sent twice, whatever runs at the same moment, again, or by a clock that was set back.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from remit.service.organisations.models import Organisation
from remit.service.people.models import Person
from remit.service.scope.conditions import ALWAYS, Visible
from remit.service.scope.rows import ScopedModel

BEFORE, ON_DAY, AFTER = "before", "on the day", "after"
STAGES = (BEFORE, ON_DAY, AFTER)


class Timing(ScopedModel):
    """How many days before and after a day a commissioner reminds of it, and how many days after a scheme's year
    declarations, the review of evidence and the close are due. Without one these defaults hold."""

    visible = Visible(by="organisation_id", parents=ALWAYS)

    organisation = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="+")
    days_before = models.PositiveSmallIntegerField(default=7)
    days_after = models.PositiveSmallIntegerField(default=3)
    by_email = models.BooleanField(default=True)
    declare_within = models.PositiveSmallIntegerField(default=30)
    review_within = models.PositiveSmallIntegerField(default=61)
    close_within = models.PositiveSmallIntegerField(default=91)

    def __str__(self) -> str:
        return f"{self.days_before} days before, {self.days_after} days after"


class BegunDay(ScopedModel):
    """That the reminders of a day were begun for a commissioner: once, whichever worker it was."""

    visible = Visible(by="organisation_id")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()

    class Meta(ScopedModel.Meta):
        constraints = (models.UniqueConstraint(fields=["organisation", "day"], name="reminders_begun_once"),)

    def __str__(self) -> str:
        return self.day.isoformat()


class Sent(ScopedModel):
    """That somebody was sent a reminder by e-mail: of a thing (`kind` and `subject`) that is due on `day`, at a stage.

    `organisation` is whose thing it is; `what` says what the letter said.
    """

    visible = Visible(by="organisation_id", person="person_id")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    subject = models.CharField(max_length=120)
    day = models.DateField()
    stage = models.CharField(max_length=20, choices=[(one, one) for one in STAGES])
    what = models.CharField(max_length=500)
    at = models.DateTimeField()

    class Meta(ScopedModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["day", "kind", "subject", "person", "stage"], name="reminder_sent_once"),
            models.CheckConstraint(condition=Q(stage__in=STAGES), name="reminder_stage_known"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}, {self.stage}"
