"""A practice's consent to share data with another organisation."""

from __future__ import annotations

from django.db import models
from django.db.models import QuerySet

from remit.service.organisations.models import Organisation
from remit.service.scope.conditions import Visible
from remit.service.scope.rows import ScopedModel, ScopedQuerySet

COUNTS = "counts"
COVERS = ((COUNTS, "Counts and what they come to"),)


class Consent(ScopedModel):
    """That a practice lets an organisation see its data of a kind, for days from `since` to `until`.

    From the day of `withdrawn` on nothing of a later day is seen; what was shared of earlier days stays, since payments
    rest on it.
    """

    visible = Visible(by="practice_id")

    practice = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="consents")
    to = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="consents_received")
    covers = models.CharField(max_length=20, choices=COVERS, default=COUNTS)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    withdrawn = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.practice} to {self.to}, from {self.since}"

    @classmethod
    def unscoped_for_conditions(cls) -> QuerySet[Consent]:
        """All consents, for the condition that a row's own practice consented; never handed to a reader."""
        return ScopedQuerySet(cls)
