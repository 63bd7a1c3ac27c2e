"""A commissioner that took over from others settles their years, and keeps their books from then on."""

from __future__ import annotations

from datetime import date

from remit.service.organisations.models import Organisation, Succession


def commissioners_of(organisation: Organisation, day: date) -> frozenset[int]:
    """A commissioner and those that it had taken over by a day, as ids."""
    found = ahead = {organisation.pk}
    while ahead:
        rows = Succession.objects.filter(successor__in=ahead, day__lte=day)
        ahead = set(rows.values_list("predecessor_id", flat=True)) - found
        found = found | ahead
    return frozenset(found)


def keeper_of(organisation: Organisation, day: date) -> Organisation:
    """Who keeps a commissioner's books on a day: itself, or who took over from it, to the last."""
    keeper, known = organisation, {organisation.pk}
    while (found := successor_of(keeper, day)) is not None and found.successor_id not in known:
        keeper = found.successor
        known.add(keeper.pk)
    return keeper


def successor_of(organisation: Organisation, day: date) -> Succession | None:
    """Who took over from a commissioner by a day; None where nobody did."""
    rows = Succession.objects.filter(predecessor=organisation, day__lte=day)
    return rows.select_related("successor").order_by("-day").first()
