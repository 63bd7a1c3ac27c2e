"""Who signs in by e-mail address and password. An unknown account costs the same hashing call as a known one."""

from __future__ import annotations

import secrets
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import check_password, make_password
from django.http import HttpRequest

from remit.service.people.models import Person


class Backend(BaseBackend):
    """Looks for an account, and for a session's person; one that is not active is nobody."""

    def authenticate(self, request: HttpRequest | None, email: str = "", password: str = "", **_: Any) -> Person | None:
        """The person, or None: whatever is wrong, one password was checked."""
        nobody = _nobodys_password(settings.PASSWORD_HASHERS[0])  # before it is known whether there is an account
        person = Person.objects.filter(email=email.strip().lower()).first()
        if person is None or not person.has_usable_password():
            check_password(password, nobody)
            return None
        return person if person.check_password(password) and person.is_active else None

    def get_user(self, user_id: int) -> Person | None:
        """The person of a session, on each request."""
        return Person.objects.filter(pk=user_id, is_active=True).first()


@cache
def _nobodys_password(hasher: str) -> str:
    """What a password is checked against where there is no account: nobody knows it."""
    return make_password(secrets.token_urlsafe())
