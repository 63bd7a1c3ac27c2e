"""A small made-up area: two commissioners; under the first a place, two networks and four practices; and their people.

Nobody in it exists. `person` gives a role to somebody who can sign in; `signed_in` is a session of theirs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.test import Client

from remit.service.organisations.models import COMMISSIONER, NETWORK, PLACE, PRACTICE, Membership, Organisation
from remit.service.people.models import Appointment, Person
from remit.service.people.roles import ROLES

PASSWORD = "a long enough password"
"""Of everybody in the made-up area."""


@dataclass(frozen=True)
class Area:
    """The organisations by code: QAA > PL1 > NW1 (A1, A2), NW2 (A3); QBB > NW3 (B1)."""

    organisations: dict[str, Organisation]

    def __getitem__(self, code: str) -> Organisation:
        return self.organisations[code]


_TREE = (
    ("QAA", "First area", COMMISSIONER, ""),
    ("PL1", "First place", PLACE, "QAA"),
    ("NW1", "First network", NETWORK, "PL1"),
    ("NW2", "Second network", NETWORK, "PL1"),
    ("A1", "First practice", PRACTICE, "NW1"),
    ("A2", "Second practice", PRACTICE, "NW1"),
    ("A3", "Third practice", PRACTICE, "NW2"),
    ("QBB", "Other area", COMMISSIONER, ""),
    ("NW3", "Other network", NETWORK, "QBB"),
    ("B1", "Other practice", PRACTICE, "NW3"),
)


def made(since: date) -> Area:
    """The area's rows; whoever calls acts as the service."""
    found: dict[str, Organisation] = {}
    for code, name, kind, parent in _TREE:
        found[code] = Organisation.objects.create(code=code, name=name, kind=kind)
        if parent:
            Membership.objects.create(member=found[code], parent=found[parent], since=since)
    return Area(found)


def person(role: str, organisation: Organisation, since: date = date(2024, 4, 1), email: str = "") -> Person:
    """Somebody new with a role in an organisation; whoever calls acts as the service."""
    email = email or f"{role}.{organisation.code}@example.org".lower()
    someone = Person.objects.create_user(email, PASSWORD, name=f"{ROLES[role].title} of {organisation.name}")
    Appointment.objects.create(person=someone, organisation=organisation, role=role, since=since)
    return someone


def signed_in(someone: Person, second_factor: bool = True) -> Client:
    """A client whose session is signed in to, with a second factor unless it is left out."""
    client = Client()
    client.force_login(someone)
    if second_factor:
        session = client.session
        session["account_authentication_methods"] = [{"method": "password"}, {"method": "mfa", "type": "totp"}]
        session.save()
    return client
