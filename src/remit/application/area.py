"""The money of an area: what its practices come to by scheme, place and network, against the budgets."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from remit.application.progress import Cancelled, OnProgress, never, reporting, silent
from remit.files.tables import CsvRows
from remit.runs import open_run
from remit.runs.area import Area, check_budgets
from remit.runs.area import area as summed


@dataclass(frozen=True)
class AreaRequest:
    """The folders of the runs; `budgets` is a CSV file in place of the budgets that the schemes print."""

    runs: tuple[Path, ...]
    budgets: Path | None = None


def area(request: AreaRequest, on_progress: OnProgress = silent, cancelled: Cancelled = never) -> Area:
    """The sums. Raises Refused for a folder that is not a run, and with every problem of the budgets."""
    report = reporting(on_progress, cancelled)
    runs = []
    for n, folder in enumerate(request.runs):
        report(n, len(request.runs))
        runs.append(open_run(folder))
    return summed(runs, check_budgets(CsvRows(request.budgets), runs) if request.budgets else None)
