"""A database that a test made, away again: whoever is still in it is sent away first.

`DROP DATABASE ... WITH (FORCE)` is refused to an ordinary role while PostgreSQL's own cleaning is at work there;
a plain one sends that away by itself.
"""

from __future__ import annotations

import psycopg
from psycopg import sql

EMPTIED = """SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = %s AND pid <> pg_backend_pid() AND backend_type = 'client backend'"""


def emptied(server: psycopg.Connection, name: str) -> None:
    """Nobody is in the database any more."""
    server.execute(EMPTIED, [name])


def dropped(server: psycopg.Connection, name: str) -> None:
    """There is no such database any more, whoever was in it."""
    emptied(server, name)
    server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
