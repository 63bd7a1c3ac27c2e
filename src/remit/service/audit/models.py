"""Entries of the audit log, and the head of their chain."""

from __future__ import annotations

from django.db import models

from remit.service.organisations.models import Organisation
from remit.service.people.models import Person
from remit.service.scope.conditions import NotScoped, Visible
from remit.service.scope.rows import ScopedModel


class Entry(ScopedModel):
    """One decision, change or look at patients. `details` are plain values that its sentence needs, never a patient.

    `who` names the person with their roles as they were at that time. The database moves the head with each entry, and
    refuses to change or remove one (`triggers.py`).
    """

    visible = Visible(by="organisation_id", written_by_service=True)

    number = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField()
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    who = models.TextField()
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    event = models.CharField(max_length=60)
    subject = models.CharField(max_length=200, blank=True)
    details = models.JSONField(default=dict)
    before = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64, unique=True)

    class Meta(ScopedModel.Meta):
        indexes = (models.Index(fields=["organisation", "-number"], name="audit_by_organisation"),)

    def __str__(self) -> str:
        return f"{self.number}: {self.event} {self.subject}"


class Head(models.Model):
    """The last entry's number and hash, in one row: whoever adds an entry locks it first."""

    visible = NotScoped("one row: a number and a hash, which say nothing of anybody")

    number = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"{self.number}"
