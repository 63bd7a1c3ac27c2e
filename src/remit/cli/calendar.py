"""`remit calendar`: what is received or recovered, when and why, across all schemes of a practice."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from remit.cli.console import Command, out, progress
from remit.cli.output import Csv, Files, Html, Pdf, Replace, Xlsx, show


def calendar(
    folders: Annotated[list[Path], typer.Argument(metavar="DIR...", help="Folders that 'remit run' made.")],
    practice: Annotated[
        str | None, typer.Option("--practice", help="One practice; without it, the sums over all of them.")
    ] = None,
    html: Html = None,
    pdf: Pdf = None,
    xlsx: Xlsx = None,
    csv: Csv = None,
    ics: Annotated[Path | None, typer.Option("--ics", help="Write the dated payments as iCalendar.")] = None,
    replace: Replace = False,
) -> None:
    """Show what is received or recovered, when and why, over one or several runs."""
    from remit.application.calendar import CalendarRequest
    from remit.application.calendar import calendar as made_of
    from remit.application.writing import check_files, write_file
    from remit.documents import calendar as presenter
    from remit.documents.render.csv import rows_as_csv

    files = Files(html, pdf, xlsx, csv, replace)
    check_files([*files.paths, *([ics] if ics else [])], replace)
    with progress("Runs") as on_progress:
        result = made_of(CalendarRequest(tuple(folders), practice), on_progress)
    if files.paths or not ics:
        document = presenter.document(result, practice is not None)
        show(document, files, csv=lambda: rows_as_csv(presenter.COLUMNS, presenter.rows(result)))
    if ics:
        write_file(ics, presenter.as_icalendar(result))
        out.print(f"Written to {ics}.", soft_wrap=True)


COMMANDS = (
    Command(
        calendar,
        "calendar",
        (
            "remit calendar out/qif out/qof --practice A1",
            "remit calendar out/qif --practice A1 --ics a1.ics --html a1.html",
            "remit calendar out/qif --csv cash.csv",
        ),
    ),
)
