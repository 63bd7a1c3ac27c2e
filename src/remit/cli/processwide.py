"""The switches of the whole process. Only whoever owns the process may throw them: nothing below `cli` does.

They are Python's search for cycles of dead objects, and what Ctrl-C does while a worker process is started. The
decision page is docs/decisions/0007-process-wide-switches.md.
"""

from __future__ import annotations

import gc
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_RARELY = (200_000, 50, 1_000)
"""How many new objects before a search of the youngest, and how many such searches before a wider one, and all."""


@contextmanager
def few_cycle_searches() -> Iterator[None]:
    """Few searches for cycles, for a `with` block or as a decorator: millions of objects are made, few are in cycles.

    What is in no cycle is freed all the same, as soon as nothing refers to it; cycles of short-lived objects still are.
    """
    before = gc.get_threshold()
    gc.set_threshold(*_RARELY)
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def ctrl_c_waits() -> Iterator[None]:
    """Ctrl-C waits until the block has ended, and never reaches a process that is started within it. Not on Windows.

    Where Ctrl-C is ignored (nohup, or a shell that started the command in the background), it still is. A new process
    takes over the mask; the handler is for a signal that another thread of this process receives.
    """
    can_wait = hasattr(signal, "pthread_sigmask") and signal.getsignal(signal.SIGINT) is not signal.SIG_IGN
    if not can_wait or threading.current_thread() is not threading.main_thread():
        yield
        return
    from multiprocessing.resource_tracker import ensure_running

    ensure_running()  # starting it within the block would lift the mask
    received: list[int] = []
    handler = signal.signal(signal.SIGINT, lambda number, frame: received.append(number))
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        signal.signal(signal.SIGINT, handler)
    if received:
        raise KeyboardInterrupt
