"""`remit overview`: every practice of a run by item, and what the run comes to."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from remit.cli.console import Command, out, progress, warn
from remit.cli.output import Csv, Files, Html, Pdf, Replace, Xlsx, show
from remit.core.problems import refuse


def overview(
    folders: Annotated[list[Path], typer.Argument(metavar="RUN...", help="Folders that 'remit run' made.")],
    into: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="FOLDER", help="Write overview.html there, and each practice's statement that it leads to."
        ),
    ] = None,
    html: Html = None,
    pdf: Pdf = None,
    xlsx: Xlsx = None,
    csv: Csv = None,
    replace: Replace = False,
) -> None:
    """Show a run at a glance: pounds earned of possible, items against their thresholds, every practice by item.

    Of sensitive items (deaths, ReSPECT) pounds alone are shown. --html writes the page by itself, without statements.
    """
    from remit.application.overview import Request, evaluate
    from remit.documents.overview import overview as document
    from remit.documents.overview import short

    files = Files(html, pdf, xlsx, csv, replace)
    if into and html:
        raise refuse("cli.options-together", "--out writes a page already: leave --html out.")
    with progress("Practices") as on_progress:
        result = evaluate(Request(tuple(folders), into, replace), on_progress)
    for problem in result.warnings:
        warn(problem)
    if result.page:
        many = f"{result.statements:,} statement{'' if result.statements == 1 else 's'}"
        out.print(f"Written to {result.page}, with {many} beside it.", soft_wrap=True)
    if files.paths or not result.page:
        made = document(result.runs, result.sensitive, chances=result.chances)
        show(made, files, short(result.runs, result.sensitive, result.chances))


COMMANDS = (
    Command(
        overview,
        "overview",
        (
            "remit overview out/qif",
            "remit overview out/qif --out overview",
            "remit overview out/qif out/qof --html overview.html --xlsx overview.xlsx",
        ),
    ),
)
