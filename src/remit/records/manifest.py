"""A store's manifest: the one file that says which files are the store. What it does not name is not there.

Replacing it is a single rename, so that a store is always either what it was or what it became.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from remit.core.problems import Place, refuse
from remit.core.version import VERSION
from remit.files.tables import read_text
from remit.records.layout import BY_NAME, PRACTICE_CODE

FORMAT = 1
NAME = "manifest.json"
WORK = ".import"
SUPERSEDED = ".superseded"
_FILE = re.compile(r"practice=[A-Z0-9_-]+/[a-z]+(\.superseded)?-[0-9]{6,}\.parquet", re.ASCII)
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True)
class Stored:
    """A Parquet file of the store: its path below the store, the hash of its bytes, its rows."""

    file: str
    sha256: str
    rows: int


@dataclass(frozen=True)
class Extract:
    """An extract that a practice's records are from: the last day that it covers, and the import that brought it."""

    id: str
    last_day: date
    imported: int


@dataclass(frozen=True)
class Partition:
    """A practice's part of the store. `tables` also names what later extracts superseded, as `patients.superseded`.

    The extracts stand from the earliest to the latest.
    """

    extracts: tuple[Extract, ...]
    tables: dict[str, Stored]

    @property
    def last_day(self) -> date:
        return max(extract.last_day for extract in self.extracts)

    def rows(self, table: str) -> int:
        return self.tables[table].rows if table in self.tables else 0

    def as_json(self) -> dict[str, Any]:
        extracts = [{**asdict(extract), "last_day": extract.last_day.isoformat()} for extract in self.extracts]
        return {"extracts": extracts, "tables": {name: asdict(stored) for name, stored in self.tables.items()}}

    @classmethod
    def from_json(cls, said: dict[str, Any]) -> Partition:
        """Raises KeyError, TypeError or ValueError for what no Remit wrote."""
        extracts = tuple(
            Extract(str(e["id"]), date.fromisoformat(e["last_day"]), int(e["imported"])) for e in said["extracts"]
        )
        tables = {name: Stored(t["file"], t["sha256"], int(t["rows"])) for name, t in said["tables"].items()}
        known = all(name.removesuffix(SUPERSEDED) in BY_NAME for name in tables)
        sound = all(_FILE.fullmatch(t.file) and _HASH.fullmatch(t.sha256) for t in tables.values())
        if not known or not sound or not extracts or "patients" not in tables:
            raise ValueError
        return cls(extracts, tables)


@dataclass
class Manifest:
    """What the store holds. `identity` tells pseudonyms from ids kept, and one key from another."""

    identity: dict[str, str] = field(default_factory=dict)
    partitions: dict[str, Partition] = field(default_factory=dict)
    imports: list[dict[str, Any]] = field(default_factory=list)

    @property
    def next_import(self) -> int:
        return len(self.imports) + 1

    def files(self) -> set[str]:
        """Every file that the manifest names, but for its own."""
        files = {stored.file for partition in self.partitions.values() for stored in partition.tables.values()}
        return files | {entry["rejected_file"] for entry in self.imports if entry["rejected_file"]}

    def totals(self) -> dict[str, int]:
        return {name: sum(p.rows(name) for p in self.partitions.values()) for name in BY_NAME}

    def text(self) -> str:
        said = {
            "format": FORMAT,
            "remit": VERSION,
            "identity": self.identity,
            "totals": self.totals(),
            "imports": self.imports,
            "partitions": {code: partition.as_json() for code, partition in sorted(self.partitions.items())},
        }
        return json.dumps(said, indent=1, ensure_ascii=False) + "\n"


def is_store(folder: Path) -> bool:
    """Whether the folder has a manifest."""
    return (folder / NAME).is_file()


def is_unfinished(folder: Path) -> bool:
    """Whether an import into the folder was interrupted, or is under way."""
    return (folder / WORK).is_dir()


def read_manifest(folder: Path) -> Manifest:
    """Raises Refused for a folder that is no store, a newer format, or a manifest that no Remit wrote."""
    path = folder / NAME
    if not folder.is_dir():
        raise refuse(
            "records.no-such-store", "there is no such folder.", Place(str(folder)), "Give a store of records."
        )
    if not path.is_file():
        way = "Its import did not finish: start it again." if is_unfinished(folder) else "Name one that an import made."
        raise refuse("records.not-a-store", f"is no store of records: it has no {NAME}.", Place(str(folder)), way)
    try:
        said: dict[str, Any] = json.loads(read_text(path))
        if "definitions" in said or "schemes" in said:
            what = "an evaluation" if "definitions" in said else "a run"
            way = "Give a folder of records, imported or made up."
            raise refuse(
                "records.another-folder", f"is {what}, and no store of records.", Place(str(folder)), way, found=what
            )
        if int(said["format"]) > FORMAT:
            raise refuse(
                "records.newer-store",
                f"is a store of format {said['format']}, which a newer Remit wrote.",
                Place(str(folder)),
                f"This one reads format {FORMAT}: update Remit.",
                format=said["format"],
                reads=FORMAT,
            )
        partitions = {str(code): Partition.from_json(part) for code, part in said["partitions"].items()}
        identity, imports = dict(said["identity"]), list(said["imports"])
        if identity.get("ids") not in ("kept", "pseudonyms") or not all(map(PRACTICE_CODE.fullmatch, partitions)):
            raise ValueError
        for entry in imports:
            if entry["rejected_file"] and not re.fullmatch(r"rejected-[0-9]{6,}\.csv", entry["rejected_file"]):
                raise ValueError
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise refuse(
            "records.manifest-damaged",
            "is damaged, or no manifest of records.",
            Place(str(path)),
            "Import the records again.",
        ) from None
    return Manifest(identity, partitions, imports)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Put the manifest in place of the one that is there, once its bytes are on the disk."""
    write_synced(folder / f".{NAME}", manifest.text().encode())
    os.replace(folder / f".{NAME}", folder / NAME)
    sync_folder(folder)


def write_synced(path: Path, data: bytes) -> None:
    """Write a file and wait until it is on the disk."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk, where the system can."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def locked(folder: Path, message: str = "another import is writing to this store.") -> Iterator[None]:
    """One at a time; the system lets go of the lock however the process ends. No lock on Windows."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    with (folder / ".lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if not os.path.samestat(os.fstat(file.fileno()), os.stat(file.name)):
                raise FileNotFoundError  # the one that had it took it away as it ended
        except (BlockingIOError, FileNotFoundError):
            raise refuse("records.in-use", message, Place(str(folder)), "Wait for its end.") from None
        yield
