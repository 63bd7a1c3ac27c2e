"""Lets what is done inside see what a scope says: by the managers, and on PostgreSQL by row-level security too."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from remit.service.people.roles import Action
from remit.service.scope.row_security import set_on_connection
from remit.service.scope.scope import Scope, current, current_or_nobody, put, put_back


@contextmanager
def acting(scope: Scope) -> Iterator[Scope]:
    """The scope of a request, a job or a command, until it ends."""
    token = put(scope)
    set_on_connection(scope)
    try:
        yield scope
    finally:
        put_back(token)
        set_on_connection(current_or_nobody())


@contextmanager
def doing(action: Action) -> Iterator[Scope]:
    """While an action is done, what the roles that may do it see: nothing that somebody sees by another role."""
    narrower = current().doing(action)
    if narrower == current():
        yield current()
        return
    with acting(narrower):
        yield narrower
