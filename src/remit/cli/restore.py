"""`remit restore`: a backup, back into a data folder and its database."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from remit.cli.console import Command, out, warn
from remit.cli.service import DatabaseAddress, check_installed
from remit.core import say


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file that 'remit backup' wrote.")],
    into: Annotated[
        Path | None,
        typer.Option("--into", metavar="DIR", help="The data folder; otherwise REMIT_DATA, or remit-data here."),
    ] = None,
    database: DatabaseAddress = "",
    replace: Annotated[
        bool, typer.Option("--replace", help="Put the backup in place of the deployment that is there.")
    ] = False,
) -> None:
    """Bring a backup back, into SQLite or PostgreSQL, whichever it was made from. End the service first.

    Every hash is checked before anything is changed, and it comes back whole or not at all.

    The secret stays the one of the data folder; everybody signs in again.
    """
    check_installed()
    from remit.service.serving.backups import RestoreRequest
    from remit.service.serving.backups import restore as bring_back

    done = bring_back(RestoreRequest(file, into, database, replace))
    many = f"{done.manifest.rows:,} rows of {len(done.manifest.tables)} tables and {len(done.manifest.files):,} files"
    made = datetime.fromisoformat(done.manifest.made)
    when = f"{say.day(made.date())} at {made:%H:%M} UTC"
    out.print(f"Restored {many}, as they were on {when}. All hashes are equal.", soft_wrap=True)
    for problem in done.lost.warnings:
        warn(problem)


COMMANDS = (
    Command(
        restore,
        "restore",
        (
            "remit restore remit.remit-backup --into /srv/remit",
            "remit restore remit.remit-backup --into /srv/remit --database postgres://owner:password@localhost/remit",
        ),
    ),
)
