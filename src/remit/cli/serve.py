"""`remit serve`: the service, its web server and its workers, in one command."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from remit.cli.console import Command, out, warn
from remit.cli.service import Data, DatabaseAddress, check_installed


def serve(
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="The port to listen on.")] = 8000,
    host: Annotated[
        str, typer.Option("--host", metavar="ADDRESS", help="The network address to listen on: this machine's own.")
    ] = "127.0.0.1",
    data: Data = None,
    database: DatabaseAddress = "",
    workers: Annotated[int, typer.Option("--workers", min=1, max=16, help="How many jobs may run at a time.")] = 1,
    demo: Annotated[
        bool, typer.Option("--demo", help="Load the made-up area, with a sign-in for each role. On this machine only.")
    ] = False,
    check: Annotated[
        bool,
        typer.Option("--check", help="Start nothing: say what the deployment lacks."),
    ] = False,
) -> None:
    """Start the service: pages for practices, networks and commissioners, and the jobs behind them.

    At the start the tables are brought to this version, after a backup. Ctrl-C or SIGTERM ends it.

    All other settings, such as REMIT_ADDRESS and REMIT_EMAIL, come from the environment.
    """
    check_installed()
    if check:
        _check(data, database)
        return
    from remit.service.serving.serve import Request
    from remit.service.serving.serve import serve as start

    start(Request(host, port, data, database, demo, workers), _say, warn)


def _say(text: str) -> None:
    out.print(text, soft_wrap=True)


def _check(data: Path | None, database: str) -> None:
    """Each line with a word in front that can be searched for."""
    from remit.service.deployment_names import unknown_names
    from remit.service.serving.checks import check, is_ready

    for problem in unknown_names(os.environ):
        warn(problem)
    lines = check(data, database)
    for line in lines:
        word = "ok" if line.is_well else "missing" if line.essential else "note"
        out.print(f"{word:<8}{line.what}: {line.stands}.", soft_wrap=True)
        if line.to_do:
            out.print(f"{'':8}{line.to_do}", soft_wrap=True)
    if not is_ready(lines):
        out.print("The deployment is not ready: see what is missing.")
        raise typer.Exit(1)


COMMANDS = (
    Command(
        serve,
        "serve",
        (
            "remit serve --data /srv/remit",
            "remit serve --demo",
            "remit serve --database postgres://owner:password@localhost/remit --check",
        ),
    ),
)
