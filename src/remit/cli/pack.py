"""`remit pack`: a folder with all that goes with a scheme."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from remit.cli.console import Command, out, progress, warn
from remit.cli.options import Clusters, one_day, settings_of
from remit.cli.output import Replace


def pack(
    reference: Annotated[str, typer.Argument(metavar="ID", help="A scheme's id, or the path of a scheme file.")],
    folder: Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder to write.")],
    against: Annotated[
        str | None,
        typer.Option("--against", metavar="ID", help="The scheme that changes are said against; else the year before."),
    ] = None,
    notice: Annotated[
        str, typer.Option("--notice", help="The sentence that goes with the release; else one is written.")
    ] = "",
    released: Annotated[
        str | None, typer.Option("--released", metavar="DAY", help="The day of the release, as 2026-04-01.")
    ] = None,
    setting: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="What the scheme leaves open; see remit show."),
    ] = None,
    clusters: Clusters = None,
    replace: Replace = False,
) -> None:
    """Write a scheme pack: what practices need on day one, and what commissioners are asked for.

    A folder with an index page and one PDF: the scheme in words, who is counted by which rules and codes, the data set
    with its templates, funding, who decides and verifies, the calendar, a statement as an example, what changed, and
    the version with its notice. It answers a request under freedom of information line by line.
    """
    from remit.application.pack import PackRequest, evaluate

    day = one_day(released, "--released")
    given = settings_of(setting or [])
    with progress("Pages") as on_progress:
        result = evaluate(PackRequest(reference, folder, against, notice, day, given, clusters, replace), on_progress)
    for one in result.warnings:
        warn(one)
    out.print(f"{len(result.files)} files are written to {folder}. Begin with {folder / 'index.html'}.", soft_wrap=True)
    if result.open:
        many = "value is" if result.open == 1 else "values are"
        out.print(f"{result.open} {many} still to be supplied: release.html names each.", soft_wrap=True)
    if result.against:
        out.print(f"Changes are against {result.against}.", soft_wrap=True)


COMMANDS = (
    Command(
        pack,
        "pack",
        (
            "remit pack qif-2024-25 --out qif-pack",
            "remit pack my-scheme.yaml --against last-year.yaml --released 2026-04-01 --out pack",
            "remit pack qof-england-2025-26 --set point.value=£225.49 --out qof-pack --replace",
        ),
    ),
)
