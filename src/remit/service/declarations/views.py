"""The pages of declarations: the list with what waits, a declaration with its history, its steps, what differs."""

from __future__ import annotations

import csv
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from remit.application.extract import payment_of
from remit.contract.declaration import Step
from remit.core.problems import Refused
from remit.core.rounding import pence_text
from remit.documents.render.html import fragment
from remit.documents.stored import from_json
from remit.files.formulas import written_cell
from remit.service.access import page
from remit.service.audit.log import record
from remit.service.consents.models import Consent
from remit.service.declarations import evidence, reading, sentences, services
from remit.service.declarations.forms import FilterForm, ReasonForm, ReviewForm, WordsForm
from remit.service.declarations.models import OPEN, Declaration, DeclarationCopy, DeclarationDifference
from remit.service.declarations.services import Numbers
from remit.service.offers.models import ACCEPTED, Participation
from remit.service.organisations.models import PRACTICE, Organisation
from remit.service.people.roles import Action
from remit.service.scope.scope import current

FORMS: dict[Step, type[forms.Form]] = {
    Step.REVIEW_EVIDENCE: ReviewForm, Step.APPROVE: WordsForm, Step.CHECK: WordsForm, Step.APPROVE_AMOUNT: WordsForm,
    Step.SEND_BACK: ReasonForm, Step.TAKE_BACK: WordsForm,
}  # fmt: skip
_COLUMNS = (
    "practice_code", "practice_name", "scheme_id", "declaration", "day", "state", "pounds", "pounds_together", "risk",
    "waits_for", "declared_at", "declared_by",
)  # fmt: skip


@page(Action.SEE_YEAR)
@require_safe
def index(request: HttpRequest) -> HttpResponseBase:
    """What waits for the person, and every declaration that may be seen."""
    shown, form = _filtered(request)
    approves = current().may(Action.APPROVE_DECLARATIONS)
    own = Organisation.objects.filter(pk__in=current().own, kind=PRACTICE).order_by("name")
    parts = [part for one in own for part in _parts(one)]
    query = request.GET.urlencode()
    values = {
        "lines": shown, "filter": form, "approves": approves, "parts": parts, "query": query, "tones": sentences.TONES,
        "risks": sentences.RISKS, "bulk": [one for one in shown if Step.APPROVE in one.steps] if approves else [],
        "overseen": bool(current().overseen),
    }  # fmt: skip
    return render(request, "declarations/index.html", values)


def _parts(practice: Organisation) -> list[Participation]:
    rows = Participation.objects.filter(practice=practice, state__in=(ACCEPTED, reading.LEFT))
    return list(rows.select_related("practice").order_by("-starts", "scheme_id"))


def _filtered(request: HttpRequest) -> tuple[list[reading.Line], FilterForm]:
    rows = reading.every()
    schemes = sorted(set(rows.order_by().values_list("participation__scheme_id", "participation__title")))
    form = FilterForm(schemes, request.GET if request.GET else None, initial={"state": "waiting"})
    data = form.cleaned_data if form.is_bound and form.is_valid() else {"state": "waiting", "risk": "", "scheme": ""}
    if data["state"]:
        rows = rows.filter(state__in=OPEN if data["state"] == "waiting" else (data["state"],))
    if data["scheme"]:
        rows = rows.filter(participation__scheme_id=data["scheme"])
    found = reading.lines(rows)
    if data["risk"]:
        found = [one for one in found if one.risk.value == data["risk"]]
    return found, form


@page(Action.SEE_YEAR)
@require_safe
def as_csv(request: HttpRequest) -> HttpResponseBase:
    """The same list as a table; no cell is a formula to a spreadsheet."""
    found, _ = _filtered(request)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="declarations.csv"'
    writer = csv.writer(response, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for one in found:
        row = one.row
        cells = (
            row.practice.code, row.practice.name, row.participation.scheme_id, row.number, row.day, row.state,
            pence_text(row.pence), pence_text(one.together), one.risk, " or ".join(sorted(one.waits_for)),
            row.declared_at.isoformat(), row.declared_by.name if row.declared_by else "",
        )  # fmt: skip
        writer.writerow([written_cell(" ".join(str(cell).split())) for cell in cells])
    about = Organisation.objects.filter(pk__in=current().own).order_by("code").first()
    with transaction.atomic():
        record("declaration.exported", about, declarations=len(found))
    return response


@page(Action.APPROVE_DECLARATIONS)
@require_POST
def approve_in_bulk(request: HttpRequest) -> HttpResponseBase:
    """Approve the declarations whose boxes were ticked, each with the numbers that the list showed."""
    which = []
    for text in request.POST.getlist("declaration")[:1000]:
        pk, _, numbers = text.partition("/")
        sha256, _, pence = numbers.partition("/")
        row = Declaration.objects.filter(pk=int(pk)).first() if pk.isascii() and pk.isdigit() and len(pk) < 18 else None
        if row is None or not pence.lstrip("-").isdigit():
            raise Http404
        which.append((row, Numbers(sha256, int(pence))))
    if not which:
        messages.warning(request, "No box was ticked, so nothing was approved.")
    found = services.approve_in_bulk(which)
    done = [row for row, why in found if not why]
    if done:
        messages.success(request, f"Approved together: {len(done):,}. Where your rules ask for it, tier 2 checks each.")
    for row, why in found:
        if why:
            practice = Organisation.objects.get(pk=row.practice_id)
            messages.warning(request, f"Declaration {row.number} of {practice} was not approved. {why}")
    query = request.POST.get("query", "")
    return redirect(f"{reverse('declarations')}?{query}" if query else reverse("declarations"))


@page(Action.SEE_YEAR, organisation="practice")
@require_safe
def one(request: HttpRequest, practice: Organisation, scheme_id: str, number: int) -> HttpResponseBase:
    """A declaration: its numbers, its evidence, what it needs, what was done, and what can be done."""
    return _shown(request, _found(practice, scheme_id, number))


def _shown(request: HttpRequest, row: Declaration, bound: dict[Step, forms.Form] | None = None) -> HttpResponseBase:
    (line,) = reading.lines([row])
    initial = {"sha256": row.sha256, "pence": row.pence}
    steps = [
        (step, sentences.BUTTONS[step], (bound or {}).get(step) or FORMS[step](initial=initial, prefix=_prefix(step)))
        for step in line.steps
        if step in FORMS
    ]
    copy = DeclarationCopy.objects.filter(declaration=row).first()
    done = row.steps.select_related("person").order_by("pk")
    newer = Declaration.objects.filter(
        practice=row.practice_id, scheme_year=row.scheme_year_id, number__gt=row.number
    ).first()
    values: dict[str, Any] = {
        "line": line, "row": row, "steps": steps, "history": list(sentences.history(row, done)),
        "standing": sentences.standing_of(row, line.waits_for),
        "payment": payment_of(row.payment), "released": reading.released_by(row), "is_own": copy is not None,
        "files": list(row.files.order_by("number")), "newer": newer, "tones": sentences.TONES,
        "risks": sentences.RISKS, "no_consent": _ended_consent(row),
        "may_declare": current().may(Action.DECLARE, row.practice_id),
    }  # fmt: skip
    if form := next(iter((bound or {}).values()), None):
        values["form"] = form
    return render(request, "declarations/one.html", values)


def _ended_consent(row: Declaration) -> Any:
    """The day from which the practice lets its commissioner see its counts no more, where it withdrew since."""
    rows = Consent.objects.filter(practice=row.practice_id, to=row.organisation_id, withdrawn__isnull=False)
    return rows.filter(withdrawn__gte=row.declared_at.date()).values_list("withdrawn", flat=True).last()


def _found(practice: Organisation, scheme_id: str, number: int) -> Declaration:
    row = reading.declaration(practice, scheme_id, number)
    if row is None:
        raise Http404
    return row


def _prefix(step: Step) -> str:
    return step.value.replace(" ", "-")


def _step(step: Step, action: Action) -> Callable[..., HttpResponseBase]:
    """The view that takes a step: for whoever may in the practice, or in its commissioner of the year, though the
    practice has left the area since."""

    @page(action)
    @require_POST
    def view(request: HttpRequest, practice: str, scheme_id: str, number: int) -> HttpResponseBase:
        whose = Organisation.objects.filter(code=practice).first()
        if whose is None:
            raise Http404
        row = _found(whose, scheme_id, number)
        if not any(current().may(action, one) for one in (row.practice_id, row.organisation_id)):
            raise PermissionDenied(action)
        form = FORMS[step](request.POST, prefix=_prefix(step))
        if not form.is_valid():
            return _shown(request, row, {step: form})
        try:
            services.take(row, step, form.cleaned_data["words"], form.numbers)  # type: ignore[attr-defined]
        except Refused as refused:
            messages.error(request, " ".join(each.message for each in refused.problems))
            return _shown(request, _found(whose, scheme_id, number), {step: form})
        messages.success(request, sentences.SUCCESS[step])
        return HttpResponseRedirect(reverse("declaration", args=[whose.code, scheme_id, number]))

    return view


STEPS = {
    Step.REVIEW_EVIDENCE: _step(Step.REVIEW_EVIDENCE, Action.REVIEW_EVIDENCE),
    Step.APPROVE: _step(Step.APPROVE, Action.APPROVE_DECLARATIONS),
    Step.CHECK: _step(Step.CHECK, Action.CHECK_DECLARATIONS),
    Step.APPROVE_AMOUNT: _step(Step.APPROVE_AMOUNT, Action.APPROVE_AMOUNTS),
    Step.SEND_BACK: _step(Step.SEND_BACK, Action.SEE_YEAR),
    Step.TAKE_BACK: _step(Step.TAKE_BACK, Action.DECLARE),
}
"""The view of each step; several roles send back, and `services` decides which may."""


@page(Action.SEE_YEAR, organisation="practice")
@require_safe
def statement(request: HttpRequest, practice: Organisation, scheme_id: str, number: int) -> HttpResponseBase:
    """The statement that was declared: for the practice itself with its counts."""
    row = _found(practice, scheme_id, number)
    copy = DeclarationCopy.objects.filter(declaration=row).first()
    document = from_json(copy.statement if copy else row.statement_for_commissioner)
    values = {
        "document": fragment(document), "is_own": copy is not None,
        "href": reverse("declaration", args=[practice.code, scheme_id, number]),
        "note": f"As it was declared: {row.participation.title}, declaration {row.number}.",
    }  # fmt: skip
    return render(request, "declarations/statement.html", values)


@page(Action.SEE_YEAR, organisation="practice")
@require_safe
def difference(request: HttpRequest, practice: Organisation, scheme_id: str, number: int) -> HttpResponseBase:
    """What differs from what was declared: for the practice itself with its counts."""
    row = _found(practice, scheme_id, number)
    if not row.difference:
        raise Http404
    own = DeclarationDifference.objects.filter(declaration=row).first()
    document = from_json(own.document if own else row.difference)
    values = {"row": row, "document": fragment(document), "is_own": own is not None}
    return render(request, "declarations/difference.html", values)


@page(Action.SEE_YEAR, organisation="practice")
@require_safe
def file(request: HttpRequest, practice: Organisation, scheme_id: str, number: int, place: int) -> HttpResponseBase:
    """A file of evidence, exactly as it was given; no browser shows it as a page."""
    row = _found(practice, scheme_id, number).files.filter(number=place).first()
    if row is None:
        raise Http404
    response = HttpResponse(evidence.content_of(row), content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="evidence-{row.number}{evidence.ending_of(row.name)}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
