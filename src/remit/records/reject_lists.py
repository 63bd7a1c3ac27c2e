"""The lists that an import leaves in the store: rows that it could not store, and cells that it could not read."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from remit.files.private import private_file
from remit.files.tables import write_rows
from remit.files.whole import sync_folder, synced
from remit.records.source import Rejected

COLUMNS = ("file", "row", "column", "reason")


@contextmanager
def list_to(path: Path) -> Iterator[Callable[[str, Rejected], None]]:
    """Write a part of a list, without its header: what is handed on, each with the name of its file."""
    private_file(path)
    with path.open("w", encoding="utf-8", newline="") as file:
        yield lambda name, what: write_rows(file, [(name, str(what.row), what.column, what.reason)])


def write_list(store: Path, what: str, number: int, parts: Iterable[Path]) -> str:
    """Put the parts of a list together in the store, and wait until it is on the disk. Returns its name."""
    path = store / f"{what}-{number:06d}.csv"
    with synced(path) as file:
        file.write((",".join(COLUMNS) + "\n").encode())
        for part in parts:
            with part.open("rb") as rows:
                shutil.copyfileobj(rows, file)
    sync_folder(store)
    return path.name
