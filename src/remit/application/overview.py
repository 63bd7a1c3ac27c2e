"""An overview of a run or several: every practice by item, and each practice's statement beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from remit.application.inputs import read_rules
from remit.application.progress import Cancelled, OnProgress, never, reporting, silent
from remit.application.statement import Ending, FilesRequest, check_statements_free, write_statements
from remit.application.writing import write_file
from remit.core.problems import Place, Problem, refuse
from remit.documents.overview import overview as document
from remit.documents.render.html import as_html
from remit.files.names import file_names
from remit.files.whole import check_file_free
from remit.rules.sensitive import why_item_sensitive, why_sensitive
from remit.runs import Run, open_run
from remit.runs.overview import Overview, overview

if TYPE_CHECKING:
    from remit.analysis.chance import RunTotals

PAGE, STATEMENTS = "overview.html", "statements"


@dataclass(frozen=True)
class Request:
    """The folders of the runs; `into` is the folder for the page and the statements that it leads to, if any."""

    runs: tuple[Path, ...]
    into: Path | None = None
    replace: bool = False


@dataclass(frozen=True)
class Result:
    """The runs at a glance; the items of which pounds alone are shown; how much of each run is chance, None where that
    cannot be said; the page that was written, and how many statements."""

    runs: tuple[Overview, ...]
    sensitive: dict[str, str]
    chances: tuple[RunTotals | None, ...]
    page: Path | None = None
    statements: int = 0
    warnings: tuple[Problem, ...] = field(default=())


def evaluate(request: Request, on_progress: OnProgress = silent, cancelled: Cancelled = never) -> Result:
    """The overview, and with `into` the page and the statements. Raises Refused for what is not a run, and where a file
    is there already that is not to be replaced."""
    report = reporting(on_progress, cancelled)
    if request.into:
        if request.into.exists() and not request.into.is_dir():
            raise refuse("files.not-a-folder", "is a file.", Place(str(request.into)), "Name a folder.")
        check_file_free(request.into / PAGE, request.replace)
    runs = [open_run(folder) for folder in request.runs]
    wanted = list(_statements(request))
    for files, run in zip(wanted, runs, strict=True):
        check_statements_free(files, run)
    found = tuple(overview(run, report) for run in runs)
    sensitive = {code: about for run in runs for code, about in sensitive_items(run).items()}
    chances = tuple(map(_by_chance, runs, found))
    if not request.into:
        return Result(found, sensitive, chances)
    links: dict[tuple[int, str], str] = {}
    written, warnings = 0, list[Problem]()
    for n, (files, run) in enumerate(zip(wanted, runs, strict=True)):
        below = files.into[".html"].relative_to(request.into).as_posix()
        links |= {(n, code): f"{below}/{name}.html" for code, name in file_names(run.codes).items()}
        made = write_statements(files, on_progress, cancelled)
        written += sum(made.written.values())
        warnings += made.warnings
    page = as_html(document(found, sensitive, links, chances)).encode()
    write_file(request.into / PAGE, page)
    return Result(found, sensitive, chances, request.into / PAGE, written, tuple(warnings))


def _statements(request: Request) -> Iterator[FilesRequest]:
    """The statements of each run: in a folder, or of several runs in one for each. No run has any where none are asked
    for."""
    for n, folder in enumerate(request.runs, 1):
        into: dict[Ending, Path] = {}
        if request.into:
            into[".html"] = request.into / STATEMENTS / ("" if len(request.runs) == 1 else str(n))
        yield FilesRequest(folder, into, recipient="commissioner", replace=request.replace)


def _by_chance(run: Run, at_a_glance: Overview) -> RunTotals | None:
    """How much of a run is chance, from what the overview has of it; None where that cannot be said."""
    if len(at_a_glance.positions) < 2:
        return None
    from remit.analysis.chance import Paid, chance, totals, worth_of_one

    most = {item.item: item.kind.most_earned() for plan in run.plans.values() for item in plan.items}
    paid = {
        one.code: {mark.item: Paid(mark.pence, worth_of_one(mark.possible, most[mark.item])) for mark in one.marks}
        for one in at_a_glance.positions
    }
    found = chance(run)
    return totals(found, found.everyone(paid))


def sensitive_items(run: Run) -> dict[str, str]:
    """The items that count what is sensitive, with what that is: by their rules, or by whom their lists hold."""
    rules, found = read_rules(), {}
    for plan in run.plans.values():
        known = rules.of(plan.scheme.year)
        for item in plan.items:
            definitions = [one for code in item.indicators if (one := known.find(code))]
            about = [why_sensitive(one, known) for one in definitions] + [why_item_sensitive(plan.scheme, item)]
            if any(about):
                found[item.item] = next(filter(None, about))
    return found
