"""Failed sign-ins in the audit log, of accounts that exist; whoever fails cannot tell which do.

An entry comes with the fifth failure within a day, and each time that they have doubled: a stranger who goes on for
long fills no log. Fewer are in the entry of the next sign-in.
"""

from __future__ import annotations

from django.db import transaction

from remit.service.audit import log
from remit.service.people import reading, throttle
from remit.service.people.models import Person

FIRST = 5
"""With which failure the first entry comes."""


def note(limit: throttle.Limit, email: str, address: str) -> None:
    """Count a failure; where nobody has the address, the same is done and taken back, so that it takes as long."""
    person = Person.objects.filter(email=email).first()
    with transaction.atomic():
        [count] = throttle.take((limit, (email,)))
        if not _is_told(count):
            return
        event = "person.code-failed" if limit is throttle.FAILED_CODE else "person.sign-in-failed"
        with transaction.atomic():
            home = reading.home_of(person or Person(pk=0))
            name = person.name if person else ""
            log.record(event, home, name, times=count, address=address or "an address that is not known")
            if person is None:
                transaction.set_rollback(True)


def _is_told(count: int) -> bool:
    """Whether a number is the first or the first doubled, and again."""
    times, rest = divmod(count, FIRST)
    return rest == 0 and times & (times - 1) == 0


def note_sign_in(person: Person) -> None:
    """The entry of a sign-in, with what failed before it; the counts begin anew."""
    keys = [(limit, (person.email,)) for limit in (throttle.FAILED, throttle.FAILED_CODE)]
    failed = sum(throttle.count_of(*key) for key in keys)
    with transaction.atomic():
        if failed:
            throttle.succeeded(*keys)
        event = "person.signed-in-after-failures" if failed else "person.signed-in"
        details = {"times": failed} if failed else {}
        log.record(event, reading.home_of(person), person.name, person=person.pk, **details)
