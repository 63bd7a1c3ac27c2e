"""An import in a process of its own, ended by the system just before the n-th step that touches the disk.

killed.py N FOLDER STORE MODE, or killed.py full BYTES FOLDER STORE MODE, in which no file may grow beyond so many bytes.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

from remit.cli.main import main

STEPS = ("fsync", "replace", "mkdir", "unlink", "rmdir")


def counted(limit: int) -> None:
    done = 0

    def wrap(step: Any) -> Any:
        def stepping(*given: Any, **named: Any) -> Any:
            nonlocal done
            done += 1
            if done == limit:
                os.kill(os.getpid(), signal.SIGKILL)
            return step(*given, **named)

        return stepping

    for name in STEPS:
        setattr(os, name, wrap(getattr(os, name)))


def limited(size: int) -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


if __name__ == "__main__":
    what, *rest = sys.argv[1:]
    if what == "full":
        limited(int(rest.pop(0)))
    else:
        counted(int(what))
    folder, store, mode = rest
    sys.argv = ["remit", "records", "import", folder, "--store", store, "--keep-ids", *([f"--{mode}"] if mode else [])]
    main()
