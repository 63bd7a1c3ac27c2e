"""A person's scope, worked out from appointments and memberships as they are on a day.

Whoever oversees an organisation sees the rows of those below it today. Of those that were below it and left, the rows
of the days before are seen, where the practice had consented on the row's day; what comes later is the new parent's.
Nobody decides for an organisation that has left, or has not yet come.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q

from remit.service.organisations.models import COMMISSIONER, PLACE, PRACTICE, Membership, Organisation, Succession
from remit.service.people.models import Appointment, Person
from remit.service.people.roles import DECIDES, ROLES, Action, Role
from remit.service.scope.acting import acting
from remit.service.scope.scope import EVERYTHING, Grant, Scope, united


@dataclass(frozen=True)
class _Around:
    """An organisation with those it succeeded; those below today; those that were below, or will be; those above, with
    the successors of all these; and whom a consent must name."""

    own: frozenset[int]
    below: frozenset[int]
    former: frozenset[int]
    above: frozenset[int]
    relies: frozenset[int]


def of_person(person: Person, day: date, second_factor: bool) -> Scope:
    """What a person sees on a day; patients only once a second factor was given."""
    with acting(EVERYTHING):
        current = Q(since__lte=day) & (Q(until__isnull=True) | Q(until__gte=day))
        found = Appointment.objects.filter(current, person=person).select_related("organisation").order_by("pk")
        appointments = list(found)
        places = {one.organisation_id: _around(one.organisation, day) for one in appointments}
    of_roles = tuple(
        (ROLES[one.role], _of_appointment(one, places[one.organisation_id], second_factor)) for one in appointments
    )
    works_for = tuple(dict.fromkeys(one.organisation.name for one in appointments))
    return replace(united(person.pk, (seen for _, seen in of_roles)), of_roles=of_roles, works_for=works_for)


def _of_appointment(one: Appointment, around: _Around, second_factor: bool) -> Scope:
    """What one role of a person sees."""
    role = ROLES[one.role]
    grants = [Grant(role, around.own | around.below)]
    if around.former:
        grants.append(Grant(_of_former_members(role), around.former))
    sees_patients = Action.SEE_PATIENTS in role.actions and one.organisation.kind == PRACTICE and second_factor
    return Scope(
        one.person_id,
        around.own,
        around.below,
        around.former,
        around.above - around.below - around.former,
        around.relies,
        around.own if sees_patients else frozenset(),
        tuple(grants),
    )


def of_service(organisation: Organisation, day: date) -> Scope:
    """What a background job for an organisation sees: its rows and, as its own, those of all below it, former members
    included: figures of a day before they left may come in after it."""
    with acting(EVERYTHING):
        around = _around(organisation, day)
    own = around.own | around.below | around.former
    return Scope(None, own, parents=around.above - own, consented=around.relies)


def _of_former_members(role: Role) -> Role:
    """What a role may do in organisations that have left or are to come: look, and decide nothing."""
    return replace(role, actions=role.actions - DECIDES)


def _around(organisation: Organisation, day: date) -> _Around:
    found: dict[str, set[int]] = {part: set() for part in ("own", "below", "former", "above", "successor")}
    with connection.cursor() as cursor:
        cursor.execute(_AROUND, _arguments(organisation.pk, day))
        for part, one in cursor.fetchall():
            found[part].add(one)
    own, below = found["own"], found["below"]
    former, above = found["former"] - below, found["above"]
    relies = set(own)
    if organisation.kind == PLACE:
        # A place sees under the consent to its commissioner, which goes on when a practice moves to another place.
        commissioners = Organisation.objects.filter(pk__in=above, kind=COMMISSIONER).values_list("pk", flat=True)
        relies |= set().union(*(_predecessors(one, day) for one in commissioners))
        former = set()
    return _Around(*map(frozenset, (own, below - own, former - own, (above | found["successor"]) - own, relies)))


_AROUND = f"""
WITH RECURSIVE own(id) AS (
  SELECT CAST(%(id)s AS bigint)
  UNION SELECT s.predecessor_id FROM own o JOIN "{Succession._meta.db_table}" s ON s.successor_id = o.id
    WHERE s.day <= %(day)s
), under(id, begins, ends) AS (
  SELECT o.id, %(ever)s, %(never)s FROM own o
  UNION SELECT m.member_id, CASE WHEN m.since > u.begins THEN m.since ELSE u.begins END,
      CASE WHEN m.until < u.ends THEN m.until ELSE u.ends END
    FROM under u JOIN "{Membership._meta.db_table}" m ON m.parent_id = u.id
    WHERE m.since <= u.ends AND (m.until IS NULL OR m.until >= u.begins)
), above(id) AS (
  SELECT CAST(%(id)s AS bigint)
  UNION SELECT m.parent_id FROM above a JOIN "{Membership._meta.db_table}" m ON m.member_id = a.id
    WHERE m.since <= %(day)s AND (m.until IS NULL OR m.until >= %(day)s)
)
SELECT 'own', id FROM own
UNION ALL SELECT CASE WHEN begins <= %(day)s AND ends >= %(day)s THEN 'below' ELSE 'former' END, id FROM under
UNION ALL SELECT 'above', id FROM above
UNION ALL SELECT 'successor', s.successor_id FROM "{Succession._meta.db_table}" s
  WHERE s.predecessor_id IN (SELECT id FROM under)
"""
"""All in one question, which every request asks: an organisation and those that it succeeded; those below on the day or
on others (they were, or will be); those above; the successors of these.

A chain of memberships counts for the days that all of them have in common: who joined a network after it went to
another commissioner was never below the first.
"""


def _arguments(organisation: int, day: date) -> dict[str, Any]:
    days = {"day": day, "ever": date.min, "never": date.max}
    return {"id": organisation} | {name: connection.ops.adapt_datefield_value(one) for name, one in days.items()}


def below_on(organisation: Organisation, day: date) -> frozenset[int]:
    """The organisations below one on a day, as ids, whoever asks."""
    with acting(EVERYTHING):
        return _around(organisation, day).below


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
