"""The audit log as sentences, and as a file."""

from __future__ import annotations

import io
import itertools
from tempfile import SpooledTemporaryFile
from typing import IO, cast
from urllib.parse import urlencode

from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from remit.files.tables import write_rows
from remit.service import clock
from remit.service.access import page
from remit.service.audit import log, reading
from remit.service.audit.forms import Filters
from remit.service.people.roles import Action

_IN_MEMORY = 1_000_000
_LARGEST = 10**18


@page(Action.SEE_AUDIT)
@require_safe
def audit(request: HttpRequest) -> HttpResponseBase:
    """The newest entries, or those that were asked for."""
    form = Filters(request.GET or None)
    is_asked = form.is_bound and form.is_valid()
    wanted = form.wanted if is_asked else reading.Wanted()
    before = request.GET.get("before", "")
    number = int(before) if before.isascii() and before.isdigit() and int(before[:20]) < _LARGEST else None
    shown = reading.page(wanted, number) if is_asked or not form.is_bound else reading.Page((), None)
    asked = {name: value for name, value in request.GET.items() if name in form.fields and value}
    return render(
        request,
        "audit/audit.html",
        {
            "form": form,
            "page": shown,
            "older": urlencode(asked | {"before": str(shown.before)}) if shown.before else "",
            "newest": urlencode(asked) if number is not None else None,
            "file": urlencode(asked),
        },
    )


@page(Action.SEE_AUDIT)
@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """The entries that were asked for, as CSV: number, moment, organisation, sentence."""
    form = Filters(request.GET)
    if not form.is_valid():
        return HttpResponseRedirect(f"{reverse('audit')}?{request.GET.urlencode()}")
    raw = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115  (the response closes it)
    file = io.TextIOWrapper(cast("IO[bytes]", raw), encoding="utf-8", newline="")
    counted = itertools.count()
    write_rows(file, [["number", "at", "organisation", "entry"]])
    write_rows(file, (_cells(row) for row, _ in zip(reading.rows(form.wanted), counted, strict=False)))
    file.detach()
    raw.seek(0)
    with transaction.atomic():
        log.record("audit.exported", reading.organisations().first(), entries=next(counted))
    name = f"audit-{clock.today().isoformat()}.csv"
    return FileResponse(raw, as_attachment=True, filename=name, content_type="text/csv; charset=utf-8")


def _cells(row: reading.Row) -> list[str]:
    at = timezone.localtime(row.at).isoformat(timespec="seconds")
    return [str(row.number), at, row.organisation, row.sentence]
