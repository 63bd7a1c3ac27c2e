"""One line of the log for each request: what was asked for, by whom, how it ended and how long it took."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from remit.service.scope.scope import current_or_nobody
from remit.service.serving.logs import event, request_id

SLOW = 1000
"""Milliseconds from which on a request is marked as slow."""
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class RequestLog:
    """The outermost middleware. The number of a request is in its answer too, as `X-Request-ID`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = request_id.set(secrets.token_hex(8))
        started = time.perf_counter()
        try:
            response = self._get_response(request)
            response["X-Request-ID"] = request_id.get()
            ms = round(1000 * (time.perf_counter() - started))
            level = logging.ERROR if response.status_code >= 500 else logging.INFO
            fields: dict[str, Any] = getattr(request, "remit_fields", {})
            event(
                "request",
                level,
                method=request.method if request.method in _METHODS else "other",
                path=_pattern(request),
                status=response.status_code,
                ms=ms,
                slow=ms >= SLOW,
                **fields,
            )
            return response
        finally:
            request_id.reset(token)

    def process_view(self, request: HttpRequest, *_: Any) -> None:
        """Keep who asks, as ids, while the scope of the request holds."""
        scope = current_or_nobody()
        if scope.person is not None:
            request.remit_fields = {"person": scope.person, "organisations": scope.own}  # type: ignore[attr-defined]


def _pattern(request: HttpRequest) -> str:
    """The pattern of urls.py that the address fits: what stands in its place, a code or a token, is left out."""
    if request.resolver_match is not None:
        return f"/{request.resolver_match.route}"
    return "/static/" if request.path.startswith("/static/") else "none"
