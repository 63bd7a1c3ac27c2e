"""The pages for what went wrong, in plain words and with no detail of how."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The request is not one that a browser sends."""
    return render(request, "error.html", {"title": "This request cannot be read"}, status=400)


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Somebody who is signed in may not do this here."""
    return render(request, "error.html", {"title": "Your roles do not allow this"}, status=403)


def not_there(request: HttpRequest, exception: Exception) -> HttpResponse:
    """There is no such page, or it is not for this person to see."""
    return render(request, "error.html", {"title": "There is no such page"}, status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """A fault of the service."""
    return render(request, "error.html", {"title": "Something went wrong"}, status=500)
