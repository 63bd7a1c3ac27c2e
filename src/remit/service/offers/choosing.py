"""Whom an offer goes to: practices by area or by their codes, and everything that keeps one of them from it.

A practice has a scheme once at a time, and of the variants of a scheme (QIF and QIF Plus are of one family) one a year.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from remit.core.problems import Place, Problem, did_you_mean, error
from remit.core.say import day as say_day
from remit.core.words import listed
from remit.files.tables import column_in
from remit.service import clock
from remit.service.offers.models import ACCEPTED, OFFERED, TAKES_PART, Participation
from remit.service.organisations.models import PRACTICE, Organisation
from remit.service.register.checking import of_version
from remit.service.register.models import SchemeVersion
from remit.service.scope.reach import below_on
from remit.service.scope.scope import current

COLUMN = "practice_code"


@dataclass(frozen=True)
class Days:
    """From when until when an offer would hold, and by which day to answer it."""

    starts: date
    ends: date
    respond_by: date


def practices_of(organisation: Organisation, days: Days) -> list[Organisation]:
    """All practices that belong to an organisation when an offer begins, or today where that is later."""
    ids = below_on(organisation, max(days.starts, clock.today()))
    return list(Organisation.objects.filter(pk__in=ids, kind=PRACTICE).order_by("code"))


def named(organisation: Organisation, text: str, name: str = "") -> tuple[list[Organisation], list[Problem]]:
    """The practices of a commissioner or place whose codes stand in a text, and what is wrong with the others.

    `text` has codes separated by commas, blanks or lines; or it is a CSV with a column practice_code. `name` is the
    name of its file.
    """
    known = {one.code: one for one in Organisation.objects.filter(pk__in=_ever_below(organisation), kind=PRACTICE)}
    found: dict[str, tuple[Organisation, int]] = {}
    problems = []
    for line, code in _codes(text):
        place = Place(name, line) if name else None
        if code in found:
            first = f" (first on line {found[code][1]})" if name else ""
            problems.append(error("service.offer-practice", f"{code} is listed twice{first}.", place, "Name it once."))
        elif code in known:
            found[code] = known[code], line
        else:
            what = f"there is no practice {code} in {organisation.name}."
            hint = _nearest(code, known)
            problems.append(error("service.offer-practice", what, place, hint, practice=code))
    if not found and not problems:
        what = "no practice is named."
        problems.append(error("service.offer-practice", what, None, "Give the codes of practices, one on each line."))
    return [one for one, _ in found.values()], problems


def _ever_below(organisation: Organisation) -> frozenset[int]:
    """Those below today, with those that the person at work sees as former ones: they are named with their reason."""
    return below_on(organisation, clock.today()) | current().former


def _nearest(code: str, known: Mapping[str, Organisation]) -> str:
    """The practice whose code, or name, is nearest."""
    by_name = {one.name: one.code for one in known.values()}
    near = did_you_mean(code, known)
    if not near:
        near = did_you_mean(code, by_name)
    return str(near) or "Correct the code, or add the practice under Organisations first."


def _codes(text: str) -> Iterator[tuple[int, str]]:
    """Each code with its line; of a table the cells of its column of codes."""
    cells = column_in(text, COLUMN)
    if cells is not None:
        yield from ((line, cell.upper()) for line, cell in cells)
        return
    for line, row in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        for code in re.split(r"[\s,;]+", row):
            if code:
                yield line, code.strip("\"'").upper()


def wrong_with(version: SchemeVersion, practices: Collection[Organisation], days: Days) -> list[Problem]:
    """Everything that keeps practices from an offer of a scheme, by practice; nothing where all can have it."""
    from_day = max(days.starts, clock.today())
    at_start, later = below_on(version.organisation, days.starts), below_on(version.organisation, from_day)
    there = _there_already(version, practices)
    problems = []
    for one in sorted(practices, key=lambda each: each.code):
        for what, hint in _wrong(one, version, days, one.pk in at_start, one.pk in later, there.get(one.pk, ())):
            problems.append(error("service.offer-practice", what, None, hint, practice=one.code))
    return problems


def _wrong(
    one: Organisation, version: SchemeVersion, days: Days, at_start: bool, later: bool, there: Iterable[Participation]
) -> Iterator[tuple[str, str]]:
    """What is wrong with one practice, each with what to do."""
    if one.kind != PRACTICE:
        yield f"{one} is a {one.kind}, not a practice.", "Choose its practices."
        return
    if one.closed and one.closed < max(days.starts, clock.today()):
        yield f"{one} closed on {say_day(one.closed)}.", "Leave it out."
        return
    if not at_start:
        what = f"{one} does not belong to {version.organisation.name} on {say_day(days.starts)}."
        yield what, "Leave it out, or make it an offer of its own that starts when it does."
    elif not later:
        yield f"{one} has left {version.organisation.name}.", "Leave it out."
    for each in there:
        yield from _has(one, each, version, days)


def _has(one: Organisation, each: Participation, version: SchemeVersion, days: Days) -> Iterator[tuple[str, str]]:
    """That a practice has the scheme, or another variant of it."""
    same = each.scheme_id == version.scheme_id
    which = "this scheme" if same else f"{each.title}, another variant of this scheme,"
    offer = f"(offer {each.offer.number})"
    if each.state == OFFERED:
        hint = "Leave it out." if same else "Take that offer back first: a practice has one variant in a year."
        yield f"{one} was offered {which} already {offer}, and has not answered yet.", hint
    elif each.state == ACCEPTED:
        last = f"until {say_day(each.ends)}"
        hint = "Leave it out." if same else "End its part there first: a practice has one variant in a year."
        yield f"{one} takes part in {which.rstrip(',')} {last} {offer}.", hint
    elif each.ends >= days.starts:
        what = f"{one} takes part in {which.rstrip(',')} until {say_day(each.ends)} {offer}."
        yield what, "Make it an offer of its own that starts after that day."


def _there_already(version: SchemeVersion, practices: Collection[Organisation]) -> dict[int, tuple[Participation, ...]]:
    """What each practice has of the scheme, or of another variant of it in the same year."""
    rows = Participation.objects.filter(
        practice__in=[one.pk for one in practices], organisation=version.organisation_id, year=version.year,
        state__in={OFFERED, *TAKES_PART},
    ).select_related("offer")  # fmt: skip
    found: dict[int, tuple[Participation, ...]] = {}
    others = variants_of(version, {one.scheme_id: one.offer.version_id for one in rows})
    for one in rows:
        if one.scheme_id in others:
            found[one.practice_id] = (*found.get(one.practice_id, ()), one)
    return found


def variants_of(version: SchemeVersion, versions: Mapping[str, int]) -> set[str]:
    """Of schemes of the same year, by id with a version of each, those that are this one or a variant of it."""
    family, found = family_of(version), {version.scheme_id}
    others = [pk for scheme_id, pk in versions.items() if scheme_id != version.scheme_id]
    if family and others:
        rows = SchemeVersion.objects.filter(pk__in=others)
        found |= {one.scheme_id for one in rows if family_of(one) == family}
    return found


def family_of(version: SchemeVersion) -> str:
    """What the variants of a scheme are called together; nothing where there are none."""
    scheme = of_version(version).scheme
    return (scheme.family or "") if scheme else ""


def not_with(participation: Participation) -> str:
    """Why a practice cannot accept an offer yet: schemes that it goes with are not accepted. Nothing where they are."""
    scheme = of_version(participation.offer.version).scheme
    if scheme is None or not scheme.only_with:
        return ""
    rows = Participation.objects.filter(practice=participation.practice_id, state=ACCEPTED)
    missing = [name for name in scheme.only_with if name not in {one.scheme_id for one in rows}]
    if not missing:
        return ""
    which = "the offer of it" if len(missing) == 1 else "the offers of these"
    return f"It goes only with {listed(missing)}, which this practice has not accepted: accept {which} first."
