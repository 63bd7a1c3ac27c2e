"""The mail server that a deployment names, as Django's settings. Nothing here knows Django."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

from remit.core.problems import refuse

HERE = ("localhost", "127.0.0.1", "::1")


def settings_of(url: str) -> dict[str, Any]:
    """Django's settings for e-mail. Raises Refused for an address that is none of a mail server.

    Letters leave the machine encrypted or not at all; where no server is named nothing is sent.
    """
    if not url:
        return {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        port = -1
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or port == -1:
        what = "REMIT_EMAIL is not the address of a mail server."
        raise refuse("service.email-address", what, None, "Write it as smtp://user:password@host:587.")
    inside = parts.scheme == "smtps"
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port or (465 if inside else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": inside,
        "EMAIL_USE_TLS": not inside and parts.hostname not in HERE,
        "EMAIL_TIMEOUT": 20,
    }
