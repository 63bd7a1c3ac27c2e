"""What waits of figures: those that are late or whose check did not finish."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from remit.core import say
from remit.service.extracts import reading
from remit.service.extracts.models import FAILED
from remit.service.home.reading import Task
from remit.service.organisations.models import COMMISSIONER, Organisation
from remit.service.people.roles import Action
from remit.service.scope.scope import Scope


def waiting(scope: Scope) -> Iterator[Task]:
    """For whoever sends a commissioner's figures, and for whoever publishes its schemes."""
    for one in Organisation.objects.filter(pk__in=scope.own, kind=COMMISSIONER).order_by("name"):
        sends = scope.may(Action.RECEIVE_EXTRACTS, one.pk)
        if not (sends or scope.may(Action.PUBLISH_SCHEMES, one.pk)):
            continue
        for late in reading.late(one):
            if late.is_late:
                text = f"{late.title or late.scheme_id}: the figures of {say.day(late.month)} are late"
                yield Task(f"{text}. They were due by {say.day(late.due)}", reverse("figures-of", args=[one.code]))
        for extract in reading.extracts_of(one).filter(state=FAILED) if sends else ():
            text = f"The check of extract {extract.number} did not finish: check it again"
            yield Task(text, reverse("figures-one", args=[one.code, extract.number]))
