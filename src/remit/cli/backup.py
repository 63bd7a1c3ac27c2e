"""`remit backup`: all of a deployment in one file, while it runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from remit.cli.console import ONLY_YOU, Command, out
from remit.cli.service import Data, DatabaseAddress, check_installed


def backup(
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FILE", help="The file to write; otherwise one in DIR/backups.")
    ] = None,
    keep: Annotated[
        int | None,
        typer.Option("--keep", min=1, metavar="N", help="Keep the newest N in DIR/backups, and remove the rest."),
    ] = None,
    data: Data = None,
    database: DatabaseAddress = "",
) -> None:
    """Write every row and every file of a deployment to one file, as they are at this moment. The service may run.

    The file can be restored into SQLite and PostgreSQL alike.

    The secret is not in it: keep REMIT_SECRET, or the data folder's file secret, elsewhere.
    """
    check_installed()
    from remit.service.serving.backups import BackupRequest
    from remit.service.serving.backups import backup as write

    done = write(BackupRequest(to, keep, data, database))
    many = f"{done.manifest.rows:,} rows of {len(done.manifest.tables)} tables and {len(done.manifest.files):,} files"
    out.print(f"Written to {done.path}: {many}. {ONLY_YOU.replace('them', 'it')}", soft_wrap=True)
    if done.manifest.anchor:
        out.print(f"Anchor of the audit log, to keep elsewhere: {done.manifest.anchor}", soft_wrap=True)
    for path in done.removed:
        out.print(f"Removed {path}.", soft_wrap=True)


COMMANDS = (
    Command(
        backup,
        "backup",
        (
            "remit backup --data /srv/remit --keep 30",
            "remit backup --data /srv/remit --to /mnt/safe/remit.remit-backup",
        ),
    ),
)
