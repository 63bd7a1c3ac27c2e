"""What of the audit log somebody may read: entries of the organisations that they audit, newest first, by key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from remit.service.audit.models import Entry
from remit.service.audit.sentences import sentence
from remit.service.organisations.models import Organisation
from remit.service.people.roles import Action
from remit.service.scope.scope import current

PAGE = 50
"""Entries of a page."""


@dataclass(frozen=True)
class Wanted:
    """Which entries: of whom, by a part of the name, of which event and organisation, from and to which day."""

    who: str = ""
    event: str = ""
    organisation: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Row:
    """An entry as a reader sees it."""

    number: int
    at: datetime
    sentence: str
    organisation: str


@dataclass(frozen=True)
class Page:
    """Some entries, and the number below which the next page begins; None where there are no more."""

    rows: tuple[Row, ...]
    before: int | None


def organisations() -> QuerySet[Organisation]:
    """Those whose entries the person at work may read."""
    audited = [
        one for grant in current().grants if Action.SEE_AUDIT in grant.role.actions for one in grant.organisations
    ]
    return Organisation.objects.filter(pk__in=audited).order_by("name", "code")


def page(wanted: Wanted, before: int | None = None) -> Page:
    """The newest entries, or those with numbers below `before`."""
    found = _found(wanted)
    if before is not None:
        found = found.filter(number__lt=before)
    rows = [_row(entry) for entry in found[: PAGE + 1]]
    return Page(tuple(rows[:PAGE]), rows[PAGE - 1].number if len(rows) > PAGE else None)


def rows(wanted: Wanted) -> Iterator[Row]:
    """All of them, a few at a time in memory."""
    return (_row(entry) for entry in _found(wanted).iterator(chunk_size=2000))


def _found(wanted: Wanted) -> QuerySet[Entry]:
    audited = organisations()
    if wanted.organisation:
        audited = audited.filter(code=wanted.organisation)
    found = Entry.objects.filter(organisation__in=list(audited.values_list("pk", flat=True)))
    if wanted.who:
        found = found.filter(who__icontains=wanted.who)
    if wanted.event:
        found = found.filter(event=wanted.event)
    if wanted.since:
        found = found.filter(at__gte=_midnight(wanted.since))
    if wanted.until:
        found = found.filter(at__lt=_midnight(wanted.until + timedelta(days=1)))
    return found.select_related("organisation").order_by("-number")


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _row(entry: Entry) -> Row:
    return Row(entry.number, entry.at, sentence(entry), entry.organisation.name if entry.organisation else "")
