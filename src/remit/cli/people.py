"""`remit people`: who signs in to a deployment, for whoever runs it."""

from __future__ import annotations

from typing import Annotated

import typer

from remit.cli.console import Command, out, say_file
from remit.cli.service import Data, DatabaseAddress, check_installed
from remit.core.problems import refuse

GROUP = "people"
HELP = "Who signs in to a deployment: invite an administrator, list people, switch an account off, mend a way in."

Email = Annotated[str, typer.Argument(metavar="EMAIL", help="The e-mail address that the person signs in with.")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; it is kept in the audit log.")]


def invite(
    administrator: Annotated[
        str, typer.Option("--administrator", metavar="EMAIL", help="The e-mail address of the administrator.")
    ],
    commissioner: Annotated[
        str, typer.Option("--commissioner", metavar="CODE", help="The NHS code of the commissioner, such as QNC.")
    ],
    name: Annotated[
        str, typer.Option("--name", metavar="TEXT", help="The commissioner's name, where it is not there yet.")
    ] = "",
    data: Data = None,
    database: DatabaseAddress = "",
) -> None:
    """Print a one-time address that makes somebody administrator of a commissioner. It is good for 24 hours.

    Hand it over yourself: whoever has it can use it. The administrator then invites everybody else in the browser.
    """
    check_installed()
    from remit.service.people.at_server import Deployment, invite_administrator

    if "@" not in administrator:
        raise refuse("service.people", f"{administrator} is not an e-mail address.", None, "Write it as name@nhs.net.")
    address = invite_administrator(Deployment(data, database), administrator, commissioner, name)
    out.print("Hand this address over. It can be used once, within 24 hours:")
    out.print(address, soft_wrap=True)


def list_people(data: Data = None, database: DatabaseAddress = "") -> None:
    """Print everybody as CSV: who has which role where, from when, and whether a second factor is set up."""
    check_installed()
    from remit.documents.render.csv import rows_as_csv
    from remit.service.people.at_server import COLUMNS, Deployment, listed

    say_file(rows_as_csv(COLUMNS, listed(Deployment(data, database))).decode())


def deactivate(email: Email, reason: Reason, data: Data = None, database: DatabaseAddress = "") -> None:
    """Switch an account off: its sessions end at once. An administrator can switch it on again in the browser."""
    check_installed()
    from remit.service.people.at_server import Deployment
    from remit.service.people.at_server import deactivate as switch_off

    out.print(f"The account of {switch_off(Deployment(data, database), email, reason)} is switched off.")


def reset_second_factor(email: Email, reason: Reason, data: Data = None, database: DatabaseAddress = "") -> None:
    """Take a lost second factor away: the person sets up a new one at the next sign-in."""
    check_installed()
    from remit.service.people.at_server import Deployment
    from remit.service.people.at_server import reset_second_factor as reset

    name = reset(Deployment(data, database), email, reason)
    out.print(f"The second factor of {name} is reset. A new one is set up at the next sign-in.")


def reset_password(email: Email, data: Data = None, database: DatabaseAddress = "") -> None:
    """Print a one-time address where somebody sets a new password, for a deployment that sends no e-mails."""
    check_installed()
    from remit.service.people.at_server import Deployment
    from remit.service.people.at_server import reset_password as reset

    out.print("Hand this address over. It can be used once, within an hour:")
    out.print(reset(Deployment(data, database), email), soft_wrap=True)


_DATA = "--data /srv/remit"
COMMANDS = (
    Command(invite, "invite", (f"remit people invite --administrator ada@nhs.net --commissioner QNC {_DATA}",)),
    Command(list_people, "list", (f"remit people list {_DATA}",)),
    Command(deactivate, "deactivate", (f'remit people deactivate ada@nhs.net --reason "Has left" {_DATA}',)),
    Command(
        reset_second_factor,
        "reset-second-factor",
        (f'remit people reset-second-factor ada@nhs.net --reason "Phone lost" {_DATA}',),
    ),
    Command(reset_password, "reset-password", (f"remit people reset-password ada@nhs.net {_DATA}",)),
)
"""The commands below the word."""
