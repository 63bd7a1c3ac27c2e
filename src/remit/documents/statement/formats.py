"""A statement in each of its formats: the one place that knows both what a statement says and how it is shown."""

from __future__ import annotations

from rich.console import Group

from remit.documents.render.terminal import plain_text, rendered_blocks
from remit.documents.statement.layout import layout
from remit.documents.statement.model import Statement


def rendered(statement: Statement) -> Group:
    """The statement for a rich console."""
    return rendered_blocks(layout(statement))


def as_text(statement: Statement, width: int = 100) -> str:
    """The statement for a terminal, without colours."""
    return plain_text(layout(statement), width)


def as_html(statement: Statement) -> str:
    """The statement as one page that needs nothing else."""
    from remit.documents.render.html import page

    return page(f"Statement: {statement.title}", list(layout(statement)))


def as_pdf(statement: Statement, lacking: set[str] | None = None) -> bytes:
    """The statement as PDF/UA-1. The same statement gives the same bytes.

    A character that no font of the PDF has is shown as U+FFFD, and added to `lacking`.
    """
    from remit.documents.render.pdf import page_as_pdf

    foot = f"{statement.title}, {statement.result.scheme.title}"
    blocks = layout(statement)
    return page_as_pdf(f"Statement: {statement.title}", foot, blocks, f"practice {statement.code}", lacking=lacking)


def as_xlsx(statement: Statement) -> bytes:
    """The statement as a workbook of live formulas. The same statement gives the same bytes."""
    from remit.documents.statement.workbook import workbook

    return workbook(statement)
