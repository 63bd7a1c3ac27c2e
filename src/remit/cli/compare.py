"""`remit compare`: what moved between two runs, in pounds by cause."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from remit.cli.console import Command, progress
from remit.cli.output import Csv, Files, Html, Pdf, Replace, Xlsx, show


def compare(
    first: Annotated[Path, typer.Argument(metavar="DIR1", help="The run to compare from.")],
    second: Annotated[Path, typer.Argument(metavar="DIR2", help="The run to compare with it.")],
    practice: Annotated[
        list[str] | None, typer.Option("--practice", help="Only this practice, item by item; may be repeated.")
    ] = None,
    most: Annotated[int, typer.Option("--most", min=1, help="How many practices and items to show.")] = 10,
    html: Html = None,
    pdf: Pdf = None,
    xlsx: Xlsx = None,
    csv: Csv = None,
    replace: Replace = False,
) -> None:
    """Show what moved between two runs: in pounds by cause, adding up exactly.

    The causes are counts, list size, prevalence, indicator definition, payment terms, and practices that joined or
    left: worked out in this order, each on top of those before it. Whatever moved, the command ends with status 0.
    """
    from remit.application.compare import CompareRequest
    from remit.application.compare import compare as compared
    from remit.documents import comparison as presenter
    from remit.documents.render.csv import rows_as_csv

    files = Files(html, pdf, xlsx, csv, replace)
    with progress("Practices") as on_progress:
        result = compared(CompareRequest(first, second, tuple(practice or ())), on_progress)
    found, names = result.comparison, result.names
    show(presenter.short(found, names, most, detail=bool(practice) or len(found.practices) == 1), Files())
    if files.paths:
        document = presenter.document(found, names)
        show(document, files, csv=lambda: rows_as_csv(presenter.COLUMNS, presenter.csv_rows(found)))


COMMANDS = (
    Command(
        compare,
        "compare",
        (
            "remit compare out/first out/second",
            "remit compare out/first out/second --practice A1",
            "remit compare out/2024-25 out/2025-26 --csv moved.csv --html moved.html",
        ),
    ),
)
