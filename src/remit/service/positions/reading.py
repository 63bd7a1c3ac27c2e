"""What the pages of positions ask of figures that came in; each answer is for the current scope.

A practice reads its own copy; others read the copies without small numbers, of the days for which it consented.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse

from remit.application.extract import movement_of, payment_of, titles_of, whereabouts_of
from remit.documents.position import DatedFigures, PracticePosition
from remit.documents.positions import AreaPosition, AreaPositions
from remit.documents.stored import from_json
from remit.service import clock
from remit.service.extracts import reading
from remit.service.extracts.models import Extract, PracticeCopy, PracticeFigures
from remit.service.home import overviews, statements
from remit.service.organisations.models import Organisation
from remit.service.positions.achieved import achieved_in
from remit.service.scope.scope import Scope, current

_LARGE = ("overview", "statement_for_commissioner", "extract__frame", "extract__scheme_version__content")


@dataclass(frozen=True)
class Entry:
    """A position that somebody may open: of a practice, or of an area where `practice` is None; with its newest
    extract."""

    extract: Extract
    practice: Organisation | None
    href: str


def entries(scope: Scope, areas: bool) -> list[Entry]:
    """The positions of the practices somebody works for and, where they may see `areas`, of each scheme of an area."""
    own = statements.newest_of_each(statements.standing().filter(practice__in=scope.own))
    found = [Entry(one.extract, one.practice, _address(one.extract, one.practice.code)) for one in own]
    if areas:
        newest = overviews.newest_of_each(overviews.extracts())
        found += [Entry(extract, None, _address(extract)) for extract in newest]
    return found


def _address(extract: Extract, practice: str = "", name: str = "") -> str:
    where = [extract.organisation.code, extract.scheme_version.scheme_id]
    if practice:
        return reverse(name or "position", args=[*where, practice])
    return reverse(name or "positions-area", args=where)


def figures_of(practice: Organisation, commissioner: str, scheme: str) -> list[PracticeFigures]:
    """The figures of a practice by each extract of a scheme that stands, the oldest first."""
    rows = PracticeFigures.objects.filter(practice=practice, extract__in=reading.standing().values("pk"))
    rows = rows.filter(extract__organisation__code=commissioner, extract__scheme_version__scheme_id=scheme)
    rows = rows.select_related("practice", "extract__scheme_version", "extract__organisation", "extract__compared_with")
    return list(rows.defer("overview", "extract__compared_with__frame", *_LARGE[2:]).order_by("day", "extract__number"))


def position_of(practice: Organisation, commissioner: str, scheme: str) -> PracticePosition | None:
    """Where a practice stands in a scheme's year; None where there is nothing that may be seen."""
    rows = figures_of(practice, commissioner, scheme)
    if not rows:
        return None
    newest, own = rows[-1], _own_copies(rows)
    dated = []
    for one in rows:
        copy = own.get(one.pk)
        statement = from_json(copy[0] if copy else one.statement_for_commissioner)
        link = reverse("statement", args=[practice.code, one.extract_id])
        dated.append(DatedFigures(one.day, one.extract.number, one.pence, achieved_in(statement, practice.code), link))
    extract, before = newest.extract, newest.extract.compared_with
    moved = own[newest.pk][1] if newest.pk in own else newest.moved
    if before is not None and newest.pk not in own and not _is_seen(practice, before):
        moved = ""  # what moved tells of both days: both are shared
    return PracticePosition(
        practice.code, practice.name, extract.scheme_version.title or scheme, tuple(dated),
        payment_of(newest.payment) if newest.payment else None, newest.points, newest.status, newest.reason,
        titles_of(_frame(extract)), clock.today(), movement_of(moved),
        (before.day, before.number) if before else None,
        reverse("figures-moved-practice", args=[commissioner, extract.number, practice.code]),
    )  # fmt: skip


def _own_copies(rows: list[PracticeFigures]) -> dict[int, tuple[str, str]]:
    """The practice's own statement and what moved, by the figures: for the practice alone."""
    copies = PracticeCopy.objects.filter(figures__in=[one.pk for one in rows])
    return {pk: (statement, moved) for pk, statement, moved in copies.values_list("figures", "statement", "moved")}


def _is_seen(practice: Organisation, extract: Extract) -> bool:
    return PracticeFigures.objects.filter(practice=practice, extract=extract).exists()


def _frame(extract: Extract) -> str:
    return Extract.objects.filter(pk=extract.pk).values_list("frame", flat=True).get()


def extracts_of(commissioner: str, scheme: str) -> QuerySet[Extract]:
    """The extracts of a scheme that stand, the newest first."""
    return overviews.extracts().filter(organisation__code=commissioner, scheme_version__scheme_id=scheme)


def positions_in(extract: Extract) -> AreaPositions:
    """Each practice's position by an extract, of those that share its figures with whoever looks."""
    rows = list(PracticeFigures.objects.filter(extract=extract).order_by("place").select_related("practice"))
    where = whereabouts_of(_frame(extract), [one.overview for one in rows])
    before, seen = extract.compared_with, set[int]()
    if before is not None:
        seen = set(PracticeFigures.objects.filter(extract=before).values_list("practice", flat=True))
    shown = []
    for one, place in zip(rows, where, strict=True):
        code = one.practice.code
        moved = movement_of(one.moved) if one.practice_id in seen else None
        shown.append(AreaPosition(
            code, one.practice.name, place.place, place.network, one.is_network,
            one.status, one.pence, one.points, moved, place.network if place.through else "", _address(extract, code),
        ))  # fmt: skip
    unshared, missing = overviews.not_there(extract, current(), {one.practice.code for one in rows})
    return AreaPositions(
        extract.scheme_version.title or extract.scheme_version.scheme_id, extract.organisation.name, extract.day,
        extract.number, tuple(shown), (before.day, before.number) if before else None, missing, unshared,
    )  # fmt: skip
