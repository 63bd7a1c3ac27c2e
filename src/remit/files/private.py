"""Files and folders that only their owner may read, whatever the umask: those that hold rows of patients."""

from __future__ import annotations

import os
from pathlib import Path

FILE, FOLDER = 0o600, 0o700


def private_folder(folder: Path) -> None:
    """Make a folder for its owner alone, or take one that is there; those above are made as usual. Raises OSError."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=FOLDER, exist_ok=True)
    folder.chmod(FOLDER)


def private_file(path: Path) -> None:
    """Make an empty file for its owner alone, or take one that is there, before anything is written. Raises OSError."""
    path.touch(mode=FILE)
    path.chmod(FILE)


def keep_private(path: Path) -> None:
    """Take a file that is there from everybody but its owner, where others may read it. Raises OSError."""
    if others_may_read(path):
        path.chmod(FILE)


def others_may_read(path: Path) -> bool:
    """Whether anybody but its owner may read or change a file; on Windows nobody can tell from its mode."""
    return os.name == "posix" and bool(path.stat().st_mode & 0o077)
