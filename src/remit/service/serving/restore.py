"""Brings a backup back, whole or not at all: into an empty place or, where asked for, in place of what is there.

Rows are loaded into tables made anew by the migrations that the backup's had, their hashes are compared, and then the
tables are brought to this version. On SQLite that happens in a new file beside; on PostgreSQL in one transaction. Files
are unpacked beside. What is then to be moved is written down first, so that a restore that is cut off while it moves is
ended by the next start (`restore_moves`).
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.core.management.color import no_style
from django.db import DatabaseError, DataError, IntegrityError, connection, models
from django.db.migrations.loader import MigrationLoader

from remit.core.problems import Place, refuse
from remit.files.private import private_file, private_folder
from remit.service.deployment import DATABASE_NAME
from remit.service.serving import migrate, replaced, restore_moves, tables
from remit.service.serving.archive import Manifest, Reader, opened
from remit.service.serving.backup_files import NOT_FILES
from remit.service.serving.logs import place_of
from remit.service.serving.replaced import Lost


@dataclass(frozen=True)
class Result:
    """What came back, and the tables' hashes as they are now equal to. `lost` are payment runs that
    were released and are not in it."""

    manifest: Manifest
    lost: Lost


def restore(path: Path, data: Path, replace: bool = False) -> Result:
    """Bring a backup back; whoever calls has the lock of the data folder. Raises Refused, with nothing changed."""
    with opened(path, data) as reader:
        if not replace:
            _check_place_is_empty(data)
        _check_migrations(reader.manifest, path)
        lost = replaced.lost(reader, data) if replace else Lost()
        restore_moves.clear(data)
        staged = restore_moves.staging(data)
        private_folder(staged)
        token = secrets.token_hex(16)
        try:
            for item in reader.manifest.files:
                _unpack(reader, item.name, staged)
            replaced.keep(lost.runs, staged)
            if connection.vendor == "sqlite":
                with _another_file(staged / DATABASE_NAME):
                    _load(reader)
                restore_moves.write(data, "", with_database=True)
            else:
                with migrate.one_transaction():
                    _drop_all()
                    _load_here(reader)
                    _mark(token)
                    restore_moves.write(data, token, with_database=False)
            restore_moves.finish(data)
        except BaseException as failure:
            if not restore_moves.is_certain(data):
                restore_moves.clear(data)
            if isinstance(failure, IntegrityError | DataError):
                raise _unlike("rows that do not fit together") from None
            if isinstance(failure, DatabaseError):
                what = f"The database did not take the backup ({place_of(failure)['error']}). Nothing was changed."
                raise refuse("service.database-failed", what, None, "See its own log.") from failure
            raise
        return Result(reader.manifest, lost)


def _check_place_is_empty(data: Path) -> None:
    there = [path.name for path in data.iterdir() if path.name not in NOT_FILES and not path.name.startswith(".")]
    if (data / DATABASE_NAME).exists() or there or (connection.vendor == "postgresql" and not migrate.is_empty()):
        raise refuse(
            "service.place-in-use",
            "holds a deployment already, or its database does.",
            Place(str(data)),
            "Restore into a new folder and an empty database, or add --replace to put the backup in place of them.",
        )


def _check_migrations(manifest: Manifest, path: Path) -> None:
    known = MigrationLoader(None).graph.nodes
    unknown = [f"{app} {name}" for app, name in manifest.migrations if (app, name) not in known]
    if unknown or not manifest.migrations:
        raise refuse(
            "service.backup-form",
            f"was made by Remit {manifest.version}, which has tables that this version does not know.",
            Place(str(path)),
            "Nothing was changed. Restore it with that version or a later one.",
        )


@contextmanager
def _another_file(path: Path) -> Iterator[None]:
    """Let the connection to SQLite lead to a new file."""
    before = connection.settings_dict["NAME"]
    connection.close()
    private_file(path)
    connection.settings_dict["NAME"] = str(path)
    try:
        yield
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def _load(reader: Reader) -> None:
    with migrate.one_transaction():
        _load_here(reader)


def _load_here(reader: Reader) -> None:
    """Tables as they were, their rows, and then what this version changes of them."""
    nodes = list(reader.manifest.migrations)
    loader = MigrationLoader(connection)
    migrate.to(tables.leaves(loader, nodes))
    known = tables.of(loader, nodes)
    items = {item.name: item for item in reader.manifest.tables}
    if set(items) != set(known):
        raise _unlike("other tables than its migrations make")
    models_of = list(known.values())
    with _no_triggers(models_of):
        for model in models_of:
            model._base_manager.all()._raw_delete(using=connection.alias)
        for label, model in known.items():
            try:
                tables.load(model, reader.lines(label))
            except (KeyError, ValueError, TypeError, AttributeError):
                raise _unlike(f"a row in {label} that is none of its") from None
        migrate.settle()
    for label, model in known.items():
        if tables.sha256(model) != items[label].sha256:
            raise _unlike(f"rows in {label} that do not come back as they are")
    _reset_sequences(models_of)
    migrate.to()


def _unlike(what: str) -> Exception:
    message = f"The backup holds {what}."
    return refuse("service.backup-damaged", message, None, "Nothing was changed. Use another backup.")


@contextmanager
def _no_triggers(every: list[type[models.Model]]) -> Iterator[None]:
    """The owner brings back entries that a trigger would let nobody change; it is in force again before this ends."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            for name, _ in triggers:
                cursor.execute(f'DROP TRIGGER "{name}"')
            yield
            for _, statement in triggers:
                cursor.execute(statement)
            return
        cursor.execute(
            "SELECT format('ALTER TABLE %s ENABLE ' || CASE tgenabled WHEN 'A' THEN 'ALWAYS ' ELSE '' END ||"
            " 'TRIGGER %I', tgrelid::regclass, tgname) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
        )
        as_they_were = [statement for (statement,) in cursor.fetchall()]
        for model in every:
            cursor.execute(f'ALTER TABLE "{model._meta.db_table}" DISABLE TRIGGER USER')
        yield
        for statement in as_they_were:
            cursor.execute(statement)


def _reset_sequences(every: list[type[models.Model]]) -> None:
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), every):
            cursor.execute(statement)


def _drop_all() -> None:
    """All that the owner has in PostgreSQL's public schema, in the transaction that makes it anew."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('DROP TABLE IF EXISTS %I.%I CASCADE', schemaname, tablename) FROM pg_tables"
            " WHERE schemaname = 'public' AND pg_has_role(current_user, tableowner, 'MEMBER')"
        )
        tables_there = [statement for (statement,) in cursor.fetchall()]
        cursor.execute(
            "SELECT format('DROP ROUTINE IF EXISTS %s CASCADE', p.oid::regprocedure) FROM pg_proc p"
            " WHERE p.pronamespace = 'public'::regnamespace AND pg_has_role(current_user, p.proowner, 'MEMBER')"
            " AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"
        )
        for statement in [*tables_there, *(statement for (statement,) in cursor.fetchall())]:
            cursor.execute(statement)


def _mark(token: str) -> None:
    """So that a start after a cut knows whether the rows were committed."""
    with connection.cursor() as cursor:
        cursor.execute(f"COMMENT ON TABLE django_migrations IS 'restored {token}'")


def _unpack(reader: Reader, name: str, staged: Path) -> None:
    to = staged / name
    folder = staged
    for part in Path(name).parent.parts:
        folder = folder / part
        private_folder(folder)
    private_file(to)
    with reader.file(name) as file, to.open("wb") as out:
        shutil.copyfileobj(file, out)
