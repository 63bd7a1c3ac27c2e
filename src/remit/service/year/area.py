"""The year of the practices below an organisation: who answered, who is late, what waits for whom. One row for each
practice and scheme, from a fixed number of questions however many practices there are."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone

from remit.contract.declaration import WAITING
from remit.contract.participation import State
from remit.core import say
from remit.documents.year_area import AreaRow
from remit.service import clock
from remit.service.declarations import reading as declarations
from remit.service.declarations.models import Declaration
from remit.service.extracts import reading
from remit.service.extracts.models import Extract, PracticeFigures
from remit.service.offers.models import CARRIED_ON, Participation, SchemeYear
from remit.service.offers.reading import newest_of_each
from remit.service.organisations.models import PLACE, Membership, Organisation
from remit.service.reminders import due
from remit.service.reminders import reading as reminders
from remit.service.scope.reach import below_on
from remit.service.scope.scope import current

_OPEN = frozenset(one.value for one in WAITING)
_ASKS_AGAIN = frozenset({"sent back", "taken back", "withdrawn"})


@dataclass(frozen=True)
class PracticeInScheme:
    """A practice in a scheme year. `line` is its newest declaration with what it waits for, `late` the kinds of things
    with which it is late by the calendar."""

    practice: Organisation
    place: Organisation | None
    scheme_year: SchemeYear
    part: Participation
    extract: Extract | None
    is_missing: bool
    earned: int | None
    is_shared: bool
    line: declarations.Line | None
    late: frozenset[str]

    @property
    def declaration(self) -> Declaration | None:
        """The newest declaration."""
        return self.line.row if self.line else None

    @property
    def waits_for(self) -> str:
        """Whom its declaration waits for; nothing where it waits for nobody."""
        return say.listed(sorted(self.line.waits_for), "or") if self.line and self.waits else ""

    @property
    def risk(self) -> str:
        """The risk class of all that it declared of the year, in words."""
        return f"{say.capital(self.line.risk.value)} risk" if self.line and self.line.risk else ""

    @property
    def has_to_declare(self) -> bool:
        """Whether it is to declare: it is late with it, was asked again, or the figures of the year's end are there."""
        if due.DECLARATION in self.late:
            return True
        if not self.part.was_accepted or self.extract is None or self.is_missing:
            return False
        one = self.declaration
        if one is not None and one.state in _ASKS_AGAIN:
            return True
        return self.extract.day >= self.scheme_year.ends and (one is None or not one.is_year_end)

    @property
    def is_late(self) -> bool:
        """Whether it is late with its answer or its declaration, by the calendar."""
        return bool(self.late)

    @property
    def waits(self) -> bool:
        """Whether its declaration waits for somebody."""
        return self.declaration is not None and self.declaration.state in _OPEN

    @property
    def answered_on(self) -> date | None:
        """The day of the answer."""
        return timezone.localdate(self.part.answered_at) if self.part.answered_at else None

    @property
    def answer(self) -> str:
        """What became of the offer, in a few words."""
        one = self.part
        if one.state == State.OFFERED.value:
            words = "the answer is late, it was due by" if self.is_late else "not answered, due by"
            return f"{words} {say.short_day(one.respond_by)}"
        on = f" on {say.short_day(self.answered_on)}" if self.answered_on else ""
        return f"{one.state}{on}"

    @property
    def figures(self) -> str:
        """Which figures there are."""
        if self.extract is None:
            return "none yet"
        if self.is_missing:
            return f"missing in those of {say.short_day(self.extract.day)}"
        return say.short_day(self.extract.day)

    @property
    def declared(self) -> str:
        """Where the declaration stands."""
        one = self.declaration
        if one is None:
            return "to be declared" if self.has_to_declare else "not declared"
        if self.waits_for:
            return f"{one.state}: waits for {self.waits_for}"
        return (
            f"{one.state}: to be declared{' again' if one.state in _ASKS_AGAIN else ''}"
            if (self.has_to_declare)
            else one.state
        )


@dataclass(frozen=True)
class Wanted:
    """Which rows are looked for; nothing leaves none out."""

    scheme: str = ""
    place: str = ""
    show: str = ""


Test = Callable[[PracticeInScheme], bool]
SHOWN: dict[str, tuple[str, Test]] = {
    "accepted": ("Accepted", lambda one: one.part.state in (State.ACCEPTED, CARRIED_ON) and one.part.was_accepted),
    "refused": ("Refused", lambda one: one.part.state == State.REFUSED.value),
    "unanswered": ("Not answered", lambda one: one.part.state == State.OFFERED.value),
    "late": ("Late", lambda one: one.is_late),
    "missing": ("Missing in the figures", lambda one: one.is_missing and one.part.was_accepted),
    "waiting": ("Waits for approval", lambda one: one.waits),
    "approved": ("Approved", lambda one: one.declaration is not None and one.declaration.state == "approved"),
}
"""What can be looked for."""


def rows_of(organisation: Organisation) -> list[PracticeInScheme]:
    """Every practice below an organisation today, or that was offered a scheme before it left, by name."""
    below = below_on(organisation, clock.today()) | {organisation.pk}
    parts = _newest(Participation.objects.filter(practice__in=below).select_related("practice"))
    years = SchemeYear.objects.filter(pk__in={one.scheme_year_id for one in parts}).in_bulk()
    places = _places(below)
    extracts = _newest_extracts(years.values())
    figures = _figures(extracts.values())
    declared = _declared(years)
    late = _late(organisation)
    found = []
    for part in parts:
        year = years.get(part.scheme_year_id)
        if year is None:
            continue
        extract = extracts.get((year.organisation_id, year.scheme_id))
        shared = figures.get((extract.pk, part.practice_id)) if extract else None
        found.append(PracticeInScheme(
            part.practice, places.get(part.practice_id), year, part, extract,
            extract is not None and part.practice.code in extract.missing,
            shared[0] if shared else None, shared is not None, declared.get((year.pk, part.practice_id)),
            late[part.practice_id, f"offer-{part.offer_id}"] | late[part.practice_id, f"year-{year.pk}"],
        ))  # fmt: skip
    return sorted(found, key=lambda one: (one.practice.name, one.practice.code, one.scheme_year.title))


def _newest(parts: Iterable[Participation]) -> list[Participation]:
    """The participation of each practice in each scheme year that counts today."""
    by_year: dict[int, list[Participation]] = defaultdict(list)
    for one in parts:
        by_year[one.scheme_year_id].append(one)
    return [one for those in by_year.values() for one in newest_of_each(those).values()]


def _late(organisation: Organisation) -> dict[tuple[int, str], frozenset[str]]:
    """With what kinds of things each practice is late, by the calendar: by practice and what the thing is of."""
    today = clock.today()
    found: dict[tuple[int, str], frozenset[str]] = defaultdict(frozenset)
    for one in reminders.dues_of_practices(reminders.year_of(organisation, today)):
        if one.is_late(today):
            found[one.organisation.pk, one.subject] |= {one.kind}
    return found


def _places(below: Iterable[int]) -> dict[int, Organisation]:
    """The place of each organisation, by way of its network where it has one."""
    today = clock.today()
    held = Q(since__lte=today) & (Q(until__isnull=True) | Q(until__gte=today))
    parents: dict[int, list[Organisation]] = {}
    for row in Membership.objects.filter(held, member__in=below).select_related("parent"):
        parents.setdefault(row.member_id, []).append(row.parent)

    def place_of(member: int) -> Organisation | None:
        above = parents.get(member, [])
        own = next((one for one in above if one.kind == PLACE), None)
        return own or next((found for one in above if (found := place_of(one.pk))), None)

    return {one: place for one in parents if (place := place_of(one)) is not None}


def _newest_extracts(years: Iterable[SchemeYear]) -> dict[tuple[int, str], Extract]:
    """The newest figures that stand of each scheme year."""
    found: dict[tuple[int, str], Extract] = {}
    wanted = {one.organisation_id for one in years}
    rows = reading.standing().filter(organisation__in=wanted).select_related("scheme_version")
    for one in rows.defer(*reading.LARGE):
        found.setdefault((one.organisation_id, one.scheme_version.scheme_id), one)
    return found


def _figures(extracts: Iterable[Extract]) -> dict[tuple[int, int], tuple[int | None]]:
    """What each practice earned so far by these extracts, of those that share it."""
    rows = PracticeFigures.objects.filter(extract__in=[one.pk for one in extracts])
    found = rows.values_list("extract", "practice", "pence")
    return {(extract, practice): (pence,) for extract, practice, pence in found}


def _declared(years: Iterable[int]) -> dict[tuple[int, int], declarations.Line]:
    """The newest declaration of each practice and scheme year, with for whom it waits."""
    rows = declarations.every(newest=True).filter(scheme_year__in=list(years))
    return {(line.row.scheme_year_id, line.row.practice_id): line for line in declarations.lines(rows)}


def of_wanted(rows: Iterable[PracticeInScheme], wanted: Wanted) -> list[PracticeInScheme]:
    """The rows that are looked for."""
    test = SHOWN[wanted.show][1] if wanted.show else lambda one: True
    return [
        one for one in rows
        if wanted.scheme in ("", one.scheme_year.scheme_id)
        and wanted.place in ("", one.place.code if one.place else "") and test(one)
    ]  # fmt: skip


def counted(rows: Iterable[PracticeInScheme]) -> Counter[str]:
    """How many rows there are of each that can be looked for."""
    return Counter(name for one in rows for name, (_, test) in SHOWN.items() if test(one))


def answer(counts: Counter[str], total: int) -> str:
    """How it stands, in a sentence."""
    if not total:
        return "No practice was offered a scheme yet."
    parts = [f"{counts['accepted']:,} of {total:,} accepted"]
    words = {"refused": "refused", "unanswered": "not answered", "late": "late", "waiting": "waiting for approval"}
    parts += [f"{counts[name]:,} {text}" for name, text in words.items() if counts[name]]
    return f"{', '.join(parts)}."


def next_sentence(counts: Counter[str]) -> str:
    """What to do next."""
    if counts["waiting"]:
        many = counts["waiting"] != 1
        return f"{counts['waiting']:,} declaration{'s' if many else ''} {'wait' if many else 'waits'} for approval."
    if counts["late"]:
        return f"{counts['late']:,} {'is' if counts['late'] == 1 else 'are'} late with an answer or a declaration."
    if counts["unanswered"]:
        return f"{counts['unanswered']:,} {'has' if counts['unanswered'] == 1 else 'have'} still to answer the offer."
    return "Nothing waits for you."


def as_rows(rows: Iterable[PracticeInScheme], with_money: bool) -> list[AreaRow]:
    """The rows of the file."""
    return [
        AreaRow(
            one.practice.code, one.practice.name, one.place.name if one.place else "", one.scheme_year.title,
            one.part.state, one.part.respond_by, one.answered_on, one.part.reason,
            one.extract.day if one.extract and not one.is_missing else None, one.earned, one.is_shared, one.declared,
            one.declaration.pence if one.declaration and with_money else None, one.risk if with_money else "",
            one.is_late,
        )
        for one in rows
    ]  # fmt: skip


def sees_money(organisation: Organisation) -> bool:
    """Whether the person at work may see what is paid there."""
    from remit.service.people.roles import Action

    return current().may(Action.SEE_MONEY, organisation.pk)
