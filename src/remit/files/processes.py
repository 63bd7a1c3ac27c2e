"""Tasks shared out among processes that are begun, heard and ended here: whatever happens, none is left behind."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from multiprocessing.resource_tracker import ensure_running
from typing import Any, TypeVar

from remit.core.problems import Refused, refuse

Setup = TypeVar("Setup")
Task = TypeVar("Task")
Result = TypeVar("Result")
Begin = Callable[[Setup], Callable[[Task], Iterable[Result]]]


def shared_out(
    begin: Begin[Setup, Task, Result], setup: Setup, tasks: Sequence[Task], workers: int, hint: str
) -> Generator[Result, None, None]:
    """What tasks come to, as it is found. Each process calls `begin(setup)` once, and what that gives for a task after
    the other, the next as soon as it is free. `begin` is a function of a module; setup, tasks and results are pickled.

    Raises what a task raises (Refused, OSError, MemoryError), and Refused with `hint` where a process was killed.
    """
    context = multiprocessing.get_context("spawn")
    crew: list[BaseProcess] = []
    busy: list[Connection[Any, Any]] = []
    waiting = deque(tasks)
    try:
        for _ in range(min(workers, len(tasks))):
            here, there = context.Pipe()
            with _deaf_to_ctrl_c():  # as a process begins, it is as deaf as the one that begins it
                process = context.Process(target=_work, args=(begin, there), daemon=True)
                process.start()
                crew.append(process)
            there.close()
            busy.append(here)
            here.send(setup)  # and not as an argument: where nobody is left to read it, this says so
            here.send(waiting.popleft())
        while busy:
            for ready in wait(busy):
                assert isinstance(ready, Connection)
                yield from _heard(ready, waiting, busy)
    except (EOFError, ConnectionError):
        raise refuse("files.worker-ended", "a worker process was ended by the system.", None, hint) from None
    finally:
        for member in crew:  # what they write is whole or not there, at whatever moment they end
            member.kill()
            member.join()


def _heard(ready: Connection[Any, Any], waiting: deque[Any], busy: list[Connection[Any, Any]]) -> Iterator[Any]:
    """What a process said: something found, what went wrong, or that it is free."""
    said = ready.recv()
    if said is None and waiting:
        ready.send(waiting.popleft())
    elif said is None:
        busy.remove(ready)
    if isinstance(said, BaseException):
        raise said
    if said is not None:
        yield said


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """Ctrl-C waits until the block has ended, and is not heard at all by what is begun within it. Not on Windows.

    Whoever ignores it (nohup, or a shell that began it in the background) goes on ignoring it. The mask is what a new
    process takes over; the handler is for a signal that another thread of this one is given.
    """
    can_wait = hasattr(signal, "pthread_sigmask") and signal.getsignal(signal.SIGINT) is not signal.SIG_IGN
    if not can_wait or threading.current_thread() is not threading.main_thread():
        yield
        return
    ensure_running()  # beginning it would take the mask away
    heard: list[int] = []
    handler = signal.signal(signal.SIGINT, lambda number, frame: heard.append(number))
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        signal.signal(signal.SIGINT, handler)
    if heard:
        raise KeyboardInterrupt


def _work(begin: Begin[Any, Any, Any], there: Connection[Any, Any]) -> None:  # pragma: no cover - ended with SIGKILL
    """A process: a task after the other, each finding told at once. It leaves Ctrl-C to the one that began it, and ends
    when that one does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    assert parent is not None, "a process that was begun"
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    try:
        do = begin(there.recv())
        while True:
            for found in do(there.recv()):
                there.send(found)
            there.send(None)
    except EOFError:
        return  # nobody is there to tell
    except (Refused, OSError, MemoryError) as error:
        there.send(error)


def _end_with(parent: BaseProcess) -> None:  # pragma: no cover - in such a process
    parent.join()
    os._exit(1)
