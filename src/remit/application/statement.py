"""Statements of a run's practices: one, several or all, as models to show or as files of each format.

They are made from the inputs that the run kept, so they can be made again at any time and say the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from remit.application.progress import Cancelled, OnProgress, never, reporting, silent
from remit.core.problems import Problem, Refused, refuse
from remit.documents.statement import Recipient
from remit.files.names import file_names
from remit.files.whole import check_file_free, write_whole
from remit.runs import Run, open_run
from remit.runs.manifest import run_manifest

if TYPE_CHECKING:
    from remit.documents.statement.model import Statement

__all__ = [
    "Ending",
    "FilesRequest",
    "FilesResult",
    "Recipient",
    "StatementRequest",
    "file_names",
    "statements",
    "write_statements",
]

Ending = Literal[".html", ".pdf", ".xlsx", ".csv"]


@dataclass(frozen=True)
class StatementRequest:
    """Whose statements of which run's folder; with no practices named, the only one's."""

    folder: Path
    practices: tuple[str, ...] = ()
    recipient: Recipient = "practice"


def statements(
    request: StatementRequest, on_progress: OnProgress = silent, cancelled: Cancelled = never
) -> tuple[Statement, ...]:
    """The statements, in the order of the practices named. Raises Refused for a practice that the run does not have."""
    run = open_run(request.folder)
    codes = request.practices or (_only(run),)
    return tuple(made for _, made in _each(run, request, codes, reporting(on_progress, cancelled)))


@dataclass(frozen=True)
class FilesRequest:
    """Statements as files: a folder for each format. With no practices named, every practice's."""

    folder: Path
    into: Mapping[Ending, Path]
    practices: tuple[str, ...] = ()
    recipient: Recipient = "practice"
    replace: bool = False


@dataclass(frozen=True)
class FilesResult:
    """How many statements each folder has, how many files could not be made, and what is to be said of them."""

    written: Mapping[Path, int]
    failed: int = 0
    warnings: tuple[Problem, ...] = field(default=())


def write_statements(
    request: FilesRequest, on_progress: OnProgress = silent, cancelled: Cancelled = never
) -> FilesResult:
    """Write a file for each practice into each folder; each file is whole or not there.

    All are looked at before the first is written. A file that cannot be made is named in the warnings, and the others
    are still written. Raises Refused where a file is there already, or for a practice that the run does not have.
    """
    run = open_run(request.folder)
    names = file_names(run.codes)
    codes = request.practices or run.codes
    check_statements_free(request, run)
    lacking: set[str] = set()
    written = dict.fromkeys(request.into.values(), 0)
    warnings: list[Problem] = []
    failed = 0
    for code, made in _each(run, request, codes, reporting(on_progress, cancelled)):
        for ending, folder in request.into.items():
            try:
                content = _MAKERS[ending](made, lacking)
            except Refused as refused:
                failed += 1
                warnings += refused.problems
                continue
            write_whole(folder / f"{names[code]}{ending}", lambda work, content=content: work.write_bytes(content))  # type: ignore[misc]
            written[folder] += 1
    if lacking:
        from remit.documents.render.pdf import characters_missing

        warnings.append(characters_missing(lacking))
    return FilesResult(written, failed, tuple(warnings))


def check_statements_free(request: FilesRequest, run: Run) -> None:
    """Raises Refused where a statement's file is there already and is not to be replaced."""
    names = file_names(run.codes)
    for ending, folder in request.into.items():
        for code in request.practices or run.codes:
            check_file_free(folder / f"{names.get(code, code)}{ending}", request.replace)


def _each(
    run: Run, request: StatementRequest | FilesRequest, codes: tuple[str, ...], report: OnProgress
) -> Iterator[tuple[str, Statement]]:
    """Each statement with its practice's code; `report` says how many are done, once whoever asked is done with it."""
    from remit.documents.statement.making import statement as statement_of

    made_with = run_manifest(request.folder).remit
    for n, code in enumerate(codes, 1):
        yield code, statement_of(run, code, made_with, request.recipient)
        report(n, len(codes))


def _html(made: Statement, _: set[str]) -> bytes:
    from remit.documents.statement.formats import as_html

    return as_html(made).encode()


def _pdf(made: Statement, lacking: set[str]) -> bytes:
    from remit.documents.statement.formats import as_pdf

    return as_pdf(made, lacking)


def _xlsx(made: Statement, _: set[str]) -> bytes:
    from remit.documents.statement.formats import as_xlsx

    return as_xlsx(made)


def _csv(made: Statement, _: set[str]) -> bytes:
    from remit.documents.statement.formats import as_csv

    return as_csv(made)


_MAKERS: dict[Ending, Callable[[Statement, set[str]], bytes]] = {
    ".html": _html,
    ".pdf": _pdf,
    ".xlsx": _xlsx,
    ".csv": _csv,
}


def _only(run: Run) -> str:
    """The run's one practice. Raises Refused where there are several."""
    if len(run.codes) == 1:
        return run.codes[0]
    some = ", ".join(run.codes[:8]) + (", …" if len(run.codes) > 8 else "")
    what = f"the run has {len(run.codes):,} practices."
    raise refuse("runs.which-practice", what, None, f"There are: {some}.", count=len(run.codes))
