"""A year of a scheme: its days, its limits, and who takes part in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from remit.contract.limits import Limits
from remit.core.words import agreed
from remit.service import clock
from remit.service.access import page
from remit.service.offers import forms, listing, presenting, services
from remit.service.offers.models import Offer, SchemeYear
from remit.service.offers.reading import newest_of_each
from remit.service.offers.views.files import table_file
from remit.service.organisations.changing import answer
from remit.service.organisations.models import Organisation
from remit.service.people.roles import Action
from remit.service.scope.scope import current


def _found(code: Organisation, scheme_id: str) -> SchemeYear:
    year = SchemeYear.objects.filter(organisation=code, scheme_id=scheme_id).select_related("organisation").first()
    if year is None:
        raise Http404
    return year


def _lines(year: SchemeYear) -> list[listing.Line]:
    return listing.lines_of(newest_of_each(listing.rows_of(scheme_year=year).order_by("pk")).values())


@page(Action.SEE_YEAR, organisation="code")
@require_safe
def year_page(request: HttpRequest, code: Organisation, scheme_id: str) -> HttpResponseBase:
    """The year: its days, its limits, its offers, and what each practice has of it."""
    year, today = _found(code, scheme_id), clock.today()
    lines = _lines(year)
    taking_part = sum(line.row.takes_part(today) for line in lines)
    context = {
        "organisation": code, "year": year, "limits": Limits.from_dict(year.rules), "lines": lines, "today": today,
        "counts": listing.counts_of(line.state for line in lines), "shown_state": listing.shown_state,
        "taking_part": agreed(f"{taking_part:,} practice{{|s}} take{{s|}} part", taking_part),
        "offers": listing.offer_lines(Offer.objects.filter(scheme_year=year)),
        "may_change": current().may(Action.MAKE_OFFERS, code.pk) and not year.closed,
    }  # fmt: skip
    return render(request, "offers/year.html", context)


@page(Action.SEE_YEAR, organisation="code")
@require_safe
def year_file(request: HttpRequest, code: Organisation, scheme_id: str, ending: str) -> HttpResponseBase:
    """What each practice has of the year, as a file."""
    year = _found(code, scheme_id)
    document = presenting.document(f"{year.title}: who takes part", f"{code.name}:", _lines(year))
    return table_file(document, ending, f"participation-{year.scheme_id}")


@page(Action.MAKE_OFFERS, organisation="code")
def limits(request: HttpRequest, code: Organisation, scheme_id: str) -> HttpResponseBase:
    """The limits and steps of the year, with the reason for a change."""
    year = _found(code, scheme_id)
    initial = forms.rules_initial(Limits.from_dict(year.rules))
    form = forms.Rules(request.POST if request.method == "POST" else None, initial=initial)

    def change(data: Mapping[str, Any]) -> str:
        services.set_rules(year, form.rules(), data["reason"])
        return f"The limits of {year.title} were changed."

    about = (
        "They hold for every decision from now on. What was decided before stays as it was decided. The audit log "
        "keeps what was there before."
    )
    back = reverse("scheme-year", args=[code.code, scheme_id])
    return answer(request, form, f"Limits of {year.title}", "Save the limits", back, change, about)
