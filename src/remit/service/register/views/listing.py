"""Every version that somebody may see, as a page and as a table to take away."""

from __future__ import annotations

import csv
from itertools import groupby

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from remit.files.formulas import written_cell
from remit.service.access import page
from remit.service.organisations.models import COMMISSIONER, PLACE, Organisation
from remit.service.people.roles import Action
from remit.service.register import reading
from remit.service.scope.scope import current

COLUMNS = (
    "organisation_code", "organisation", "scheme", "version", "title", "year", "state", "from_day", "sha256",
    "changed_at", "changed_by", "reason",
)  # fmt: skip


@page(Action.SEE_SCHEMES)
def schemes(request: HttpRequest) -> HttpResponseBase:
    """The schemes with their versions, and where somebody may start another."""
    seen = list(reading.versions())
    groups = [
        (organisation, [list(each) for _, each in groupby(some, lambda one: one.scheme_id)])
        for organisation, some in groupby(seen, lambda one: one.organisation)
    ]
    writes = {
        one for grant in current().grants if Action.WRITE_SCHEMES in grant.role.actions for one in grant.organisations
    }
    starts = Organisation.objects.filter(pk__in=writes, kind__in=(COMMISSIONER, PLACE)).order_by("name")
    return render(request, "register/schemes.html", {"groups": groups, "starts": starts})


@page(Action.SEE_SCHEMES)
def as_csv(request: HttpRequest) -> HttpResponseBase:
    """The same versions as a table; no cell is a formula to a spreadsheet."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="schemes.csv"'
    writer = csv.writer(response, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in reading.versions():
        cells = (
            one.organisation.code, one.organisation.name, one.scheme_id, one.version, one.title, one.year, one.state,
            one.day or "", one.sha256, one.changed_at.isoformat(), one.changed_by.name if one.changed_by else "",
            one.reason,
        )  # fmt: skip
        writer.writerow([written_cell(" ".join(str(cell).split())) for cell in cells])
    return response
