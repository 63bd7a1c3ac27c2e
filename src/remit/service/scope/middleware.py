"""Each request is done in the scope of who sent it, and of nobody else."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from remit.service import clock
from remit.service.people.models import Person
from remit.service.people.second_factor import was_given
from remit.service.scope import reach
from remit.service.scope.acting import acting
from remit.service.scope.scope import NOBODY


class ScopeMiddleware:
    """Sets the scope before a view runs; a request of somebody who is not signed in sees no row of any organisation."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person = request.user
        scope = NOBODY
        if isinstance(person, Person) and person.is_authenticated:
            scope = reach.of_person(person, clock.today(), was_given(request))
        with acting(scope):
            return self._get_response(request)
