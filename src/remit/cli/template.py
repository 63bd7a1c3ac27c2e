"""`remit template`: which figures a scheme needs, and files to fill them in."""

from __future__ import annotations

from pathlib import Path
from shlex import quote
from typing import Annotated

import typer

from remit.cli.console import Command, out, say_plain
from remit.core.problems import refuse


def template(
    names: Annotated[
        list[str], typer.Argument(metavar="ID...", help="A scheme's id or file; several that the practices are in.")
    ],
    folder: Annotated[
        Path | None,
        typer.Option("--out", help="A folder for practices.csv, counts.csv and, where claimed, claims.csv."),
    ] = None,
    practice: Annotated[
        list[str] | None, typer.Option("--practice", metavar="CODE", help="Rows for this practice; may be repeated.")
    ] = None,
    practices: Annotated[
        Path | None, typer.Option("--practices", help="Your practices file: a row of counts for each of them.")
    ] = None,
    optional: Annotated[bool, typer.Option("--optional", help="Write a row for optional figures too.")] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Write over the files.")] = False,
) -> None:
    """Say which figures a scheme needs, or several together; with --out, write them as CSV files to fill in.

    Fill in the column value; remove the rows that stay empty. What is claimed patient by patient goes into claims.csv.
    """
    from remit.application.template import TemplateRequest, evaluate, needed
    from remit.documents.figures_needed import figures_needed
    from remit.documents.render.terminal import rendered_blocks

    if practice and practices:
        raise refuse("cli.options-together", "--practice and --practices do not go together.", None, "Leave one out.")
    if folder is None:
        found = needed(names)
        say_plain(rendered_blocks(figures_needed(names, found.figures, found.columns, found.claims).blocks))
        out.print("\nWith --out FOLDER they are written as files to fill in.")
        return
    codes = tuple(dict.fromkeys(practice or ()))
    result = evaluate(TemplateRequest(tuple(names), folder, practices, codes, optional, replace))
    run, apart = (names, "") if result.together else (names[:1], " for each")
    files = (f"--{option} {quote(str(path))}" for option, path in result.inputs.items())
    command = " ".join([*map(quote, run), *files])
    lines = [f"Written to {folder}: {', '.join(result.written)}."]
    if "counts.csv" in result.written:
        lines.append("Fill in the column value of counts.csv; remove the rows that stay empty.")
    if "practices.csv" in result.written:
        rest = "joined, left and successor_code are for those that came, went or merged in the year"
        lines.append(f"Fill in practices.csv; {rest}.")
    if result.places:
        lines.append(f"place_code is one of {', '.join(result.places)}.")
    lines += [
        f"To be set: --set {setting} ({about.partition('. ')[0].rstrip('.')})." for setting, about in result.to_set
    ]
    lines.append(f"Then{apart}: remit run {command} --out results")
    out.print("\n".join(lines), soft_wrap=True)


COMMANDS = (
    Command(
        template,
        "template",
        (
            "remit template qif-2024-25",
            "remit template qif-2024-25 --out inputs --practice X1 --practice X2 --practice X3",
            "remit template my-scheme.yaml --out inputs --practices practices.csv",
            "remit template one.yaml other.yaml --out inputs",
        ),
    ),
)
