"""What pages ask of figures that came in; each answer is for the current scope.

An extract *stands* where it was accepted and no accepted one supersedes it.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from remit.application.extract import moved_of
from remit.application.extract import overview_of as overview_from
from remit.core import say
from remit.core.dates import SchemeYear
from remit.documents.blocks import Document
from remit.documents.stored import from_json
from remit.runs.overview import Overview
from remit.service import clock
from remit.service.extracts.models import ACCEPTED, DueDay, Extract, PracticeCopy, PracticeFigures
from remit.service.organisations.models import NETWORK, PRACTICE, Membership, Organisation
from remit.service.scope.reach import below_on
from remit.service.scope.scope import current

DUE_DAY = 10
"""An extract of a month is expected by this day of the next one, where its commissioner did not name another."""


LARGE = "frame", "scheme_version__content"
"""What a list of extracts leaves out."""


def standing() -> QuerySet[Extract]:
    """The accepted extracts that no other supersedes, the newest day first."""
    replaced = Extract.objects.filter(state=ACCEPTED, supersedes__isnull=False).values("supersedes")
    return Extract.objects.filter(state=ACCEPTED).exclude(pk__in=replaced).order_by("-day", "-number")


def extracts_of(organisation: Organisation) -> QuerySet[Extract]:
    """Every extract that came in for a commissioner, the newest first, without what only the overview needs."""
    rows = Extract.objects.filter(organisation=organisation).defer(*LARGE)
    return rows.select_related("scheme_version", "received_by", "supersedes").order_by("-number")


def extract_of(organisation: Organisation, number: int) -> Extract | None:
    """An extract by its number; None where there is none that may be seen."""
    return Extract.objects.filter(organisation=organisation, number=number).select_related(*_WITH).first()


_WITH = ("organisation", "scheme_version", "received_by", "supersedes", "compared_with")


def latest_for(practice: Organisation) -> list[Extract]:
    """The newest extract that stands with figures of a practice, of each scheme: the newest day first."""
    with_figures = PracticeFigures.objects.filter(practice=practice).values("extract")
    latest: dict[tuple[int, str], Extract] = {}
    for one in standing().filter(pk__in=with_figures).select_related("scheme_version").defer(*LARGE):
        latest.setdefault((one.organisation_id, one.scheme_version.scheme_id), one)
    return list(latest.values())


def figures_of(practice: Organisation, extract: Extract) -> PracticeFigures | None:
    """What an extract came to for a practice; None where it may not be seen."""
    return PracticeFigures.objects.filter(practice=practice, extract=extract).first()


def statement_of(practice: Organisation, extract: Extract) -> Document | None:
    """The statement of a practice: its own copy for itself, for others the one without small numbers; None where
    neither may be seen."""
    own = PracticeCopy.objects.filter(figures__practice=practice, figures__extract=extract).first()
    if own is not None:
        return from_json(own.statement)
    figures = figures_of(practice, extract)
    return from_json(figures.statement_for_commissioner) if figures else None


def overview_of(extract: Extract) -> tuple[Overview, dict[str, str]]:
    """The overview of those practices that may be seen, and the items of which pounds alone are shown."""
    parts = PracticeFigures.objects.filter(extract=extract).order_by("place").values_list("overview", flat=True)
    return overview_from(extract.frame, list(parts))


def moved_since(extract: Extract, practice: Organisation | None = None) -> Document | None:
    """What moved since the extract before, of those practices that may be seen; for a practice itself with its counts.

    None where there is none before, or nothing that may be seen.
    """
    if extract.compared_with is None:
        return None
    names = tuple(f"{say.day(one.day)} (extract {one.number})" for one in (extract.compared_with, extract))
    parts: list[str] = []
    if practice is not None:
        copies = PracticeCopy.objects.filter(figures__extract=extract, figures__practice=practice)
        parts = list(copies.values_list("moved", flat=True))
    if not parts:
        rows = PracticeFigures.objects.filter(extract=extract).order_by("place")
        rows = rows.filter(practice=practice) if practice else rows
        before = PracticeFigures.objects.filter(extract=extract.compared_with).values("practice")
        rows = rows.filter(practice__in=before)  # what moved tells of both days: both are shared
        parts = list(rows.values_list("moved", flat=True))
    parts = [part for part in parts if part]
    return moved_of(parts, (names[0], names[1]), extract.frame) if parts else None


@dataclass(frozen=True)
class Late:
    """Of a scheme: the month whose extract is expected, by when, whether it came, and the practices that are not in
    the newest one, as (code, name)."""

    scheme_id: str
    title: str
    newest: Extract | None
    month: date
    due: date
    came: bool
    missing: tuple[tuple[str, str], ...]

    @property
    def is_late(self) -> bool:
        """Whether it is past the day on which it was due."""
        return not self.came and clock.today() > self.due


def with_name(code: str) -> str:
    """`Alder Surgery (A1)`; the code alone where nobody of that code is in sight."""
    found = Organisation.objects.filter(code=code).first()
    return str(found) if found else code


def due_day(organisation: Organisation) -> int:
    """The day of the next month by which a commissioner expects a month's figures."""
    named = DueDay.objects.filter(organisation=organisation).first()
    return named.day if named else DUE_DAY


def late(organisation: Organisation, day: date | None = None) -> Iterator[Late]:
    """For each scheme with figures: the last month that is due, and who is missing in the newest extract."""
    today = day or clock.today()
    expected_by = due_day(organisation)
    month, due = month_due(today, expected_by)
    newest: dict[str, Extract] = {}
    for one in standing().filter(organisation=organisation).select_related("scheme_version").defer(*LARGE):
        newest.setdefault(one.scheme_version.scheme_id, one)
    codes = {code for one in newest.values() for code in one.missing}
    names = dict(Organisation.objects.filter(code__in=codes).values_list("code", "name"))
    for scheme_id, one in sorted(newest.items()):
        missing = tuple((code, names.get(code, code)) for code in one.missing)
        expected, by = _within_year(one.scheme_version.year, month, due, expected_by)
        yield Late(scheme_id, one.scheme_version.title, one, expected, by, one.day >= expected, missing)


def _within_year(year: str, month: date, due: date, due_day: int) -> tuple[date, date]:
    """The month that is due and by when; after a scheme's year its last one is."""
    end = SchemeYear.parse(year).end if year else month
    return (month, due) if month <= end else (end, (end + timedelta(days=1)).replace(day=due_day))


def month_due(today: date, due_day: int = DUE_DAY) -> tuple[date, date]:
    """The last day of the last month whose extract was due by now, and the day on which it was due."""
    due = today.replace(day=min(due_day, monthrange(today.year, today.month)[1]))
    if due > today:
        before = today.replace(day=1) - timedelta(days=1)
        due = before.replace(day=min(due_day, before.day))
    return due.replace(day=1) - timedelta(days=1), due


def members_on(organisation: Organisation, day: date) -> dict[str, Organisation]:
    """The practices and networks of a commissioner on a day, by code, as the current scope sees them; and the practices
    that closed since the scheme year began: its figures go on to say what they were paid, and who took them over."""
    rows = Organisation.objects.filter(pk__in=below_on(organisation, day), kind__in=(PRACTICE, NETWORK))
    members = {one.code: one for one in rows.filter(Q(closed__isnull=True) | Q(closed__gte=day))}
    start = SchemeYear(day.year - (day.month < 4)).start
    for one in Organisation.objects.filter(kind=PRACTICE, closed__gte=start, closed__lt=day):
        if one.closed and one.pk in below_on(organisation, one.closed):
            members[one.code] = one
    return members


def gone_elsewhere(organisation: Organisation, day: date) -> dict[str, tuple[Organisation, date]]:
    """The practices that went from a commissioner to another since the scheme year began, with their last day there.

    Its figures go on to say what they were paid until then.
    """
    start = SchemeYear(day.year - (day.month < 4)).start
    ended = Membership.objects.filter(until__gte=start, until__lt=day).values_list("until", flat=True)
    now, found = below_on(organisation, day), dict[str, tuple[Organisation, date]]()
    for last in sorted({one for one in ended if one is not None}):
        rows = Organisation.objects.filter(
            pk__in=below_on(organisation, last) - now, kind=PRACTICE, closed__isnull=True
        )
        found |= {one.code: (one, last) for one in rows}
    return found


def practices_in(members: dict[str, Organisation], day: date) -> dict[str, str]:
    """The names of those that are practices on a day, by code."""
    there = (one for one in members.values() if one.kind == PRACTICE and not (one.closed and one.closed < day))
    return {one.code: one.name for one in there}


def sees_copy(practice: Organisation) -> bool:
    """Whether the person at work is of the practice itself."""
    return practice.pk in current().own
