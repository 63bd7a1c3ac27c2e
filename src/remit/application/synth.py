"""Make a store of made-up people."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from remit.application.progress import Cancelled, OnProgress, never, reporting, silent
from remit.files.processes import Starting
from remit.files.spark import schedule_of
from remit.synthetic.store import StoreSummary, make_store, store_request

__all__ = ["StoreSummary", "SynthRequest", "SynthResult", "make_people"]


@dataclass(frozen=True)
class SynthRequest:
    """How many people of which seed, with how many years of records up to the day `on`.

    `practices` and `workers` are chosen by the number of people and the machine where they are None. With `on_spark`
    Spark's tasks make them: it names a master, or is '' for the running session, or for this machine's cores.
    """

    store: Path
    patients: int
    on: date
    seed: int = 1
    practices: int | None = None
    years: int = 10
    workers: int | None = None
    replace: bool = False
    on_spark: str | None = None


@dataclass(frozen=True)
class SynthResult:
    """How many practices, people and records were made, and the day on which the records end."""

    made: StoreSummary
    on: date


def make_people(
    request: SynthRequest,
    on_progress: OnProgress = silent,
    cancelled: Cancelled = never,
    starting: Starting = nullcontext,
) -> SynthResult:
    """Make the store, whole or not at all. `starting` surrounds the start of each worker process."""
    want = store_request(request.patients, request.seed, request.on, request.practices, request.years)
    schedule = None if request.on_spark is None else schedule_of(request.on_spark, request.workers or 0, starting)
    made = make_store(
        want, request.store, workers=request.workers, replace=request.replace,
        progress=reporting(on_progress, cancelled), starting=starting, schedule=schedule,
    )  # fmt: skip
    return SynthResult(made, want.on)
