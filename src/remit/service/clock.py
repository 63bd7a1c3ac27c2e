"""What time it is for the service: the one place that asks, so that a test or a rehearsal can set it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.utils import timezone

_set: ContextVar[datetime | None] = ContextVar("clock", default=None)


def now() -> datetime:
    """The time, with its zone."""
    return _set.get() or timezone.now()


def today() -> date:
    """The day in the deployment's zone."""
    return timezone.localdate(now())


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let it be another time for what is done inside."""
    token = _set.set(moment)
    try:
        yield
    finally:
        _set.reset(token)
