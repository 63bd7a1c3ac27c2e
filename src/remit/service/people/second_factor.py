"""Whether a second factor was given in a session."""

from __future__ import annotations

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.http import HttpRequest


def was_given(request: HttpRequest) -> bool:
    """Whether the session was signed in to with a second factor too."""
    methods = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    return any(one.get("method") == "mfa" for one in methods)
