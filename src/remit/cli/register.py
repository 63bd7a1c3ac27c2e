"""`remit register`: the schemes of a deployment's register, for scripts at the server."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from remit.cli.console import Command, out, say_file
from remit.cli.options import one_day, settings_of
from remit.cli.output import Replace
from remit.cli.service import Data, DatabaseAddress, check_installed

if TYPE_CHECKING:
    from remit.service.register.at_server import Shown

GROUP = "register"
HELP = "The schemes of a deployment's register: what is in it, a version's file, and a file as a new draft."

Scheme = Annotated[str, typer.Argument(metavar="SCHEME", help="The scheme's id.")]
Version = Annotated[int | None, typer.Option("--version", metavar="N", min=1, help="Which version.")]
Whose = Annotated[
    str,
    typer.Option(
        "--commissioner", "--organisation", metavar="CODE", help="Whose scheme, where several have one of that id."
    ),
]


def add(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The scheme's YAML file.")],
    commissioner: Annotated[
        str, typer.Option("--commissioner", metavar="CODE", help="The code of the commissioner or place whose it is.")
    ],
    scheme: Annotated[
        str, typer.Option("--scheme", metavar="ID", help="The scheme's id, if the file does not say it.")
    ] = "",
    values: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="A value that the scheme leaves open.")
    ] = None,
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="Why there is to be a new version of a published scheme.")
    ] = "",
    data: Data = None,
    database: DatabaseAddress = "",
) -> None:
    """Put a scheme's file into the register as a draft, byte for byte. It is submitted and approved in the browser.

    That it was added is in the audit log, as done at the server. A text with errors can be added, but not submitted.
    """
    check_installed()
    from remit.service.register.at_server import AddRequest, Register
    from remit.service.register.at_server import add as add_file

    _say(add_file(AddRequest(Register(data, database), file, commissioner, scheme, settings_of(values or []), reason)))


def list_versions(data: Data = None, database: DatabaseAddress = "") -> None:
    """Print every version in the register as CSV: whose it is, its state, from when it holds, its SHA-256."""
    check_installed()
    from remit.documents.render.csv import rows_as_csv
    from remit.service.register.at_server import COLUMNS, Register, listed

    say_file(rows_as_csv(COLUMNS, listed(Register(data, database))).decode())


def show(
    scheme: Scheme, commissioner: Whose = "", version: Version = None, data: Data = None, database: DatabaseAddress = ""
) -> None:
    """Print what is known of a version, the newest or another: its state, from when it holds, and who did what when."""
    check_installed()
    from remit.service.register.at_server import Register
    from remit.service.register.at_server import show as shown

    _say(shown(Register(data, database), scheme, commissioner, version))


def export(
    scheme: Scheme,
    to: Annotated[Path, typer.Option("--to", metavar="FILE", help="The file to write.")],
    commissioner: Whose = "",
    version: Version = None,
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

    done = write(ExportRequest(Register(data, database), scheme, to, commissioner, version, one_day(on), replace))
    out.print(f"Written to {done.path}: {done.version} ({done.state}), SHA-256 {done.sha256}.", soft_wrap=True)


def download(
    scheme: Scheme, commissioner: Whose = "", version: Version = None, replace: Replace = False, data: Data = None,
    database: DatabaseAddress = "",
) -> None:  # fmt: skip
    """Write a version's file into this folder, named by its scheme: as export does, with `--to SCHEME.yaml`."""
    export(scheme, Path(f"{scheme}.yaml"), commissioner, version, None, replace, data, database)


def _say(shown: Shown) -> None:
    out.print(shown.version, style="bold", highlight=False)
    for name, text in shown.facts:
        out.print(f"{name}: {text}", soft_wrap=True, highlight=False, markup=False)
    for text in shown.steps:
        out.print(text, soft_wrap=True, highlight=False, markup=False)


COMMANDS = (
    Command(
        add,
        "add",
        (
            "remit register add qif.yaml --commissioner QNC --data /srv/remit",
            "remit register add qif.yaml --commissioner QNC --reason 'Item 2a pays 15p.' --data /srv/remit",
        ),
    ),
    Command(list_versions, "list", ("remit register list --data /srv/remit",)),
    Command(show, "show", ("remit register show qif-2024-25 --data /srv/remit",)),
    Command(download, "download", ("remit register download qif-2024-25 --version 2 --data /srv/remit",)),
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
