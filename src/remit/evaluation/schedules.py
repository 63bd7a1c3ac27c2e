"""Who counts which practice, and when: what every schedule can do, and the one of this machine's processes.

Whatever the schedule, the same engine counts and the same work folder is filled: the result is the same to the byte.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Protocol

from remit.evaluation.evaluator import Evaluator
from remit.evaluation.manifest import EvaluatedPractice
from remit.evaluation.workers import Job, count_all, default_workers
from remit.files.processes import Starting

_FEW = 500_000


class Schedule(Protocol):
    """Shares practices out among what counts them."""

    def at_once(self, evaluator: Evaluator, codes: Sequence[str], memory: int) -> int:
        """How many count at the same time, each with its share of `memory` bytes where that is not 0."""

    def practices(self, job: Job, codes: Sequence[str], at_once: int) -> Generator[EvaluatedPractice, None, None]:
        """Each practice's results once the job's work folder has them, in any order. Raises Refused and OSError.

        Closed early, or ended by an error, it leaves nothing running.
        """


@dataclass(frozen=True)
class ThisMachine:
    """Processes of this machine: `workers`, or by default one a core. `starting` surrounds the start of each."""

    workers: int = 0
    starting: Starting = nullcontext

    def at_once(self, evaluator: Evaluator, codes: Sequence[str], memory: int) -> int:
        """One for each core that has enough of the memory; one alone for so few records that another would take longer
        to start than to count."""
        records = sum(evaluator.store.partition(code).rows("events") for code in codes)
        return min(self.workers or (default_workers(memory) if records > _FEW else 1), len(codes))

    def practices(self, job: Job, codes: Sequence[str], at_once: int) -> Generator[EvaluatedPractice, None, None]:
        """Counted by processes that are started and ended here, or by this one where one is enough."""
        yield from count_all(job, codes, at_once, self.starting)
