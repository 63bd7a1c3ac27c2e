"""A store's manifest: the one file that says which files are the store. What it does not name is not there.

Replacing it is a single rename, so that a store is always either what it was or what it became.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, ClassVar, Final, Literal

from pydantic import AfterValidator, Field

from remit.core.problems import Place, refuse
from remit.core.version import VERSION
from remit.files import manifest as files
from remit.files.hashes import sha256_text
from remit.files.manifest import MANIFEST, Kind, OfFolder, Part, Sha256, manifest_bytes
from remit.files.whole import replace_synced, sync_folder
from remit.records.layout import BY_NAME, PRACTICE_CODE

WORK = ".import"
SUPERSEDED = ".superseded"
DROPPED = ".dropped"
BY_CODE = ".bycode"
SYNTHETIC: Final = "synthetic"


_STORED = r"^practice=[A-Z0-9_-]+/[a-z]+(\.superseded|\.dropped|\.bycode)?-[0-9]{6,}\.parquet$"
_REJECTED = r"^rejected-[0-9]{6,}\.csv$"
_UNREAD = r"^unread-[0-9]{6,}\.csv$"


def is_named_like_ours(name: str) -> bool:
    """Whether an import calls a file so: below the store, of a table or of rejected rows."""
    table = table_of(name.rpartition("/")[2].partition("-")[0])
    return bool(re.match(f"{_REJECTED}|{_UNREAD}", name) or (re.match(_STORED, name) and table in BY_NAME))


def table_of(name: str) -> str:
    """The table that a file is of, by the name it has in a partition."""
    return name.removesuffix(SUPERSEDED).removesuffix(DROPPED).removesuffix(BY_CODE)


@dataclass(frozen=True)
class Stored:
    """A Parquet file of the store: its path below the store, the hash of its bytes, its rows."""

    file: Annotated[str, Field(pattern=_STORED)]
    sha256: Sha256
    rows: int

    @property
    def number(self) -> int:
        """The import that wrote it."""
        return int(self.file.rpartition("-")[2].removesuffix(".parquet"))


@dataclass(frozen=True)
class Extract:
    """An extract that a practice's records are from: the last day that it covers, and the import that brought it."""

    id: str
    last_day: date
    imported: int


Beside = Annotated[dict[str, Stored], AfterValidator(lambda tables: _beside(tables))]
"""What an extract brought of events and prescriptions, beside the files that were there: the rows that stand, those
that were superseded when they came (`events.superseded`), and which rows of earlier files no longer stand
(`events.dropped`: the import that wrote the file, and the row's place in it)."""


@dataclass(frozen=True)
class Partition:
    """A practice's part of the store. `tables` also names what later extracts superseded, as `patients.superseded`,
    and the same rows by code, as `events.bycode`; `patients.bycode` is whom these mean, where `patients` is newer.

    The extracts stand from the earliest to the latest. `beside` has, for each append since the files of `tables` were
    written, what it laid beside them; nothing where they are the whole. `folded` has, for each time that this was
    folded into the files, the hashes after it by a hash of those before: the records are the same.
    """

    extracts: Annotated[tuple[Extract, ...], Field(min_length=1)]
    tables: Annotated[dict[str, Stored], AfterValidator(lambda tables: _record_tables(tables))]
    beside: Annotated[tuple[Beside, ...], Field(exclude_if=lambda value: not value)] = ()
    folded: Annotated[dict[Sha256, dict[str, Sha256]], Field(exclude_if=lambda value: not value)] = field(
        default_factory=dict
    )

    @property
    def last_day(self) -> date:
        return max(extract.last_day for extract in self.extracts)

    @property
    def is_compact(self) -> bool:
        """Whether its files are those that one import of all would have written."""
        return not self.beside and "patients" + BY_CODE not in self.tables

    def rows(self, table: str) -> int:
        """How many rows of a table stand, or are superseded."""
        name = table_of(table)
        dropped = sum(stored.rows for stored in self.files(name + DROPPED))
        return sum(stored.rows for stored in self.files(table)) + (dropped if table != name else -dropped)

    def files(self, table: str) -> list[Stored]:
        """The files of that name, in the order in which they came."""
        return [tables[table] for tables in (self.tables, *self.beside) if table in tables]

    def named(self) -> dict[str, Stored]:
        """Every file by its name: `events`, and `events@3` for what the third import laid beside."""
        later = {f"{name}@{stored.number}": stored for tables in self.beside for name, stored in tables.items()}
        return self.tables | later

    def hashes(self) -> dict[str, str]:
        """What the practice's records are, to the byte: the hash of each file by its name. Those by code are made of
        others, and say nothing more."""
        return {name: stored.sha256 for name, stored in sorted(self.named().items()) if not name.endswith(BY_CODE)}

    def since(self, hashes: Mapping[str, str]) -> Iterator[Mapping[str, str]]:
        """The hashes of some records of the practice, and those that the same records had after each time that they
        were folded into its files."""
        yield hashes
        for _ in self.folded:
            after = self.folded.get(digest_of(hashes))
            if after is None:
                return
            yield (hashes := after)

    def are(self, hashes: Mapping[str, str]) -> bool:
        """Whether the practice's records are those of these hashes."""
        return any(one == self.hashes() for one in self.since(hashes))


def digest_of(hashes: Mapping[str, str]) -> str:
    """A hash of the hashes of some files."""
    return sha256_text(json.dumps(hashes, sort_keys=True))


def _record_tables(tables: dict[str, Stored]) -> dict[str, Stored]:
    if "patients" not in tables:
        raise ValueError("has no patients")
    if not all(name.removesuffix(SUPERSEDED) in BY_NAME or _is_by_code(name) for name in tables):
        raise ValueError("names a table that is none of records")
    return tables


def _is_by_code(name: str) -> bool:
    layout = BY_NAME.get(name.removesuffix(BY_CODE))
    return name.endswith(BY_CODE) and layout is not None and (not layout.key or layout.name == "patients")


def _beside(tables: dict[str, Stored]) -> dict[str, Stored]:
    if not tables or not all(_may_lie_beside(name) for name in tables):
        raise ValueError("lays a table beside that is neither events nor prescriptions")
    return tables


def _may_lie_beside(name: str) -> bool:
    return table_of(name) in BY_NAME and not BY_NAME[table_of(name)].key and not name.endswith(BY_CODE)


def _none(value: object) -> bool:
    return value is None


def _nothing(value: object) -> bool:
    return not value


class Cells(Part):
    """How many cells of a table's column are stored otherwise than they were written, and how: one of `cells.NOTES`."""

    table: str
    column: str
    how: str
    count: int


class Import(Part):
    """One import, or how made-up people were made: `seed` and `years` are theirs. Rows are by table.

    `cells`, `unread_file`, which lists the cells that could not be read, and `two_births`, the ids that have several
    days of birth in one extract, are there only where there are such.
    """

    mode: Literal["add", "replace", "append", "correct", "delete", "compact", "synthetic"]
    seed: int | None = Field(default=None, exclude_if=_none)
    years: int | None = Field(default=None, exclude_if=_none)
    extracts: int
    files: dict[str, Sha256]
    read: dict[str, int]
    stored: dict[str, int]
    rejected: dict[str, int]
    rejected_file: Annotated[str, Field(pattern=f"^$|{_REJECTED}")]
    cells: tuple[Cells, ...] = Field(default=(), exclude_if=_nothing)
    unread_file: Annotated[str, Field(pattern=f"^$|{_UNREAD}")] = Field(default="", exclude_if=_nothing)
    two_births: int = Field(default=0, ge=0, exclude_if=_nothing)


def _identity(identity: dict[str, str]) -> dict[str, str]:
    if identity and identity.get("ids") not in ("kept", "pseudonyms"):
        raise ValueError("says neither that ids are kept nor that they are pseudonyms")
    return identity


class Manifest(OfFolder):
    """What the store holds. `identity` says whether ids are pseudonyms or kept as they are, and of which key."""

    kind: ClassVar[Kind] = Kind(
        "store of records", 2, "Give a store of records, imported or made up.",
        "Import the records again.", "manifest of records",
    )  # fmt: skip

    format: int
    remit: str
    identity: Annotated[dict[str, str], AfterValidator(_identity)]
    totals: dict[str, int]
    imports: tuple[Import, ...]
    partitions: dict[Annotated[str, Field(pattern=f"^(?:{PRACTICE_CODE.pattern})$")], Partition]

    @property
    def next_import(self) -> int:
        return len(self.imports) + 1

    def listed(self, folder: Path) -> dict[str, str]:
        """Every file that the manifest names, with its hash where it has one."""
        stored = {one.file: one.sha256 for part in self.partitions.values() for one in part.named().values()}
        lists = [name for entry in self.imports for name in (entry.rejected_file, entry.unread_file) if name]
        return stored | dict.fromkeys(lists, "")


def manifest_of(
    identity: Mapping[str, str], partitions: Mapping[str, Partition], imports: Sequence[Import] = ()
) -> Manifest:
    """The manifest of a store as it is written now."""
    return Manifest(
        format=Manifest.kind.format,
        remit=VERSION,
        identity=dict(identity),
        totals=totals_of(partitions),
        imports=tuple(imports),
        partitions=dict(sorted(partitions.items())),
    )


def totals_of(partitions: Mapping[str, Partition]) -> dict[str, int]:
    """The rows of each table over all practices."""
    return {name: sum(p.rows(name) for p in partitions.values()) for name in BY_NAME}


def is_store(folder: Path) -> bool:
    """Whether the folder has a manifest."""
    return (folder / MANIFEST).is_file()


def is_unfinished(folder: Path) -> bool:
    """Whether an import into the folder was interrupted, or is under way."""
    return (folder / WORK).is_dir()


def read_manifest(folder: Path) -> Manifest:
    """Raises Refused for a folder that is not a store, another format, or a manifest that Remit did not write."""
    if folder.is_dir() and not is_store(folder) and is_unfinished(folder):
        way = "Its import did not finish: start it again."
        raise refuse(
            "records.not-a-store", f"is not a store of records: it has no {MANIFEST}.", Place(str(folder)), way
        )
    return files.read_manifest(folder, Manifest)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Put the manifest in place of the one that is there, once its bytes are on the disk."""
    replace_synced(folder / MANIFEST, manifest_bytes(manifest, indent=1))
    sync_folder(folder)
