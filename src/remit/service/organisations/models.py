"""Organisations with their dated memberships and successions."""

from __future__ import annotations

from django.db import models

from remit.service.scope.conditions import ALWAYS, Visible
from remit.service.scope.rows import ScopedModel

COMMISSIONER, PLACE, NETWORK, PRACTICE = "commissioner", "place", "network", "practice"
KINDS = (
    (COMMISSIONER, "Commissioner"),
    (PLACE, "Place"),
    (NETWORK, "Network"),
    (PRACTICE, "Practice"),
)
"""From the top down: an organisation is a member of those of earlier kinds."""


class Organisation(ScopedModel):
    """A commissioner, place, network or practice, by its NHS code (ODS), with its first and last day."""

    visible = Visible(by="id", former=ALWAYS, parents=ALWAYS)

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=KINDS)
    opened = models.DateField(null=True, blank=True)
    closed = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class Membership(ScopedModel):
    """That one organisation belongs to another, from a first to a last day."""

    visible = Visible(by="member_id", former=ALWAYS, parents=ALWAYS)

    member = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    parent = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="members")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.member} in {self.parent}"


class Succession(ScopedModel):
    """That one organisation took over another on a day: a merger, or commissioners that become one."""

    visible = Visible(by="successor_id", former=ALWAYS, parents=ALWAYS)

    predecessor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="succeeded_by")
    successor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="succeeded")
    day = models.DateField()

    def __str__(self) -> str:
        return f"{self.successor} after {self.predecessor}"
