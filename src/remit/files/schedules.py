"""Practices shared out among what works on them: what every schedule can do, and the one of this machine's processes.

Whatever the schedule, the same function does the work. Where it is not `here`, what it comes to is sent, and nothing
that it writes is seen.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Protocol, TypeAlias, TypeVar
from uuid import uuid4

from remit.files.processes import Starting, shared_out

Setup = TypeVar("Setup")
Result = TypeVar("Result")
Begin: TypeAlias = Callable[[Setup], Callable[[Sequence[str]], Iterable[Result]]]
"""A function of a module, called once where the work is done; what it returns is called for each task."""

OWN = 300_000_000
"""What a process takes beside the work itself, in bytes: Python and its libraries."""
LEAST = 100_000_000
_GIGABYTE = 1_000_000_000
_FEW = 500_000


class Schedule(Protocol):
    """Shares practices out: a task is a few of them, which one process does together."""

    here: ClassVar[bool]
    """Whether tasks write to this process's own folders."""

    def at_once(self, practices: int, rows: int, memory: int = 0) -> int:
        """How many of the practices, which have so many rows, are worked on at the same time, each with its share of
        `memory` bytes where that is not 0."""

    def shared_out(
        self, begin: Begin[Setup, Result], setup: Setup, tasks: Sequence[Sequence[str]], at_once: int, hint: str
    ) -> Generator[Result, None, None]:
        """The results of the tasks, in any order. Setup and results are pickled.

        Raises what a task raises (Refused, OSError, MemoryError), and Refused with `hint` where something was killed.
        Closed early, or ended by an error, it leaves nothing running.
        """


@dataclass(frozen=True)
class ThisMachine:
    """Processes of this machine: `workers`, or by default one a core. `starting` surrounds the start of each."""

    workers: int = 0
    starting: Starting = nullcontext
    here: ClassVar[bool] = True

    def at_once(self, practices: int, rows: int, memory: int = 0) -> int:
        """One for each core that has enough of the memory; one alone for so few rows that another would take longer
        to start than to do them."""
        return min(self.workers or (default_workers(memory) if rows > _FEW else 1), practices)

    def shared_out(
        self, begin: Begin[Setup, Result], setup: Setup, tasks: Sequence[Sequence[str]], at_once: int, hint: str
    ) -> Generator[Result, None, None]:
        """By processes that are started and ended here, or by this one where one is enough."""
        if at_once <= 1 or len(tasks) <= 1:
            do = begin(setup)
            for task in tasks:
                yield from do(task)
            return
        yield from shared_out(begin, setup, tasks, at_once, hint, self.starting)


def default_workers(memory: int = 0) -> int:
    """As many as this process has cores and the memory has room for: the given memory, with the least that each can
    use; else three quarters of the machine's, with a gigabyte each."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    room = memory // (OWN + LEAST) if memory else _machine() * 3 // 4 // _GIGABYTE
    return max(1, min(cores, room))


def folder_elsewhere() -> Path:
    """A folder that a task may make for what it keeps while it runs, where it has room, and removes when it ends."""
    of_spark = os.environ.get("SPARK_LOCAL_DIRS", "").split(",")[0]
    return Path(of_spark or tempfile.gettempdir()) / f"remit-{uuid4().hex}"


def _machine() -> int:
    """The machine's memory in bytes, or more than any has where it does not say."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return 1 << 60
