"""What waits of offers: a practice lead's open ones, and a contract manager's that nobody answered by their day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse

from remit.core.say import day as say_day
from remit.core.words import agreed
from remit.service import clock
from remit.service.home.reading import Task
from remit.service.offers.models import Participation
from remit.service.people.roles import Action
from remit.service.scope.scope import Scope

_SOON = timedelta(days=7)
_OF_LATE = timedelta(days=90)


def to_answer(scope: Scope) -> Iterator[Task]:
    """For a practice: each offer that waits for its answer."""
    rows = Participation.objects.filter(practice__in=scope.own, state="offered", respond_by__gte=clock.today())
    for one in rows.select_related("practice").order_by("respond_by", "pk"):
        if scope.may(Action.ANSWER_OFFERS, one.practice_id):
            text = f"{one.practice.name} is offered {one.title}: answer by {say_day(one.respond_by)}"
            yield Task(text, reverse("participation", args=[one.practice.code, one.pk]))


def unanswered(scope: Scope) -> Iterator[Task]:
    """For a contract manager: offers whose day is near or has passed, and how many practices have not answered."""
    today = clock.today()
    rows = Participation.objects.filter(
        organisation__in=scope.own, state__in=("offered", "lapsed"), respond_by__lte=today + _SOON,
        respond_by__gte=today - _OF_LATE, ends__gte=today - _OF_LATE,
    ).select_related("offer", "organisation")  # fmt: skip
    found: dict[tuple[int, bool], list[Participation]] = {}
    for one in rows.order_by("offer__number"):
        if scope.may(Action.MAKE_OFFERS, one.organisation_id):
            found.setdefault((one.offer_id, one.respond_by < today), []).append(one)
    for (_, late), some in found.items():
        one = some[0]
        practices = agreed(f"{len(some):,} practice{{|s}} {{has|have}}", len(some))
        text = f"{one.title}, offer {one.offer.number}: {practices} not answered yet, by {say_day(one.respond_by)}"
        if late:
            text = f"{one.title}, offer {one.offer.number}: {practices} not answered by the day, and the offer lapsed"
        yield Task(text, reverse("offer", args=[one.organisation.code, one.offer.number]))
