"""The files of extracts and of evidence below the data folder: private, read-only, and verified by hash when read.

Each extract has a folder of its own with a name of random letters; it is filled before its row is written, so that
whatever is ended in between leaves a folder that no row names, which `sweep` removes.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import uuid4

from django.conf import settings

from remit.application.evidence import folders_of
from remit.core.problems import Place, refuse
from remit.files.hashes import sha256_file
from remit.files.manifest import MANIFEST
from remit.files.private import FOLDER, private_folder
from remit.files.whole import sync_folder, synced

PRACTICES, COUNTS, NATIONAL = "practices", "counts", "national"
KINDS = (PRACTICES, COUNTS, NATIONAL)
EVIDENCE, RUN = "evidence", "run"
EVALUATION = "evaluation.json"
"""What the evaluation says of itself that the evidence came with: its clusters and its rules, and no patient."""
_INDEX = "evidence.json"
_READ_ONLY, _BLOCK = 0o400, 1 << 20
_LEFT_OVER_AFTER = 24 * 60 * 60
"""Seconds after which a folder that no row names is nobody's any more: no upload takes as long."""


@dataclass(frozen=True)
class KeptFile:
    """A file as it came in: what it is, its name where it came from, the hash of its bytes, and how many there are."""

    kind: str
    name: str
    sha256: str
    size: int

    def row(self) -> dict[str, object]:
        """As the database has it."""
        return asdict(self)


def home(organisation: int) -> Path:
    """Where the folders of a commissioner's extracts are."""
    return Path(settings.DEPLOYMENT.data) / "extracts" / str(int(organisation))


def folder_of(organisation: int, name: str) -> Path:
    """The folder of an extract, by what its row has."""
    if not name.isalnum():
        raise ValueError("the name of an extract's folder has letters and digits alone")
    return home(organisation) / name


def evidence_folder(practice: int, name: str) -> Path:
    """Where a practice's evidence of an extract is, by the practice's id and the name of the extract's folder: no code
    of anybody is part of the path."""
    if not name.isalnum():
        raise ValueError("the name of an extract's folder has letters and digits alone")
    return Path(settings.DEPLOYMENT.data) / "evidence" / str(int(practice)) / name


def new_folder(organisation: int) -> Path:
    """A new folder for an extract that comes in."""
    private_folder(home(organisation).parent)
    private_folder(home(organisation))
    made = home(organisation) / uuid4().hex
    made.mkdir(mode=FOLDER)
    return made


def keep(source: Path, folder: Path, kind: str, name: str) -> KeptFile:
    """Copy a file into an extract's folder, block by block, and hash what was copied. Raises Refused for a link."""
    if source.is_symlink() or not source.is_file():
        raise refuse("files.no-such-file", "there is no such file.", Place(name), "Check its name and its folder.")
    digest, size, target = hashlib.sha256(), 0, folder / f"{kind}.csv"
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with source.open("rb") as incoming, os.fdopen(handle, "wb") as outgoing:
        while block := incoming.read(_BLOCK):
            digest.update(block)
            size += len(block)
            outgoing.write(block)
        outgoing.flush()
        os.fsync(outgoing.fileno())
        os.fchmod(outgoing.fileno(), _READ_ONLY)
    sync_folder(folder)
    return KeptFile(kind, name, digest.hexdigest(), size)


def keep_evidence(evaluation: Path, folder: Path) -> None:
    """Copy each practice's evidence of an evaluation into an extract's folder: files alone, private and read-only.

    Folders have numbers; which practice each is of stands in a file beside them, and so does the evaluation's manifest.
    """
    folders = sorted(folders_of(evaluation).items())
    (folder / EVIDENCE).mkdir(mode=FOLDER)
    for number, (_, source) in enumerate(folders):
        _copy(source, folder / EVIDENCE / str(number))
    with synced(folder / _INDEX) as file:
        file.write(json.dumps([code for code, _ in folders]).encode())
    manifest = evaluation / MANIFEST
    if manifest.is_file() and not manifest.is_symlink():
        with manifest.open("rb") as incoming, synced(folder / EVALUATION) as file:
            shutil.copyfileobj(incoming, file)
        (folder / EVALUATION).chmod(_READ_ONLY)


def evidence_kept(folder: Path) -> list[tuple[str, Path]]:
    """The code of each practice whose evidence came in, with where it was put at first."""
    codes = json.loads((folder / _INDEX).read_text(encoding="utf-8"))
    return [(code, folder / EVIDENCE / str(number)) for number, code in enumerate(codes)]


def _copy(source: Path, to: Path) -> None:
    to.mkdir(mode=FOLDER)
    for path in sorted(source.rglob("*")):
        inside = to / path.relative_to(source)
        if path.is_symlink():
            raise refuse(
                "files.not-listed", "is a link, and no file.", Place(path.name), "Evaluate again, and send that."
            )
        if path.is_dir():
            inside.mkdir(mode=FOLDER)
        else:
            with path.open("rb") as incoming, synced(inside) as outgoing:
                shutil.copyfileobj(incoming, outgoing)
            inside.chmod(_READ_ONLY)


def hash_of(files: list[KeptFile], evidence: str = "") -> str:
    """The SHA-256 of all that came in: of the kinds and hashes of the files, and of the evidence with them."""
    text = "\n".join([f"{one.kind} {one.sha256}" for one in files] + ([f"{EVIDENCE} {evidence}"] if evidence else []))
    return hashlib.sha256(text.encode()).hexdigest()


def hashes_in(folder: Path) -> dict[str, str]:
    """Each file below a folder, by its path in it, with its hash; no link is followed."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_symlink():
            raise refuse("files.changed-since", "holds a link.", Place(folder.name), "Restore the newest backup.")
        if path.is_file():
            found[path.relative_to(folder).as_posix()] = sha256_file(path)
    return found


def check_unchanged(folder: Path, files: Iterator[KeptFile] | list[KeptFile]) -> None:
    """Raises Refused where a file is not, byte for byte, what came in."""
    for one in files:
        path = folder / f"{one.kind}.csv"
        if path.is_symlink() or not path.is_file() or sha256_file(path) != one.sha256:
            what = "is not what came in: its SHA-256 differs, or it is gone."
            raise refuse("files.changed-since", what, Place(one.name), "Restore the newest backup.")


def check_evidence(folder: Path, hashes: Mapping[str, str]) -> None:
    """Raises Refused where the evidence is not what was kept: a file changed, gone, or one more."""
    if folder.is_symlink() or not folder.is_dir() or hashes_in(folder) != dict(hashes):
        what = "the evidence is not what was kept: a file is changed, gone or new."
        raise refuse("files.changed-since", what, None, "Restore the newest backup.")


def sweep(organisation: int, named: set[str]) -> int:
    """Remove folders that no row of a commissioner names and that are a day old: what an upload left that was ended.
    Returns how many."""
    removed, old, folder = 0, time.time() - _LEFT_OVER_AFTER, home(organisation)
    for path in folder.iterdir() if folder.is_dir() else ():
        with suppress(FileNotFoundError):
            if path.is_dir() and not path.is_symlink() and path.name not in named and path.stat().st_mtime < old:
                remove(path)
                removed += 1
    return removed


def remove_evidence(organisation: int, name: str) -> None:
    """Remove the evidence that came with an extract, wherever it is by now: for one that will not be accepted."""
    remove(folder_of(organisation, name) / EVIDENCE)
    for folder in evidence_folder(0, name).parent.parent.glob(f"*/{name}"):
        remove(folder)


def remove(folder: Path) -> None:
    """Remove a folder with all that is in it, read-only files too."""
    shutil.rmtree(folder, ignore_errors=True)
