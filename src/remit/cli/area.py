"""`remit area`: what the practices of an area come to by scheme, place and network, against the budgets for them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from remit.cli.console import Command, progress
from remit.cli.output import Csv, Files, Html, Pdf, Replace, Xlsx, show


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
    html: Html = None,
    pdf: Pdf = None,
    xlsx: Xlsx = None,
    csv: Csv = None,
    replace: Replace = False,
) -> None:
    """Show the money of an area by scheme, place and network: awards, payments, recoveries, what budgets have left."""
    from remit.application.area import AreaRequest
    from remit.application.area import area as summed
    from remit.documents import area as presenter
    from remit.documents.render.csv import rows_as_csv

    files = Files(html, pdf, xlsx, csv, replace)
    with progress("Runs") as on_progress:
        result = summed(AreaRequest(tuple(folders), budgets), on_progress)
    show(presenter.document(result), files, csv=lambda: rows_as_csv(presenter.COLUMNS, presenter.rows(result)))


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
