"""`remit area`: what the practices of an area come to by scheme, place and network, against the budgets for them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from remit.cli.console import Command, err, out
from remit.core.problems import refuse
from remit.files.tables import CsvRows, write_table
from remit.files.whole import check_file_free, write_whole
from remit.runs import open_run


def area(
    folders: Annotated[list[Path], typer.Argument(metavar="DIR...", help="Folders that 'remit run' made.")],
    budgets: Annotated[
        Path | None,
        typer.Option(
            "--budgets",
            help="Budgets in place of those that the schemes print: a CSV file with the columns level (area, scheme, "
            "place or network), code, scheme_id and pounds.",
        ),
    ] = None,
    to_csv: Annotated[
        Path | None, typer.Option("--csv", help="Write every sum and every practice to one CSV file.")
    ] = None,
    to_html: Annotated[Path | None, typer.Option("--html", help="Write a page with charts.")] = None,
    to_pdf: Annotated[Path | None, typer.Option("--pdf", help="Write it as PDF.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Write over files that are there.")] = False,
) -> None:
    """Show the money of an area by scheme, place and network: awards, payments, recoveries, what budgets have left."""
    from remit.documents import area as shown
    from remit.documents.render.html import page
    from remit.documents.render.pdf import page_as_pdf
    from remit.documents.render.terminal import rendered_blocks
    from remit.runs.area import area as summed
    from remit.runs.area import check_budgets

    files = [path for path in (to_csv, to_html, to_pdf) if path]
    if len({path.absolute() for path in files}) < len(files):
        raise refuse("cli.same-file-twice", "two of --csv, --html and --pdf name the same file.")
    for path in files:
        check_file_free(path, replace)
    with err.status("Reading the runs …"):
        runs = [open_run(folder) for folder in folders]
    given = check_budgets(CsvRows(budgets), runs) if budgets else None
    made = summed(runs, given)
    blocks, title = list(shown.blocks(made)), shown.title(made)
    if to_csv:
        write_whole(to_csv, lambda path: write_table(path, shown.COLUMNS, shown.rows(made)))
    if to_html:
        text = page(title, blocks)
        write_whole(to_html, lambda path: path.write_text(text, encoding="utf-8"))
    if to_pdf:
        pages = page_as_pdf(title, title, blocks, "the area", landscape=True)
        write_whole(to_pdf, lambda path: path.write_bytes(pages))
    if not files:
        out.print(rendered_blocks(blocks))
    for path in files:
        out.print(f"Written to {path}")


COMMANDS = (
    Command(
        area,
        "area",
        (
            "remit area out/qif",
            "remit area out/qif out/qof --csv area.csv --html area.html",
            "remit area out/qif --budgets budgets.csv --pdf area.pdf",
        ),
    ),
)
