"""`remit calendar`: what comes in or goes out, when and why, across all schemes of a practice."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from remit.cli.console import Command, out
from remit.files.tables import write_table
from remit.files.whole import check_file_free, write_whole
from remit.runs import open_run


def calendar(
    folders: Annotated[list[Path], typer.Argument(metavar="DIR...", help="Folders that 'remit run' made.")],
    practice: Annotated[
        str | None, typer.Option("--practice", help="One practice; without it, the sums over all of them.")
    ] = None,
    to_csv: Annotated[Path | None, typer.Option("--csv", help="Write every payment as CSV.")] = None,
    to_ics: Annotated[Path | None, typer.Option("--ics", help="Write the dated payments as iCalendar.")] = None,
    to_html: Annotated[Path | None, typer.Option("--html", help="Write a page with a chart.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Write over files that are there.")] = False,
) -> None:
    """Show what comes in or goes out, when and why, over one or several runs."""
    from remit.documents import calendar as reporting
    from remit.documents.render.html import page
    from remit.documents.render.terminal import rendered_blocks
    from remit.runs.calendar import calendar as make

    files = [path for path in (to_csv, to_ics, to_html) if path]
    for path in files:
        check_file_free(path, replace)
    made = make([open_run(folder) for folder in folders], practice)
    blocks = list(reporting.blocks(made, practice is not None))
    if to_csv:
        write_whole(to_csv, lambda path: write_table(path, reporting.COLUMNS, reporting.rows(made)))
    if to_ics:
        write_whole(to_ics, lambda path: path.write_bytes(reporting.as_icalendar(made)))
    if to_html:
        text = page(f"Cash calendar: {made.title}", blocks)
        write_whole(to_html, lambda path: path.write_text(text, encoding="utf-8"))
    if not files:
        out.print(rendered_blocks(blocks))
    for path in files:
        out.print(f"Written to {path}")


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
