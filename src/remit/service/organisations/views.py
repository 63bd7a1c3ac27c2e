"""The pages of organisations that show: the start, an area's tree, one organisation, what to look at, the export."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from remit.files.formulas import written_cell
from remit.service import clock
from remit.service.access import page
from remit.service.organisations import reading
from remit.service.organisations.models import PRACTICE, Organisation
from remit.service.organisations.services import may_change
from remit.service.people.roles import Action
from remit.service.scope.scope import current
from remit.service.web.days import Day


@page(Action.SEE_ORGANISATIONS)
def start(request: HttpRequest) -> HttpResponseBase:
    """The organisations that somebody works for; the only one's page, where there is one."""
    mine = list(Organisation.objects.filter(pk__in=current().own).order_by("kind", "name"))
    if len(mine) == 1:
        name = "organisation" if mine[0].kind == PRACTICE else "area"
        return HttpResponseRedirect(reverse(name, args=[mine[0].code]))
    return render(request, "organisations/start.html", {"organisations": mine})


def asked_day(request: HttpRequest) -> tuple[date, str]:
    """The day that a page is to show, today where none is asked for, and what is wrong with what was typed."""
    typed = request.GET.get("day", "").strip()
    if not typed:
        return clock.today(), ""
    try:
        return Day().clean(typed), ""
    except ValidationError as error:
        return clock.today(), error.messages[0]


@page(Action.SEE_ORGANISATIONS, organisation="code")
def area(request: HttpRequest, code: Organisation) -> HttpResponseBase:
    """The tree of an area as of a day."""
    day, wrong = asked_day(request)
    root = reading.tree(code, day)
    context = {
        "organisation": code,
        "root": root,
        "day": day,
        "typed": request.GET.get("day", ""),
        "wrong": wrong,
        "counts": [(kind, len(root.of_kind(kind))) for kind in ("place", "network", "practice")],
        "looks": reading.to_look_at(code, day, root).count if code.kind != PRACTICE else 0,
        "may_change": may_change(code),
        "linked": {pk for grant in current().grants for pk in grant.organisations},
    }
    return render(request, "organisations/area.html", context)


@page(Action.SEE_ORGANISATIONS, organisation="code")
def organisation(request: HttpRequest, code: Organisation) -> HttpResponseBase:
    """One organisation: what it belongs to, who belongs to it, its list and its history."""
    day, wrong = asked_day(request)
    found = reading.page_of(code, day)
    context = {
        "organisation": code,
        "page": found,
        "day": day,
        "typed": request.GET.get("day", ""),
        "wrong": wrong,
        "may_change": may_change(code),
        "linked": {pk for grant in current().grants for pk in grant.organisations},
    }
    return render(request, "organisations/organisation.html", context)


@page(Action.SEE_ORGANISATIONS, organisation="code")
def to_look_at(request: HttpRequest, code: Organisation) -> HttpResponseBase:
    """What an administrator may want to look at in an area."""
    day, _ = asked_day(request)
    context = {"organisation": code, "found": reading.to_look_at(code, day), "day": day}
    return render(request, "organisations/to_look_at.html", context)


@page(Action.SEE_ORGANISATIONS, organisation="code")
def export(request: HttpRequest, code: Organisation) -> HttpResponseBase:
    """The area on a day as a CSV file that can be imported again."""
    import csv
    import io

    day, _ = asked_day(request)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([written_cell(cell) for cell in row] for row in reading.export(code, day))
    response = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="organisations-{code.code}-{day}.csv"'
    return response
