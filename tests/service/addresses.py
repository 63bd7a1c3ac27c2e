"""Every address of the URL table with arguments: of the own organisation, of another commissioner's, of nobody.

A new argument of an address fails `test_every_argument_has_a_maker` until it is made here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from django.urls import reverse
from tests.service.area import Area

from remit.application.scheme_text import shipped
from remit.service import clock, urls
from remit.service.people.models import Appointment, Person
from remit.service.people.roles import ROLES
from remit.service.register.models import SchemeVersion
from remit.service.scope.check_addresses import Address, every_address

SCHEME = "qif-2024-25"
SINCE = date(2024, 4, 1)
AT = {"practice": "A1", "network": "NW1", "place": "PL1", "commissioner": "QAA"}
"""The own organisation of a role, by its kind."""


@dataclass(frozen=True)
class World:
    """The made-up area with a row of each kind in the first commissioner (`own`) and in the other (`other`)."""

    area: Area
    own: dict[str, str]
    other: dict[str, str]


ABSENT = {"code": "QZZ", "practice": "Z9", "number": "987654", "scheme": "none-2024-25", "text": "none"}
"""What is nowhere."""

ARGUMENTS: dict[str, str] = {
    "schemes/key": "text",
    "schemes/organisation": "code",
    "schemes/scheme_id": "scheme",
    "schemes/version": "number",
    "typeface/number": "number",
}
"""Which part of a world an argument takes, by the first part of its address."""

CODES = frozenset({"code", "practice"})
"""Parts that name an organisation: with another's, everything else in the address is that one's too."""


def addresses() -> list[Address]:
    """Every address of the service."""
    return list(every_address(urls.urlpatterns))


def world(area: Area) -> World:
    """The rows that addresses name; whoever calls acts as the service."""
    for code in ("QAA", "QBB"):
        version = SchemeVersion.objects.create(
            organisation=area[code],
            scheme_id=SCHEME,
            version=1,
            content=shipped(SCHEME),
            sha256=sha256(shipped(SCHEME)).hexdigest(),
            file_name=f"{SCHEME}.yaml",
            title="QIF",
            changed_at=clock.now(),
        )
        for state in ("submitted", "approved", "published"):
            version.state = state
            version.day = SINCE if state == "published" else None
            version.save()
    own = {"code": "QAA", "practice": "A1", "number": "1", "scheme": SCHEME, "text": "none"}
    return World(area, own, own | {"code": "QBB", "practice": "B1"})


def path_of(address: Address, values: dict[str, str]) -> str:
    """The path with the arguments of a world's part."""
    arguments: dict[str, Any] = {}
    for name, converter in address.arguments.items():
        arguments[name] = converter.to_python(values[ARGUMENTS[f"{address.area}/{name}"]])
    if address.name:
        return reverse(address.name, kwargs=arguments)
    return "/" + address.path


def somebody(role: str, area: Area, at: str = "") -> Person:
    """Somebody with a role in its own organisation, or in another. Without a password: it takes long to hash."""
    kind = next(kind for kind in AT if kind in ROLES[role].kinds)
    organisation = area[at or AT[kind]]
    email = f"{role}.{organisation.code}@example.org".lower()
    someone = Person.objects.create(email=email, name=ROLES[role].title, password="!")
    Appointment.objects.create(person=someone, organisation=organisation, role=role, since=SINCE)
    return someone
