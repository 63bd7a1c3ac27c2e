"""Tasks shared out among worker processes that are started and ended here: whatever happens, none is left behind."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

from remit.core.problems import Refused, refuse

Setup = TypeVar("Setup")
Task = TypeVar("Task")
Result = TypeVar("Result")
Begin = Callable[[Setup], Callable[[Task], Iterable[Result]]]
Starting = Callable[[], AbstractContextManager[None]]
"""What surrounds the start of a worker process, where the process that starts it wants something to surround it."""


def shared_out(
    begin: Begin[Setup, Task, Result],
    setup: Setup,
    tasks: Sequence[Task],
    workers: int,
    hint: str,
    starting: Starting = nullcontext,
) -> Generator[Result, None, None]:
    """The results of tasks, as they come. Each process calls `begin(setup)` once, and what that returns for one task
    after the other, the next as soon as it is free. `begin` is a function of a module; setup, tasks and results are
    pickled. `starting` surrounds the start of each process; no signal of this process is touched here.

    Raises what a task raises (Refused, OSError, MemoryError), and Refused with `hint` where a process was killed.
    """
    context = multiprocessing.get_context("spawn")
    crew: list[BaseProcess] = []
    busy: list[Connection[Any, Any]] = []
    waiting = deque(tasks)
    try:
        for _ in range(min(workers, len(tasks))):
            here, there = context.Pipe()
            with starting():
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
                yield from _received(ready, waiting, busy)
    except (EOFError, ConnectionError):
        raise refuse("files.worker-ended", "a worker process was ended by the system.", None, hint) from None
    finally:
        for member in crew:  # what they write is whole or not there, at whatever moment they end
            member.kill()
            member.join()


def begun_for_work() -> bool:
    """Whether this process is a worker, which shares the machine's cores with others."""
    return multiprocessing.parent_process() is not None


def _received(ready: Connection[Any, Any], waiting: deque[Any], busy: list[Connection[Any, Any]]) -> Iterator[Any]:
    """What a process sent: a result, what went wrong, or that it is free."""
    message = ready.recv()
    if message is None and waiting:
        ready.send(waiting.popleft())
    elif message is None:
        busy.remove(ready)
    if isinstance(message, BaseException):
        raise message
    if message is not None:
        yield message


def _work(begin: Begin[Any, Any, Any], there: Connection[Any, Any]) -> None:  # pragma: no cover - ended with SIGKILL
    """A process: one task after the other, each result sent at once. It leaves Ctrl-C to the process that began it, and
    ends when that one does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    assert parent is not None, "a process that was begun"
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    try:
        do = begin(there.recv())
        while True:
            for result in do(there.recv()):
                there.send(result)
            there.send(None)
    except EOFError:
        return  # nobody is there to tell
    except (Refused, OSError, MemoryError) as error:
        there.send(error)


def _end_with(parent: BaseProcess) -> None:  # pragma: no cover - in such a process
    parent.join()
    os._exit(1)
