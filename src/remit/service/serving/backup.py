"""A backup: every row and every file of a deployment in one file, as they were at one moment, while the service runs.

Rows are read in one transaction that sees one moment; files are never changed once they are written, and each is there
before the row that names it. Sessions and the secret are not in it.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from remit.core.problems import refuse
from remit.core.version import VERSION
from remit.files.private import private_folder
from remit.files.whole import check_file_free, synced, write_whole
from remit.service import clock
from remit.service.scope.acting import acting
from remit.service.scope.scope import EVERYTHING
from remit.service.serving import tables
from remit.service.serving.archive import Manifest, Writer
from remit.service.serving.backup_files import FOLDER, SUFFIX, files_of, path_for


@dataclass(frozen=True)
class Result:
    """Where a backup is, what is in it, and the older ones that were taken away."""

    path: Path
    manifest: Manifest
    removed: tuple[Path, ...] = ()


def backup(data: Path, path: Path | None = None, keep: int | None = None) -> Result:
    """Write a backup; of those in the data folder's own place `keep` are kept. Raises Refused."""
    if path is None:
        private_folder(data / FOLDER)
    made_at = path or path_for(data)
    check_file_free(made_at, replace=False)
    made: list[Manifest] = []
    write_whole(made_at, lambda work: made.append(_write(data, work)), private=True)
    removed = _remove_older(made_at.parent, keep) if keep is not None and path is None else ()
    return Result(made_at, made[0], removed)


def _write(data: Path, path: Path) -> Manifest:
    with synced(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive, one_moment():
        loader = MigrationLoader(connection)
        migrations = tables.applied(loader)
        if not migrations:
            raise refuse("service.nothing-there", "There is nothing to back up: the database has no tables yet.")
        writer = Writer(archive)
        every = tables.of(loader, migrations)
        for label, model in every.items():
            writer.table(label, tables.lines(model))
        for name in files_of(data):
            try:
                with (data / name).open("rb") as one:
                    writer.file(name, one)
            except FileNotFoundError:
                continue  # taken away since: no row of this moment names it
        made = clock.machine_now().astimezone(UTC).isoformat(timespec="seconds")
        return writer.finish(VERSION, made, migrations, tables.anchor(every))


@contextmanager
def one_moment() -> Iterator[None]:
    """Read every row as it is at one moment, and keep no writer waiting. Raises Refused where not every row is seen."""
    with acting(EVERYTHING):
        if connection.vendor == "sqlite":
            connection.ensure_connection()
            sqlite: Any = connection
            before, sqlite.transaction_mode = sqlite.transaction_mode, "DEFERRED"
            try:
                with transaction.atomic():
                    yield
            finally:
                sqlite.transaction_mode = before
            return
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            _check_sees_everything()
            yield


def _check_sees_everything() -> None:
    """With another secret than the tables were made with, PostgreSQL would show no row, and a backup would be empty."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regproc('remit_scope_is_everything') IS NOT NULL")
        [there] = cursor.fetchone()
        cursor.execute("SELECT remit_scope_is_everything()" if there else "SELECT true")
        [everything] = cursor.fetchone()
    if not everything:
        raise refuse(
            "service.other-secret",
            "The secret is not the one that the database was set up with: its rows cannot be read.",
            None,
            "Name the data folder with the deployment's secret, or set REMIT_SECRET.",
        )


def _remove_older(folder: Path, keep: int) -> tuple[Path, ...]:
    """Take all but the newest away; their names are in the order of time."""
    every = sorted(folder.glob(f"remit-*{SUFFIX}"))
    old = tuple(every[: max(0, len(every) - max(1, keep))])
    for path in old:
        path.unlink()
    return old
