"""Who hears that a declaration no longer stands, by e-mail where that is set up; their first page says it always."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from remit.service import clock
from remit.service.declarations.models import Declaration, DeclarationStep
from remit.service.people import post
from remit.service.people.models import Appointment, Person

LEAD = "practice_lead"


def concerned(row: Declaration, steps: Iterable[DeclarationStep]) -> list[Person]:
    """Everybody who took a step, and the practice's leads of today."""
    today = clock.today()
    in_force = Q(since__lte=today) & (Q(until__isnull=True) | Q(until__gte=today))
    leads = Appointment.objects.filter(in_force, organisation=row.practice_id, role=LEAD).values_list(
        "person_id", flat=True
    )
    ids = {one.person_id for one in steps if one.person_id is not None} | set(leads)
    return list(Person.objects.filter(pk__in=ids, is_active=True).order_by("pk"))


def withdrawn(row: Declaration, steps: Iterable[DeclarationStep]) -> None:
    """Write to all of them once the withdrawal is committed. No amount leaves by e-mail."""
    if not post.is_set_up():
        return
    values = {
        "practice": row.practice.name, "scheme": row.participation.title, "number": row.number, "day": row.day,
        "address": address_of(row),
    }  # fmt: skip
    for person in concerned(row, steps):
        subject = f"Remit: declaration {row.number} of {row.practice.name} no longer stands"
        letter = partial(post.send, person.email, subject, "declaration_withdrawn", name=person.name, **values)
        transaction.on_commit(letter)


def address_of(row: Declaration) -> str:
    """The whole address of a declaration's page."""
    path = reverse("declaration", args=[row.practice.code, row.participation.scheme_id, row.number])
    return f"{settings.DEPLOYMENT.address.rstrip('/')}{path}"
