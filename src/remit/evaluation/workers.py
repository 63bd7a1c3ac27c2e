"""Practices shared out among processes. Each has an engine of its own, one core and its share of the memory."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Literal, Protocol

from remit.core.problems import Place, Refused, refuse
from remit.evaluation.counting import Reference
from remit.evaluation.evaluator import Evaluator
from remit.evaluation.layout import CountedPractice
from remit.evaluation.manifest import EvaluatedPractice
from remit.evaluation.work import Work
from remit.files.processes import Starting, shared_out
from remit.records.store import Store

EngineName = Literal["duckdb", "reference"]
GIGABYTE = 1_000_000_000
_OWN = 300_000_000
"""What a process takes beside DuckDB's share: Python, its libraries and a practice's tables."""
_LEAST = 100_000_000
_ENTRY = 150
"""Bytes of a worker's memory for each entry of the practices that are counted together."""


class Engine(Protocol):
    """What counts a practice. Whatever the engine, the same records and rules give the same bytes."""

    def practices(self, store: Store, codes: Sequence[str]) -> Iterator[CountedPractice]:
        """Every patient of each practice under the plan, in the order of the codes."""


@dataclass(frozen=True)
class Job:
    """All that a process needs to count practices. `memory` is what each may take, in bytes; with `evidence`, that of
    each practice is kept."""

    evaluator: Evaluator
    engine: EngineName
    work: Work
    memory: int = GIGABYTE
    evidence: bool = False


class Counter:
    """Counts practices of a job, one after another."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.plan, meaning = job.evaluator.ready()
        self.engine: Engine
        if job.engine == "reference":
            self.engine = Reference(self.plan, meaning)
        else:
            from remit.evaluation.engine.counting import DuckDB

            scratch = job.work.scratch / str(os.getpid())
            self.engine = DuckDB(self.plan, meaning, max(job.memory - _OWN, _LEAST), scratch)

    def count(self, codes: Sequence[str]) -> Iterator[EvaluatedPractice]:
        """Count some practices and write their results. Raises Refused at the first whose records were changed."""
        store = self.job.evaluator.store
        sound: list[str] = []
        changed: Refused | None = None
        for code in codes:
            try:
                check_unchanged(store, code)
            except Refused as refused:
                changed = refused
                break
            sound.append(code)
        for counted in self.engine.practices(store, sound) if sound else ():
            yield self.job.work.write(counted, self.job.evaluator, self.plan, self.job.evidence)
        if changed:
            raise changed


def check_unchanged(store: Store, practice: str) -> None:
    """Refuse records that were changed since their import."""
    for name, path in store.changed(practice):
        what = f"the {name} of practice {practice} were changed or lost after their import."
        raise refuse(
            "evaluation.records-changed",
            what,
            Place(str(path)),
            "Check the store, and import them again.",
            practice=practice,
            table=name,
        )


def together(store: Store, codes: Sequence[str], most: int) -> list[list[str]]:
    """Practices that are counted together: as many in a row as have `most` entries between them, or one that has more.

    Each statement is planned once for them all, and their records must fit in memory together.
    """
    groups: list[list[str]] = []
    so_far = 0
    for code in codes:
        entries = store.partition(code).rows("events") + store.partition(code).rows("prescriptions")
        if not groups or so_far + entries > most:
            groups.append([])
            so_far = 0
        groups[-1].append(code)
        so_far += entries
    return groups


def grouped(job: Job, codes: Sequence[str], workers: int) -> list[list[str]]:
    """Practices that are counted together: as many as fit a worker's memory, and a few groups for each worker."""
    store = job.evaluator.store
    every = sum(store.partition(code).rows("events") + store.partition(code).rows("prescriptions") for code in codes)
    share = every // (4 * workers) + 1 if workers > 1 else every
    most = min(job.memory // _ENTRY, share) if job.engine == "duckdb" else 0
    return together(store, codes, most)


def count_all(
    job: Job, codes: Sequence[str], workers: int, starting: Starting = nullcontext
) -> Generator[EvaluatedPractice, None, None]:
    """Each practice's results, as they are done. Raises Refused, or OSError where nothing can be written."""
    groups = grouped(job, codes, workers)
    if workers <= 1 or len(groups) <= 1:
        counter = Counter(job)
        for group in groups:
            yield from counter.count(group)
        return
    hint = "If memory ran out, use fewer processes. The same evaluation continues from what is done."
    yield from shared_out(_begin, job, groups, workers, hint, starting)


def _begin(job: Job) -> Callable[[Sequence[str]], Iterator[EvaluatedPractice]]:
    return Counter(job).count


def default_workers(memory: int = 0) -> int:
    """As many as this process has cores and the memory has room for: the given memory, with the least that each can
    use; else three quarters of the machine's, with a gigabyte each."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    room = memory // (_OWN + _LEAST) if memory else _machine() * 3 // 4 // GIGABYTE
    return max(1, min(cores, room))


def _machine() -> int:
    """The machine's memory in bytes, or more than any has where it does not say."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return 1 << 60
