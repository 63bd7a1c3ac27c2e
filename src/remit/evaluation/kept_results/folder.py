"""The folder in which evaluations keep what records came to: a file for each practice, and what each rests on.

The manifest is replaced once all new files are there; what it does not name is not there. So the folder is always what
an evaluation left, whatever stops the next one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import ClassVar

import pyarrow as pa
import pyarrow.feather
from pydantic import Field

from remit.core.problems import Place, refuse
from remit.core.version import VERSION
from remit.evaluation.kept_results.practice import KeptPractice, from_table, to_table
from remit.files.folders import bring
from remit.files.hashes import sha256_file
from remit.files.locks import LOCK, locked
from remit.files.manifest import MANIFEST, Files, Kind, OfFolder, Part, Sha256, manifest_bytes, read_manifest
from remit.files.names import file_names
from remit.files.private import private_file, private_folder
from remit.files.whole import replace_synced, sync_folder, unfinished
from remit.records.layout import EVENTS, PRESCRIPTIONS
from remit.records.manifest import table_of
from remit.records.store import Store

REMIT = "it was kept by another version of Remit"
CLUSTERS = "the code clusters changed"
RULES = "the rules changed"
EARLIER = "the day is before that of the earlier evaluation"
WRITTEN_ANEW = "the files of its records were written anew"
UNCLEAR = "what is new in its records could not be told apart"
DAMAGED = "what was kept is damaged or lost"
_ENTRIES = (EVENTS.name, PRESCRIPTIONS.name)
_ENDING = ".arrow"
_OURS = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*-[0-9a-f]{16}\.arrow")
"""How a practice's file is named: by its code and the beginning of its hash."""


class KeptOf(Part):
    """A practice's file, and what it rests on: the day, the hashes of its records, of the clusters and of the rules."""

    file: str = Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9._-]*$")
    sha256: Sha256
    on: date
    store: dict[str, Sha256]
    remit: str
    clusters: Sha256
    rules: Sha256


class KeptManifest(OfFolder):
    """What a folder of kept results holds, by practice."""

    kind: ClassVar[Kind] = Kind(
        "folder of kept results", 1, "Name a new or an empty folder.", "Remove it, and evaluate again.",
        "manifest of kept results",
    )  # fmt: skip

    format: int
    kept: dict[str, KeptOf]

    def listed(self, folder: Path) -> Files:
        """The practices' files."""
        return {one.file: one.sha256 for one in self.kept.values()}


@dataclass(frozen=True)
class Then:
    """What was kept of a practice: the day of that evaluation, the hashes of the records by file, the results."""

    on: date
    files: Mapping[str, str]
    kept: KeptPractice

    def files_in(self, store: Store, practice: str) -> frozenset[Path] | None:
        """The files of events and prescriptions that there were then; None where one is another now, or gone."""
        partition = store.partition(practice)
        named = partition.named()
        for files in partition.since(self.files):
            ours = {name: sha256 for name, sha256 in files.items() if table_of(name.partition("@")[0]) in _ENTRIES}
            if all(name in named and named[name].sha256 == sha256 for name, sha256 in ours.items()):
                return frozenset(store.folder / named[name].file for name in ours)
        return None

    def why_not(self, store: Store, practice: str, on: date) -> str:
        """Why an evaluation on a day cannot go on from here, or nothing."""
        if on < self.on:
            return EARLIER
        return WRITTEN_ANEW if self.files_in(store, practice) is None else ""


@dataclass(frozen=True)
class Keeping:
    """A folder of kept results as an evaluation meets it, and what this one rests on. `lost`: it has practices' files,
    and no manifest that says what they rest on."""

    folder: Path
    clusters: str
    rules: str
    kept: Mapping[str, KeptOf] = field(default_factory=dict)
    lost: bool = False

    def then(self, practice: str) -> Then | str:
        """What was kept of a practice; or why that is of no use here, '' where nothing was kept."""
        one = self.kept.get(practice)
        if one is None:
            return DAMAGED if self.lost else ""
        for why, then, now in (
            (REMIT, one.remit, VERSION), (CLUSTERS, one.clusters, self.clusters), (RULES, one.rules, self.rules)
        ):  # fmt: skip
            if then != now:
                return why
        path = self.folder / one.file
        try:
            if sha256_file(path) != one.sha256:
                return DAMAGED
            return Then(one.on, one.store, from_table(pa.feather.read_table(path.absolute())))
        except (OSError, ValueError, KeyError, pa.ArrowException):
            return DAMAGED

    def take_over(self, files: Mapping[str, tuple[Path, str]], on: date, store: Store) -> None:
        """Put the new files of practices, each with its hash, in place of those that are there; what was kept of
        practices that have left the store goes. Raises OSError."""
        names = file_names(list(files))
        kept = {code: one for code, one in self.kept.items() if code in store.codes}
        for code, (path, sha256) in files.items():
            name = f"{names[code]}-{sha256[:16]}{_ENDING}"
            bring(path, self.folder / name)
            kept[code] = KeptOf(
                file=name, sha256=sha256, on=on, store=store.partition(code).hashes(), remit=VERSION,
                clusters=self.clusters, rules=self.rules,
            )  # fmt: skip
        sync_folder(self.folder)
        manifest = KeptManifest(format=KeptManifest.kind.format, kept=dict(sorted(kept.items())))
        replace_synced(self.folder / MANIFEST, manifest_bytes(manifest))
        sync_folder(self.folder)
        _clear(self.folder, manifest)


def write_kept(path: Path, kept: KeptPractice) -> str:
    """Write what is kept of a practice; the hash of the file. Raises OSError."""
    private_file(path)
    pa.feather.write_feather(to_table(kept), path.absolute(), compression="zstd", compression_level=1)
    return sha256_file(path)


@contextmanager
def keeping(folder: Path, clusters: str, rules: str) -> Iterator[Keeping]:
    """The folder for one evaluation alone; it is made where it is not there.

    Raises Refused where another evaluation has it, and where it holds anything else.
    """
    if folder.exists() and (not folder.is_dir() or any(not _is_ours(path.name) for path in folder.iterdir())):
        read_manifest(folder, KeptManifest)
        raise refuse("files.holds-other-files", "holds other files too.", Place(str(folder)), KeptManifest.kind.find)
    try:
        private_folder(folder)
    except OSError as error:
        what = f"cannot be written: {error.strerror}."
        raise refuse("files.cannot-be-written", what, Place(str(folder)), reason=error.strerror) from None
    with locked(folder, "another evaluation keeps its results there."):
        if (folder / MANIFEST).is_file():
            yield Keeping(folder, clusters, rules, read_manifest(folder, KeptManifest).kept)
        else:
            lost = any(_OURS.fullmatch(path.name) for path in folder.iterdir())
            yield Keeping(folder, clusters, rules, lost=lost)


def _is_ours(name: str) -> bool:
    return name in (LOCK, MANIFEST, unfinished(Path(MANIFEST)).name) or _OURS.fullmatch(name) is not None


def _clear(folder: Path, manifest: KeptManifest) -> None:
    """Remove the files of practices that the manifest does not name."""
    for path in folder.iterdir():
        if _OURS.fullmatch(path.name) and path.name not in manifest.listed(folder):
            path.unlink()
