"""Where a file or a folder is made before it is put in its place, and what a killed process left of that.

Work on `out` stands in `.out.remit` beside it, which its process holds by the lock in it: `made` is the new one,
`old` what it replaces. Whoever works on `out` next finds what nobody holds, brings back an `old` that has no successor,
and takes the rest away. Where another process is at work, the second has `.out.remit-2`. A folder that holds anything
else is somebody else's, and stays.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path

from remit.core.problems import Refused
from remit.files.locks import LOCK, locked

NEW, OLD = "made", "old"


@contextmanager
def work_beside(path: Path) -> Iterator[Path]:
    """A folder for what is to stand at `path`: make `NEW` in it, and move it. It is gone when the block ends.

    The folder above is made. Raises OSError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with ExitStack() as holding:
        home, number = _lock_first_free(path, holding)
        try:
            _take_away_what_is_left(path, home, number)
            yield home
        finally:
            remove(home)


def remove(path: Path) -> None:
    """Remove a file, or a folder with all that is in it, as far as that can be done."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _home(path: Path, number: int) -> Path:
    return path.with_name(f".{path.name}.remit{'' if number == 1 else f'-{number}'}")


def _lock_first_free(path: Path, holding: ExitStack) -> tuple[Path, int]:
    """The first folder for work on `path` that is ours and that no other process holds, and its number."""
    for number in count(1):
        home = _home(path, number)
        try:
            home.mkdir(mode=0o700)
        except FileExistsError:
            if not _is_ours(home):
                continue
        try:
            if _hold(home, holding) and home.is_dir():  # the one that had it may have taken it away as it ended
                return home, number
        except NotImplementedError:  # the disk knows no locks: nobody else has this name, and nobody takes it away
            return Path(tempfile.mkdtemp(prefix=f"{home.name}-", dir=path.parent)), number
    raise AssertionError("numbers do not end")


def _hold(home: Path, holding: ExitStack) -> bool:
    try:
        holding.enter_context(locked(home, ""))
    except Refused:
        return False
    return True


def _is_ours(home: Path) -> bool:
    return home.is_dir() and not home.is_symlink() and {one.name for one in home.iterdir()} <= {LOCK, NEW, OLD}


def _take_away_what_is_left(path: Path, home: Path, number: int) -> None:
    """Of a killed process in this folder, then of others that worked beside it."""
    if home != _home(path, number):
        return
    _restore(path, home)
    for more in count(number + 1):
        other = _home(path, more)
        if not other.exists() or not _is_ours(other):
            return
        with ExitStack() as holding:
            if _hold(other, holding):
                _restore(path, other)
                remove(other)


def _restore(path: Path, home: Path) -> None:
    """What was to be replaced is back where nothing took its place; the rest is gone."""
    if (home / OLD).exists() and not path.exists():
        os.replace(home / OLD, path)
    remove(home / OLD)
    remove(home / NEW)
