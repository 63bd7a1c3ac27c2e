"""The tables' owner can do what the service cannot: tamper with rows, and empty tables after a test that commits."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.db import connection
from tests.service import settings

from remit.service.audit import triggers

_STAYS = {"django_migrations", "django_content_type", "auth_permission", "remit_scope_key"}

Execute = Callable[..., Any]


def address() -> str:
    """Where the owner connects to the tests' own database on PostgreSQL."""
    parts = urlsplit(settings.OWNER)
    return urlunsplit(parts._replace(scheme="postgresql", path=f"/{connection.settings_dict['NAME']}"))


@contextmanager
def owner() -> Iterator[Execute]:
    """Executes SQL as the tables' owner, with no foreign keys on SQLite; each statement is committed."""
    if settings.OWNER:
        import psycopg

        with psycopg.connect(address(), autocommit=True) as server:
            yield server.execute
        return
    with closing(sqlite3.connect(str(connection.settings_dict["NAME"]), isolation_level=None, timeout=20)) as file:
        yield file.execute


@contextmanager
def without_triggers() -> Iterator[Execute]:
    """The same, with the triggers of the audit log off."""
    with owner() as execute:
        tables = (triggers.ENTRY, triggers.HEAD)
        if settings.OWNER:
            names = [
                (name, table)
                for table in tables
                for (name,) in execute(
                    "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal", [table]
                ).fetchall()
            ]
            for table in tables:
                execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
                execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
            try:
                yield execute
            finally:
                for name, table in names:
                    execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")
                execute(f"ALTER TABLE {triggers.ENTRY} FORCE ROW LEVEL SECURITY")
            return
        for statement in ("PRAGMA ignore_check_constraints=ON", *triggers.sqlite_back()):
            execute(statement)
        try:
            yield execute
        finally:
            for statement in triggers.sqlite():
                execute(statement)


def empty() -> None:
    """Every table as it is before a test, after one that committed."""
    connection.close()
    with without_triggers() as execute:
        if settings.OWNER:
            names = [
                name for (name,) in execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
            ]
            execute("TRUNCATE " + ", ".join(f'"{name}"' for name in names if name not in _STAYS))
        else:
            for (name,) in execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                if name not in _STAYS and not name.startswith("sqlite_"):
                    execute(f'DELETE FROM "{name}"')
        execute(f"INSERT INTO {triggers.HEAD} (id, number, hash) VALUES (1, 0, '')")
