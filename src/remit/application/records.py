"""A store of records: import an extract into it, say what is in it, check it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from remit.application.inputs import read_clusters, read_rules
from remit.application.progress import Cancelled, OnProgress, never, reporting, silent
from remit.application.unread_values import unread_in_last_import
from remit.core.problems import Problem, warning
from remit.core.words import agreed
from remit.files.processes import Starting
from remit.files.spark import schedule_of
from remit.files.tables import read_table
from remit.records.cells import NOTES, UNREAD
from remit.records.compacting import Compacted, compact
from remit.records.import_state import Mode, Report
from remit.records.importing import import_records as import_folder
from remit.records.manifest import WORK, Manifest, is_unfinished
from remit.records.people_quality import import_warnings
from remit.records.quality import Quality, check_store, read_value_limits
from remit.records.store import Store
from remit.records.value_quality import reading_of

__all__ = [
    "CheckRequest", "Compacted", "ImportRequest", "ImportResult", "Manifest", "Mode", "Quality", "Report",
    "StoreResult", "check_records", "compact_store", "describe_store", "import_records", "laid_aside_in",
]  # fmt: skip


@dataclass(frozen=True)
class ImportRequest:
    """Which folder goes into which store, and how: `mode` is as in `remit.records.importing.import_records`.

    Ids are turned into pseudonyms with the key of `key_file`, or kept as they are.
    """

    folder: Path
    store: Path
    key_file: Path | None = None
    keep_ids: bool = False
    mode: Mode = "add"
    clusters: str | None = None


@dataclass(frozen=True)
class ImportResult:
    """What was read, stored and rejected, and what to know of it."""

    report: Report
    warnings: tuple[Problem, ...]


def import_records(
    request: ImportRequest, on_progress: OnProgress = silent, cancelled: Cancelled = never
) -> ImportResult:
    """Import all of the folder, or nothing. Stopped, the store is as it was; the same request goes on from there."""
    clusters = read_clusters(request.clusters)
    report = import_folder(
        request.folder, request.store, key_file=request.key_file, keep_ids=request.keep_ids, mode=request.mode,
        progress=reporting(on_progress, cancelled),
    )  # fmt: skip
    if report.mode == "delete":
        return ImportResult(report, ())
    of_store = (*import_warnings(Store(request.store)), *unread_in_last_import(request.store, clusters))
    return ImportResult(report, (*report.doubts, *_of_report(report), *of_store))


def compact_store(folder: Path, on_progress: OnProgress = silent, cancelled: Cancelled = never) -> Compacted:
    """Fold the extracts that were appended into each practice's files. Stopped, some practices are done, and the same
    call does the others; the records are the same all the while."""
    return compact(folder, reporting(on_progress, cancelled))


def laid_aside_in(store: Path) -> Path:
    """Where an import that was stopped has left what it had read."""
    return store / WORK


def _of_report(report: Report) -> Iterator[Problem]:
    if report.rejected_file:
        rejected = sum(report.rejected.values())
        were = agreed("row{ was|s were} rejected", rejected)
        what = f"{rejected:,} {were}: {report.rejected_file} says which and why."
        yield warning("records.rows-rejected", what, rows=rejected, file=report.rejected_file.name)
    yield from _of_cells(report)
    if report.gone:
        gone = ", ".join(f"{count:,} {agreed(_GONE[table], count)}" for table, count in report.gone.items())
        what = f"the new extract no longer has {gone} that an earlier one had. They still count."
        yield warning("records.gone-from-latest", what, None, "If it is a whole extract, put it in place of them all.")
    if report.looks_real:
        what = f"{report.looks_real:,} {agreed(_LOOK_REAL, report.looks_real)}"
        yield warning("records.ids-look-real", what, None, "Then import them with a key.", ids=report.looks_real)


_LOOK_REAL = (
    "id{ that was kept is a valid NHS number. Is it of a real patient"
    "|s that were kept are valid NHS numbers. Are they of real patients}?"
)
_GONE = {
    "patients": "patient{|s}",
    "registrations": "open stay{|s}",
    "events": "event{|s}",
    "prescriptions": "prescription{|s}",
}


def _of_cells(report: Report) -> Iterator[Problem]:
    """What is stored otherwise than it was written, by column."""
    for how, meaning in NOTES.items():
        of_kind = [cells for cells in report.cells if cells.how == how]
        if not of_kind:
            continue
        shown = ", ".join(f"{cells.table}.{cells.column} {cells.count:,}" for cells in of_kind)
        total = sum(cells.count for cells in of_kind)
        many = agreed(f"{total:,} cell{{|s}}", total)
        if how == UNREAD and report.unread_file:
            what = f"{many} {agreed(meaning, total)} ({shown}): {report.unread_file} says which and why."
            yield warning("records.cells-unread", what, cells=total, file=report.unread_file.name)
        else:
            what = f"{many} {agreed(meaning, total)}: {shown}."
            yield warning("records.cells-otherwise", what, cells=total, how=how)


@dataclass(frozen=True)
class StoreResult:
    """What a store says of itself; with a warning where an import into it was interrupted."""

    folder: Path
    manifest: Manifest
    warnings: tuple[Problem, ...]


def describe_store(folder: Path) -> StoreResult:
    """What is in a store: its practices, their extracts, how many rows, and how ids are kept."""
    store = Store(folder)
    what = "an import was interrupted, and the store is as it was before."
    interrupted = warning("records.import-interrupted", what, None, "Start it again to go on with it.")
    return StoreResult(folder, store.manifest, (interrupted,) if is_unfinished(store.folder) else ())


@dataclass(frozen=True)
class CheckRequest:
    """Which store to check. `on` is the achievement date: an extract that ends before it is provisional.

    `codes` are CSV files whose column `code` holds the codes that are known; `bounds` a CSV of possible values.
    `workers` processes share the practices out; by default one, or of many records as many as the machine has room for.
    With `on_spark` Spark's tasks check them: it names a master, or is '' for the running session, or for this machine's
    cores.
    """

    store: Path
    on: date | None = None
    codes: tuple[Path, ...] = ()
    bounds: Path | None = None
    clusters: str | None = None
    rules: tuple[Path, ...] = ()
    practices: tuple[str, ...] = ()
    workers: int = 0
    on_spark: str | None = None


def check_records(
    request: CheckRequest,
    on_progress: OnProgress = silent,
    cancelled: Cancelled = never,
    starting: Starting = nullcontext,
) -> Quality:
    """Check that the files are as they were written, and look at the quality of the data.

    `starting` surrounds the start of each worker process. Raises Refused with every file that is missing, damaged or
    out of order.
    """
    codes = {code for file in request.codes for code in _codes(file)} if request.codes else None
    bounds = read_value_limits(request.bounds) if request.bounds else []
    reading = reading_of(read_rules(request.rules), read_clusters(request.clusters))
    report, schedule = reporting(on_progress, cancelled), schedule_of(request.on_spark, request.workers, starting)
    store = Store(request.store if schedule.here else request.store.absolute())  # a task may be elsewhere
    return check_store(store, codes, bounds, request.on, request.practices, report, reading, schedule)


def _codes(path: Path) -> list[str]:
    return [code for _, (code, _) in read_table(path, ("code",), ("term",)).rows() if code]
