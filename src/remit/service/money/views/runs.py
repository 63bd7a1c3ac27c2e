"""The pages of payment runs: what is prepared, what it pays and why, its release, and its file."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from remit.contract.payment_run import State
from remit.core.problems import Refused
from remit.documents.render.csv import as_csv
from remit.documents.render.html import fragment
from remit.documents.render.workbook import as_xlsx
from remit.service import clock
from remit.service.access import page
from remit.service.home.downloads import KINDS
from remit.service.money import releasing, runs, showing
from remit.service.money.ledger import month_name
from remit.service.money.models import OPEN_RUNS, PaymentLine, PaymentRun, Transfer
from remit.service.money.run_file import bytes_of
from remit.service.money.run_forms import CancelForm, PrepareForm
from remit.service.organisations.models import COMMISSIONER, Organisation
from remit.service.people.roles import Action
from remit.service.scope.scope import current

_RESTS = dict.fromkeys((
    "extract", "extract_of", "day", "extract_sha256", "figures_sha256", "scheme", "scheme_version", "scheme_sha256",
    "engine", "clusters", "clusters_sha256", "counted_with", "declaration", "declaration_sha256", "list_size",
), "")  # fmt: skip
"""What a line may rest on: each is shown where it does."""
MAKERS = {"csv": as_csv, "xlsx": as_xlsx}


@page(Action.SEE_BOOKS)
@require_safe
def index(request: HttpRequest) -> HttpResponseBase:
    """Whose payments there are to look at."""
    seen = current().own | current().parents
    found = list(Organisation.objects.filter(pk__in=seen, kind=COMMISSIONER).order_by("name"))
    mine = [one for one in found if current().may(Action.SEE_BOOKS, one.pk)]
    if len(mine) == 1:
        return redirect("runs-of", organisation=mine[0].code)
    return render(request, "payments/index.html", {"commissioners": mine})


@page(Action.SEE_BOOKS, organisation="organisation")
@require_safe
def of_commissioner(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """The payment runs of a commissioner, the newest first."""
    _check_commissioner(organisation)
    context = {
        "organisation": organisation,
        "runs": showing.runs_of(organisation),
        "open": runs.open_run(organisation),
        "may_keep": current().may(Action.KEEP_BOOKS, organisation.pk),
        "month_name": month_name,
    }
    return render(request, "payments/runs.html", context)


@page(Action.KEEP_BOOKS, organisation="organisation")
def prepare(request: HttpRequest, organisation: Organisation) -> HttpResponseBase:
    """Begin a run of a month: a job prepares it."""
    _check_commissioner(organisation)
    form = PrepareForm(clock.today(), request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            run = runs.begin(organisation, form.cleaned_data["month"], form.cleaned_data["pay_on"])
        except Refused as refused:
            for one in refused.problems:
                form.add_error(None, one.message)
        else:
            messages.success(request, f"Payment run {run.number} is being prepared.")
            return redirect("run", organisation=organisation.code, number=run.number)
    context = {"organisation": organisation, "form": form, "open": runs.open_run(organisation)}
    return render(request, "payments/prepare.html", context)


@page(Action.SEE_BOOKS, organisation="organisation")
@require_safe
def one(request: HttpRequest, organisation: Organisation, number: int) -> HttpResponse:
    """A run: how far it is, or what it pays, what differs, what is held; and its release."""
    return _shown(request, _run(organisation, number))


def _shown(request: HttpRequest, run: PaymentRun, form: CancelForm | None = None) -> HttpResponse:
    organisation = run.organisation
    has_lines = run.state in (State.PREPARED.value, State.RELEASED.value) or run.lines.exists()
    may_keep = current().may(Action.KEEP_BOOKS, organisation.pk)
    why_not = showing.why_not_released(run) if may_keep and run.state == State.PREPARED.value else ""
    context: dict[str, Any] = {
        "organisation": organisation,
        "run": run,
        "month": month_name(run.month),
        "document": fragment(showing.document_of(run)) if has_lines else None,
        "standing": showing.standing(run),
        "may_keep": may_keep,
        "may_release": may_keep and run.state == State.PREPARED.value and not why_not,
        "why_not": why_not,
        "is_open": run.state in OPEN_RUNS,
        "percent": 100 * run.done // run.of if run.of else 0,
        "damage": _damage(run),
        "steps": list(run.steps.select_related("person").order_by("pk")),
    }
    if (shown := form or (CancelForm() if may_keep and run.state in OPEN_RUNS else None)) is not None:
        context["form"] = shown
    response = render(request, "payments/run.html", context)
    if run.state == State.PREPARING.value and form is None:
        response.headers["Refresh"] = "3"
    return response


def _damage(run: PaymentRun) -> str:
    if run.state != State.RELEASED.value:
        return ""
    try:
        bytes_of(run)
    except Refused as refused:
        return " ".join(one.message for one in refused.problems)
    return ""


@page(Action.KEEP_BOOKS, organisation="organisation")
@require_POST
def release(request: HttpRequest, organisation: Organisation, number: int) -> HttpResponseBase:
    """Release a run."""
    run = _run(organisation, number)
    try:
        releasing.release(run)
    except Refused as refused:
        messages.warning(request, " ".join(one.message for one in refused.problems))
    else:
        messages.success(request, f"Payment run {number} is released. Send its file to whoever pays.")
    return redirect("run", organisation=organisation.code, number=number)


@page(Action.KEEP_BOOKS, organisation="organisation")
@require_POST
def cancel(request: HttpRequest, organisation: Organisation, number: int) -> HttpResponseBase:
    """Cancel a run that is not released, with the reason."""
    run, form = _run(organisation, number), CancelForm(request.POST)
    if not form.is_valid():
        return _shown(request, run, form)
    try:
        runs.cancel(run, form.cleaned_data["words"])
    except Refused as refused:
        messages.warning(request, " ".join(one.message for one in refused.problems))
    else:
        messages.success(request, f"Payment run {number} is cancelled. Nothing of it was paid.")
    return redirect("run", organisation=organisation.code, number=number)


@page(Action.KEEP_BOOKS, organisation="organisation")
@require_POST
def again(request: HttpRequest, organisation: Organisation, number: int) -> HttpResponseBase:
    """Prepare a run again that failed."""
    try:
        if runs.retry(_run(organisation, number)):
            messages.success(request, f"Payment run {number} is being prepared again.")
    except Refused as refused:
        messages.warning(request, " ".join(one.message for one in refused.problems))
    return redirect("run", organisation=organisation.code, number=number)


@page(Action.SEE_BOOKS, organisation="organisation")
@require_safe
def file(request: HttpRequest, organisation: Organisation, number: int) -> HttpResponseBase:
    """The payment file of a released run, byte for byte."""
    run = _run(organisation, number)
    try:
        content = bytes_of(run)
    except Refused as refused:
        messages.warning(request, " ".join(one.message for one in refused.problems))
        return redirect("run", organisation=organisation.code, number=number)
    return _download(content, "text/csv; charset=utf-8", f"payments-{organisation.code}-{number}.csv")


@page(Action.SEE_BOOKS, organisation="organisation")
@require_safe
def saved(request: HttpRequest, organisation: Organisation, number: int, ending: str) -> HttpResponse:
    """The page of a run as a file: `csv` or `xlsx`."""
    run = _run(organisation, number)
    if ending not in MAKERS or run.state == State.PREPARING.value:
        raise Http404
    made = MAKERS[ending](showing.document_of(run))
    return _download(made, KINDS[ending], f"run-{organisation.code}-{number}.{ending}")


@page(Action.SEE_BOOKS, organisation="organisation")
@require_safe
def line(request: HttpRequest, organisation: Organisation, number: int, line: int) -> HttpResponse:
    """A line of a run: what it pays and why, and all that it rests on."""
    run = _run(organisation, number)
    rows = run.lines.select_related("practice", "scheme_year__organisation", "declaration", "plan", "adjustment")
    found: PaymentLine | None = rows.filter(pk=line).first()
    if found is None:
        raise Http404
    transfer = Transfer.objects.filter(line=found).select_related("corrects").first()
    context = {
        "organisation": organisation, "run": run, "line": found, "rests": {**_RESTS, **found.rests},
        "transfer": transfer,
        "to_do": showing.to_do(found),
        "extract_day": date.fromisoformat(found.rests["day"]) if "day" in found.rests else None,
        "approved_by": showing.approvals_of(found),
        "corrected": list(Transfer.objects.filter(corrects=transfer).order_by("number")) if transfer else [],
    }  # fmt: skip
    return render(request, "payments/line.html", context)


def _download(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _run(organisation: Organisation, number: int) -> PaymentRun:
    found = showing.run_of(organisation, number)
    if found is None:
        raise Http404
    return found


def _check_commissioner(organisation: Organisation) -> None:
    if organisation.kind != COMMISSIONER:
        raise Http404
