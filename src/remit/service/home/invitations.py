"""What waits of people: the invitations that nobody has accepted yet, for whoever gives roles."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from remit.core.words import agreed
from remit.service.home.reading import Task
from remit.service.people import reading
from remit.service.people.roles import Action
from remit.service.scope.scope import Scope


def waiting(scope: Scope) -> Iterator[Task]:
    """How many invitations are open in the organisations where the person gives and ends roles."""
    manages = {pk for one in scope.grants if Action.MANAGE_PEOPLE in one.role.actions for pk in one.organisations}
    count = reading.open_invitations(manages).count() if manages else 0
    if count:
        what = agreed("invitation{|s} {is|are}", count)
        text = f"{count:,} {what} not accepted yet"
        yield Task(text, reverse("people"))
