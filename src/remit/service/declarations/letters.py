"""Who hears that a declaration no longer stands or was sent back, by e-mail where that is set up.

Their first page says it always.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from remit.contract.declaration import Step
from remit.core import say
from remit.service import clock
from remit.service.declarations.models import Declaration, DeclarationStep
from remit.service.declarations.sentences import why_withdrawn
from remit.service.people import post
from remit.service.people.models import Appointment, Person

LEAD = "practice_lead"


def concerned(row: Declaration, steps: Iterable[DeclarationStep]) -> list[Person]:
    """Everybody who took a step, and the leads of today: the practice's, and those of whoever took it over."""
    today = clock.today()
    in_force = Q(since__lte=today) & (Q(until__isnull=True) | Q(until__gte=today))
    practices = [one for one in (row.practice_id, row.merged_into_id) if one is not None]
    leads = Appointment.objects.filter(in_force, organisation__in=practices, role=LEAD).values_list(
        "person_id", flat=True
    )
    ids = {one.person_id for one in steps if one.person_id is not None} | set(leads)
    return list(Person.objects.filter(pk__in=ids, is_active=True).order_by("pk"))


def withdrawn(row: Declaration, steps: Iterable[DeclarationStep]) -> None:
    """Write to all of them once the withdrawal is committed. No amount leaves by e-mail."""
    _written(row, concerned(row, steps), "no longer stands", "declaration_withdrawn", why=why_withdrawn(row))


def sent_back(row: Declaration, by: int | None) -> None:
    """Write to the practice once it is committed that it was sent back; what has to change is on the page alone."""
    those = [one for one in concerned(row, row.steps.filter(step=Step.DECLARE.value)) if one.pk != by]
    _written(row, those, "was sent back", "declaration_sent_back")


def _written(row: Declaration, to: Iterable[Person], became: str, template: str, **more: str) -> None:
    if not post.is_set_up():
        return
    values = {
        "practice": row.practice.name, "scheme": row.participation.title, "number": row.number,
        "day": say.day(row.day), "address": address_of(row), **more,
    }  # fmt: skip
    for person in to:
        subject = f"Remit: declaration {row.number} of {row.practice.name} {became}"
        transaction.on_commit(partial(post.send, person.email, subject, template, name=person.name, **values))


def address_of(row: Declaration) -> str:
    """The whole address of a declaration's page."""
    path = reverse("declaration", args=[row.practice.code, row.participation.scheme_id, row.number])
    return f"{settings.DEPLOYMENT.address.rstrip('/')}{path}"
