"""A folder that one process at a time may write to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from remit.core.problems import Place, refuse

LOCK = ".lock"


@contextmanager
def locked(folder: Path, message: str) -> Iterator[None]:
    """Hold the folder for the block. Raises Refused with `message` where another process holds it: nobody waits.

    The lock is the system's and not the file's: however a process ends, what it held is free, and the file `.lock`
    that stays behind locks nothing. A folder that is not there is made. Raises OSError where it cannot be written to.
    """
    from filelock import FileLock, Timeout  # most commands lock nothing

    lock = FileLock(folder / LOCK, blocking=False, fallback_to_soft=False, preserve_lock_file=True)
    try:
        lock.acquire()
    except (Timeout, FileNotFoundError):  # the one that had it takes the folder away as it ends
        raise refuse("files.in-use", message, Place(str(folder)), "Wait until it ends.") from None
    try:
        yield
    finally:
        lock.release()
