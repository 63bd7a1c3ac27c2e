"""Organisations with their dated memberships, successions, earlier names and list sizes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import F, Q

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

    class Meta(ScopedModel.Meta):
        constraints = (
            models.CheckConstraint(condition=Q(closed__gte=F("opened")), name="organisation_closes_after_opening"),
            models.CheckConstraint(condition=Q(kind__in=[kind for kind, _ in KINDS]), name="organisation_kind"),
            models.CheckConstraint(condition=~Q(code="") & ~Q(name=""), name="organisation_has_code_and_name"),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class Membership(ScopedModel):
    """That one organisation belongs to another, from a first to a last day.

    `parent_kind` repeats the parent's kind, so that the database itself refuses two parents of one kind at a time.
    """

    visible = Visible(by="member_id", former=ALWAYS, parents=ALWAYS)

    member = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    parent = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="members")
    parent_kind = models.CharField(max_length=20, editable=False)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta(ScopedModel.Meta):
        constraints = (
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="membership_ends_after_beginning"),
            models.CheckConstraint(condition=~Q(member=F("parent")), name="membership_in_another"),
            models.UniqueConstraint(
                fields=["member", "parent_kind"], condition=Q(until__isnull=True), name="membership_open_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.member} in {self.parent}"

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """With the kind of its parent."""
        self.parent_kind = self.parent.kind
        fields = None if update_fields is None else {*update_fields, "parent_kind"}
        super().save(*args, update_fields=fields, **kwargs)


class Succession(ScopedModel):
    """That one organisation took over another on a day: a merger, or commissioners that become one.

    `before` holds what the merger ended, so that a mistake can be undone as a whole.
    """

    visible = Visible(by="successor_id", former=ALWAYS, parents=ALWAYS)

    predecessor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="succeeded_by")
    successor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="succeeded")
    day = models.DateField()
    before = models.JSONField(default=dict, blank=True)

    class Meta(ScopedModel.Meta):
        constraints = (
            models.CheckConstraint(condition=~Q(predecessor=F("successor")), name="succession_of_another"),
            models.UniqueConstraint(fields=["predecessor", "successor"], name="succession_once"),
        )

    def __str__(self) -> str:
        return f"{self.successor} after {self.predecessor}"


class EarlierName(ScopedModel):
    """A name that an organisation had, and its last day."""

    visible = Visible(by="organisation_id", former=ALWAYS, parents=ALWAYS)

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="earlier_names")
    name = models.CharField(max_length=200)
    until = models.DateField()

    def __str__(self) -> str:
        return f"{self.name}, until {self.until}"


class ListSize(ScopedModel):
    """How many people were registered with a practice on a day, and where the number is from. Unknown is no row."""

    visible = Visible(by="organisation_id", parents=ALWAYS)

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="list_sizes")
    day = models.DateField()
    people = models.PositiveIntegerField()
    source = models.CharField(max_length=200)

    class Meta(ScopedModel.Meta):
        constraints = (models.UniqueConstraint(fields=["organisation", "day"], name="list_size_once_a_day"),)

    def __str__(self) -> str:
        return f"{self.organisation}: {self.people} on {self.day}"


class ProposedMap(ScopedModel):
    """A map of an area that was read and not yet confirmed: its rows, and from which day they are to hold."""

    visible = Visible(by="commissioner_id")

    commissioner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    token = models.CharField(max_length=40, unique=True)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    day = models.DateField()
    content = models.JSONField()
    proposed = models.DateTimeField()
    applied = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.file_name} for {self.commissioner} from {self.day}"
