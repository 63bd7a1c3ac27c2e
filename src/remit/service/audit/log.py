"""Adds to the audit log, in the transaction of what it records."""

from __future__ import annotations

import json
from datetime import UTC
from hashlib import sha256
from typing import Any

from django.db import transaction

from remit.service import clock
from remit.service.audit.events import EVENTS
from remit.service.audit.models import Entry, Head
from remit.service.organisations.models import Organisation
from remit.service.scope.acting import acting
from remit.service.scope.scope import EVERYTHING, current


def record(
    event: str, organisation: Organisation | None = None, subject: str = "", person: int | None = None, **details: Any
) -> Entry:
    """Add an entry of what the person at work did. Raises TransactionManagementError outside a transaction, and
    KeyError for an event that has no sentence.

    `event` is a code of `remit.service.audit.events`; `details` hold texts, whole numbers, days as text, and lists of
    these.
    """
    if event not in EVENTS:
        raise KeyError(f"{event} is not an event of remit.service.audit.events")
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("an entry is written in the transaction of what it records")
    person = current().person if person is None else person
    with acting(EVERYTHING):
        head = Head.objects.select_for_update().get()
        entry = Entry(
            number=head.number + 1,
            at=clock.now(),
            person_id=person,
            organisation=organisation,
            event=event,
            subject=subject,
            details=details,
            before=head.hash,
        )
        entry.hash = hash_of(entry)
        entry.save(force_insert=True)
        head.number, head.hash = entry.number, entry.hash
        head.save()
    return entry


def hash_of(entry: Entry) -> str:
    """The SHA-256 of all that an entry says, with the hash of the one before it."""
    said = {
        "number": entry.number,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "person": entry.person_id,
        "organisation": entry.organisation_id,
        "event": entry.event,
        "subject": entry.subject,
        "details": entry.details,
        "before": entry.before,
    }
    return sha256(json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
