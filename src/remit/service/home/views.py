"""The first page after signing in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from remit.service.access import signed_in
from remit.service.home import schemes
from remit.service.home.reading import home_of
from remit.service.people.roles import Action
from remit.service.scope.scope import current


@signed_in
def home(request: HttpRequest) -> HttpResponseBase:
    """What waits for the person, what is new, and where to go."""
    sees_schemes = current().may(Action.SEE_SCHEMES)
    waiting, new = ((schemes.waiting,), (schemes.published,)) if sees_schemes else ((), ())
    return render(request, "home/home.html", {"home": home_of(current(), waiting, new)})
