"""A statement in each of its formats: the one place that knows both what a statement says and how it is shown."""

from __future__ import annotations

from remit.documents.blocks import Document
from remit.documents.statement.layout import layout
from remit.documents.statement.model import Statement


def document(statement: Statement) -> Document:
    """The statement as a document: blocks of every format."""
    foot = f"{statement.title}, {statement.result.scheme.title}"
    return Document(f"Statement: {statement.title}", tuple(layout(statement)), foot)


def as_text(statement: Statement, width: int = 100) -> str:
    """The statement for a terminal, without colours."""
    from remit.documents.render.terminal import plain_text

    return plain_text(document(statement).blocks, width)


def as_html(statement: Statement) -> str:
    """The statement as one page that needs nothing else."""
    from remit.documents.render.html import as_html as page

    return page(document(statement))


def as_pdf(statement: Statement, lacking: set[str] | None = None) -> bytes:
    """The statement as PDF/UA-1. The same statement gives the same bytes.

    A character that no font of the PDF has is shown as U+FFFD, and added to `lacking`.
    """
    return pdf_of(document(statement), statement.code, lacking)


def pdf_of(made: Document, code: str, lacking: set[str] | None = None) -> bytes:
    """The same of a statement's document that was kept, with its practice's code."""
    from remit.documents.render.pdf import page_as_pdf

    return page_as_pdf(made.title, made.foot, made.blocks, f"practice {code}", lacking=lacking)


def as_xlsx(statement: Statement) -> bytes:
    """The statement as a workbook of live formulas. The same statement gives the same bytes.

    A commissioner's copy with sensitive items is a workbook of what the page says: formulas would need their counts.
    """
    if statement.recipient == "commissioner" and any(view.sensitive for view in statement.items):
        from remit.documents.render.workbook import as_xlsx as document_as_xlsx

        return document_as_xlsx(document(statement))
    from remit.documents.statement.workbook import workbook

    return workbook(statement)


def as_csv(statement: Statement) -> bytes:
    """The statement's tables as text."""
    from remit.documents.render.csv import as_csv as tables_as_csv

    return tables_as_csv(document(statement))
