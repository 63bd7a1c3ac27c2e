"""What an import under way writes down of itself in its work folder, so that it can go on after an interruption; and
what it reports when it is done."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from remit.core.problems import Place, Problem, Refused, refuse
from remit.files.beside import remove
from remit.files.manifest import MANIFEST, Part, Sha256
from remit.files.whole import unfinished
from remit.records.manifest import WORK, Cells, Manifest, Partition, is_named_like_ours
from remit.records.store import first_line

Mode = Literal["add", "replace", "append", "correct", "delete"]
SPOOL = "spool"
"""The folder, below the work folder, of what is laid aside by practice."""


class ImportedPractice(Part):
    """A practice that is done: its part of the store, and its rows by table.

    `real` ids look like real NHS numbers; `gone` rows are those that the extracts before had and a later one no longer
    has; `unidentified`, of the rejected, those of no known NHS number or of several days of birth; `two_births` how
    many patients have several of these."""

    practice: str
    partition: Partition | None
    read: dict[str, int]
    stored: dict[str, int]
    rejected: dict[str, int]
    real: int
    gone: dict[str, int]
    unidentified: dict[str, int]
    two_births: int


class ImportPlan(Part):
    """What an import under way is of: `store` is the hash of the manifest that it began with."""

    remit: str
    mode: Mode
    identity: dict[str, str]
    files: dict[str, Sha256]
    store: Sha256
    laid_aside: Literal["typed and told"]
    """How rows are laid aside: versions before this one laid them aside as the files had them."""


class Spooled(Part):
    """The rows that were laid aside by practice, by table; and those that could not be.

    `filled` cells are not empty, by table and column; `kept_out` are those for which a row was rejected, by
    reason.
    """

    read: dict[str, int]
    rejected: dict[str, int]
    elsewhere: dict[str, int]
    """Of the rejected, those of practices that have no extract here."""
    cells: tuple[Cells, ...]
    filled: dict[str, int]
    kept_out: dict[str, dict[str, int]]


@dataclass
class Report:
    """What an import did. For each table, read = stored + rejected."""

    mode: Mode
    practices: int
    resumed: int = 0
    """How many practices an interrupted import had done already."""
    read: Counter[str] = field(default_factory=Counter)
    stored: Counter[str] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    rejected_file: Path | None = None
    doubts: tuple[Problem, ...] = ()
    """What to know of the key, of columns that were passed over, and of practices without a row."""
    looks_real: int = 0
    """Ids kept as they are that are valid NHS numbers outside the range set aside for testing."""
    cells: tuple[Cells, ...] = ()
    """The cells that are stored otherwise than they were written."""
    unread_file: Path | None = None
    """The list of the cells that could not be read."""
    gone: Counter[str] = field(default_factory=Counter)
    """Patients, open stays and records that the extracts before had and the new one no longer has."""


def clear(store: Path, manifest: Manifest) -> None:
    """Remove what is laid aside, and every file of a store that the manifest does not name."""
    remove(store / WORK)
    unfinished(store / MANIFEST).unlink(missing_ok=True)
    named = manifest.listed(store)
    paths = [*store.glob("practice=*/*-*.parquet"), *store.glob("*-*.csv")]
    for path in paths:
        name = path.relative_to(store).as_posix()
        if name not in named and is_named_like_ours(name):
            path.unlink(missing_ok=True)
    for home in store.glob("practice=*"):
        if home.is_dir() and not any(home.iterdir()):
            home.rmdir()


def cannot_write(error: OSError, store: Path, whole: str) -> Refused:
    """What the system refused while a store was written to; `whole` says what the store is now."""
    reason = error.strerror or first_line(error)
    place = Place(str(error.filename or store))
    if isinstance(error, FileNotFoundError | PermissionError):
        return refuse("records.import-stopped", f"{reason}. {whole}", place, reason=reason)
    what, way = f"cannot be written: {reason}. {whole}", "Make room on the disk and start again."
    return refuse("files.cannot-be-written", what, place, way, reason=reason)
