"""A statement as a file: the same bytes that `remit statement` writes for whoever the copy is for."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpResponse

from remit.application.statement import StatementRequest, file_names, statements
from remit.documents.blocks import Document
from remit.documents.render.csv import as_csv
from remit.documents.render.workbook import as_xlsx as document_as_xlsx
from remit.documents.statement.formats import as_xlsx, pdf_of
from remit.service.extracts.files import folder_of
from remit.service.home.statements import Statement

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS = {"pdf": "application/pdf", "xlsx": XLSX, "csv": "text/csv; charset=utf-8"}
"""The endings that there are, and what each is."""


def download(statement: Statement, ending: str) -> HttpResponse:
    """The statement as a file of one of KINDS, named for its practice, scheme and day."""
    figures = statement.figures
    code = figures.practice.code
    scheme = figures.extract.scheme_version.scheme_id
    name = f"statement-{file_names((code,))[code]}-{scheme}-{figures.day}.{ending}"
    response = HttpResponse(_MAKERS[ending](statement), content_type=KINDS[ending])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def of_document(document: Document, name: str, ending: str) -> HttpResponse:
    """A document as a workbook or as tables, with a name. Raises Http404 for another ending."""
    makers: dict[str, Callable[[Document], bytes]] = {"xlsx": document_as_xlsx, "csv": as_csv}
    if ending not in makers:
        raise Http404
    response = HttpResponse(makers[ending](document), content_type=KINDS[ending])
    response.headers["Content-Disposition"] = f'attachment; filename="{_plain(name)}.{ending}"'
    return response


def _plain(name: str) -> str:
    """A file's name of letters, digits, points and hyphens, whatever is in a code."""
    return "".join(c if c.isascii() and (c.isalnum() or c in ".-") else "-" for c in name)


def _pdf(statement: Statement) -> bytes:
    return pdf_of(statement.document, statement.figures.practice.code)


def _workbook(statement: Statement) -> bytes:
    """A practice's own is a workbook of live formulas, made of the run; others have one of what the page says."""
    if not statement.is_own:
        return document_as_xlsx(statement.document)
    extract = statement.figures.extract
    folder = folder_of(extract.organisation_id, extract.folder) / extract.run
    (made,) = statements(StatementRequest(folder, (statement.figures.practice.code,)))
    return as_xlsx(made)


def _csv(statement: Statement) -> bytes:
    return as_csv(statement.document)


_MAKERS: dict[str, Callable[[Statement], bytes]] = {"pdf": _pdf, "xlsx": _workbook, "csv": _csv}
