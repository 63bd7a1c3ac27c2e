"""`remit new`: a scheme file to begin with."""

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
    item: Annotated[
        list[str] | None, typer.Option("--item", help="With --extends: an item to change; may be repeated.")
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

    With --extends, the file holds only what differs from the other scheme: what that leaves open, line by line. What an
    --item pays is copied into it, so that you can change a threshold, points or pence there.
    """
    from remit.application.new import NewRequest, evaluate

    if listed:
        _list_kinds()
        return
    if not scheme:
        raise refuse("cli.option-missing", "name the scheme.", None, "Such as: remit new exampleshire-airways-2025-26.")
    if item and not extends:
        raise refuse("cli.option-alone", "--item goes with --extends.", None, "Say which scheme it is an item of.")
    if kind and extends:
        raise refuse("cli.options-together", "--extends takes the kinds of the other scheme: leave --kind out.")
    path = file or Path(f"{scheme}.yaml")
    if path.suffix not in (".yaml", ".yml"):
        raise refuse("cli.value-unfit", f"--out {path}: a scheme file ends in .yaml.", option="--out", found=path)
    chosen = _year(year) if year is not None else None
    request = NewRequest(
        scheme, path, _this_year(), tuple(kind or ()), extends, tuple(item or ()), title, commissioner, chosen, replace
    )
    result = evaluate(request)
    for warning in result.warnings:
        warn(warning)
    name = quote(str(path))
    if not extends:
        out.print(f"Written to {path}. Fill in what it marks, then: remit check {name}", soft_wrap=True)
        return
    out.print(f"Written to {path}. Change in it what is to differ, then:", soft_wrap=True)
    out.print(f"  remit check {name}\n  remit diff {quote(extends)} {name}", soft_wrap=True)
    if all(warning.code != "lint.of-another-year" for warning in result.warnings):
        out.print(f"  remit what-if RUN --overlay {name}", soft_wrap=True)
        out.print(f"RUN is the folder of a run of {extends}: you see the pounds of both, by practice.", soft_wrap=True)
    out.print(f"To pay by it, give {name} to 'remit run' in place of {extends}.", soft_wrap=True)


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
        return SchemeYear.of_any_month(text)
    except ValueError as error:
        raise refuse("cli.value-unfit", f"--year: {error}.", option="--year", reason=error) from None


COMMANDS = (
    Command(
        new,
        "new",
        (
            "remit new exampleshire-airways-2025-26",
            "remit new our-tests-2025-26 --kind activity --kind gateway --commissioner 'Exampleshire ICB'",
            "remit new our-qif-2024-25 --extends qif-2024-25 --item 4",
            "remit new --list",
        ),
    ),
)
