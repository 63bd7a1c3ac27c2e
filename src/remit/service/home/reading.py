"""What the first page says to somebody: their roles, what waits for them, and what is new.

Other parts of the service say what waits and what is new in functions of their own (`views.py` lists them); each
answers for the current scope alone, and leads to pages that the person may open: its action is theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db.models import Q

from remit.core.words import listed
from remit.service import clock
from remit.service.people.models import Appointment
from remit.service.people.roles import ROLES, Action
from remit.service.scope.acting import doing
from remit.service.scope.scope import Scope, current


@dataclass(frozen=True)
class Task:
    """Something that waits for the person, in a sentence, and the page where it is done."""

    text: str
    href: str


@dataclass(frozen=True)
class News:
    """Something new, in a sentence, with its day and the page that shows it."""

    text: str
    day: date
    href: str


@dataclass(frozen=True)
class Home:
    """The first page. `roles` says what the person is, and where."""

    roles: str
    tasks: tuple[Task, ...]
    news: tuple[News, ...]


Said = TypeVar("Said", Task, News)
Part = tuple[Action, Callable[[Scope], Iterable[Said]]]
"""What a part of the service has to say to whoever may do an action."""
_MOST_NEWS = 6


def home_of(waiting: Iterable[Part[Task]], new: Iterable[Part[News]]) -> Home:
    """The first page of the person at work, of what each part of the service has to say: of the first part first, and
    of each part the newest first."""
    news = [one for part in _said(new) for one in sorted(part, key=lambda one: one.day, reverse=True)]
    tasks = tuple(one for part in _said(waiting) for one in part)
    return Home(_roles(current()), tasks, tuple(news[:_MOST_NEWS]))


def _said(parts: Iterable[Part[Said]]) -> Iterator[list[Said]]:
    """What each part says to whoever may do its action: of what is seen by the roles that may, as on its pages."""
    for action, part in parts:
        if current().may(action):
            with doing(action) as scope:
                found = list(part(scope))
            yield found


def _roles(scope: Scope) -> str:
    """`You are practice lead of Alder Surgery, and auditor of North ICB.`"""
    today = clock.today()
    current = Q(since__lte=today) & (Q(until__isnull=True) | Q(until__gte=today))
    found = Appointment.objects.filter(current, person=scope.person).select_related("organisation").order_by("pk")
    names = [f"{_lower(ROLES[one.role].title)} of {one.organisation.name}" for one in found]
    return f"You are {listed(names)}." if names else "You have no role now. Ask your administrator for one."


def _lower(title: str) -> str:
    return title[0].lower() + title[1:]
