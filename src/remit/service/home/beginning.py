"""What waits while an area is set up: no organisation belongs to the commissioner yet, nobody else has a role in it."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from remit.service.home.reading import Task
from remit.service.organisations.models import COMMISSIONER, Membership, Organisation
from remit.service.people import reading
from remit.service.people.models import Appointment
from remit.service.people.roles import Action
from remit.service.scope.scope import Scope


def waiting(scope: Scope) -> Iterator[Task]:
    """For each commissioner that the person administers: its practice map first, and then its people."""
    for one in Organisation.objects.filter(pk__in=scope.own, kind=COMMISSIONER).order_by("name"):
        if not scope.may(Action.CHANGE_ORGANISATIONS, one.pk):
            continue
        if not Membership.objects.filter(parent=one).exists():
            text = f"No practice belongs to {one.name} yet: bring in its practice map"
            yield Task(text, reverse("organisation-import", args=[one.code]))
        elif _is_alone(scope):
            yield Task(f"Nobody else has a role in {one.name} yet: invite people", reverse("invite"))


def _is_alone(scope: Scope) -> bool:
    ids = [one.pk for one in reading.organisations_to_give_in()]
    others = Appointment.objects.filter(organisation_id__in=ids).exclude(person=scope.person)
    return not others.exists() and not reading.open_invitations(ids).exists()
