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
    """The same, with every trigger off, and without row-level security on the audit log."""
    with owner() as execute:
        if not settings.OWNER:
            there = execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            execute("PRAGMA ignore_check_constraints=ON")
            for name, _ in there:
                execute(f"DROP TRIGGER {name}")
            try:
                yield execute
            finally:
                for _, sql in there:
                    execute(sql)
            return
        names = execute(
            "SELECT tgrelid::regclass::text, tgname, tgenabled FROM pg_trigger"
            " WHERE NOT tgisinternal AND tgenabled <> 'D'"
        ).fetchall()
        for table in dict.fromkeys(table for table, _, _ in names):
            execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for table in (triggers.ENTRY, triggers.HEAD):
            execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        try:
            yield execute
        finally:
            for table, name, enabled in names:
                execute(f"ALTER TABLE {table} ENABLE {'ALWAYS ' if enabled == 'A' else ''}TRIGGER {name}")
            execute(f"ALTER TABLE {triggers.ENTRY} FORCE ROW LEVEL SECURITY")


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
