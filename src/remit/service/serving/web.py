"""The web server's process: granian, with one worker of many threads.

One is enough for an area. Nothing rests on it: sessions, and the counts of failed sign-ins, are rows of the database.
"""

from __future__ import annotations

import os
import shutil

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from remit.service.deployment import from_environment
from remit.service.serving import logs
from remit.service.serving.backup_files import UPLOADS
from remit.service.serving.parent import end_with_parent

WORKERS = 1
THREADS = 8
TARGET = "remit.service.wsgi:application"


def main() -> None:
    """Serve until a signal ends it."""
    logs.say_where_it_failed()
    end_with_parent()
    shutil.rmtree(from_environment().data / UPLOADS, ignore_errors=True)  # of requests that were cut off: none goes on
    os.environ["REMIT_SUPERVISOR"] = str(os.getpid())  # granian's worker is started by this process
    Granian(
        TARGET,
        address=os.environ.get("REMIT_HOST", "127.0.0.1"),
        port=int(os.environ.get("REMIT_PORT", "8000")),
        interface=Interfaces.WSGI,
        workers=WORKERS,
        blocking_threads=THREADS,
        log_level=LogLevels.error,
        log_dictconfig=logs.config(),
        respawn_failed_workers=False,  # `remit serve` starts the whole of it again
        workers_kill_timeout=10,
        websockets=False,
    ).serve()


if __name__ == "__main__":
    main()
