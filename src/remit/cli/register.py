"""`remit register`: the schemes of a deployment's register, for scripts at the server."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from remit.cli.console import Command, out, say_file
from remit.cli.options import one_day
from remit.cli.output import Replace
from remit.cli.service import Data, DatabaseAddress, check_installed

GROUP = "register"
HELP = "The schemes of a deployment's register: what is in it, and a version's file."


def list_versions(data: Data = None, database: DatabaseAddress = "") -> None:
    """Print every version in the register as CSV: whose it is, its state, from when it holds, its SHA-256."""
    check_installed()
    from remit.documents.render.csv import rows_as_csv
    from remit.service.register.at_server import COLUMNS, Register, listed

    say_file(rows_as_csv(COLUMNS, listed(Register(data, database))).decode())


def export(
    scheme: Annotated[str, typer.Argument(metavar="SCHEME", help="The scheme's id.")],
    to: Annotated[Path, typer.Option("--to", metavar="FILE", help="The file to write.")],
    organisation: Annotated[
        str, typer.Option("--organisation", metavar="CODE", help="Whose scheme, where several have one of that id.")
    ] = "",
    version: Annotated[int | None, typer.Option("--version", metavar="N", min=1, help="Which version.")] = None,
    on: Annotated[
        str | None, typer.Option("--on", metavar="DAY", help="The published version that holds on this day, not today.")
    ] = None,
    replace: Replace = False,
    data: Data = None,
    database: DatabaseAddress = "",
) -> None:
    """Write a version's file, byte for byte as it is in the register: the published one that holds today, or another.

    That it was written is in the audit log, as done at the server.
    """
    check_installed()
    from remit.service.register.at_server import ExportRequest, Register
    from remit.service.register.at_server import export as write

    done = write(ExportRequest(Register(data, database), scheme, to, organisation, version, one_day(on), replace))
    out.print(f"Written to {done.path}: {done.version} ({done.state}), SHA-256 {done.sha256}.", soft_wrap=True)


COMMANDS = (
    Command(list_versions, "list", ("remit register list --data /srv/remit",)),
    Command(
        export,
        "export",
        (
            "remit register export qif-2024-25 --data /srv/remit --to qif.yaml",
            "remit register export qif-2024-25 --version 2 --data /srv/remit --to qif-2.yaml",
        ),
    ),
)
"""The commands below the word."""
