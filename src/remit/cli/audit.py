"""`remit audit verify`: whether the audit log is as it was recorded."""

from __future__ import annotations

from typing import Annotated

import typer

from remit.cli.console import Command, out, say_error
from remit.cli.service import Data, DatabaseAddress, check_installed

GROUP = "audit"
HELP = "The audit log of a deployment."


def verify(
    expect: Annotated[
        str,
        typer.Option(
            "--expect", metavar="NUMBER:HASH", help="An anchor that this command printed before and you kept elsewhere."
        ),
    ] = "",
    data: Data = None,
    database: DatabaseAddress = "",
) -> None:
    """Check that no entry of the audit log was changed, removed, added or moved. The service may run.

    It names the first entry that does not fit.

    Whoever owns the tables could write the log anew from some entry on, and only an anchor finds that.

    Keep the anchor that is printed somewhere else, and give it back with --expect.
    """
    check_installed()
    from remit.service.audit.command import VerifyRequest
    from remit.service.audit.command import verify as walk

    found = walk(VerifyRequest(expect, data, database))
    if found.fault:
        say_error(f"Entry {found.fault.number:,} {found.fault.what}")
        if found.entries:
            before = f"{found.entries:,} entries before it fit" if found.entries > 1 else "entry before it fits"
            out.print(f"The {before} the chain.", soft_wrap=True)
        raise typer.Exit(1)
    if not found.entries:
        out.print("The audit log has no entry yet.")
        return
    many = f"{found.entries:,} entries fit" if found.entries > 1 else "1 entry fits"
    out.print(f"The audit log is as it was recorded: {many}, from the first to the last.", soft_wrap=True)
    out.print(f"Anchor, to keep elsewhere: {found.anchor}", soft_wrap=True)


COMMANDS = (
    Command(
        verify,
        "verify",
        (
            "remit audit verify --data /srv/remit",
            "remit audit verify --data /srv/remit --expect 1284:9f2c41d0…",
        ),
    ),
)
