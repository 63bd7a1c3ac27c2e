"""PostgreSQL: the ordinary role that the service connects as, made by whoever owns the tables.

Row-level security holds for neither a superuser nor a role with BYPASSRLS, and an owner can take it away: none of these
is what pages and jobs connect as.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from remit.core.problems import Refused, refuse
from remit.service.deployment import Database

LOCK = 0x52454D49  # "REMI": the advisory lock of the service in its database


@dataclass(frozen=True)
class Role:
    """What the server says of who connected."""

    name: str
    is_superuser: bool
    bypasses: bool
    may_make_roles: bool
    owns_tables: bool
    owns_database: bool

    @property
    def is_ordinary(self) -> bool:
        """Whether row-level security holds for it."""
        return not (self.is_superuser or self.bypasses or self.may_make_roles or self.owns_tables or self.owns_database)


def connect(database: Database) -> Any:
    """A connection of psycopg. Raises Refused where the server cannot be reached or does not let one in."""
    import psycopg

    parts: dict[str, Any] = {
        "dbname": database.name, "user": database.user, "password": database.password, "host": database.host,
        "port": database.port,
    }  # fmt: skip
    try:
        return psycopg.connect(
            **{name: value for name, value in parts.items() if value}, autocommit=True, connect_timeout=10
        )
    except psycopg.OperationalError:
        where = f"{database.host or 'this machine'}, database {database.name}, as {database.user}"
        raise refuse(
            "service.database-unreachable",
            f"PostgreSQL cannot be reached, or does not let Remit in ({where}).",
            None,
            "Check that it runs, the address, the name and the password.",
        ) from None


def role_of(database: Database) -> Role:
    """Who the address connects as. Raises Refused where it cannot."""
    with connect(database) as server:
        row = server.execute(
            "SELECT current_user, rolsuper, rolbypassrls, rolcreaterole,"
            " EXISTS (SELECT 1 FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace"
            "         AND pg_has_role(current_user, c.relowner, 'MEMBER')),"
            " EXISTS (SELECT 1 FROM pg_database d WHERE d.datname = current_database()"
            "         AND pg_has_role(current_user, d.datdba, 'MEMBER'))"
            " FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
    return Role(*row)


def check_ordinary(database: Database) -> None:
    """Raises Refused where what pages and jobs would connect as is not held by row-level security."""
    role = role_of(database)
    if not role.is_ordinary:
        raise refuse(
            "service.database-role",
            f"The role {role.name} is a superuser, passes row-level security, makes roles or owns the tables: "
            "pages and jobs may not connect as it.",
            None,
            "Name an ordinary role in REMIT_DATABASE, or give the owner's address alone: Remit then makes the role.",
        )


def ordinary(owner: Database, secret: str) -> Database:
    """Make or correct the service's role, `<database>_service`, as the owner; where it connects.

    Its password is made from the service's secret, and goes to the server as its SCRAM hash. Raises Refused.
    """
    import psycopg
    from psycopg import sql

    name = f"{owner.name}_service"
    password = hmac.digest(secret.encode(), b"remit.postgresql." + name.encode(), hashlib.sha256).hex()
    with connect(owner) as server:
        hashed = server.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256").decode()
        found = server.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone()
        verb = sql.SQL("ALTER" if found else "CREATE")
        flags = sql.SQL("LOGIN PASSWORD {}").format(sql.Literal(hashed))
        statement = sql.SQL("{} ROLE {} {}").format(verb, sql.Identifier(name), flags)
        try:
            server.execute(statement)
        except psycopg.errors.InsufficientPrivilege:
            raise _no_role(owner, name) from None
    return replace(owner, user=name, password=password)


def _no_role(owner: Database, name: str) -> Refused:
    return refuse(
        "service.database-role",
        f"The role {owner.user} may not make or change the role {name}, which pages and jobs connect as.",
        None,
        "Let a superuser give it CREATEROLE, or make an ordinary role yourself and name it in REMIT_DATABASE, with "
        "the owner in REMIT_DATABASE_OWNER.",
    )


def url_of(database: Database) -> str:
    """The address of a database, as REMIT_DATABASE takes it."""
    port = f":{database.port}" if database.port else ""
    who = f"{quote(database.user, safe='')}:{quote(database.password, safe='')}"
    return f"postgres://{who}@{quote(database.host, safe='')}{port}/{quote(database.name, safe='')}"
