"""What pages and other parts of the service ask of offers and participation; each answer is for the current scope."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from remit.service.offers.models import ACCEPTED, CARRIED_ON, OFFERED, TAKES_PART, Participation, SchemeYear
from remit.service.organisations.models import Organisation


def participating(
    organisation: Organisation, scheme_year: SchemeYear, day: date, until: date | None = None
) -> list[Participation]:
    """Who takes part in a year of a scheme on a day, or on some day up to `until`, by the practice's code."""
    rows = Participation.objects.filter(
        Q(state=CARRIED_ON, answered_at__isnull=False) | Q(state__in=TAKES_PART - {CARRIED_ON}),
        organisation=organisation, scheme_year=scheme_year, starts__lte=until or day, ends__gte=day,
    )  # fmt: skip
    return list(rows.select_related("practice", "into").order_by("practice__code", "starts"))


def of_practice(practice: Organisation) -> list[Participation]:
    """All that a practice was ever offered, the newest first."""
    rows = Participation.objects.filter(practice=practice).select_related("practice", "into", "answered_by")
    return list(rows.order_by("-starts", "-pk"))


def newest(scheme_year: SchemeYear) -> dict[int, Participation]:
    """Of each practice of a year what counts today: its open offer or its part in the scheme, else the last there was;
    by the practice's id."""
    rows = Participation.objects.filter(scheme_year=scheme_year).select_related("practice", "into", "offer")
    return newest_of_each(rows.order_by("pk"))


def newest_of_each(rows: QuerySet[Participation] | Iterable[Participation]) -> dict[int, Participation]:
    """The newest of each practice, those that took part before those that did not."""
    found: dict[int, Participation] = {}
    for one in sorted(rows, key=lambda each: (_counts(each), each.pk)):
        found[one.practice_id] = one
    return found


def _counts(one: Participation) -> int:
    if one.state in (OFFERED, ACCEPTED):
        return 2
    return 1 if one.was_accepted else 0
