"""Sessions of people who are signed in: when they end, who else's end with them, and which there are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.contrib.sessions.models import Session
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse

from remit.service import clock
from remit.service.people.models import OpenSession, Person
from remit.service.people.throttle import TooSoon, address_of
from remit.service.web import errors

RENEWED_EVERY = 60
"""Seconds: a page that is looked at does not write more often than so."""
_SINCE, _USED = "signed_in_at", "used_at"


class SessionMiddleware:
    """Ends a session that was not used for long, or that is too old, before anything else is done in it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = clock.machine_now().timestamp()
            since, used = request.session.get(_SINCE), request.session.get(_USED)
            if since is None or used is None or now - since > settings.SESSION_COOKIE_AGE:
                _end(request, "Your session ended because it was too long ago that you signed in. Sign in again.")
            elif now - used > settings.SESSION_IDLE:
                _end(request, "Your session ended because you did not use it for a while. Sign in again.")
            elif now - used >= RENEWED_EVERY:
                request.session[_USED] = now
                OpenSession.objects.filter(session_key=request.session.session_key).update(
                    last_used=clock.machine_now()
                )
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Whatever has to wait gets the page that says how long."""
        return errors.too_many(request, exception) if isinstance(exception, TooSoon) else None


def _end(request: HttpRequest, why: str) -> None:
    logout(request)
    messages.info(request, why)


@receiver(user_logged_in, dispatch_uid="remit.people.session")
def _signed_in(request: HttpRequest, user: Person, **_: Any) -> None:
    now = clock.machine_now()
    request.session[_SINCE] = request.session[_USED] = now.timestamp()
    request.session.save()
    OpenSession.objects.filter(last_used__lt=now - timedelta(seconds=settings.SESSION_COOKIE_AGE)).delete()
    OpenSession.objects.update_or_create(
        session_key=request.session.session_key,
        defaults={
            "person": user,
            "since": now,
            "last_used": now,
            "address": address_of(request),
            "browser": browser(request.META.get("HTTP_USER_AGENT", "")),
        },
    )


@receiver(user_logged_out, dispatch_uid="remit.people.session")
def _signed_out(request: HttpRequest, **_: Any) -> None:
    OpenSession.objects.filter(session_key=request.session.session_key or "").delete()


def new_key(request: HttpRequest) -> None:
    """Give a session another key, so that whoever knew the one before has nothing: at each step of signing in."""
    before = request.session.session_key
    request.session.cycle_key()
    OpenSession.objects.filter(session_key=before or "").update(session_key=request.session.session_key)


def end_all(person: Person, but: str = "") -> int:
    """End a person's sessions, all but the one with a key, and say how many they were."""
    rows = OpenSession.objects.filter(person=person).exclude(session_key=but)
    keys = list(rows.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    rows.delete()
    return len(keys)


def end_one(person: Person, number: int) -> bool:
    """End one of a person's own sessions; False where it is not theirs."""
    row = OpenSession.objects.filter(person=person, pk=number).first()
    if row is None:
        return False
    Session.objects.filter(session_key=row.session_key).delete()
    row.delete()
    return True


def browser(agent: str) -> str:
    """A browser and its system by the names that people know them by."""
    names = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
    systems = (
        ("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Mac OS", "macOS"),
        ("CrOS", "ChromeOS"), ("Linux", "Linux"),
    )  # fmt: skip
    name = next((name for sign, name in names if sign in agent), "Another browser")
    system = next((name for sign, name in systems if sign in agent), "")
    return f"{name} on {system}" if system else name


def follow(request: HttpRequest, person: Person) -> None:
    """Note the key that a session has now, where Django gave it another one."""
    kept = OpenSession.objects.filter(person=person)
    if not kept.filter(session_key=request.session.session_key).exists():
        kept.update(session_key=request.session.session_key)
