"""That a worker is at work: it touches a file of the data folder every few seconds."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from remit.files.private import private_file

_EVERY, _LONG = 5, 30


def beat(data: Path, slot: int) -> None:
    """Touch the worker's file from a thread, until the process ends."""
    path = data / f".worker-{slot}"

    def touch() -> None:
        while True:
            private_file(path)
            time.sleep(_EVERY)

    threading.Thread(target=touch, daemon=True).start()


def is_alive(data: Path) -> bool:
    """Whether a worker touched its file within the last half minute."""
    return any(time.time() - path.stat().st_mtime < _LONG for path in data.glob(".worker-*"))
