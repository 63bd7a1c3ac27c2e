"""A process of the service ends when the one that started it is gone, however that ended."""

from __future__ import annotations

import os
import signal
import threading
import time


def end_with_parent() -> None:
    """Watch the parent from a thread; half a second after it is gone this process is too.

    Jobs that are cut off are started again, and what they had not committed is as if it had never been.
    """
    parent = int(os.environ.get("REMIT_SUPERVISOR") or os.getppid())

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()
