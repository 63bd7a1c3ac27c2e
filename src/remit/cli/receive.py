"""`remit receive`: figures that are on the server come into the service."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from remit.cli.console import Command, out
from remit.cli.options import one_day
from remit.cli.service import Data, DatabaseAddress, check_installed
from remit.core.problems import refuse
from remit.core.words import agreed, some_of


def receive(
    scheme: Annotated[str, typer.Argument(metavar="SCHEME", help="The id of a scheme that is published.")],
    commissioner: Annotated[str, typer.Option("--commissioner", metavar="CODE", help="Whose practices they are.")],
    on: Annotated[str, typer.Option("--on", metavar="DAY", help="The day that the figures are of.")],
    practices: Annotated[Path | None, typer.Option("--practices", help="CSV: the practices with their lists.")] = None,
    counts: Annotated[Path | None, typer.Option("--counts", help="CSV: their counts.")] = None,
    evaluation: Annotated[
        Path | None,
        typer.Option("--evaluation", metavar="FOLDER", help="A folder of 'remit evaluate', in place of the two files."),
    ] = None,
    national: Annotated[Path | None, typer.Option("--national", help="CSV: national figures.")] = None,
    settings: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="A setting of the run; may be repeated.")
    ] = None,
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="Why they replace the figures that are there for that day.")
    ] = "",
    data: Data = None,
    database: DatabaseAddress = "",
) -> None:
    """Take figures on this machine into the service: whole, or not at all.

    They are checked as 'remit run' checks them, and kept as they came.

    Each practice sees its own. Its commissioner sees them as far as the practice has consented.

    An evaluation made with --evidence brings each practice's evidence of its patients: the practice alone opens it.
    """
    check_installed()
    if evaluation is None and (practices is None or counts is None):
        raise refuse("cli.option-missing", "give --evaluation, or --practices and --counts.", option="--evaluation")
    if evaluation is not None and (practices or counts):
        what = "--evaluation has its own practices and counts."
        raise refuse("cli.options-together", what, None, "Leave the others out.", option="--evaluation")
    from remit.service.extracts.command import ReceiveRequest
    from remit.service.extracts.command import receive as take_in

    day = one_day(on)
    assert day is not None
    done = take_in(
        ReceiveRequest(
            scheme, commissioner, day, practices, counts, evaluation, national, _named(settings or []), reason, data,
            database,
        )
    )  # fmt: skip
    many = f"{done.practices:,} {agreed('practice{|s}', done.practices)}"
    evidence = ", with the evidence of each" if done.has_evidence else ""
    out.print(f"Extract {done.number} is accepted: {many}{evidence}.", soft_wrap=True)
    if done.missing:
        out.print(f"Missing: {some_of(done.missing, 20)}.", soft_wrap=True)


def _named(given: list[str]) -> dict[str, str]:
    """The settings by name."""
    found = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not (equals and name):
            raise refuse("cli.value-unfit", f"--set: '{text}' is not NAME=VALUE.", option="--set", found=text)
        found[name] = value
    return found


COMMANDS = (
    Command(
        receive,
        "receive",
        (
            "remit receive qif-2024-25 --evaluation evaluated --on 2025-03-31 --commissioner QNC --data /srv/remit",
            "remit receive qif-2024-25 --practices practices.csv --counts counts.csv --on 2025-03-31 "
            "--commissioner QNC",
        ),
    ),
)
