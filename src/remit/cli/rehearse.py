"""`remit rehearse`: moves a deployment that is a rehearsal to another day."""

from __future__ import annotations

from typing import Annotated

import typer

from remit.cli.console import Command, out
from remit.cli.options import one_day
from remit.cli.service import Data, DatabaseAddress, check_installed


def rehearse(
    day: Annotated[
        str | None, typer.Argument(metavar="DAY", help="The day it is from now on; without one, says which it is.")
    ] = None,
    data: Data = None,
    database: DatabaseAddress = "",
) -> None:
    """Let a rehearsal live at another day, earlier or later. The service may run.

    A deployment is a rehearsal from its first start on, with REMIT_REHEARSAL, or never.
    """
    check_installed()
    from remit.service.serving.rehearse import Request, move

    out.print(move(Request(one_day(day, "DAY"), data, database)), soft_wrap=True)


COMMANDS = (Command(rehearse, "rehearse", ("remit rehearse 2024-05-03 --data /srv/rehearsal",)),)
