"""What the pages on people show: who has which role where, and who is invited."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from remit.service import clock
from remit.service.organisations.models import COMMISSIONER, Membership, Organisation
from remit.service.people.models import Appointment, Invitation, Person
from remit.service.people.roles import ROLES, Action, Role, may_give
from remit.service.scope.acting import acting
from remit.service.scope.scope import EVERYTHING, Scope, current


def on(day: date) -> Q:
    """Appointments that hold on a day."""
    return Q(since__lte=day) & (Q(until__isnull=True) | Q(until__gte=day))


def not_over(day: date) -> Q:
    """Appointments that hold on a day or later."""
    return Q(until__isnull=True) | Q(until__gte=day)


def home_of(person: Person) -> Organisation | None:
    """The organisation that a person's own entries of the log belong to: that of the first role held today."""
    with acting(EVERYTHING):
        found = Appointment.objects.filter(on(clock.today()), person=person).select_related("organisation")
        first = found.order_by("pk").first()
    return first.organisation if first else None


def all_appointments(person: Person) -> list[Appointment]:
    """Every role that somebody has from today on, wherever it is; for checks alone, never for a page."""
    with acting(EVERYTHING):
        found = Appointment.objects.filter(not_over(clock.today()), person=person).select_related("organisation")
        return list(found.order_by("pk"))


def needs_second_factor(person: Person) -> bool:
    """Whether one of a person's roles of today asks for a second factor."""
    with acting(EVERYTHING):
        held = Appointment.objects.filter(on(clock.today()), person=person).values_list("role", flat=True)
        return any(ROLES[role].needs_second_factor for role in held)


def area_of(organisation: Organisation, day: date) -> frozenset[int]:
    """The commissioners above an organisation, or the topmost where there is none: the area in which duties are kept
    apart. Those of today and of later count."""
    with acting(EVERYTHING):
        found, ahead = {organisation.pk}, {organisation.pk}
        while ahead:
            rows = Membership.objects.filter(not_over(day), member_id__in=ahead)
            ahead = set(rows.values_list("parent_id", flat=True)) - found
            found |= ahead
        tops = Organisation.objects.filter(pk__in=found, kind=COMMISSIONER).values_list("pk", flat=True)
        return frozenset(tops) or frozenset(found)


def actions_at(scope: Scope, organisation: Organisation) -> frozenset[Action]:
    """What may be done in an organisation."""
    grants = [grant for grant in scope.grants if organisation.pk in grant.organisations]
    return frozenset(action for grant in grants for action in grant.role.actions)


def roles_to_give(organisation: Organisation) -> tuple[Role, ...]:
    """The roles that the person at work gives in an organisation."""
    return tuple(role for role in may_give(actions_at(current(), organisation)) if organisation.kind in role.kinds)


def organisations_to_give_in() -> list[Organisation]:
    """Where the person at work gives roles: by name, the commissioner first."""
    order = {kind: n for n, kind in enumerate(("commissioner", "place", "network", "practice"))}
    ids = {pk for grant in current().grants if Action.INVITE_PEOPLE in grant.role.actions for pk in grant.organisations}
    found = Organisation.objects.filter(pk__in=ids)
    today = clock.today()
    return sorted(
        (one for one in found if one.closed is None or one.closed >= today),
        key=lambda one: (order.get(one.kind, 9), one.name, one.code),
    )


@dataclass(frozen=True)
class Holding:
    """A role that somebody has or had, as a row of the page."""

    appointment: Appointment
    title: str
    is_over: bool
    may_end: bool


def people(organisations: Collection[int]) -> list[tuple[Person, list[Holding]]]:
    """Everybody with a role in some organisations today or later, by name."""
    rows = Appointment.objects.filter(not_over(clock.today()), organisation_id__in=organisations)
    found: dict[int, tuple[Person, list[Holding]]] = {}
    for row in rows.select_related("person", "organisation").order_by("person__name", "person_id", "pk"):
        found.setdefault(row.person_id, (row.person, []))[1].append(holding(row))
    return list(found.values())


def holding(row: Appointment) -> Holding:
    """A role as a row of a page."""
    is_over = row.until is not None and row.until < clock.today()
    mine = row.person_id == current().person
    allowed = {role.id for role in may_give(actions_at(current(), row.organisation))}
    return Holding(row, ROLES[row.role].title, is_over, not is_over and not mine and row.role in allowed)


def open_invitations(organisations: Collection[int]) -> QuerySet[Invitation]:
    """Those that can still be accepted."""
    found = Invitation.objects.filter(
        organisation_id__in=organisations, accepted_at=None, revoked_at=None, expires_at__gt=clock.machine_now()
    )
    return found.select_related("organisation", "invited_by").order_by("-invited_at", "-pk")


def titles(roles: Collection[str]) -> str:
    """Roles by their titles, in words."""
    return ", ".join(role.title for role in ROLES.values() if role.id in roles)
