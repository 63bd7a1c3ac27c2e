"""`remit chance`: how much of a run's payments a year of the same care could bring otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from remit.cli.console import Command, progress
from remit.cli.output import Csv, Files, Html, Pdf, Replace, Xlsx, show


def chance(
    folder: Annotated[Path, typer.Argument(metavar="RUN", help="The folder that 'remit run' made.")],
    item: Annotated[
        list[str] | None, typer.Option("--item", metavar="CODE", help="Some items alone; may be repeated.")
    ] = None,
    practice: Annotated[
        list[str] | None,
        typer.Option("--practice", metavar="CODE", help="One practice's items, with both chances; may be repeated."),
    ] = None,
    earlier: Annotated[
        list[Path] | None,
        typer.Option("--with", metavar="RUN", help="A run of an earlier year, to see what pooling years does."),
    ] = None,
    html: Html = None,
    pdf: Pdf = None,
    xlsx: Xlsx = None,
    csv: Csv = None,
    replace: Replace = False,
) -> None:
    """Show how much of what is paid is chance: other steps or points, pounds at risk, reliability, funnels.

    No pounds change. Of sensitive items (deaths, ReSPECT) pounds alone are shown.
    """
    from remit.application.chance import Request, evaluate
    from remit.documents.chance import document, short

    files = Files(html, pdf, xlsx, csv, replace)
    request = Request(folder, tuple(item or ()), tuple(practice or ()), tuple(earlier or ()))
    with progress("Practices") as on_progress:
        result = evaluate(request, on_progress)
    show(document(result), files, short(result))


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
