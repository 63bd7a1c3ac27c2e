"""The last step of a restore: the new files go where the old ones were, also where the process is ended meanwhile.

`.restoring` holds what is to come, `restore.json` beside it what is to be moved: once that is written (on PostgreSQL:
and the transaction that it names is committed) the restore is certain, and whoever starts next ends it.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

from remit.files.whole import replace_synced, sync_folder
from remit.service.deployment import DATABASE_NAME
from remit.service.serving.backup_files import NOT_FILES

_STAGED, _REPLACED, _JOURNAL = ".restoring", ".replaced", ".restore.json"
_DATABASE = frozenset({DATABASE_NAME, f"{DATABASE_NAME}-wal", f"{DATABASE_NAME}-shm"})


def staging(data: Path) -> Path:
    """Where the files of a restore wait."""
    return data / _STAGED


def write(data: Path, token: str, with_database: bool) -> None:
    """Write down what is to be moved. `token` is the one in PostgreSQL's transaction."""
    for folder, _, names in os.walk(staging(data)):
        for name in names:
            with open(Path(folder) / name, "rb") as file:
                os.fsync(file.fileno())
    old = sorted(
        path.name
        for path in data.iterdir()
        if not path.name.startswith(".") and (path.name not in NOT_FILES or (with_database and path.name in _DATABASE))
    )
    new = sorted(path.name for path in staging(data).iterdir())
    replace_synced(data / _JOURNAL, json.dumps({"token": token, "old": old, "new": new}).encode())
    sync_folder(data)


def pending(data: Path) -> dict[str, Any] | None:
    """What a restore that was cut off had written down."""
    path = data / _JOURNAL
    return json.loads(path.read_bytes()) if path.exists() else None


def is_certain(data: Path) -> bool:
    """Whether a restore got so far that it is to be ended and not undone."""
    journal = pending(data)
    return journal is not None and (not journal["token"] or _is_committed(journal["token"]))


def finish_or_clear(data: Path) -> bool:
    """At a start: end a restore that was cut off where it is certain, and otherwise take what is left of it away."""
    if not (data / _STAGED).exists() and not (data / _JOURNAL).exists():
        return False
    if is_certain(data):
        finish(data)
        return True
    clear(data)
    return False


def finish(data: Path) -> None:
    """Move what is to be moved; what was moved already stays."""
    journal = pending(data)
    if journal is None:
        return
    (data / _REPLACED).mkdir(mode=0o700, exist_ok=True)
    for name in journal["old"]:
        if (data / name).exists() and not (data / _REPLACED / name).exists():
            (data / name).rename(data / _REPLACED / name)
    for name in journal["new"]:
        if (data / _STAGED / name).exists():
            (data / _STAGED / name).rename(data / name)
    sync_folder(data)
    (data / _JOURNAL).unlink()
    clear(data)


def clear(data: Path) -> None:
    """Take away what a restore left beside."""
    (data / _JOURNAL).unlink(missing_ok=True)
    for name in (_STAGED, _REPLACED):
        shutil.rmtree(data / name, ignore_errors=True)


def _is_committed(token: str) -> bool:
    from django.db import connection

    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT obj_description(to_regclass('public.django_migrations'), 'pg_class')")
        [comment] = cursor.fetchone()
    return bool(comment == f"restored {token}")
