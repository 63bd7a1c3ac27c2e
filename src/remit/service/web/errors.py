"""The pages for what went wrong, in plain words and with no detail of how."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from remit.service.web.environment import for_nobody

_PAGES = {
    400: ("This request cannot be read", ("Your browser sent something that the service does not understand.",
                                          "Go back and try again.")),
    403: ("You cannot open this page", ("Your roles do not allow it.",
                                        "If you need it for your work, ask your administrator.")),
    404: ("There is no such page", ("If you typed the address, check that it is right.",
                                    "What belongs to another organisation is not shown either.")),
    413: ("The file is too large", ("It is larger than the service takes.", "Nothing was kept of it.")),
    429: ("Too many tries", ("You tried this many times in a short while.", "Wait a few minutes, and try again.")),
    500: ("Something went wrong", ("The service could not show this page. Nothing that you did is lost.",
                                   "Try again in a few minutes. If it happens again, tell whoever runs the service.")),
}  # fmt: skip
_EXPIRED = (
    "This page was open for too long",
    ("For your safety what you sent was not taken.", "Go back, open the page anew, and send it again."),
)


def page(request: HttpRequest, status: int) -> HttpResponse:
    """The page of a status."""
    title, paragraphs = _PAGES[status]
    return render(request, "error.html", {"title": title, "paragraphs": paragraphs}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What the service does not take; of a body that is too large, that it is."""
    return page(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What somebody's roles do not allow."""
    return page(request, 403)


def not_there(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No such address, or a row of another organisation."""
    return page(request, 404)


def too_large(request: HttpRequest) -> HttpResponse:
    """A view that takes files returns it, where one is larger than is allowed."""
    return page(request, 413)


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Where somebody tried too often; an exception that says how many seconds to wait is told in words."""
    seconds = getattr(exception, "seconds", 0)
    if not seconds:
        return page(request, 429)
    title, paragraphs = _PAGES[429]
    response = render(
        request, "error.html", {"title": title, "paragraphs": (paragraphs[0], str(exception))}, status=429
    )
    response.headers["Retry-After"] = str(seconds)
    return response


def failed(request: HttpRequest) -> HttpResponse:
    """What failed may be the database, so this page asks it nothing."""
    title, paragraphs = _PAGES[500]
    return HttpResponse(
        render_to_string("error.html", {**for_nobody(), "title": title, "paragraphs": paragraphs}), status=500
    )


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its sign that it came from a page of the service, or with an old one."""
    title, paragraphs = _EXPIRED
    return render(request, "error.html", {"title": title, "paragraphs": paragraphs}, status=403)
