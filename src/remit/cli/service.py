"""What the commands of the service share: its packages, and the options that say where a deployment is."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from remit.core.problems import refuse

Data = Annotated[
    Path | None,
    typer.Option("--data", metavar="DIR", help="The data folder; otherwise REMIT_DATA, or remit-data here."),
]
DatabaseAddress = Annotated[
    str,
    typer.Option(
        "--database",
        metavar="ADDRESS",
        help="The address of a PostgreSQL database and its owner; otherwise REMIT_DATABASE, or SQLite in DIR.",
    ),
]


def check_installed() -> None:
    """Raises Refused where the service's packages are not there."""
    missing = [name for name in ("django", "allauth", "django_tasks_db", "granian", "psycopg") if not find_spec(name)]
    if missing:
        what = f"The packages of the service are not installed ({', '.join(missing)})."
        raise refuse("service.not-installed", what, None, "Install them with: pip install 'remit[service]'")
