"""A practice's consent to share data with another organisation."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q, QuerySet

from remit.service import clock
from remit.service.organisations.models import Organisation
from remit.service.scope.conditions import InPart, Visible
from remit.service.scope.rows import ScopedModel, ScopedQuerySet

COUNTS = "counts"
COVERS = ((COUNTS, "Counts and what they come to"),)

PRACTICE, PAPER, CARRIED_OVER = "practice", "paper", "carried over"
GIVEN_BY = (
    (PRACTICE, "Given by the practice"),
    (PAPER, "Signed on paper, recorded by an administrator"),
    (CARRIED_OVER, "Carried over to the organisation that took over"),
)


class Consent(ScopedModel):
    """That a practice lets an organisation see its data of a kind, for days from `since` to `until`.

    From the day of `withdrawn` on nothing of a later day is seen; what was shared of earlier days stays, since payments
    rest on it.
    """

    visible = Visible(by="practice_id", former=InPart("to_id", "consented"))

    practice = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="consents")
    to = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="consents_received")
    covers = models.CharField(max_length=20, choices=COVERS, default=COUNTS)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    withdrawn = models.DateField(null=True, blank=True)
    given_by = models.CharField(max_length=20, choices=GIVEN_BY, default=PRACTICE)
    evidence = models.CharField(max_length=500, blank=True)
    ended_because = models.CharField(max_length=500, blank=True)

    class Meta(ScopedModel.Meta):
        constraints = (
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="consent_ends_after_beginning"),
            models.CheckConstraint(condition=Q(withdrawn__gte=F("since")), name="consent_withdrawn_after_beginning"),
            models.CheckConstraint(condition=~Q(practice=F("to")), name="consent_to_another"),
            models.CheckConstraint(condition=~Q(given_by=PAPER) | ~Q(evidence=""), name="consent_paper_has_evidence"),
        )

    def __str__(self) -> str:
        return f"{self.practice} to {self.to}, from {self.since}"

    @property
    def last(self) -> date | None:
        """The last day that it covers; None where it is open; the day before `since` where it covers none."""
        ends = [day for day in (self.until, self.withdrawn and self.withdrawn - timedelta(days=1)) if day]
        return min(ends, default=None)

    @property
    def is_void(self) -> bool:
        """Whether it ended before it began, and covers no day."""
        return self.last is not None and self.last < self.since

    @property
    def is_today(self) -> bool:
        """Whether data of today is shared."""
        return self.covers_day(clock.today())

    def covers_day(self, day: date) -> bool:
        """Whether data of a day is shared."""
        return self.since <= day and (self.last is None or day <= self.last)

    @classmethod
    def unscoped_for_conditions(cls) -> QuerySet[Consent]:
        """All consents, for the condition that a row's own practice consented; never handed to a reader."""
        return ScopedQuerySet(cls)
