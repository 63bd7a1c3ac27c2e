"""`remit books check`: whether the books of a deployment are as they were kept."""

from __future__ import annotations

import typer

from remit.cli.console import Command, out, say_error
from remit.cli.service import Data, DatabaseAddress, check_installed

GROUP = "books"
HELP = "The books of a deployment."


def check(data: Data = None, database: DatabaseAddress = "") -> None:
    """Check the books: every account, key, closed month, adjustment and released payment file. The service may run.

    It holds the hash of each payment file beside the one that the audit log has of its release.

    Run `remit audit verify` too: it checks the audit log itself.
    """
    check_installed()
    from remit.service.money.command import BooksRequest
    from remit.service.money.command import check as look

    found = look(BooksRequest(data, database))
    for fault in found.faults:
        say_error(fault)
    looked = f"{found.transfers:,} transfers, {found.months:,} closed months and {found.runs:,} released runs"
    if found.faults:
        many = f"{len(found.faults):,} things are" if len(found.faults) > 1 else "1 thing is"
        out.print(f"Looked at {looked}: {many} wrong. Restore the newest backup that is right.", soft_wrap=True)
        raise typer.Exit(1)
    out.print(f"The books are as they were kept: {looked}.", soft_wrap=True)


COMMANDS = (Command(check, "check", ("remit books check --data /srv/remit",)),)
