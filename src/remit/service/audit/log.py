"""Adds to the audit log, in the transaction of what it records.

One writer at a time: on PostgreSQL the head's row is locked until the transaction ends, on SQLite the database is. So
what takes long comes before `record`, and `record` stands last in its transaction.
"""

from __future__ import annotations

import json
from datetime import UTC, date
from hashlib import sha256

from django.db import transaction
from django.db.models import Q

from remit.core.nhs_numbers import holds_nhs_number
from remit.core.problems import refuse
from remit.service import clock
from remit.service.audit.events import EVENTS
from remit.service.audit.models import Entry, Head
from remit.service.organisations.models import Organisation
from remit.service.people.models import Appointment, Person
from remit.service.people.roles import ROLES
from remit.service.scope.acting import acting
from remit.service.scope.scope import EVERYTHING, current

Detail = str | int | bool | date | None | list["Detail"] | tuple["Detail", ...]

SERVICE = "The service"
"""Who did what no person did: a background job, a command."""

AMOUNT = "_pence"
"""How the name of a detail ends that is an amount: whole pence, which its sentence says in pounds."""

_LONGEST_SUBJECT = 200


def record(
    event: str,
    organisation: Organisation | None = None,
    subject: str = "",
    person: int | None = None,
    **details: Detail,
) -> Entry:
    """Add an entry of what the person at work did, or `person` where nobody is signed in or a job works for somebody.

    `event` is a code of `remit.service.audit.events`; `details` hold texts, whole numbers, days, and lists of these.
    A detail whose name ends in `_pence` is an amount (one in eleven of ten digits would else pass for an NHS number).
    An entry is read by whoever audits `organisation`; one without is read by `remit audit verify` alone. Raises
    TransactionManagementError outside a transaction, KeyError for an event that has no sentence, TypeError for a detail
    that is not plain, and Refused where a value holds an NHS number.
    """
    if event not in EVENTS:
        raise KeyError(f"{event} is not an event of remit.service.audit.events")
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("an entry is written in the transaction of what it records")
    subject = subject if len(subject) <= _LONGEST_SUBJECT else f"{subject[: _LONGEST_SUBJECT - 1]}…"
    plain = {name: _plain(name, value) for name, value in details.items()}
    subject = str(_plain("subject", subject))
    person = current().person if person is None else person
    with acting(EVERYTHING):
        who = titled(person, clock.today())
        head = Head.objects.select_for_update(no_key=True).get()
        entry = Entry(
            number=head.number + 1,
            at=clock.now(),
            person_id=person,
            who=who,
            organisation=organisation,
            event=event,
            subject=subject,
            details=plain,
            before=head.hash,
        )
        entry.hash = hash_of(entry)
        entry.save(force_insert=True)  # the database moves the head
    return entry


def titled(person: int | None, day: date) -> str:
    """A person with their roles on a day: "Jo Smith, contract manager of NHS X". Whoever calls acts as the service."""
    if person is None:
        return SERVICE
    name = Person.objects.values_list("name", flat=True).get(pk=person)
    in_force = Q(since__lte=day) & (Q(until__isnull=True) | Q(until__gte=day))
    appointments = Appointment.objects.filter(in_force, person=person).select_related("organisation").order_by("pk")
    titles = [f"{_lower(ROLES[one.role].title)} of {one.organisation.name}" for one in appointments]
    return ", ".join([name, " and ".join(titles)]) if titles else str(name)


def _lower(title: str) -> str:
    return title[:1].lower() + title[1:]


def _plain(name: str, value: Detail) -> Detail:
    """A value as JSON keeps it. Raises TypeError for another, Refused for one that holds an NHS number."""
    if isinstance(value, list | tuple):
        return [_plain(name, one) for one in value]
    if name.endswith(AMOUNT):
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        raise TypeError(f"{name} is a {type(value).__name__}: an amount is whole pence")
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, bool):
        return value
    if not isinstance(value, str | int):
        raise TypeError(f"{name} is a {type(value).__name__}: an entry holds texts, whole numbers and days")
    if holds_nhs_number(str(value)):
        what = f"{name} holds an NHS number, and the audit log holds nothing of a patient."
        raise refuse("service.patient-in-audit", what, None, "Say it without the number.", field=name)
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
    return value


def hash_of(entry: Entry) -> str:
    """The SHA-256 of all that an entry says, with the hash of the one before it."""
    whole = {
        "number": entry.number,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "person": entry.person_id,
        "who": entry.who,
        "organisation": entry.organisation_id,
        "event": entry.event,
        "subject": entry.subject,
        "details": entry.details,
        "before": entry.before,
    }
    return sha256(json.dumps(whole, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
