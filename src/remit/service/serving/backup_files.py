"""Which files of a data folder are backed up, and where backups go. Knows no Django."""

from __future__ import annotations

import os
import stat
from datetime import UTC, datetime
from pathlib import Path

from remit.core.problems import Place, refuse
from remit.files.locks import LOCK
from remit.service.deployment import DATABASE_NAME, SECRET_NAME
from remit.service.serving.archive import is_safe

FOLDER = "backups"
SUFFIX = ".remit-backup"
UPLOADS = "uploads"
"""Where what is sent waits while it comes in: nothing that is kept."""
NOT_FILES = frozenset(
    {SECRET_NAME, LOCK, FOLDER, UPLOADS, DATABASE_NAME, *(f"{DATABASE_NAME}-{end}" for end in ("wal", "shm"))}
)
"""What of the data folder is no file of the deployment's: names at its top. Names with a dot in front are neither."""


def path_for(data: Path, what: str = "remit") -> Path:
    """Where a backup goes where nobody says: below the data folder, named for the moment."""
    return data / FOLDER / f"{what}-{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}{SUFFIX}"


def files_of(data: Path) -> list[str]:
    """The names of the deployment's files below its data folder. Raises Refused for a link and whatever is no file."""
    found: list[str] = []
    for folder, folders, names in os.walk(data):
        here = Path(folder)
        if here == data:
            folders[:] = [name for name in folders if name not in NOT_FILES]
            names = [name for name in names if name not in NOT_FILES]
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in (*names, *folders):
            path = here / name
            if name.startswith("."):
                continue
            try:
                mode = path.lstat().st_mode
            except FileNotFoundError:
                continue
            if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
                what = "is a link or no plain file: a data folder holds files alone."
                raise refuse("service.not-a-file", what, Place(str(path)), "Take it away.")
            if not is_safe(name):
                what = "has a name that not every system can hold."
                raise refuse("service.not-a-file", what, Place(str(path)), "Rename it.")
            if stat.S_ISREG(mode):
                found.append(path.relative_to(data).as_posix())
    return sorted(found)
