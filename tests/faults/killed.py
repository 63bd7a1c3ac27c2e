"""An import in a process of its own, ended by the system just before the n-th step that touches the disk.

killed.py N FOLDER STORE MODE, or killed.py full BYTES FOLDER STORE MODE, where no file may grow beyond so many bytes.
killed.py beside N FOLDER STORE: an append that lays its extract beside the files. killed.py compact N STORE.
killed.py SIGNAL N FOLDER STORE KEY: the command, given a signal at that step.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

import pyarrow as pa

from remit.records import by_code, importing
from remit.records.compacting import compact
from remit.records.importing import import_records

STEPS = ("fsync", "replace", "mkdir", "unlink", "rmdir")


def counted(limit: int, ended_by: int = signal.SIGKILL) -> None:
    done = 0

    def wrap(step: Any) -> Any:
        def stepping(*given: Any, **named: Any) -> Any:
            nonlocal done
            done += 1
            if done == limit:
                os.kill(os.getpid(), ended_by)
            return step(*given, **named)

        return stepping

    for name in STEPS:
        setattr(os, name, wrap(getattr(os, name)))


def stepping_before(write: Any) -> Any:
    """What is laid aside: a step before each file of it, which no function of the system's announces."""

    def writing(path: Any, *given: Any, **named: Any) -> Any:
        os.mkdir(f"{path}.step")
        os.rmdir(f"{path}.step")
        return write(path, *given, **named)

    return writing


def limited(size: int) -> None:
    """No file may grow beyond a size; coverage too could not write what it measured, and measures nothing."""
    import resource

    coverage = sys.modules.get("coverage")
    measured = coverage.Coverage.current() if coverage else None
    if measured:
        measured.stop()
        measured.save()
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


if __name__ == "__main__":
    what, *rest = sys.argv[1:]
    vars(by_code)["LEAST_ROWS"] = 1  # these are written and ended too
    if what == "full":
        from remit.cli.main import main

        limited(int(rest.pop(0)))
        folder, store, *mode = rest
        sys.argv = ["remit", "records", "import", folder, "--store", store, "--keep-ids", *(f"--{m}" for m in mode)]
        main()
    elif what in ("SIGKILL", "SIGINT"):
        from remit.cli.main import main

        signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have begun this in the background
        pa.ipc.new_file = stepping_before(pa.ipc.new_file)
        n, folder, store, key = rest
        counted(int(n), getattr(signal, what))
        sys.argv = ["remit", "records", "import", folder, "--store", store, "--key-file", key]
        main()
    elif what == "compact":
        n, store = rest
        counted(int(n))
        compact(store)
    elif what == "beside":
        vars(importing)["pays"] = lambda *_: True  # however little the store holds
        n, folder, store = rest
        counted(int(n))
        import_records(folder, store, keep_ids=True, mode="append")
    else:
        counted(int(what))
        folder, store, *mode = rest
        import_records(folder, store, keep_ids=True, mode=mode[0] if mode else "add")  # type: ignore[arg-type]
