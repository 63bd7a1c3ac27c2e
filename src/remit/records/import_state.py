"""What an import under way writes down of itself in its work folder, so that it can go on after an interruption."""

from __future__ import annotations

from typing import Literal

from remit.files.manifest import Part, Sha256
from remit.records.manifest import Partition

Mode = Literal["add", "replace", "append", "correct", "delete"]
SPOOL = "spool"
"""The folder, below the work folder, of what is laid aside by practice."""


class Done(Part):
    """A practice that is done: its part of the store, and its rows by table; `real` ids look like real NHS numbers."""

    practice: str
    partition: Partition | None
    read: dict[str, int]
    stored: dict[str, int]
    rejected: dict[str, int]
    real: int


class Plan(Part):
    """What an import under way is of: `store` is the hash of the manifest that it began with."""

    remit: str
    mode: Mode
    identity: dict[str, str]
    files: dict[str, Sha256]
    store: Sha256
    laid_aside: Literal["typed"]
    """How rows are laid aside: versions before this one laid them aside as the files had them."""


class Spooled(Part):
    """The rows that were laid aside by practice, by table; and those that could not be."""

    read: dict[str, int]
    rejected: dict[str, int]
