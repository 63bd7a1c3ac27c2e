"""Two runs side by side: what moved, in pounds by cause."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from remit.application.progress import Cancelled, OnProgress, never, reporting, silent
from remit.comparison.compare import Comparison
from remit.comparison.compare import compare as compared
from remit.core.problems import shown_name
from remit.runs import open_run


@dataclass(frozen=True)
class CompareRequest:
    """The folders of two runs, and the practices to narrow them to."""

    first: Path
    second: Path
    practices: tuple[str, ...] = ()


@dataclass(frozen=True)
class CompareResult:
    """What moved, and what the two runs are called: their folders' names, or their paths where those are the same."""

    comparison: Comparison
    names: tuple[str, str]


def compare(request: CompareRequest, on_progress: OnProgress = silent, cancelled: Cancelled = never) -> CompareResult:
    """Compare two runs. Raises Refused for a folder that is not a run, and for a practice that is in neither."""
    runs = open_run(request.first), open_run(request.second)
    found = compared(*runs, practices=request.practices, progress=reporting(on_progress, cancelled))
    names = shown_name(request.first.absolute()), shown_name(request.second.absolute())
    return CompareResult(found, names if names[0] != names[1] else (str(request.first), str(request.second)))
