"""A table of practices as a file to take away."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpResponse

from remit.documents.blocks import Document
from remit.documents.render.csv import as_csv
from remit.documents.render.workbook import as_xlsx
from remit.service.home.downloads import KINDS

_MAKERS: dict[str, Callable[[Document], bytes]] = {"csv": as_csv, "xlsx": as_xlsx}


def table_file(document: Document, ending: str, name: str) -> HttpResponse:
    """The document as a CSV or an Excel file; no cell is a formula to a spreadsheet. 404 for another ending."""
    if ending not in _MAKERS:
        raise Http404
    response = HttpResponse(_MAKERS[ending](document), content_type=KINDS[ending])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return response
