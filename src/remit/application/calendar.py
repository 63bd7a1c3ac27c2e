"""The cash calendar of one or several runs: what is received or recovered, when and why."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from remit.application.progress import Cancelled, OnProgress, never, reporting, silent
from remit.runs import open_run
from remit.runs.calendar import Calendar
from remit.runs.calendar import calendar as made_of


@dataclass(frozen=True)
class CalendarRequest:
    """The folders of the runs, and one practice, or None for the sums over all of them."""

    runs: tuple[Path, ...]
    practice: str | None = None


def calendar(request: CalendarRequest, on_progress: OnProgress = silent, cancelled: Cancelled = never) -> Calendar:
    """Every payment of the runs in the order of days. Raises Refused for a folder that is not a run."""
    report = reporting(on_progress, cancelled)
    runs = []
    for n, folder in enumerate(request.runs):
        report(n, len(request.runs))
        runs.append(open_run(folder))
    return made_of(runs, request.practice)
