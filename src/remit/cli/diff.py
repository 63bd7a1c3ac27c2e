"""`remit diff`: how two schemes differ."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from remit.cli.console import Command, say_json
from remit.cli.output import Csv, Files, Html, Pdf, Replace, Xlsx
from remit.cli.output import show as show_document


def diff(
    first: Annotated[str, typer.Argument(metavar="ID1", help="The scheme to compare from: an id or a path.")],
    second: Annotated[str, typer.Argument(metavar="ID2", help="The scheme to compare with it: an id or a path.")],
    form: Annotated[Literal["text", "json"], typer.Option("--format", help="How to print.")] = "text",
    html: Html = None,
    pdf: Pdf = None,
    xlsx: Xlsx = None,
    csv: Csv = None,
    replace: Replace = False,
) -> None:
    """Compare two schemes: what was retired, what is new, what changed and by how much.

    Whether or not they differ, the command ends with status 0.
    """
    from remit.application.difference import DifferenceRequest, evaluate
    from remit.documents.scheme_difference import difference, difference_data

    files = Files(html, pdf, xlsx, csv, replace)
    found = evaluate(DifferenceRequest(first, second))
    if form == "json":
        say_json(difference_data(found))
    else:
        show_document(difference(found), files)


COMMANDS = (
    Command(
        diff,
        "diff",
        ("remit diff qif-2024-25 qif-plus-2024-25", "remit diff qif-2024-25 my-scheme.yaml --html difference.html"),
    ),
)
