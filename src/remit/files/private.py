"""Files and folders that only their owner may read, whatever the umask: those that hold rows of patients."""

from __future__ import annotations

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


def make_private(folder: Path) -> None:
    """A folder and all that is in it, for its owner alone. Raises OSError."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(FOLDER if path.is_dir() else FILE)
