"""What somebody did with a thing of the scheme year: the fields of every kind of step. Steps are only ever added."""

from __future__ import annotations

from django.db import models

from remit.service.people.models import Person
from remit.service.scope.rows import ScopedModel


class TakenStep(ScopedModel):
    """That somebody took a step: which, into which state it led, who, when, and with what words.

    `person` is None where the service itself took it: at changed figures, a merger, or a day that passed.
    """

    step = models.CharField(max_length=40)
    state = models.CharField(max_length=40)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    words = models.TextField(blank=True)

    class Meta(ScopedModel.Meta):
        abstract = True
