"""`remit chance`: how much of a run's payments is chance."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from remit.cli.console import Command, progress
from remit.cli.output import Csv, Files, Html, Pdf, Replace, Xlsx, show


def chance(
    folder: Annotated[Path, typer.Argument(metavar="RUN", help="The folder that 'remit run' made.")],
    item: Annotated[
        list[str] | None, typer.Option("--item", metavar="CODE", help="Show this item only; may be repeated.")
    ] = None,
    practice: Annotated[
        list[str] | None,
        typer.Option("--practice", metavar="CODE", help="Show this practice, item by item; may be repeated."),
    ] = None,
    earlier: Annotated[
        list[Path] | None,
        typer.Option("--with", metavar="RUN", help="A run of an earlier year: what adding up years does."),
    ] = None,
    html: Html = None,
    pdf: Pdf = None,
    xlsx: Xlsx = None,
    csv: Csv = None,
    replace: Replace = False,
) -> None:
    """Show how much of what was paid is chance: would a year of the same care be paid the same?

    No payment changes. For sensitive items (deaths, ReSPECT) only pounds are shown.
    """
    from remit.application.chance import Request, evaluate
    from remit.documents.chance import document, short

    files = Files(html, pdf, xlsx, csv, replace)
    items = tuple(code.strip() for text in item or () for code in text.split(",") if code.strip())
    request = Request(folder, items, tuple(practice or ()), tuple(earlier or ()))
    with progress("Practices") as on_progress:
        result = evaluate(request, on_progress)
    show(document(result), files, short(result), whole=lambda: document(result, every_practice=True))


COMMANDS = (
    Command(
        chance,
        "chance",
        (
            "remit chance out/qif",
            "remit chance out/qif --practice A1",
            "remit chance out/qif --item 2a --with out/qif-before --html chance.html",
        ),
    ),
)
