"""A result file appears whole or not at all, and never over another unless that is said."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from remit.core.problems import Place, refuse


def check_file_free(path: Path, replace: bool) -> None:
    """Refuse a folder, and a file that is there already unless it is to be replaced."""
    if path.is_dir():
        raise refuse("files.is-a-folder", "is a folder.", Place(str(path)), "Name a file.")
    if path.exists() and not replace:
        raise refuse("files.is-there-already", "is there already.", Place(str(path)), "Name another file.")


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Let `write` fill a file beside `path`, then move it there."""
    work: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        os.close(handle)
        work = Path(name)
        write(work)
        work.chmod(0o644)
        work.replace(path)
    except OSError as error:
        raise refuse(
            "files.cannot-be-written",
            f"cannot be written: {error.strerror or error}.",
            Place(str(path)),
            reason=error.strerror or error,
        ) from None
    finally:
        if work is not None:
            work.unlink(missing_ok=True)
