"""`remit new` and `remit template`: a scheme file to begin with, and the files of figures that a scheme needs."""

from __future__ import annotations

from pathlib import Path
from shlex import quote
from time import localtime
from typing import Annotated

import typer

from remit.cli.console import Command, out, say_plain, warn
from remit.core.dates import SchemeYear
from remit.core.problems import refuse


def new(
    scheme: Annotated[str, typer.Argument(metavar="ID", help="The new scheme's id: small letters, digits, -.")] = "",
    file: Annotated[Path | None, typer.Option("--out", help="The file to write; else ID.yaml.")] = None,
    kind: Annotated[
        list[str] | None, typer.Option("--kind", help="A kind of scheme; may be repeated. See --list.")
    ] = None,
    extends: Annotated[
        str | None, typer.Option("--extends", metavar="SCHEME", help="Change another scheme: lay the file over it.")
    ] = None,
    title: Annotated[str, typer.Option("--title", help="The scheme's full name.")] = "",
    commissioner: Annotated[str, typer.Option("--commissioner", help="Who pays.")] = "",
    year: Annotated[
        str | None, typer.Option("--year", help="The scheme year: 2025-26; else the id's, or this one.")
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Write over the file.")] = False,
    listed: Annotated[bool, typer.Option("--list", help="List the kinds and leave.")] = False,
) -> None:
    """Start a scheme file: commented, accepted by remit check, with what is still to be filled in.

    With --extends, the file holds only what differs from the other scheme: what it leaves open, line by line, and an
    example of how to change one thing of an item, such as a threshold.
    """
    from remit.application.new import NewRequest, evaluate

    if listed:
        _list_kinds()
        return
    if not scheme:
        raise refuse("cli.option-missing", "name the scheme.", None, "Such as: remit new exampleshire-airways-2025-26.")
    if kind and extends:
        raise refuse("cli.options-together", "--extends takes the kinds of the other scheme: leave --kind out.")
    path = file or Path(f"{scheme}.yaml")
    if path.suffix not in (".yaml", ".yml"):
        raise refuse("cli.value-unfit", f"--out {path}: a scheme file ends in .yaml.", option="--out", found=path)
    chosen = _year(year) if year is not None else None
    request = NewRequest(scheme, path, _this_year(), tuple(kind or ()), extends, title, commissioner, chosen, replace)
    result = evaluate(request)
    for warning in result.warnings:
        warn(warning)
    name = quote(str(path))
    if not extends:
        out.print(f"Written to {path}. Fill in what it marks, then: remit check {name}", soft_wrap=True)
        return
    out.print(f"Written to {path}. Change in it what is to differ, then:", soft_wrap=True)
    out.print(f"  remit check {name}\n  remit diff {quote(extends)} {name}", soft_wrap=True)
    out.print(f"  remit run {name} …, as for {extends}; then remit compare with a run of that.", soft_wrap=True)


def _list_kinds() -> None:
    from remit.application.new import kinds
    from remit.documents.blocks import Column, Row, Table
    from remit.documents.render.terminal import rendered_blocks

    columns = (Column("Kind", 3), Column("What it pays", 9))
    rows = tuple(Row((one.name, one.about)) for one in kinds())
    say_plain(rendered_blocks([Table("Kinds of scheme to begin with", columns, rows)]))


def _this_year() -> SchemeYear:
    today = localtime()
    return SchemeYear(today.tm_year if today.tm_mon >= 4 else today.tm_year - 1)


def _year(text: str) -> SchemeYear:
    try:
        return SchemeYear.parse(text)
    except ValueError as error:
        raise refuse("cli.value-unfit", f"--year: {error}.", option="--year", reason=error) from None


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
    text = f"Written to {folder}: {', '.join(result.written)}. Fill in, then{apart}: remit run {command} --out results"
    out.print(text, soft_wrap=True)


COMMANDS = (
    Command(
        new,
        "new",
        (
            "remit new exampleshire-airways-2025-26",
            "remit new our-tests-2025-26 --kind activity --kind gateway --commissioner 'Exampleshire ICB'",
            "remit new our-qif-2024-25 --extends qif-2024-25",
            "remit new --list",
        ),
    ),
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
