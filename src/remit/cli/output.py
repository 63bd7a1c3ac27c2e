"""Where a document goes: to the terminal, or into the files that were asked for. All commands have the same options."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from remit.cli.console import out, say_plain, warn

if TYPE_CHECKING:
    from remit.documents.blocks import Document

Html = Annotated[Path | None, typer.Option("--html", help="Write a page that needs no other file.")]
Pdf = Annotated[Path | None, typer.Option("--pdf", help="Write a PDF, tagged for screen readers.")]
Xlsx = Annotated[Path | None, typer.Option("--xlsx", help="Write a workbook.")]
Csv = Annotated[Path | None, typer.Option("--csv", help="Write a table of every row.")]
Replace = Annotated[bool, typer.Option("--replace", help="Write over files that are there.")]
Full = Annotated[bool, typer.Option("--full", help="Show also what is folded away.")]


@dataclass(frozen=True)
class Files:
    """The files that a command was asked to write."""

    html: Path | None = None
    pdf: Path | None = None
    xlsx: Path | None = None
    csv: Path | None = None
    replace: bool = False

    def __post_init__(self) -> None:
        """Raises Refused where a file is there already, or is named twice: before anything is worked out."""
        if self.paths:
            from remit.application.writing import check_files

            check_files(self.paths, self.replace)

    @property
    def paths(self) -> list[Path]:
        """All of them."""
        return [path for path in (self.html, self.pdf, self.xlsx, self.csv) if path]


def show(
    document: Document,
    files: Files,
    short: Document | None = None,
    xlsx: Callable[[], bytes] | None = None,
    csv: Callable[[], bytes] | None = None,
    paper: Callable[[], Document] | None = None,
    full: bool | None = None,
    unfolded_by: str = "--full",
    whole: Callable[[], Document] | None = None,
) -> None:
    """Write the document into each file, or print it where there is none. `short` is what is printed instead, if any.

    `xlsx` and `csv` are given where a document has a workbook or a table of its own kind, `paper` where it is laid out
    otherwise to be printed, `whole` where a workbook and a table have rows that a page has no room for. `full` is the
    option of that name, or of the name that `unfolded_by` says; a command that has none prints what a page folds away.
    """
    if not files.paths:
        from remit.documents.blocks import Fold
        from remit.documents.render.terminal import rendered_blocks

        printed = (document if full else short or document).blocks
        say_plain(rendered_blocks(printed, folds=full is not False))
        if full is False and unfolded_by and any(isinstance(block, Fold) for block in printed):
            out.print(f"{unfolded_by} shows what is folded away.", style="dim")
        if whole and short and not full:
            out.print("All of it, with charts: --html, --pdf, --xlsx or --csv FILE.", style="dim")
        return
    from remit.application.writing import write_file

    makers: list[tuple[Path | None, Callable[[], bytes]]] = [
        (files.html, lambda: _html(document)),
        (files.pdf, lambda: _pdf(paper() if paper else document)),
        (files.xlsx, xlsx or (lambda: _xlsx(whole() if whole else document))),
        (files.csv, csv or (lambda: _csv(whole() if whole else document))),
    ]
    for path, make in makers:
        if path:
            write_file(path, make(), document.private)
            only = " It has rows of patients: only you can read it." if document.private else ""
            out.print(f"Written to {path}.{only}", soft_wrap=True)


def _html(document: Document) -> bytes:
    from remit.documents.render.html import as_html

    return as_html(document).encode()


def _pdf(document: Document) -> bytes:
    from remit.documents.render.pdf import characters_missing, page_as_pdf

    lacking: set[str] = set()
    made = page_as_pdf(
        document.title, document.foot or document.title, document.blocks, document.title, document.wide, lacking
    )
    if lacking:
        warn(characters_missing(lacking))
    return made


def _xlsx(document: Document) -> bytes:
    from remit.documents.render.workbook import as_xlsx

    return as_xlsx(document)


def _csv(document: Document) -> bytes:
    from remit.documents.render.csv import as_csv

    return as_csv(document)
