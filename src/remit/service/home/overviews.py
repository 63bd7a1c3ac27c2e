"""The overview of a commissioner, place or network: what an extract came to, of the practices whose figures are shared.

It is put together of the practices' parts each time, from those that the scope sees at that moment: a consent that
ends takes a practice out of the next page. What was put together of the same parts is kept for a while.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from threading import Lock

from django.db.models import Q, QuerySet
from django.urls import reverse

from remit.application.extract import overview_of
from remit.core import say
from remit.core.sums import Sum
from remit.documents.overview import overview as document_of
from remit.documents.render.html import Fragment, fragment
from remit.service.extracts import reading
from remit.service.extracts.models import Extract, PracticeFigures
from remit.service.organisations.models import PRACTICE, Membership, Organisation
from remit.service.scope.scope import Scope

_KEPT = 16
"""How many overviews a process keeps: they are large and quickly made again."""


@dataclass(frozen=True)
class Assembled:
    """An overview that was put together: what it shows, and what was earned so far."""

    fragment: Fragment
    earned: Sum

    @property
    def earned_so_far(self) -> str:
        """In words, with what is not known yet."""
        return "not known yet" if self.earned.value is None else say.so_far(self.earned)


@dataclass(frozen=True)
class Shared:
    """An extract, of the practices whose figures are shared with whoever looks. `assembled` is None where none are.

    `unshared` have not consented for its day; `missing` are not in the extract.
    """

    extract: Extract
    assembled: Assembled | None
    shared: int
    unshared: tuple[str, ...]
    missing: tuple[str, ...]


def extracts() -> QuerySet[Extract]:
    """The extracts that stand, the newest day first, without what is large."""
    rows: QuerySet[Extract] = reading.standing().select_related("organisation", "scheme_version")
    return rows.defer("scheme_version__content", "frame")


def newest_of_each(found: Iterable[Extract]) -> list[Extract]:
    """Of extracts with the newest day first, the first of each commissioner and scheme."""
    first: dict[tuple[int, str], Extract] = {}
    for one in found:
        first.setdefault((one.organisation_id, one.scheme_version.scheme_id), one)
    return list(first.values())


def shared_of(extract: Extract, scope: Scope) -> Shared:
    """An extract as a scope sees it."""
    rows = PracticeFigures.objects.filter(extract=extract).order_by("place")
    seen = {key: (code, network) for key, code, network in rows.values_list("pk", "practice__code", "is_network")}
    codes = {key: code for key, (code, _) in seen.items()}
    assembled = _KEEPING.of(extract, codes) if seen else None
    practices = {code for code, is_network in seen.values() if not is_network}
    unshared, missing = not_there(extract, scope, practices)
    return Shared(extract, assembled, len(practices), unshared, missing)


def not_there(extract: Extract, scope: Scope, shown: Collection[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The practices below whoever looks that do not share an extract's figures, by the codes of those that are `shown`,
    and those that are not in it."""
    below = _practices_below(extract, scope)
    unshared = sorted(f"{name} ({code})" for code, name in below.items() if code not in {*shown, *extract.missing})
    missing = sorted(f"{below[code]} ({code})" for code in extract.missing if code in below)
    return tuple(unshared), tuple(missing)


def _practices_below(extract: Extract, scope: Scope) -> dict[str, str]:
    """The practices below whoever looks on the extract's day, with their names."""
    on_day = Q(since__lte=extract.day) & (Q(until__isnull=True) | Q(until__gte=extract.day))
    members = Membership.objects.filter(on_day, member__in=scope.overseen | scope.former).values("member")
    return dict(Organisation.objects.filter(kind=PRACTICE, pk__in=members).values_list("code", "name"))


class _Keeping:
    """Overviews that were put together, by the extract's folder, which no other has, and its rows that are in them."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, frozenset[int]], Assembled] = OrderedDict()
        self._lock = Lock()

    def of(self, extract: Extract, codes: dict[int, str]) -> Assembled:
        key = (extract.folder, frozenset(codes))
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = _assembled(extract, codes)
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return made


_KEEPING = _Keeping()


def _assembled(extract: Extract, codes: dict[int, str]) -> Assembled:
    parts = PracticeFigures.objects.filter(pk__in=codes).order_by("place").values_list("overview", flat=True)
    overview, sensitive = overview_of(extract.frame, list(parts))
    links = {(0, code): reverse("statement", args=[code, extract.pk]) for code in codes.values()}
    return Assembled(fragment(document_of([overview], sensitive, links)), overview.earned)
