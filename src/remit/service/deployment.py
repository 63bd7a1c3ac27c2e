"""What a deployment says of itself: where its data is, its database, its addresses, its secret, its post.

All of it comes from the environment (`REMIT_…`); `remit serve` puts its own options there. Nothing here knows Django.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote, urlsplit

from remit.core.problems import refuse
from remit.files.private import FILE, private_folder

DATABASE_NAME = "remit.sqlite3"
SECRET_NAME = "secret"
LOCAL = frozenset({"localhost", "127.0.0.1", "::1", "[::1]"})
"""The names of this machine, for itself."""
SECRET_LENGTH = 50
"""Letters of a secret that Remit makes; a deployment's own has as many or more."""


@dataclass(frozen=True)
class Database:
    """Where the rows are: the file of SQLite, or a PostgreSQL server's database with who connects to it."""

    engine: str
    name: str
    user: str = ""
    password: str = ""
    host: str = ""
    port: str = ""

    @property
    def is_postgresql(self) -> bool:
        return self.engine == "postgresql"


@dataclass(frozen=True)
class Deployment:
    """What the environment says. `database` is what the service's own, ordinary role connects to; `owner` is who makes
    and changes the tables (on SQLite the same). `rehearsal` is the day on which a new one begins to rehearse."""

    data: Path
    database: Database
    owner: Database
    address: str
    hosts: tuple[str, ...]
    own_secret: str
    email: str
    email_from: str
    is_demonstration: bool
    nhs_logo: bool
    nhs_typeface: str
    proxies: int = 0
    stop_seconds: int = 20
    idle_minutes: int = 30
    rehearsal: date | None = None

    @property
    def is_secure(self) -> bool:
        """Whether browsers come by https alone: cookies are then sent by nothing else."""
        return self.address.startswith("https://")

    @cached_property
    def secret(self) -> str:
        """The secret that signs sessions: the deployment's own, or one made once and kept in the data folder."""
        if self.own_secret:
            return self.own_secret
        path = self.data / SECRET_NAME
        private_folder(self.data)
        with suppress(FileExistsError), open(path, "x", encoding="ascii", opener=_private) as file:
            file.write(secrets.token_urlsafe(SECRET_LENGTH))
        return path.read_text(encoding="ascii").strip()


def from_environment(environment: Mapping[str, str] = os.environ) -> Deployment:
    """The deployment that the environment describes. Raises Refused for an address that is none."""
    data = Path(environment.get("REMIT_DATA") or "remit-data").absolute()
    sqlite = Database("sqlite3", str(data / DATABASE_NAME))
    url = environment.get("REMIT_DATABASE", "")
    database = database_of(url) if url else sqlite
    owner_url = environment.get("REMIT_DATABASE_OWNER", "")
    address = environment.get("REMIT_ADDRESS", "").rstrip("/")
    hosts = tuple(filter(None, (host.strip() for host in environment.get("REMIT_HOSTS", "").split(","))))
    if not hosts:
        hosts = (urlsplit(address).hostname or "",) if address else tuple(sorted(LOCAL - {"::1"}, reverse=True))
    return Deployment(
        data,
        database,
        database_of(owner_url) if owner_url else database,
        address,
        hosts,
        environment.get("REMIT_SECRET", ""),
        environment.get("REMIT_EMAIL", ""),
        environment.get("REMIT_EMAIL_FROM", ""),
        environment.get("REMIT_DEMO", "") == "1",
        environment.get("REMIT_NHS_LOGO", "") == "1",
        environment.get("REMIT_NHS_TYPEFACE", ""),
        _whole(environment, "REMIT_PROXIES", 1 if address.startswith("https://") else 0),
        _whole(environment, "REMIT_STOP_SECONDS", 20),
        _whole(environment, "REMIT_IDLE_MINUTES", 30),
        _day(environment, "REMIT_REHEARSAL"),
    )


def _whole(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name, "").strip()
    if text and not (text.isascii() and text.isdigit() and len(text) < 6):
        raise refuse("service.setting-unfit", f"{name} is not a whole number.", None, f"Write it as {default or 1}.")
    return int(text) if text else default


def _day(environment: Mapping[str, str], name: str) -> date | None:
    text = environment.get(name, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        what = f"{name} is '{text}', which is not a day."
        raise refuse("service.setting-unfit", what, None, "Write it as 2024-04-01.") from None


def database_of(url: str) -> Database:
    """The database at an address, as postgres://name:password@host:5432/remit. Raises Refused for another."""
    parts = urlsplit(url)
    try:
        port = str(parts.port or "")
    except ValueError:
        port = "none"
    if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/") or port == "none":
        what = "the address of the database is not one of PostgreSQL."
        raise refuse("service.database-address", what, None, "Write it as postgres://name:password@host:5432/remit.")
    return Database(
        "postgresql",
        unquote(parts.path.strip("/")),
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        unquote(parts.hostname or ""),
        port,
    )


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, FILE)
