"""Brings the tables to what this version of Remit needs: all migrations in one transaction, or none of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db import connection, transaction
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor

from remit.service.scope.acting import acting
from remit.service.scope.scope import EVERYTHING
from remit.service.serving.tables import Node


@contextmanager
def one_transaction() -> Iterator[None]:
    """Tables are made and changed in one transaction, on both databases; references are checked before it ends."""
    if connection.vendor == "sqlite":
        connection.disable_constraint_checking()
    try:
        with acting(EVERYTHING), transaction.atomic():
            yield
            if connection.vendor == "sqlite":
                connection.check_constraints()
    finally:
        if connection.vendor == "sqlite":
            connection.enable_constraint_checking()


def due() -> list[Node]:
    """The migrations that the database does not have yet."""
    executor = MigrationExecutor(connection)
    return [(migration.app_label, migration.name) for migration, _ in _plan(executor, None)]


def is_empty() -> bool:
    """Whether the database has no table of ours."""
    return "django_migrations" not in connection.introspection.table_names()


def to(nodes: list[Node] | None = None) -> None:
    """Apply what is due, up to some migrations or all; whoever calls is in `one_transaction`."""
    executor = MigrationExecutor(connection, settle)
    plan = _plan(executor, nodes)
    if nodes is None:
        emit_pre_migrate_signal(verbosity=0, interactive=False, db=connection.alias, plan=plan)
    executor.migrate(nodes or executor.loader.graph.leaf_nodes(), plan)
    if nodes is None:
        settle()
        emit_post_migrate_signal(verbosity=0, interactive=False, db=connection.alias, plan=plan)


def _plan(executor: MigrationExecutor, nodes: list[Node] | None) -> list[tuple[Migration, bool]]:
    executor.loader.check_consistent_history(connection)
    return executor.migration_plan(nodes or executor.loader.graph.leaf_nodes())


def settle(*_: object) -> None:
    """PostgreSQL changes no table with checks outstanding: they are made after each migration."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
