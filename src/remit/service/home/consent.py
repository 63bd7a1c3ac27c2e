"""What waits of consent: a practice that shares its counts with nobody today is asked whether it wants to."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse

from remit.service import clock
from remit.service.consents.models import Consent
from remit.service.home.reading import Task
from remit.service.organisations.models import PRACTICE, Organisation
from remit.service.people.roles import Action
from remit.service.scope.scope import Scope


def waiting(scope: Scope) -> Iterator[Task]:
    """For each practice for which the person may consent, and that has consented to nobody for today."""
    today = clock.today()
    holds = Q(since__lte=today) & (Q(until__isnull=True) | Q(until__gte=today))
    holds &= Q(withdrawn__isnull=True) | Q(withdrawn__gt=today)
    sharing = set(Consent.objects.filter(holds, practice__in=scope.own).values_list("practice", flat=True))
    for practice in Organisation.objects.filter(pk__in=scope.own, kind=PRACTICE, closed__isnull=True).order_by("name"):
        if practice.pk not in sharing and scope.may(Action.GIVE_CONSENT, practice.pk):
            text = f"{practice.name} shares its counts with nobody today: say whether it should"
            yield Task(text, reverse("consent", args=[practice.code]))
