"""What is due, or late, of what the person can do: the reminders that are there whether e-mails are sent or not."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from remit.service import clock
from remit.service.home.reading import Task
from remit.service.organisations.models import COMMISSIONER, PRACTICE, Organisation
from remit.service.reminders import due, reading
from remit.service.scope.scope import Scope


def waiting(scope: Scope) -> Iterator[Task]:
    """For each organisation that somebody works for: what it is time to be reminded of. Late figures have lines of
    their own."""
    today = clock.today()
    for one in Organisation.objects.filter(pk__in=scope.own, kind__in=(COMMISSIONER, PRACTICE)).order_by("name"):
        if not any(scope.may(action, one.pk) for action in due.ACTIONS):
            continue
        of = reading.year_of(one, today)
        for thing in reading.dues(of):
            may = thing.action is not None and scope.may(thing.action, one.pk)
            if may and thing.stage(today, of.timing) and not (thing.kind == due.FIGURES and thing.is_late(today)):
                yield Task(thing.sentence(today), reverse("calendar", args=[one.code]))
