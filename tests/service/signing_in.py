"""What the tests of signing in share: a form that is sent as a browser sends it, and the code of an app."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.utils import encrypt
from django.test import Client
from tests.service.area import PASSWORD

from remit.service.people.models import Person

NOW = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)


def browser() -> Any:
    """A client that sends no form without the token of the page that it stands on."""
    return Client(enforce_csrf_checks=True)


def send(client: Client, path: str, **fields: Any) -> Any:
    """Open a page, and send its form with these fields."""
    page = client.get(path)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())
    return client.post(path, {"csrfmiddlewaretoken": token[1] if token else "", **fields})


def sign_in(client: Client, email: str, password: str = PASSWORD, **fields: Any) -> Any:
    return send(client, "/sign-in/", email=email, password=password, **fields)


def text(page: Any) -> str:
    """What a page says, without its tags."""
    body = re.sub(r"(?s)<(script|style).*?</\1>", "", page.content.decode())
    return " ".join(re.sub(r"<[^>]+>", " ", body).replace("&#39;", "'").replace("&#x27;", "'").split())


def with_app(person: Person) -> str:
    """Give somebody a second factor, and say its key."""
    key = generate_totp_secret()
    Authenticator.objects.create(user=person, type="totp", data={"secret": encrypt(key), "last": 0})
    return key


def code(key: str, at: datetime | None = None, steps: int = 0) -> str:
    """What the app shows at a time, or so many steps of 30 seconds before or after."""
    moment = at.timestamp() if at else time.time()
    return str(format_hotp_value(hotp_value(key, int(moment) // 30 + steps)))


def is_signed_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200
