"""Where everybody begins: the year of a practice, and that of an area's practices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from remit.documents.year_area import area_year
from remit.documents.year_payments import payments as payments_document
from remit.service.access import page
from remit.service.home import downloads
from remit.service.organisations.models import COMMISSIONER, NETWORK, PRACTICE, Organisation
from remit.service.people.roles import Action
from remit.service.scope.scope import current
from remit.service.year import area, payments
from remit.service.year.forms import AreaForm
from remit.service.year.practice import years_of
from remit.service.year.showing import shown

_ENDINGS = {"csv", "xlsx"}


@dataclass(frozen=True)
class Beginning:
    """A page to begin from, and what it shows."""

    text: str
    href: str
    about: str


@page(Action.SEE_YEAR)
@require_safe
def begin(request: HttpRequest) -> HttpResponseBase:
    """The page that somebody begins from, or all of them where there are several."""
    found = list(_beginnings())
    if len(found) == 1:
        return redirect(found[0].href)
    return render(request, "year/begin.html", {"found": found})


def _beginnings() -> Iterator[Beginning]:
    """One for each organisation that somebody works for."""
    scope = current()
    for one in Organisation.objects.filter(pk__in=scope.own).order_by("name", "code"):
        if one.kind == PRACTICE:
            yield Beginning(str(one), reverse("year-practice", args=[one.code]), "The practice’s year in each scheme.")
        elif one.kind == COMMISSIONER and scope.may(Action.KEEP_BOOKS, one.pk):
            about = "This month’s payments, what is owed, and what waits."
            yield Beginning(str(one), reverse("year-finance", args=[one.code]), about)
        elif one.kind == COMMISSIONER and scope.may(Action.SEE_AUDIT, one.pk):
            about = "Every payment, and what it rests on."
            yield Beginning(str(one), reverse("year-payments", args=[one.code]), about)
        else:
            about = "Who accepted, who is late, and what waits for approval."
            yield Beginning(str(one), reverse("year-area", args=[one.code]), about)


@page(Action.SEE_YEAR, organisation="practice")
@require_safe
def practice(request: HttpRequest, practice: Organisation) -> HttpResponseBase:
    """The year of a practice in each of its schemes."""
    _check_paid(practice)
    with_money = current().may(Action.SEE_MONEY, practice.pk)
    years = [shown(one, with_money) for one in years_of(practice)]
    is_overseer = practice.pk not in current().own
    above = {"href": reverse("year" if is_overseer else "home"), "text": "The year" if is_overseer else "Home"}
    context = {
        "practice": practice, "years": years, "above": above, "is_overseer": is_overseer,
        "has_payments": any(one.rows for one in years),
    }  # fmt: skip
    return render(request, "year/practice.html", context)


@page(Action.SEE_MONEY, organisation="practice")
@require_safe
def practice_file(request: HttpRequest, practice: Organisation, ending: str) -> HttpResponseBase:
    """All payments of a practice, and what is to come, as a file."""
    _check_paid(practice)
    if ending not in _ENDINGS:
        raise Http404
    to_come = [
        row for one in years_of(practice) for row in payments.as_rows_to_come(practice, one.title, one.to_come)
    ]  # fmt: skip
    document = payments_document(f"Payments of {practice}", payments.as_rows(payments.of_practice(practice)), to_come)
    return downloads.of_document(document, f"payments-{practice.code}", ending)


def _check_paid(practice: Organisation) -> None:
    """Networks are paid too; places and commissioners are not."""
    if practice.kind not in (PRACTICE, NETWORK):
        raise Http404


@page(Action.SEE_YEAR, organisation="organisation")
@require_safe
def area_page(request: HttpRequest, organisation: Organisation) -> HttpResponseBase:
    """How the practices below an organisation stand, those that were looked for."""
    if organisation.kind == PRACTICE:
        return redirect("year-practice", organisation.code)
    rows = area.rows_of(organisation)
    form = _form(request, rows)
    wanted = form.wanted if form.is_valid() else area.Wanted()
    of_scheme = area.of_wanted(rows, area.Wanted(wanted.scheme, wanted.place))
    counts = area.counted(of_scheme)
    context = {
        "organisation": organisation, "form": form, "rows": area.of_wanted(rows, wanted), "counts": counts,
        "answer": area.answer(counts, len(of_scheme)), "next": area.next_sentence(counts), "shown": area.SHOWN,
        "wanted": wanted, "with_money": area.sees_money(organisation), "asked": request.GET.urlencode(),
        "tabs": tabs(organisation, "year-area"), "total": len(of_scheme),
    }  # fmt: skip
    return render(request, "year/area.html", context)


@page(Action.SEE_YEAR, organisation="organisation")
@require_safe
def area_file(request: HttpRequest, organisation: Organisation, ending: str) -> HttpResponseBase:
    """The practices that were looked for, as a file."""
    if ending not in _ENDINGS:
        raise Http404
    rows = area.rows_of(organisation)
    form = _form(request, rows)
    wanted = form.wanted if form.is_valid() else area.Wanted()
    found = area.of_wanted(rows, wanted)
    answer = area.answer(area.counted(found), len(found))
    document = area_year(organisation.name, answer, area.as_rows(found, area.sees_money(organisation)))
    return downloads.of_document(document, f"year-{organisation.code}", ending)


def _form(request: HttpRequest, rows: list[area.PracticeInScheme]) -> AreaForm:
    schemes = {one.scheme_year.scheme_id: one.scheme_year.title for one in rows}
    places = {one.place.pk: one.place for one in rows if one.place}
    return AreaForm(schemes, sorted(places.values(), key=lambda one: one.name), request.GET)


def tabs(organisation: Organisation, here: str) -> list[tuple[str, str, bool]]:
    """The pages of an area's year that somebody may open, as (text, address, whether it is the one that is shown)."""
    found = [("Practices", "year-area")]
    if organisation.kind == COMMISSIONER and current().may(Action.SEE_BOOKS, organisation.pk):
        found += [("Money", "year-finance"), ("Payments", "year-payments")]
    return [(text, reverse(name, args=[organisation.code]), name == here) for text, name in found]


__all__ = ["area_file", "area_page", "begin", "practice", "practice_file", "tabs"]
