"""Whether the service is up: for whatever watches it."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponseBase, JsonResponse

from remit.core.version import VERSION
from remit.service.access import public


@public("says that the service is up, and its version")
def health(request: HttpRequest) -> HttpResponseBase:
    """`{"status": "up", …}` once a page can be shown and the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "up", "version": VERSION})
