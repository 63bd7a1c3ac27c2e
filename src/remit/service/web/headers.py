"""Headers of every page beside those that Django and the content security policy set."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from remit.service import clock
from remit.service.rehearsal import PREFIX

_NEVER = ("accelerometer", "camera", "geolocation", "gyroscope", "microphone", "midi", "payment", "usb")
_PERMISSIONS = ", ".join(f"{name}=()" for name in _NEVER)
_NAME = re.compile(r"filename\*?=(\"|[^'\"]*''|)")
"""Up to where the name of a file begins."""


class HeadersMiddleware:
    """A page uses no device of the reader's, and what somebody saw signed in is kept by no browser or proxy.

    A file that somebody takes out of a rehearsal says so by its name.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        response.headers.setdefault("Permissions-Policy", _PERMISSIONS)
        response.headers.setdefault("Cache-Control", "no-store")
        if response.headers.get("Content-Disposition") and clock.rehearsed():
            name = _NAME.sub(rf"\g<0>{PREFIX}", response.headers["Content-Disposition"])
            response.headers["Content-Disposition"] = name
        return response
