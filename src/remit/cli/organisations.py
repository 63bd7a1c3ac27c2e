"""`remit organisations`: set an area up from the practice map, bring a newer one in, show who belongs to whom."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from remit.cli.console import Command, out, say_warning
from remit.cli.output import Csv, Files, Html, Pdf, Replace, Xlsx
from remit.cli.output import show as show_document
from remit.cli.service import Data, DatabaseAddress, check_installed
from remit.core.dates import parse_date
from remit.core.problems import refuse

if TYPE_CHECKING:
    from remit.service.organisations.command import Difference

GROUP = "organisations"
HELP = "Set an area up from the practice map, bring a newer one in, and show who belongs to whom."
_SHOWN = 40
"""How many changes of an area are shown where there are more."""


def _day(option: str, text: str) -> date:
    try:
        return parse_date(text)
    except ValueError as error:
        raise refuse("cli.value-unfit", f"{option}: {error}.", option=option, reason=error) from None


def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A practice map as published, or a table of your own.")],
    since: Annotated[str, typer.Option("--from", metavar="DATE", help="The first day on which it holds.")],
    commissioner: Annotated[
        list[str] | None,
        typer.Option("--commissioner", metavar="CODE", help="Of this area alone; may be repeated. Else of all."),
    ] = None,
    ccg_to_icb: Annotated[
        Path | None,
        typer.Option("--ccg-to-icb", metavar="FILE", help="Which ICB each CCG is in, for a map from before ICBs."),
    ] = None,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; it is kept in the audit log.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Apply it without a question.")] = False,
    data: Data = None,
    database: DatabaseAddress = "",
) -> None:
    """Show what a map would change, and apply it once you say yes: all of it, or nothing.

    Memberships end and begin; nothing is deleted. Practices of other commissioners are not touched.
    """
    check_installed()
    from remit.service.organisations.command import ImportRequest, import_map

    codes = tuple(code.strip().upper() for code in commissioner or ())
    request = ImportRequest(file, codes, _day("--from", since), reason, ccg_to_icb, data, database)
    if import_map(request, lambda differences: _confirmed(differences, yes)):
        out.print("Applied.")
    else:
        out.print("Nothing was changed.")


def _confirmed(differences: tuple[Difference, ...], yes: bool) -> bool:
    """Show the differences; with `--yes` or an answer, whether to apply them."""
    import sys

    for one in differences:
        for text in one.warnings:
            say_warning(text)
        sentences = one.changes.sentences
        out.print(f"{one.name} ({one.commissioner}): {len(sentences)} changes", soft_wrap=True)
        if len(differences) == 1:
            for change in sentences[:_SHOWN]:
                out.print(f"  {change.heading}: {change.sentence}", soft_wrap=True)
            if len(sentences) > _SHOWN:
                out.print(f"  … and {len(sentences) - _SHOWN} more.")
    if not any(one.changes.sentences for one in differences):
        out.print("The map changes nothing.")
        return False
    if yes:
        return True
    if not sys.stdin.isatty():
        out.print("Add --yes to apply it.")
        return False
    return typer.confirm("Apply it?")


def show(
    code: Annotated[
        str | None, typer.Argument(metavar="[CODE]", help="A commissioner, place or network; else which there are.")
    ] = None,
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="As of this day; otherwise today.")] = None,
    data: Data = None,
    database: DatabaseAddress = "",
    html: Html = None,
    pdf: Pdf = None,
    xlsx: Xlsx = None,
    csv: Csv = None,
    replace: Replace = False,
) -> None:
    """Show who belongs to whom, with the list sizes that are known."""
    check_installed()
    from remit.service.organisations import command

    if code is None:
        there = command.commissioners(data, database)
        for each, name in there:
            out.print(f"{each}  {name}", soft_wrap=True)
        if not there:
            out.print("No commissioner is set up yet. Bring in a map: remit organisations import FILE --from DATE")
        return
    files = Files(html, pdf, xlsx, csv, replace)
    show_document(command.show(code.strip().upper(), _day("--on", on) if on else None, data, database), files)


def merge(
    code: Annotated[str, typer.Argument(metavar="CODE", help="The commissioner that is taken over.")],
    into: Annotated[str, typer.Option("--into", metavar="CODE", help="The commissioner that takes over.")],
    since: Annotated[str, typer.Option("--from", metavar="DATE", help="The first day of the one that takes over.")],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; it is kept in the audit log.")],
    name: Annotated[str, typer.Option("--name", metavar="TEXT", help="Its name, where it is new.")] = "",
    data: Data = None,
    database: DatabaseAddress = "",
) -> None:
    """Let a commissioner go over to another on a day, which may be to come."""
    check_installed()
    from remit.service.organisations.command import merge_commissioners

    old, new = code.strip().upper(), into.strip().upper()
    out.print(merge_commissioners(old, new, name, _day("--from", since), reason, data, database), soft_wrap=True)


COMMANDS = (
    Command(
        import_,
        "import",
        (
            "remit organisations import nhsd_qof_practice_mapping_2023-24.csv --commissioner QNC --from 2024-04-01",
            "remit organisations import area.csv --commissioner QNC --from 2024-10-01 --data /srv/remit --yes",
        ),
    ),
    Command(show, "show", ("remit organisations show", "remit organisations show QNC --on 2024-04-01")),
    Command(
        merge,
        "merge",
        ("remit organisations merge QNC --into QXX --name 'NHS New ICB' --from 2027-04-01 --reason 'The ICBs merge.'",),
    ),
)
