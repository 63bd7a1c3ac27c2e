"""The accrual of a commissioner's books on a day: what was known then of each practice's year, and what was paid.

Only what whoever looks may see is used: a practice that does not share its figures is not known, and is left out of the
total, which says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from remit.application.accrual import Accrual, Earned, accrual, causes_of, moved
from remit.application.extract import payment_of
from remit.contract.declaration import State as Declared
from remit.contract.participation import State as Part
from remit.core import say
from remit.documents.accrual import accrual_document
from remit.documents.blocks import Document
from remit.payment.book import PracticeYear
from remit.runs.results import MERGED
from remit.service import clock
from remit.service.declarations.models import Declaration
from remit.service.extracts.models import ACCEPTED, Extract, PracticeFigures
from remit.service.money.known import TOOK_PART
from remit.service.money.ledger import transfers_of
from remit.service.money.successors import commissioners_of
from remit.service.offers.models import Participation, SchemeYear
from remit.service.organisations.models import Organisation

_MOST_STEPS = 60
"""How many extracts a comparison goes back at most."""


@dataclass(frozen=True)
class DayKnown:
    """What was known on a day: the accrual, and of each scheme year the extract that it is by."""

    accrual: Accrual
    extracts: Mapping[str, Extract]


def document_of(organisation: Organisation, day: date, before: date | None = None) -> Document:
    """The accrual of a day as a document, with what moved since an earlier day where one is given."""
    years = list(SchemeYear.objects.filter(organisation__in=commissioners_of(organisation, clock.today())))
    now = on_day(years, day)
    names = dict(
        Organisation.objects.filter(code__in={line.whose.practice for line in now.accrual.lines}).values_list(
            "code", "name"
        )
    ) | {year.scheme_id: year.title for year in years}
    if before is None:
        return accrual_document(now.accrual, organisation.name, names)
    then = on_day(years, before)
    moves = moved(then.accrual, now.accrual, _causes(then, now))
    return accrual_document(now.accrual, organisation.name, names, then.accrual, moves)


def on_day(years: list[SchemeYear], day: date) -> DayKnown:
    """The accrual of scheme years at the end of a day."""
    end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))
    extracts = {year.scheme_id: one for year in years if (one := _extract(year, end)) is not None}
    known = [one for year in years for one in _known(year, extracts.get(year.scheme_id), end)]
    transfers = [one for those in transfers_of(years, day).values() for one in those]
    return DayKnown(accrual(day, known, transfers), extracts)


def _extract(year: SchemeYear, end: datetime) -> Extract | None:
    """The extract of the newest day that was accepted before a moment; of the same day the one that came last."""
    rows = Extract.objects.filter(
        organisation=year.organisation_id, scheme_version__scheme_id=year.scheme_id, state=ACCEPTED, decided__lt=end
    )
    return rows.defer("frame").order_by("-day", "-number").first()


def _known(year: SchemeYear, extract: Extract | None, end: datetime) -> Iterator[Earned]:
    """What practices that take part have earned by an extract, and by the declarations that were approved by then.

    Figures of those that accepted no offer earn them nothing.
    """
    on = (end - timedelta(days=1)).date() if extract is None else extract.day
    accepted = Q(state__in=(Part.ACCEPTED.value, Part.LEFT.value)) | Q(answered_at__isnull=False)
    parts = Participation.objects.filter(accepted, scheme_year=year, state__in=TOOK_PART)
    if extract is not None:
        rows = PracticeFigures.objects.filter(extract=extract, practice__in=parts.values("practice"))
        for one in rows.select_related("practice").only("practice__code", "status", "pence", "reason", "payment"):
            into = payment_of(one.payment).merged_into if one.payment and one.status == MERGED else ""
            whose = PracticeYear(one.practice.code, year.scheme_id)
            source = f"extract {extract.number}, {say.day(extract.day)}"
            yield Earned(whose, extract.day, one.pence, "figures", source, one.reason, into)
    still = Q(state=Declared.APPROVED.value)
    approved = Declaration.objects.filter(still, scheme_year=year, approved_at__lt=end, day__gte=on)
    rest = approved.select_related("practice").only("practice__code", "pence", "number", "day").order_by("number")
    for declared in rest:
        whose = PracticeYear(declared.practice.code, year.scheme_id)
        yield Earned(whose, declared.day, declared.pence, "approved", f"declaration {declared.number}")


def _causes(then: DayKnown, now: DayKnown) -> dict[PracticeYear, dict[str, int]]:
    """What the comparisons of the extracts between two days found, added up by practice's year and cause."""
    found: dict[PracticeYear, dict[str, int]] = {}
    for year, last in now.extracts.items():
        first = then.extracts.get(year)
        chain = _between(first, last)
        for code, text in PracticeFigures.objects.filter(extract__in=chain).values_list("practice__code", "moved"):
            causes = found.setdefault(PracticeYear(code, year), {})
            for cause, pence in causes_of(text).items():
                causes[cause] = causes.get(cause, 0) + pence
    return found


def _between(first: Extract | None, last: Extract) -> list[int]:
    """The extracts from one that was compared with the first to the last; none where they are not so linked."""
    chain: list[int] = []
    one: Extract | None = last
    while one is not None and first is not None and one.pk != first.pk and len(chain) < _MOST_STEPS:
        chain.append(one.pk)
        one = one.compared_with
    return chain if first is not None and one is not None and one.pk == first.pk else []
