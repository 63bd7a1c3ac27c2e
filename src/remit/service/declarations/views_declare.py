"""The pages where a practice declares: its figures, evidence, numbers that no record can tell, and the last look."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from remit.application.extract import payment_of
from remit.core.problems import Refused
from remit.documents.render.html import Fragment, fragment
from remit.documents.stored import from_json
from remit.service import clock
from remit.service.access import page
from remit.service.declarations import evidence, pricing, reading, services
from remit.service.declarations.duties import why_not_declared
from remit.service.declarations.forms import DeclareForm, EvidenceForm, NumbersForm
from remit.service.declarations.models import OPEN, Declaration, DeclarationFile, EnteredNumbers
from remit.service.extracts.models import Extract, PracticeCopy, PracticeFigures
from remit.service.offers.models import Participation
from remit.service.organisations.models import Organisation
from remit.service.people.roles import Action

_LONG_ENOUGH = timedelta(minutes=10)
"""After so long a job may have come to a stop; to begin it again does no harm."""


@page(Action.DECLARE, organisation="practice")
def declare(request: HttpRequest, practice: Organisation, scheme_id: str) -> HttpResponseBase:
    """The newest figures that stand: what they are, what is asked, and the confirmation."""
    part = _part(practice, scheme_id)
    if request.method == "POST":
        return _declared(request, practice, part)
    return _page(request, practice, part)


def _page(request: HttpRequest, practice: Organisation, part: Participation, **bound: forms.Form) -> HttpResponseBase:
    figures = reading.figures_for(practice, part)
    chosen = next((one for one in figures if str(one.pk) == request.GET.get("figures", "")), None)
    newest = chosen or (figures[0] if figures else None)
    values: dict[str, Any] = {"practice": practice, "part": part, "figures": newest, "others": figures}
    values |= {"files": list(evidence.waiting(practice, part.scheme_year)), "open": _open(practice, part)}
    if newest is not None:
        initial = {"sha256": newest.sha256, "pence": newest.pence, "figures": newest.pk}
        asked = pricing.asked_of(newest)
        values |= {
            "declare": bound.get("declare") or _declare_form(part, initial),
            "evidence": bound.get("evidence") or EvidenceForm(prefix="evidence"),
            "numbers": (bound.get("numbers") or NumbersForm(asked, prefix="numbers")) if asked else None,
            "payment": _payment(newest),
            "problem": _why_not(part, newest) or ("" if newest.pence is not None else newest.reason),
            "own_statement": _own_statement(newest),
        }  # fmt: skip
    if form := next(iter(bound.values()), None):
        values["form"] = form
    return render(request, "declarations/declare.html", values)


def _declared(request: HttpRequest, practice: Organisation, part: Participation) -> HttpResponseBase:
    form = DeclareForm(evidence.earlier(practice, part.scheme_year), request.POST, prefix="declare")
    if not form.is_valid():
        entered = _entered(practice, form.data.get("declare-entered", ""))
        return _priced_page(request, practice, part, entered, form) if entered else _page(
            request, practice, part, declare=form
        )  # fmt: skip
    data = form.cleaned_data
    figures = PracticeFigures.objects.filter(practice=practice, pk=data["figures"]).first()
    entered = _entered(practice, str(data["entered"] or ""))
    if figures is None or (data["entered"] and entered is None):
        raise Http404
    try:
        files = [*evidence.waiting(practice, part.scheme_year), *form.chosen]
        row = services.declare(practice, part.scheme_year, figures, entered, files, data["words"], form.numbers)
    except Refused as refused:
        messages.error(request, " ".join(one.message for one in refused.problems))
        same = Declaration.objects.filter(practice=practice, scheme_year=part.scheme_year, state__in=OPEN).first()
        if same is not None:
            return redirect("declaration", practice.code, part.scheme_id, same.number)
        return redirect("declare", practice.code, part.scheme_id)
    messages.success(request, f"Declaration {row.number} is sent.")
    return redirect("declaration", practice.code, part.scheme_id, row.number)


@page(Action.DECLARE, organisation="practice")
@require_POST
def add_evidence(request: HttpRequest, practice: Organisation, scheme_id: str) -> HttpResponseBase:
    """Keep a file of evidence until the practice declares."""
    part, form = _part(practice, scheme_id), EvidenceForm(request.POST, request.FILES, prefix="evidence")
    if form.is_valid():
        data = form.cleaned_data
        sent = data["file"]
        try:
            source = Path(sent.temporary_file_path())
            evidence.add(practice, part.scheme_year, source, sent.name or "", data["shows"], data["confirmed"])
        except Refused as refused:
            for one in refused.problems:
                form.add_error("file", str(one))
        else:
            messages.success(request, "The file is kept. It goes with what you declare next.")
            return redirect("declare", practice.code, scheme_id)
    return _page(request, practice, part, evidence=form)


@page(Action.DECLARE, organisation="practice")
@require_POST
def remove_evidence(request: HttpRequest, practice: Organisation, scheme_id: str, place: int) -> HttpResponseBase:
    """Remove a file that waits to be declared."""
    part = _part(practice, scheme_id)
    row = DeclarationFile.objects.filter(practice=practice, scheme_year=part.scheme_year_id, number=place).first()
    if row is None:
        raise Http404
    if evidence.remove(row):
        messages.success(request, f"{row.name} is removed.")
    else:
        messages.warning(request, f"{row.name} does not wait any more, so nothing was removed.")
    return redirect("declare", practice.code, scheme_id)


@page(Action.DECLARE, organisation="practice")
@require_POST
def enter_numbers(request: HttpRequest, practice: Organisation, scheme_id: str, figures: int) -> HttpResponseBase:
    """Keep numbers that no record can tell, and find what they come to."""
    part = _part(practice, scheme_id)
    row = next((one for one in reading.figures_for(practice, part) if one.pk == figures), None)
    if row is None:
        raise Http404
    form = NumbersForm(pricing.asked_of(row), request.POST, prefix="numbers")
    if form.is_valid():
        try:
            entered = pricing.enter(practice, part.scheme_year, row, form.rows)
        except Refused as refused:
            for one in refused.problems:
                form.add_error(None, one.message)
        else:
            return redirect("declare-numbers", practice.code, scheme_id, entered.pk)
    return _page(request, practice, part, numbers=form)


@page(Action.DECLARE, organisation="practice")
def numbers(request: HttpRequest, practice: Organisation, scheme_id: str, entered: int) -> HttpResponseBase:
    """What the figures come to with the numbers that were entered, to be confirmed."""
    row = _entered(practice, str(entered))
    if row is None:
        raise Http404
    if row.declaration is not None:
        return redirect("declaration", practice.code, scheme_id, row.declaration.number)
    return _priced_page(request, practice, _part(practice, scheme_id), row)


@page(Action.DECLARE, organisation="practice")
@require_safe
def numbers_statement(request: HttpRequest, practice: Organisation, scheme_id: str, entered: int) -> HttpResponseBase:
    """The statement of figures with the numbers that were entered."""
    row = _entered(practice, str(entered))
    if row is None or not row.statement:
        raise Http404
    values = {
        "document": fragment(from_json(row.statement)), "is_own": True, "note": "With the numbers that you entered.",
        "href": reverse("declare-numbers", args=[practice.code, scheme_id, entered]),
    }  # fmt: skip
    return render(request, "declarations/statement.html", values)


def _priced_page(
    request: HttpRequest,
    practice: Organisation,
    part: Participation,
    row: EnteredNumbers,
    form: forms.Form | None = None,
) -> HttpResponseBase:
    initial = {"sha256": row.sha256, "pence": row.pence, "figures": row.figures_id, "entered": row.pk}
    values: dict[str, Any] = {
        "practice": practice, "part": part, "entered": row, "figures": row.figures,
        "declare": form or _declare_form(part, initial), "open": _open(practice, part),
        "payment": payment_of(row.payment) if row.payment else None,
        "files": list(evidence.waiting(practice, part.scheme_year)),
        "problem": _why_not(part, row.figures) or ("" if row.pence is not None else row.reason),
        "is_late": row.done_at is None and row.asked_at < clock.now() - _LONG_ENOUGH,
    }  # fmt: skip
    if form is not None:
        values["form"] = form
    response = render(request, "declarations/numbers.html", values)
    if row.done_at is None:
        response.headers["Refresh"] = "3"
    return response


def _why_not(part: Participation, figures: PracticeFigures) -> str:
    return why_not_declared(part.organisation_id, part.scheme_id, figures.day)


def _part(practice: Organisation, scheme_id: str) -> Participation:
    found = reading.participation(practice, scheme_id)
    if found is None:
        raise Http404
    return found


def _open(practice: Organisation, part: Participation) -> Declaration | None:
    return Declaration.objects.filter(practice=practice, scheme_year=part.scheme_year, state__in=OPEN).first()


def _entered(practice: Organisation, pk: str) -> EnteredNumbers | None:
    if not (pk.isascii() and pk.isdigit() and len(pk) < 18):
        return None
    rows = EnteredNumbers.objects.filter(practice=practice, pk=int(pk))
    return rows.select_related("figures", "declaration").first()


def _declare_form(part: Participation, initial: dict[str, Any]) -> DeclareForm:
    return DeclareForm(evidence.earlier(part.practice, part.scheme_year), initial=initial, prefix="declare")


def _own_statement(figures: PracticeFigures) -> Fragment | None:
    """The statement itself where its page is not there for the practice any more, since it has left the area."""
    if Extract.objects.filter(pk=figures.extract_id).exists():
        return None
    copy = PracticeCopy.objects.filter(figures=figures).first()
    return fragment(from_json(copy.statement)) if copy else None


def _payment(figures: PracticeFigures) -> Any:
    return payment_of(figures.payment) if figures.payment else None
