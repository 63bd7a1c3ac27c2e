"""A backup's file: a zip with a manifest, the rows of each table and the files of the data folder. Knows no Django.

    manifest.json                      what is in it: counts, sizes, SHA-256
    tables/organisations.organisation.jsonl   a row on a line
    files/schemes/…                    a file of the data folder, as it is there

What comes back is checked before anything is done with it: whole, of this form, no entry that the manifest does not
list, no name that leads elsewhere, no more bytes than are listed, and each hash.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO, Any

from remit.core.problems import Place, Refused, refuse

KIND, FORMAT = "remit backup", 1
MANIFEST, TABLES, FILES = "manifest.json", "tables/", "files/"
LARGEST_MANIFEST = 64 * 1024 * 1024
LONGEST_LINE = 64 * 1024 * 1024
_CHUNK = 1024 * 1024
_PART = re.compile(r"[^/\\\x00-\x1f\x7f:]{1,200}")
_TABLE = re.compile(r"[a-z_]{1,60}\.[a-z0-9_]{1,60}")
_FIXED = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Item:
    """A table or a file in a backup: its name, how many rows (of a file 0), how many bytes, and their SHA-256."""

    name: str
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What is in a backup, when and by which version it was made, and the migrations that its tables had.

    `anchor`: the audit log's last entry, its number and hash.
    """

    version: str
    made: str
    migrations: tuple[tuple[str, str], ...]
    tables: tuple[Item, ...]
    files: tuple[Item, ...]
    anchor: str = ""

    @property
    def bytes(self) -> int:
        """What all of it comes to, unpacked."""
        return sum(item.bytes for item in (*self.tables, *self.files))

    @property
    def rows(self) -> int:
        """The rows of all tables."""
        return sum(item.rows for item in self.tables)


class Writer:
    """Adds tables and files, and the manifest at the end."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.tables: list[Item] = []
        self.files: list[Item] = []

    def table(self, name: str, lines: Iterable[bytes]) -> None:
        """Add the rows of a table."""
        self.tables.append(self._add(TABLES + name + ".jsonl", name, lines, count=True))

    def file(self, name: str, file: IO[bytes]) -> None:
        """Add a file of the data folder."""
        self.files.append(self._add(FILES + name, name, iter(lambda: file.read(_CHUNK), b""), count=False))

    def _add(self, entry: str, name: str, parts: Iterable[bytes], count: bool) -> Item:
        digest, size, rows = hashlib.sha256(), 0, 0
        with self._archive.open(_info(entry), "w", force_zip64=True) as to:
            for part in parts:
                to.write(part)
                digest.update(part)
                size += len(part)
                rows += count
        return Item(name, rows, size, digest.hexdigest())

    def finish(self, version: str, made: str, migrations: Iterable[tuple[str, str]], anchor: str) -> Manifest:
        """Add the manifest."""
        manifest = Manifest(version, made, tuple(migrations), tuple(self.tables), tuple(self.files), anchor)
        self._archive.writestr(_info(MANIFEST), json.dumps({"kind": KIND, "format": FORMAT, **asdict(manifest)}))
        return manifest


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _FIXED)
    info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o100600 << 16
    return info


class Reader:
    """A backup that was checked throughout: it gives rows and files."""

    def __init__(self, archive: zipfile.ZipFile, manifest: Manifest) -> None:
        self._archive = archive
        self.manifest = manifest

    def lines(self, table: str) -> Iterator[bytes]:
        """The rows of a table, as they stand in it."""
        with self._archive.open(f"{TABLES}{table}.jsonl") as file:
            while line := file.readline(LONGEST_LINE):
                yield line

    def file(self, name: str) -> IO[bytes]:
        """A file of the data folder."""
        return self._archive.open(FILES + name)


@contextmanager
def opened(path: Path, room: Path) -> Iterator[Reader]:
    """A backup, checked to the last byte. `room` is the folder whose disk has to hold it. Raises Refused."""
    with _guarded(path), zipfile.ZipFile(path) as archive:
        manifest = _manifest(archive)
        _check_entries(archive, manifest)
        if manifest.bytes > shutil.disk_usage(room).free:
            raise _bad(
                f"holds {manifest.bytes:,} bytes, and there is not so much room on the disk", "service.backup-no-room"
            )
        for item in manifest.tables:
            _check_item(archive, f"{TABLES}{item.name}.jsonl", item, rows=True)
        for item in manifest.files:
            _check_item(archive, FILES + item.name, item, rows=False)
    with zipfile.ZipFile(path) as archive:
        yield Reader(archive, manifest)


@contextmanager
def _guarded(path: Path) -> Iterator[None]:
    """Whatever is wrong with the file is a Refused that names it."""
    try:
        yield
    except Refused as refused:
        raise Refused([replace(refused.problems[0], place=Place(str(path)))]) from None
    except FileNotFoundError:
        raise refuse("service.no-backup", "is not there.", Place(str(path)), "Name a file of 'remit backup'.") from None
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError, ValueError, KeyError, TypeError,
            RecursionError, RuntimeError, OSError) as failure:  # fmt: skip
        if isinstance(failure, OSError) and failure.errno is not None:
            raise
        raise refuse(
            "service.backup-damaged",
            "is damaged, cut off, or not a backup of Remit.",
            Place(str(path)),
            "Nothing was changed. Use another backup.",
        ) from None
    except Exception as failure:
        if type(failure).__module__ not in ("zlib", "lzma"):
            raise
        raise refuse(
            "service.backup-damaged", "is damaged.", Place(str(path)), "Nothing was changed. Use another backup."
        ) from None


def _bad(what: str, code: str = "service.backup-damaged") -> Refused:
    return refuse(code, f"{what}.", None, "Nothing was changed. Use another backup.")


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    info = archive.getinfo(MANIFEST)
    if info.file_size > LARGEST_MANIFEST:
        raise _bad("has a manifest that is larger than any of Remit's")
    with archive.open(MANIFEST) as file:
        text = file.read(LARGEST_MANIFEST + 1)
    if len(text) > LARGEST_MANIFEST:
        raise _bad("has a manifest that is larger than any of Remit's")
    value: Any = json.loads(text)
    if value.get("kind") != KIND:
        raise _bad("is not a backup of Remit")
    if value.get("format") != FORMAT:
        raise _bad(
            f"has the form {str(value.get('format'))[:20]}, and this version of Remit reads {FORMAT}",
            "service.backup-form",
        )
    return Manifest(
        str(value["version"]),
        str(value["made"]),
        tuple((str(app), str(name)) for app, name in value["migrations"]),
        tuple(_item(one, _is_table) for one in value["tables"]),
        tuple(_item(one, is_safe) for one in value["files"]),
        str(value.get("anchor", "")),
    )


def _item(value: dict[str, Any], fits: Any) -> Item:
    item = Item(**value)
    if not (isinstance(item.name, str) and fits(item.name)):
        raise _bad("lists a name that leads out of the data folder, or is none of Remit's")
    if not all(type(n) is int and n >= 0 for n in (item.rows, item.bytes)) or not re.fullmatch(
        "[0-9a-f]{64}", item.sha256
    ):
        raise _bad("has a manifest that cannot be read")
    return item


def _is_table(name: str) -> bool:
    return bool(_TABLE.fullmatch(name))


def is_safe(name: str) -> bool:
    """Whether a name leads to a place below the folder that it is put into, on every system."""
    parts = name.split("/")
    return name.isprintable() and all(
        _PART.fullmatch(part) and part.strip(". ") and part == part.rstrip(". ") for part in parts
    )


def _check_entries(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Every entry is listed, once, and is a file and no link."""
    listed = [f"{TABLES}{item.name}.jsonl" for item in manifest.tables] + [FILES + item.name for item in manifest.files]
    there = [info.filename for info in archive.infolist()]
    folded = [name.casefold() for name in there]
    if sorted(there) != sorted([*listed, MANIFEST]) or len(set(folded)) != len(folded):
        raise _bad("holds other entries than its manifest lists")
    for info in archive.infolist():
        if info.is_dir() or (info.external_attr >> 16) & 0o170000 not in (0, 0o100000):
            raise _bad("holds a link or a folder where a file is listed")
        if info.compress_type not in (zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED) or info.flag_bits & 1:
            raise _bad("holds an entry that is encrypted or packed in another way")


def _check_item(archive: zipfile.ZipFile, entry: str, item: Item, rows: bool) -> None:
    digest, size, lines = hashlib.sha256(), 0, 0
    with archive.open(entry) as file:
        while part := file.readline(LONGEST_LINE) if rows else file.read(_CHUNK):
            size += len(part)
            lines += 1
            if size > item.bytes or (rows and not part.endswith(b"\n")):
                raise _bad(f"holds other bytes in {entry} than its manifest lists")
            digest.update(part)
    if (size, digest.hexdigest()) != (item.bytes, item.sha256) or (rows and lines != item.rows):
        raise _bad(f"holds other bytes in {entry} than its manifest lists")
