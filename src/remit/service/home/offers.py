"""What waits of offers for a contract manager: those that lapsed. Open ones are among what is due (`reminded`)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse

from remit.contract.participation import State
from remit.core.words import agreed
from remit.service import clock
from remit.service.home.reading import Task
from remit.service.offers.models import Participation
from remit.service.people.roles import Action
from remit.service.scope.scope import Scope

_OF_LATE = timedelta(days=90)


def lapsed(scope: Scope) -> Iterator[Task]:
    """For a contract manager: the offers that lapsed of late, with how many practices had not answered."""
    rows = Participation.objects.filter(
        organisation__in=scope.own, state=State.LAPSED.value, respond_by__gte=clock.today() - _OF_LATE
    ).select_related("offer", "organisation")
    found: dict[int, list[Participation]] = {}
    for one in rows.order_by("offer__number"):
        if scope.may(Action.MAKE_OFFERS, one.organisation_id):
            found.setdefault(one.offer_id, []).append(one)
    for some in found.values():
        one = some[0]
        practices = agreed(f"{len(some):,} practice{{|s}}", len(some))
        text = f"{one.title}: offer {one.offer.number} lapsed without an answer of {practices}"
        yield Task(text, reverse("offer", args=[one.organisation.code, one.offer.number]))
