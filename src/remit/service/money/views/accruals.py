"""The page of what is accrued on a day and what moved, and the same as a file."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from remit.documents.render.csv import as_csv
from remit.documents.render.html import fragment
from remit.documents.render.workbook import as_xlsx
from remit.service import clock
from remit.service.access import page
from remit.service.home.downloads import KINDS
from remit.service.money import accruals
from remit.service.money.forms import AccrualForm
from remit.service.money.views.books import check_commissioner
from remit.service.organisations.models import Organisation
from remit.service.people.roles import Action

_MAKERS = {"csv": as_csv, "xlsx": as_xlsx}


@page(Action.SEE_BOOKS, organisation="organisation")
@require_safe
def accrual(request: HttpRequest, organisation: Organisation) -> HttpResponseBase:
    """The accrual at the end of a day, today where none is named."""
    check_commissioner(organisation)
    form, days = _asked(request)
    document = fragment(accruals.document_of(organisation, days["day"], days["before"])) if days else None
    context = {"organisation": organisation, "form": form, "document": document, "days": days}
    return render(request, "books/accrual.html", context)


@page(Action.SEE_BOOKS, organisation="organisation")
@require_safe
def accrual_file(request: HttpRequest, organisation: Organisation, ending: str) -> HttpResponseBase:
    """The same as CSV or as a workbook."""
    check_commissioner(organisation)
    if ending not in _MAKERS:
        raise Http404
    _, days = _asked(request)
    if not days:
        return redirect("books-accrual", organisation=organisation.code)
    made = accruals.document_of(organisation, days["day"], days["before"])
    response = HttpResponse(_MAKERS[ending](made), content_type=KINDS[ending])
    name = f"accrual-{organisation.code}-{days['day'].isoformat()}.{ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _asked(request: HttpRequest) -> tuple[AccrualForm, dict[str, Any]]:
    """The form and its days; no days where they do not fit."""
    days: dict[str, Any] = {"day": clock.today(), "before": None}
    form = AccrualForm(request.GET if "day" in request.GET else None, initial=days)
    if form.is_bound:
        days = form.cleaned_data if form.is_valid() else {}
    return form, days
