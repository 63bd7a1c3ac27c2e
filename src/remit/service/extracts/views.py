"""The pages of figures that come in, of what moved, and of a practice's own patients."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from remit.core.problems import Refused
from remit.core.words import listed
from remit.documents.patients import CATEGORIES
from remit.documents.render.html import fragment
from remit.service import clock
from remit.service.access import page
from remit.service.extracts import evidence, files, kept, reading, services
from remit.service.extracts.forms import ArrivalForm, DueForm
from remit.service.extracts.models import FAILED, Extract
from remit.service.organisations.models import COMMISSIONER, PRACTICE, Organisation
from remit.service.people.roles import Action
from remit.service.register.models import SchemeVersion
from remit.service.register.states import State
from remit.service.scope.scope import current

_LONG_ENOUGH = timedelta(minutes=10)
"""After so long a check may have come to a stop, whatever its state says; to start it again does no harm."""


@page(Action.SEE_EXTRACTS)
@require_safe
def index(request: HttpRequest) -> HttpResponseBase:
    """Where figures are, for whoever it is: the commissioner's list, or what there is of one's own practices."""
    own = list(Organisation.objects.filter(pk__in=current().own, kind__in=(COMMISSIONER, PRACTICE)).order_by("name"))
    commissioners = [one for one in own if one.kind == COMMISSIONER]
    if len(own) == 1 and commissioners:
        return redirect("figures-of", organisation=commissioners[0].code)
    practices = [(one, reading.latest_for(one)) for one in own if one.kind == PRACTICE]
    of_others = (
        [] if own else list(reading.standing().select_related("organisation", "scheme_version").defer(*reading.LARGE))
    )
    context = {"commissioners": commissioners, "practices": practices, "others": of_others}
    return render(request, "extracts/index.html", context | {"patients": current().patients})


@page(Action.SEE_EXTRACTS, organisation="organisation")
@require_safe
def of_commissioner(request: HttpRequest, organisation: Organisation) -> HttpResponseBase:
    """The extracts of a commissioner, the newest first, and who is late; of others what there is of their practices."""
    if organisation.kind != COMMISSIONER:
        return index(request)
    standing = set(reading.standing().filter(organisation=organisation).values_list("pk", flat=True))
    context = {
        "organisation": organisation,
        "extracts": list(reading.extracts_of(organisation)),
        "standing": standing,
        "late": list(reading.late(organisation)),
        "due_day": reading.due_day(organisation),
        "may_receive": current().may(Action.RECEIVE_EXTRACTS, organisation.pk),
    }
    return render(request, "extracts/list.html", context)


@page(Action.RECEIVE_EXTRACTS, organisation="organisation")
def due(request: HttpRequest, organisation: Organisation) -> HttpResponseBase:
    """Change by which day of the next month a month's figures are expected."""
    form = DueForm(request.POST or None, initial={"day": reading.due_day(organisation)})
    if request.method == "POST" and form.is_valid():
        services.set_due_day(organisation, form.cleaned_data["day"])
        messages.success(request, f"Figures are due by day {form.cleaned_data['day']} of the next month.")
        return redirect("figures-of", organisation=organisation.code)
    return render(request, "extracts/due.html", {"organisation": organisation, "form": form})


@page(Action.RECEIVE_EXTRACTS, organisation="organisation")
def receive(request: HttpRequest, organisation: Organisation) -> HttpResponseBase:
    """Take in figures; what is wrong with them at first sight is said beside the form."""
    published = SchemeVersion.objects.filter(organisation=organisation, state=State.PUBLISHED.value).defer("content")
    versions = list(published.order_by("scheme_id", "-version"))
    form = ArrivalForm(versions, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            extract = services.receive(organisation, _arrival(form))
        except Refused as refused:
            for one in refused.problems:
                form.add_error(None, str(one))
        else:
            messages.success(request, f"Extract {extract.number} has come in. It is being checked.")
            return redirect("figures-one", organisation=organisation.code, number=extract.number)
    return render(request, "extracts/new.html", {"organisation": organisation, "form": form, "versions": versions})


def _arrival(form: ArrivalForm) -> services.Arrival:
    data = form.cleaned_data
    incoming = [_incoming(kind, data[kind]) for kind in files.KINDS if data.get(kind)]
    version = form.versions[data["scheme"]]
    return services.Arrival(version, data["day"], incoming, data["settings"], None, data["reason"])


def _incoming(kind: str, sent: UploadedFile[Any]) -> services.Incoming:
    return services.Incoming(kind, Path(sent.temporary_file_path()), sent.name or "")  # type: ignore[attr-defined]


@page(Action.SEE_EXTRACTS, organisation="organisation")
@require_safe
def one(request: HttpRequest, organisation: Organisation, number: int) -> HttpResponseBase:
    """An extract: how far it is, what is wrong with it, or what it came to and what was used."""
    extract = _extract(organisation, number)
    context: dict[str, Any] = {
        "organisation": organisation,
        "extract": extract,
        "may_receive": current().may(Action.RECEIVE_EXTRACTS, organisation.pk),
        "superseded_by": extract.superseded_by.filter(state="accepted").first(),
        "missing": [reading.with_name(code) for code in extract.missing],
        "may_see_overview": current().may(Action.SEE_OVERVIEW),
        "kinds": {files.PRACTICES: "Practices", files.COUNTS: "Counts", files.NATIONAL: "National figures"},
        "settings": {**extract.scheme_version.settings, **extract.settings},
        "altered": listed(kept.altered(extract)),
        "may_try_again": extract.state == FAILED or extract.received < clock.now() - _LONG_ENOUGH,
        "percent": 100 * extract.done // extract.of if extract.of else 0,
    }
    response = render(request, "extracts/one.html", context)
    if extract.state in ("received", "checking"):
        response.headers["Refresh"] = "3"
    return response


@page(Action.RECEIVE_EXTRACTS, organisation="organisation")
@require_POST
def cancel(request: HttpRequest, organisation: Organisation, number: int) -> HttpResponseBase:
    """Stop an extract that is not decided yet."""
    if services.cancel(_extract(organisation, number)):
        messages.success(request, f"Extract {number} is cancelled.")
    else:
        messages.warning(request, f"Extract {number} is decided already.")
    return redirect("figures-one", organisation=organisation.code, number=number)


@page(Action.RECEIVE_EXTRACTS, organisation="organisation")
@require_POST
def again(request: HttpRequest, organisation: Organisation, number: int) -> HttpResponseBase:
    """Check an extract again whose check did not finish."""
    if services.retry(_extract(organisation, number)):
        messages.success(request, f"Extract {number} is being checked again.")
    return redirect("figures-one", organisation=organisation.code, number=number)


@page(Action.SEE_EXTRACTS)
@require_safe
def moved(request: HttpRequest, commissioner: str, number: int, practice: str = "") -> HttpResponseBase:
    """What moved since the extract before: of one practice, or of those that may be seen."""
    organisation = Organisation.objects.filter(code=commissioner, kind=COMMISSIONER).first()
    of = Organisation.objects.filter(code=practice).first() if practice else None
    if organisation is None or (practice and of is None):
        raise Http404
    document = reading.moved_since(_extract(organisation, number), of)
    if document is None:
        raise Http404
    return render(request, "extracts/moved.html", {"document": fragment(document)})


@page(Action.SEE_PATIENTS)
@require_safe
def items(request: HttpRequest, practice: str, commissioner: str, number: int) -> HttpResponse:
    """For each item of a practice's own: how many patients are counted and how many are not."""
    sensitive = "sensitive" in request.GET
    opened = evidence.open_for(practice, commissioner, number)
    rows, left_out = evidence.items(opened, sensitive)
    context = {"evidence": opened, "rows": rows, "left_out": left_out, "sensitive": sensitive}
    return render(request, "extracts/items.html", context)


@page(Action.SEE_PATIENTS)
@require_safe
def patients(request: HttpRequest, practice: str, commissioner: str, number: int, item: str) -> HttpResponse:
    """Who of a practice's own patients is counted under an item, and who is not."""
    sensitive = "sensitive" in request.GET
    opened = evidence.open_for(practice, commissioner, number)
    document, rows = evidence.listed(opened, item, sensitive)
    context = {"evidence": opened, "document": fragment(document), "rows": rows, "item": item, "sensitive": sensitive}
    return render(request, "extracts/patients.html", {**context, "categories": CATEGORIES})


@page(Action.SEE_PATIENTS)
@require_safe
def patient(request: HttpRequest, practice: str, commissioner: str, number: int, item: str, row: int) -> HttpResponse:
    """Why one patient of a practice's own is counted or not."""
    opened = evidence.open_for(practice, commissioner, number)
    document = evidence.explained(opened, item, row, "sensitive" in request.GET)
    context = {"evidence": opened, "document": fragment(document), "item": item}
    return render(request, "extracts/patient.html", context)


def _extract(organisation: Organisation, number: int) -> Extract:
    found = reading.extract_of(organisation, number)
    if found is None:
        raise Http404
    return found
