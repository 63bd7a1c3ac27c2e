"""The pages of positions: a practice's own in a scheme's year, and those of an area's practices beside each other."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from remit.documents.position import position as position_document
from remit.documents.positions import positions as positions_document
from remit.documents.render.html import fragment
from remit.service.access import page
from remit.service.extracts.models import Extract
from remit.service.home import downloads
from remit.service.organisations.models import Organisation
from remit.service.people.roles import Action
from remit.service.positions import reading
from remit.service.scope.scope import current


@page(Action.SEE_STATEMENTS)
@require_safe
def index(request: HttpRequest) -> HttpResponseBase:
    """The positions that there are for whoever it is; the position itself where there is one alone."""
    found = reading.entries(current(), current().may(Action.SEE_OVERVIEW))
    if len(found) == 1:
        return redirect(found[0].href)
    return render(request, "positions/index.html", {"found": found})


@page(Action.SEE_STATEMENTS, organisation="practice")
@require_safe
def practice(
    request: HttpRequest, commissioner: str, scheme: str, practice: Organisation, ending: str = ""
) -> HttpResponseBase:
    """Where a practice stands in a scheme's year, or the same as a file."""
    found = reading.position_of(practice, commissioner, scheme)
    if found is None:
        raise Http404
    document = position_document(found)
    if ending:
        name = f"position-{practice.code}-{scheme}-{found.newest.day}"
        return downloads.of_document(document, name, ending)
    shown = {"document": fragment(document), "position": found, "is_provisional": found.status == "provisional"}
    return render(request, "positions/practice.html", shown | {"commissioner": commissioner, "scheme": scheme})


@page(Action.SEE_OVERVIEW)
@require_safe
def area(
    request: HttpRequest, commissioner: str, scheme: str, number: int | None = None, ending: str = ""
) -> HttpResponseBase:
    """The positions of an area's practices by the newest extract of a scheme, or by another one; or as a file."""
    standing = list(reading.extracts_of(commissioner, scheme).select_related("compared_with"))
    extract = next((one for one in standing if number in (None, one.number)), None)
    if extract is None:
        raise Http404
    document = positions_document(reading.positions_in(extract))
    if ending:
        return downloads.of_document(document, f"positions-{scheme}-{extract.day}", ending)
    shown = {"document": fragment(document), "extract": extract, "others": _others(standing, extract)}
    return render(request, "positions/area.html", shown)


def _others(standing: list[Extract], extract: Extract) -> list[Extract]:
    return [one for one in standing if one.pk != extract.pk]
