"""Headers of every page beside those that Django and the content security policy set."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

_NEVER = ("accelerometer", "camera", "geolocation", "gyroscope", "microphone", "midi", "payment", "usb")
_PERMISSIONS = ", ".join(f"{name}=()" for name in _NEVER)


class HeadersMiddleware:
    """A page uses no device of the reader's, and what somebody saw signed in is kept by no browser or proxy."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        response.headers.setdefault("Permissions-Policy", _PERMISSIONS)
        response.headers.setdefault("Cache-Control", "no-store")
        return response
