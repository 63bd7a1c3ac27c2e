"""What the pages of offers list: each practice's answer by place, how many answered how, what there is of a scheme."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from remit.contract.participation import State
from remit.core.say import day as say_day
from remit.core.words import listed
from remit.service import clock
from remit.service.offers.models import Offer, Participation, SchemeYear
from remit.service.offers.reading import newest_of_each
from remit.service.organisations.models import COMMISSIONER, NETWORK, PLACE, Organisation
from remit.service.organisations.standing import days_under
from remit.service.register.models import SchemeVersion
from remit.service.register.states import State as SchemeState
from remit.service.scope.scope import current

NO_PLACE = "No place"


@dataclass(frozen=True)
class Line:
    """A practice's part in an offer or a year: the row, the place and network of the practice, what it is today."""

    row: Participation
    place: str
    network: str
    state: State


def lines_of(rows: Iterable[Participation]) -> list[Line]:
    """Rows by place and practice."""
    rows, today = list(rows), clock.today()
    where = _where({one.practice_id: min(today, max(one.starts, one.ends)) for one in rows})
    lines = [Line(one, *where.get(one.practice_id, (NO_PLACE, "")), one.state_on(today)) for one in rows]
    return sorted(lines, key=lambda line: (line.place == NO_PLACE, line.place, line.row.practice.name))


def _where(on: Mapping[int, date]) -> dict[int, tuple[str, str]]:
    """The place and the network of each practice on its day, of those in the scope: where it was before it closed."""
    above = {
        practice: [one for one, times in days.items() if any(first <= on[practice] <= last for first, last in times)]
        for practice, days in days_under(on).items()
    }
    ids = {one for several in above.values() for one in several}
    known = {one.pk: one for one in Organisation.objects.filter(pk__in=ids, kind__in=(PLACE, NETWORK))}

    def name(practice: int, kind: str) -> str:
        return next((known[one].name for one in above[practice] if one in known and known[one].kind == kind), "")

    return {practice: (name(practice, PLACE) or NO_PLACE, name(practice, NETWORK)) for practice in above}


COUNTED = (
    (State.ACCEPTED, "{} accepted"),
    (State.OFFERED, "{} not answered yet"),
    (State.LAPSED, "{} without an answer by the day"),
    (State.REFUSED, "{} refused"),
    (State.TAKEN_BACK, "{} taken back"),
    (State.LEFT, "{} left"),
    (State.CARRIED_ON, "{} merged"),
)


def counts_of(states: Iterable[State]) -> str:
    """How many practices answered how: "12 accepted, 3 refused and 1 not answered yet"."""
    counts = Counter(states)
    return listed([words.format(f"{counts[state]:,}") for state, words in COUNTED if counts[state]])


@dataclass(frozen=True)
class YearLine:
    """A year of a scheme in a list: how its practices stand."""

    year: SchemeYear
    practices: int
    counts: str


@dataclass(frozen=True)
class OfferLine:
    """An offer in a list: how its practices answered."""

    offer: Offer
    practices: int
    counts: str


def years_of(organisation: Organisation) -> list[SchemeYear]:
    """The years of an organisation's own schemes, and of those above it, the newest first."""
    rows = SchemeYear.objects.filter(organisation__in={organisation.pk, *_before(organisation), *current().parents})
    return list(rows.select_related("organisation").order_by("-starts", "title", "pk"))


def _before(organisation: Organisation) -> frozenset[int]:
    """Commissioners that this one took over: their years are settled here."""
    if organisation.kind != COMMISSIONER:
        return frozenset()
    own = Organisation.objects.filter(pk__in=current().own, kind=COMMISSIONER)
    return frozenset(own.filter(succeeded_by__successor=organisation).values_list("pk", flat=True))


def year_lines(years: list[SchemeYear]) -> tuple[list[YearLine], dict[int, dict[int, Participation]]]:
    """Each year with how its practices stand; and of each practice what it has of each year, by both ids."""
    today = clock.today()
    rows = Participation.objects.filter(scheme_year__in=years).select_related("practice", "into")
    of_year: dict[int, list[Participation]] = {}
    for one in rows.order_by("pk"):
        of_year.setdefault(one.scheme_year_id, []).append(one)
    lines, grid = [], dict[int, dict[int, Participation]]()
    for year in years:
        newest = newest_of_each(of_year.get(year.pk, ()))
        lines.append(YearLine(year, len(newest), counts_of(one.state_on(today) for one in newest.values())))
        for practice, one in newest.items():
            grid.setdefault(practice, {})[year.pk] = one
    return lines, grid


def offer_lines(offers: QuerySet[Offer]) -> list[OfferLine]:
    """Offers, the newest first, each with how its practices answered."""
    today, found = clock.today(), list(offers.select_related("scheme_year", "organisation").order_by("-number"))
    states: dict[int, list[State]] = {}
    for one in Participation.objects.filter(offer__in=found):
        states.setdefault(one.offer_id, []).append(one.state_on(today))
    return [
        OfferLine(one, len(states.get(one.pk, ())), counts_of(states.get(one.pk, ()))) for one in found
    ]  # fmt: skip


def offer_of(organisation: Organisation, number: int) -> Offer | None:
    """An offer by its number; None where there is none that may be seen."""
    rows = Offer.objects.filter(organisation=organisation, number=number)
    return rows.select_related("scheme_year", "version", "sent_by").defer("version__content").first()


def rows_of(**which: object) -> QuerySet[Participation]:
    """Rows of an offer or a year, with what their lines show."""
    rows = Participation.objects.filter(**which)
    return rows.select_related("practice", "answered_by", "into", "offer")


def to_offer(organisation: Organisation) -> list[SchemeVersion]:
    """The published versions of a commissioner's or a place's schemes, of each scheme the newest."""
    rows = SchemeVersion.objects.filter(organisation=organisation, state=SchemeState.PUBLISHED.value).defer("content")
    newest: dict[str, SchemeVersion] = {}
    for one in rows.order_by("version"):
        newest[one.scheme_id] = one
    return sorted(newest.values(), key=lambda one: (one.year, one.title, one.scheme_id), reverse=True)


def shown_state(line: Line) -> str:
    """What belongs to the state of a line, beside its days: by when to answer, into whom it merged."""
    one = line.row
    return {
        State.OFFERED: f"to answer by {say_day(one.respond_by)}",
        State.LAPSED: f"no answer by {say_day(one.respond_by)}",
        State.CARRIED_ON: f"into {one.into}" if one.into else "",
    }.get(line.state, "")
