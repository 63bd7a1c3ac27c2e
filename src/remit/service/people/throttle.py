"""Waits that grow: after some free tries of a thing, each further one has to wait longer than the one before.

What is counted is a pair: who tries (where the request comes from) and what is tried (an account, a code). So a
stranger cannot lock anybody out. A try is counted before it is made and taken back when it succeeds: many at once gain
nothing. The counts are rows, so they hold for all processes and over a restart.
"""

from __future__ import annotations

import ipaddress
import sys
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from remit.service import clock
from remit.service.people.models import Tries

FORGET = timedelta(hours=24)
"""After so long without a try the count begins anew."""


@dataclass(frozen=True)
class Limit:
    """How many tries are free, the first wait in seconds (each further one is twice as long), and the longest."""

    name: str
    free: int
    first: int
    longest: int

    def wait(self, count: int) -> timedelta | None:
        """How long the next try has to wait after so many."""
        if count < self.free:
            return None
        return timedelta(seconds=min(self.longest, self.first * 2 ** min(count - self.free, 20)))


SIGN_IN = Limit("sign-in of an account from an address", 5, 30, 3600)
SIGN_IN_ADDRESS = Limit("sign-in from an address", 50, 30, 900)
CODE = Limit("code of an account from an address", 5, 30, 3600)
CODE_ACCOUNT = Limit("code of an account", 30, 30, 900)  # only whoever knows the password comes so far
PASSWORD = Limit("own password of an account", 5, 30, 3600)
FAILED = Limit("failed sign-ins of an account", sys.maxsize, 0, 0)  # counted alone, for the audit log
FAILED_CODE = Limit("wrong codes of an account", sys.maxsize, 0, 0)
EMAIL = Limit("changes of one's e-mail address", 5, 600, 3600)
RESET = Limit("reset of an account from an address", 3, 60, 3600)
RESET_ADDRESS = Limit("reset from an address", 20, 60, 3600)
RESET_EMAILS = Limit("reset e-mails to an account", 5, 600, 3600)
INVITE = Limit("invitations by a person", 200, 60, 3600)
INVITATION = Limit("invitations opened from an address", 30, 30, 900)


class TooSoon(Exception):
    """Something has to wait, this many seconds."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(f"Wait {in_words(seconds)}, and try again.")


Key = tuple[Limit, tuple[object, ...]]


def take(*keys: Key) -> list[int]:
    """Count a try, and say how many each key has. Raises TooSoon, and counts nothing, where one of them has to wait."""
    now = clock.machine_now()
    with transaction.atomic():
        rows = []
        for hashed, limit in sorted((_hash(limit, of), limit) for limit, of in keys):
            Tries.objects.get_or_create(key=hashed, defaults={"last": now})
            rows.append((Tries.objects.select_for_update(no_key=True).get(key=hashed), limit))
        waits = [row.wait_until - now for row, _ in rows if row.wait_until and row.wait_until > now]
        if waits:
            raise TooSoon(max(1, round(max(waits).total_seconds())))
        for row, limit in rows:
            row.count = 1 if row.last < now - FORGET else row.count + 1
            row.last = now
            wait = limit.wait(row.count)
            row.wait_until = now + wait if wait else None
            row.save()
        return [row.count for row, _ in rows]


def count_of(limit: Limit, of: tuple[object, ...]) -> int:
    """How many tries there were within a day of the last one."""
    row = Tries.objects.filter(key=_hash(limit, of), last__gte=clock.machine_now() - FORGET).first()
    return row.count if row else 0


def succeeded(*keys: Key) -> None:
    """Take a try back that succeeded: what was tried begins anew, and where it came from has one less."""
    with transaction.atomic():
        for hashed, limit in sorted((_hash(limit, of), limit) for limit, of in keys):
            row = Tries.objects.select_for_update(no_key=True).filter(key=hashed).first()
            if row:
                row.count = max(0, row.count - 1) if limit in (SIGN_IN_ADDRESS, INVITATION) else 0
                row.wait_until = None
                row.save()
        Tries.objects.filter(last__lt=clock.machine_now() - FORGET).delete()


def address_of(request: HttpRequest) -> str:
    """Where a request comes from. What a proxy says counts only where the deployment has one: anybody can say it.

    Of `X-Forwarded-For` it is the entry that the outermost of the deployment's own proxies added. An IPv6 address
    counts as its network of 64 bits, of which one person has as many addresses as she likes.
    """
    said = str(request.META.get("REMOTE_ADDR") or "")
    proxies = settings.DEPLOYMENT.proxies
    chain = [part.strip() for part in str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")]
    if 0 < proxies <= len(chain) and chain[-proxies]:
        said = chain[-proxies]
    try:
        address = ipaddress.ip_address(said.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False).network_address)
    return str(address)


def in_words(seconds: int) -> str:
    """`30 seconds`, `5 minutes`, `1 hour`: rounded up, so that whoever waits so long has waited enough."""
    if seconds <= 90:
        return f"{seconds} second{'s' if seconds != 1 else ''}"
    minutes = -(-seconds // 60)
    if minutes < 60:
        return f"{minutes} minutes"
    hours = -(-minutes // 60)
    return f"{hours} hour{'s' if hours != 1 else ''}"


def _hash(limit: Limit, of: tuple[object, ...]) -> str:
    return sha256("\n".join((limit.name, *map(str, of), settings.SECRET_KEY)).encode()).hexdigest()
