"""Practices counted by what a schedule shares them out among: each process has an engine, and its share of the memory.

Where tasks run elsewhere they send a practice's files, and this process writes them to the work folder.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal, Protocol

from remit.core.problems import Place, Refused, refuse
from remit.evaluation.counting import Reference
from remit.evaluation.evaluator import Evaluator
from remit.evaluation.kept_results.folder import UNCLEAR, Keeping, Then
from remit.evaluation.layout import CountedPractice
from remit.evaluation.manifest import EvaluatedPractice
from remit.evaluation.outside_clusters import TABLES
from remit.evaluation.work import PackedPractice, Work
from remit.files.beside import remove
from remit.files.private import private_folder
from remit.files.schedules import LEAST, OWN, Schedule, folder_elsewhere
from remit.records.manifest import BY_CODE
from remit.records.store import Store

EngineName = Literal["duckdb", "reference"]
GIGABYTE = 1_000_000_000
_FEWER = "If memory ran out, use fewer processes. The same evaluation continues from what is done."
_MORE = "If memory ran out, give each task more. The same evaluation continues from what is done."
_ENTRY = 100
"""Bytes of a worker's memory for each entry of the practices that are counted together."""
_COLUMNS = 40
"""Entries whose memory a patient's columns take."""
_WORTH = 2_000_000
"""So many entries take about three times as long as the planning of a scheme's statements, which each group needs."""


class Engine(Protocol):
    """What counts a practice. Whatever the engine, the same records and rules give the same bytes."""

    def practices(
        self, store: Store, codes: Sequence[str], then: Mapping[str, Then] = MappingProxyType({})
    ) -> Iterator[CountedPractice]:
        """Every patient of each practice under the plan, in the order of the codes, going on from what was kept
        `then` where it can."""


@dataclass(frozen=True)
class Job:
    """All that a process needs to count practices. `memory` is what each may take, in bytes; with `evidence`, that of
    each practice is kept; `keeping` is the folder of what was kept of earlier evaluations, and will be of this one."""

    evaluator: Evaluator
    engine: EngineName
    work: Work
    memory: int = GIGABYTE
    evidence: bool = False
    keeping: Keeping | None = None


class Counter:
    """Counts practices of a job, one after another."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.plan, meaning = job.evaluator.ready()
        self.on = meaning.dates.achievement
        self.engine: Engine
        if job.engine == "reference":
            self.engine = Reference(self.plan, meaning)
        else:
            from remit.evaluation.engine.counting import DuckDB

            scratch = job.work.scratch / str(os.getpid())
            self.engine = DuckDB(self.plan, meaning, max(job.memory - OWN, LEAST), scratch, job.keeping is not None)

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
        then, anew = self._then(sound)
        for counted in self.engine.practices(store, sound, then) if sound else ():
            code = counted.tally.practice
            why = anew.get(code, "") if code not in then or counted.since else UNCLEAR
            yield self.job.work.write(counted, self.job.evaluator, self.plan, self.job.evidence, why)
        if changed:
            raise changed

    def _then(self, codes: Sequence[str]) -> tuple[dict[str, Then], dict[str, str]]:
        """What was kept of practices that can be gone on from, and why that of the others cannot."""
        then: dict[str, Then] = {}
        anew: dict[str, str] = {}
        if not (keeping := self.job.keeping):
            return then, anew
        for code in codes:
            found = keeping.then(code)
            why = found if isinstance(found, str) else found.why_not(self.job.evaluator.store, code, self.on)
            if isinstance(found, Then) and not why:
                then[code] = found
            elif why:
                anew[code] = why
        return then, anew


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


def together(entries: Mapping[str, int], most: int) -> list[list[str]]:
    """Practices that are counted together: as many in a row as have `most` entries between them, or one that has more.

    Each statement is planned once for them all, and their records must fit in memory together.
    """
    groups: list[list[str]] = []
    so_far = 0
    for code, many in entries.items():
        if not groups or so_far + many > most:
            groups.append([])
            so_far = 0
        groups[-1].append(code)
        so_far += many
    return groups


def grouped(job: Job, codes: Sequence[str], at_once: int) -> list[list[str]]:
    """Practices that are counted together: as many as fit a worker's memory. Of few entries each worker has one group,
    for each costs the planning of its statements; of more at least two, so that all end at about the same time."""
    entries = {code: _entries(job, code) for code in codes}
    every = sum(entries.values())
    groups = at_once * min(2, max(1, every // at_once // _WORTH)) if at_once > 1 else 1
    most = min(job.memory // _ENTRY, every // groups + 1) if job.engine == "duckdb" else 0
    return together(entries, most)


def _entries(job: Job, code: str) -> int:
    """How many entries of a practice are read; where something was kept of it, those that came since, with what its
    patients' columns take for as many entries as fit in their place."""
    partition = job.evaluator.store.partition(code)
    every = sum(partition.rows(table) for table in TABLES)
    kept = job.keeping.kept.get(code) if job.keeping else None
    if kept is None:
        return every
    named = {name: one.rows for name, one in partition.named().items() if not name.endswith(BY_CODE)}
    came = sum(rows for name, rows in named.items() if name not in kept.store)
    return min(every, came + partition.rows("patients") * _COLUMNS)


def count_all(
    job: Job, codes: Sequence[str], schedule: Schedule, at_once: int
) -> Generator[EvaluatedPractice, None, None]:
    """Each practice's results once the job's work folder has them, as they are done.

    Raises Refused, or OSError where nothing can be written.
    """
    groups = grouped(job, codes, at_once)
    if schedule.here:
        yield from schedule.shared_out(_begin, job, groups, at_once, _FEWER)
        return
    with closing(schedule.shared_out(_begin_elsewhere, job, groups, at_once, _MORE)) as sent:
        for packed in sent:
            done = job.work.take_in(packed)
            if done is None:
                what = f"what was sent of practice {packed.practice} is not whole."
                raise refuse("files.spark-task-failed", what, None, _MORE, practice=packed.practice)
            yield done


def _begin(job: Job) -> Callable[[Sequence[str]], Iterator[EvaluatedPractice]]:
    return Counter(job).count


def _begin_elsewhere(job: Job) -> Callable[[Sequence[str]], Iterator[PackedPractice]]:
    work = Work(folder_elsewhere())
    counter = Counter(replace(job, work=work))

    def count(codes: Sequence[str]) -> Iterator[PackedPractice]:
        private_folder(work.folder)
        try:
            work.make_parts()
            for done in counter.count(codes):
                yield work.packed(done)
                work.drop(done.practice)
        finally:
            remove(work.folder)

    return count
