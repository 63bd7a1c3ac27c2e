"""What time it is for the service: the one place that asks, so that a test or a rehearsal can set it.

In a rehearsal it is the day that was set, at the machine's time of day. Sessions, second factors, invitations and
what has to wait go by the machine's own time: how long ago something was is true there alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.conf import settings
from django.utils import timezone

from remit.service import rehearsal

_set: ContextVar[datetime | None] = ContextVar("clock", default=None)


def now() -> datetime:
    """The time, with its zone."""
    day = None if _set.get() else rehearsed()
    if day is None:
        return machine_now()
    return timezone.localtime(machine_now()).replace(year=day.year, month=day.month, day=day.day)


def today() -> date:
    """The day in the deployment's zone."""
    return timezone.localdate(now())


def machine_now() -> datetime:
    """The machine's own time, in a rehearsal too."""
    return _set.get() or timezone.now()


def rehearsed() -> date | None:
    """The day at which a rehearsal lives; none where this is not one."""
    return rehearsal.day_of(settings.DEPLOYMENT.data)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let it be another time for what is done inside."""
    token = _set.set(moment)
    try:
        yield
    finally:
        _set.reset(token)
