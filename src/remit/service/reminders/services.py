"""Changes when things are due and reminded of, begins the reminders of a day, and sends them.

A day is begun once for each commissioner, by a row that only one worker can write, with the job in the same
transaction; a clock that is set back begins none again. What somebody is sent has its row before the letter goes, once
for a thing, stage and person: a letter may be lost where a process is ended in between, and none is sent twice. The
first page reminds of everything in any case.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from remit.service import clock
from remit.service.audit.log import record
from remit.service.organisations.models import COMMISSIONER, Organisation
from remit.service.people import post
from remit.service.people.models import Appointment, Person
from remit.service.people.reading import on
from remit.service.people.roles import ROLES, Action
from remit.service.reminders import reading
from remit.service.reminders.due import Due
from remit.service.reminders.models import BegunDay, Sent, Timing
from remit.service.scope import reach
from remit.service.scope.acting import acting
from remit.service.scope.scope import EVERYTHING, current
from remit.service.work.jobs import job

_FIELDS = ("days_before", "days_after", "by_email", "declare_within", "review_within", "close_within")


def set_timing(organisation: Organisation, values: Mapping[str, int | bool]) -> bool:
    """Change when a commissioner's things are due and reminded of; whether anything is another than before."""
    if not current().may(Action.MAKE_OFFERS, organisation.pk):
        raise PermissionDenied(Action.MAKE_OFFERS)
    before = reading.timing_of(organisation)
    changed = [name for name in _FIELDS if getattr(before, name) != values[name]]
    if not changed:
        return False
    with transaction.atomic():
        Timing.objects.update_or_create(organisation=organisation, defaults={name: values[name] for name in _FIELDS})
        said = "; ".join(f"{name.replace('_', ' ')} {getattr(before, name)} to {values[name]}" for name in changed)
        record("reminders.timing", organisation, str(organisation), changes=said)
    return True


def begin_day() -> int:
    """Begin the reminders of today for each commissioner of which they were not begun; for how many."""
    if not post.is_set_up():
        return 0
    today, begun = clock.today(), 0
    with acting(EVERYTHING):
        commissioners = list(Organisation.objects.filter(kind=COMMISSIONER))
    for one in commissioners:
        with acting(reach.of_service(one, today)):
            begun += _begin(one, today)
    return begun


def _begin(organisation: Organisation, today: date) -> int:
    if BegunDay.objects.filter(organisation=organisation, day__gte=today).exists():
        return 0
    try:
        with transaction.atomic():
            BegunDay.objects.create(organisation=organisation, day=today)
            remind.enqueue(organisation.pk, today.isoformat())
    except IntegrityError:  # another worker was first
        return 0
    return 1


@job
def remind(organisation: int, day: str) -> None:
    """Send the reminders of a day of a commissioner and of its practices."""
    found, today = Organisation.objects.get(pk=organisation), date.fromisoformat(day)
    timing = reading.timing_of(found)
    if not timing.by_email or not post.is_set_up():
        return
    of = reading.year_of(found, today)
    things = [*reading.dues(of), *reading.dues_of_practices(of), *reading.recoveries_of_practices(of)]
    now = [(one, stage) for one in things if (stage := one.stage(today, timing))]
    stages = dict(now)
    for person, those in _by_person(stages, today).items():
        new = [one for one in those if _first_time(person, one, stages[one])]
        if new:
            lines = [one.sentence(today) for one in new]
            post.deliver(person.email, _subject(new), "reminders", name=person.name, things=lines, address=_address())


def _by_person(things: Iterable[Due], today: date) -> dict[Person, list[Due]]:
    """Who is reminded of what: whoever has a role in the organisation that may do it."""
    found: dict[Person, list[Due]] = {}
    those = list(things)
    ids = {one.organisation.pk for one in those}
    rows = Appointment.objects.filter(on(today), organisation__in=ids, person__is_active=True)
    by_place: dict[int, list[Appointment]] = {}
    for row in rows.select_related("person").order_by("person__email"):
        by_place.setdefault(row.organisation_id, []).append(row)
    for one in those:
        for row in by_place.get(one.organisation.pk, ()):
            if one.action in ROLES[row.role].actions and one not in found.setdefault(row.person, []):
                found[row.person].append(one)
    return found


def _first_time(person: Person, one: Due, stage: str) -> bool:
    """Write down that a person is sent this; False where it is written already, by whomever."""
    try:
        with transaction.atomic():
            Sent.objects.create(
                organisation=one.organisation, person=person, kind=one.kind, subject=one.subject, day=one.day,
                stage=stage, what=one.what[:500], at=clock.now(),
            )  # fmt: skip
    except IntegrityError:
        return False
    return True


def _address() -> str:
    """Where the calendar is; nothing where the deployment does not say where it is itself."""
    return settings.DEPLOYMENT.address and f"{settings.DEPLOYMENT.address}{reverse('calendars')}"


def _subject(things: list[Due]) -> str:
    return things[0].what if len(things) == 1 else f"{len(things)} things are due"
