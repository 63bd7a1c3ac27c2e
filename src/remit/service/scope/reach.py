"""A person's scope, worked out from appointments and memberships as they stand on a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from remit.service.organisations.models import COMMISSIONER, PLACE, PRACTICE, Membership, Organisation, Succession
from remit.service.people.models import Appointment, Person
from remit.service.people.roles import ROLES, Action
from remit.service.scope.acting import acting
from remit.service.scope.scope import EVERYTHING, Grant, Scope


def of_person(person: Person, day: date, second_factor: bool) -> Scope:
    """What a person sees on a day; patients only once a second factor was given."""
    with acting(EVERYTHING):
        current = Q(since__lte=day) & (Q(until__isnull=True) | Q(until__gte=day))
        appointments = list(Appointment.objects.filter(current, person=person).select_related("organisation"))
        parts = [(ROLES[one.role], *_around(one.organisation, day)) for one in appointments]
    own, overseen, parents, consented, patients = (set[int]() for _ in range(5))
    grants = []
    for role, organisation, mine, below, above, relies in parts:
        own |= mine
        overseen |= below
        parents |= above
        consented |= relies
        if Action.SEE_PATIENTS in role.actions and organisation.kind == PRACTICE and second_factor:
            patients |= mine
        grants.append(Grant(role, frozenset(mine | below)))
    return Scope(
        person.pk,
        frozenset(own),
        frozenset(overseen - own),
        frozenset(parents - own - overseen),
        frozenset(consented),
        frozenset(patients),
        tuple(grants),
    )


def of_service(organisation: Organisation, day: date) -> Scope:
    """What a background job for an organisation sees: its rows and, as its own, those of all below it."""
    with acting(EVERYTHING):
        _, mine, below, above, relies = _around(organisation, day)
    return Scope(None, frozenset(mine | below), frozenset(), frozenset(above), frozenset(relies))


def _around(organisation: Organisation, day: date) -> tuple[Organisation, set[int], set[int], set[int], set[int]]:
    """An organisation, itself with those it succeeded, those below, those above, and whom consent must name."""
    mine = _predecessors(organisation.pk, day)
    below = _reached(mine, "parent_id", "member_id", Q(since__lte=day)) - mine
    today = Q(since__lte=day) & (Q(until__isnull=True) | Q(until__gte=day))
    above = _reached({organisation.pk}, "member_id", "parent_id", today) - mine
    relies = set(mine)
    if organisation.kind == PLACE:
        relies |= set(Organisation.objects.filter(pk__in=above, kind=COMMISSIONER).values_list("pk", flat=True))
    return organisation, mine, below, above, relies


def _predecessors(organisation: int, day: date) -> set[int]:
    """An organisation and those that it succeeded by a day, and theirs."""
    found = {organisation}
    while (
        more := set(
            Succession.objects.filter(successor_id__in=found, day__lte=day).values_list("predecessor_id", flat=True)
        )
        - found
    ):
        found |= more
    return found


def _reached(start: Iterable[int], come_from: str, to: str, which: Q) -> set[int]:
    """All that memberships lead to, from some organisations and in one direction."""
    found, ahead = set(start), set(start)
    while ahead:
        ahead = set(Membership.objects.filter(which, **{f"{come_from}__in": ahead}).values_list(to, flat=True)) - found
        found |= ahead
    return found
