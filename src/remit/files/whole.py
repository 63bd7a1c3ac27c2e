"""A result file appears whole or not at all, and replaces another only when asked to.

Some files must also be there after the power fails: they are synced, which means that their bytes are on the disk.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Literal

from remit.core.problems import Place, refuse
from remit.files.beside import NEW, work_beside
from remit.files.manifest import check_outside_results
from remit.files.private import FILE, private_file


def check_file_free(path: Path, replace: bool) -> None:
    """Refuse a folder, a link that leads nowhere, and a file that is there already unless it is to be replaced."""
    if path.is_dir():
        raise refuse("files.is-a-folder", "is a folder.", Place(str(path)), "Name a file.")
    if path.is_symlink() and not path.exists():
        message = f"is a link to {os.readlink(path)}, which is not there."
        raise refuse("files.link-to-nothing", message, Place(str(path)), "Name another file.")
    check_outside_results(path)
    if path.exists() and not replace:
        raise refuse("files.is-there-already", "is there already.", Place(str(path)), "Name another file.")


def write_whole(path: Path, write: Callable[[Path], object], private: bool = False) -> None:
    """Let `write` fill a file beside `path`, then move it there; a `private` one is for its owner alone."""
    try:
        with work_beside(path) as home:
            work = home / NEW
            write(work)
            work.chmod(FILE if private else 0o644)
            check_file_free(path, replace=True)
            work.replace(path)
    except OSError as error:
        raise refuse(
            "files.cannot-be-written",
            f"cannot be written: {error.strerror or error}.",
            Place(str(path)),
            reason=error.strerror or error,
        ) from None


@contextmanager
def synced(path: Path, mode: Literal["wb", "ab"] = "wb") -> Iterator[IO[bytes]]:
    """A file to write to, whose bytes are on the disk when the block ends well; only its owner may read it.

    Raises OSError.
    """
    private_file(path)
    with path.open(mode) as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def replace_synced(path: Path, data: bytes) -> None:
    """Put a file in place of any that is there, at once, when its bytes are on the disk. Raises OSError."""
    work = unfinished(path)
    with synced(work) as file:
        file.write(data)
    os.replace(work, path)


def unfinished(path: Path) -> Path:
    """Where `replace_synced` writes; it is left there when the process is ended."""
    return path.with_name(f".{path.name}.new")


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk, where the system can."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
