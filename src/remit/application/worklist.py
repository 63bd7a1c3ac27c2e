"""Make one practice's worklist of its evaluations: who still needs care, what it is worth, and by when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from remit.application.inputs import read_clusters, read_rules
from remit.application.progress import Cancelled, OnProgress, never, reporting, silent
from remit.core.problems import refuse
from remit.worklist.model import Worklist, WorklistChoice

if TYPE_CHECKING:
    from remit.runs import Run

__all__ = ["Worklist", "WorklistChoice", "WorklistRequest", "make_worklist"]


@dataclass(frozen=True)
class WorklistRequest:
    """A list that is asked for.

    `evaluations` are folders, one for each scheme; `records` the store that they were made from. `runs` price schemes
    whose values were set; `clusters` and `rules` are those of the evaluations.
    """

    evaluations: tuple[Path, ...]
    records: Path
    wanted: WorklistChoice
    runs: tuple[Path, ...] = ()
    clusters: str | None = None
    rules: tuple[Path, ...] = ()


def make_worklist(request: WorklistRequest, on_progress: OnProgress = silent, cancelled: Cancelled = never) -> Worklist:
    """The list. Progress is in patients. Raises Refused for what does not belong together."""
    from remit.records.store import Store
    from remit.worklist.actions import actions
    from remit.worklist.build import WorklistSources, worklist
    from remit.worklist.evaluations import read_evaluation

    evaluations = [read_evaluation(folder) for folder in request.evaluations]
    schemes = [one.scheme.scheme for one in evaluations]
    sources = WorklistSources(
        evaluations, Store(request.records), read_clusters(request.clusters), read_rules(request.rules), actions(),
        _runs(request.runs, schemes, request.wanted.practice),
    )  # fmt: skip
    return worklist(sources, request.wanted, reporting(on_progress, cancelled))


def _runs(folders: Sequence[Path], schemes: Sequence[str], practice: str) -> dict[str, Run]:
    """The runs by their scheme. Raises Refused for one of a scheme that is not on the list."""
    from remit.runs import open_run

    by_scheme: dict[str, Run] = {}
    for folder in folders:
        run = open_run(folder)
        name = run.inputs.assigned.get(practice, next(iter(run.inputs.schemes)))
        if name not in schemes:
            raise refuse(
                "worklist.run-not-of-the-list",
                f"the run {folder} is of {name}, which is not on this list.",
                None,
                f"The list is of {schemes[0]}.",
                run=folder,
                scheme=name,
            )
        if name in by_scheme:
            raise refuse(
                "worklist.runs-of-one-scheme", f"two of the runs are of {name}.", None, "Give one of them.", scheme=name
            )
        by_scheme[name] = run
    return by_scheme
