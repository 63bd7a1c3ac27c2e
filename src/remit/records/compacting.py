"""A store with its appended extracts folded in: each practice's files written as one import of all would write them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from remit.files.locks import locked
from remit.records.import_state import cannot_write, clear
from remit.records.manifest import Import, Manifest, Partition, digest_of, manifest_of, read_manifest, write_manifest
from remit.records.partition import make_partition, rows_that_stay
from remit.records.store import Store


@dataclass(frozen=True)
class Compacted:
    """How many practices had extracts beside their files, and how many such extracts these were."""

    practices: int
    extracts: int


def compact(folder: Path | str, progress: Callable[[int, int], None] | None = None) -> Compacted:
    """Fold into each practice's files what later extracts laid beside them. The records are the same before and after.

    Whatever stops it, the store is whole: as it was, or with some practices done, and the same call does the others.
    `progress(done, total)` is called for each practice. Raises Refused.
    """
    folder = Path(folder)
    tell = progress or (lambda done, total: None)
    with locked(folder, "an import is writing to this store."):
        manifest = read_manifest(folder)
        waiting = {code: part for code, part in manifest.partitions.items() if not part.is_compact}
        if not waiting:
            return Compacted(0, 0)
        done: dict[str, Partition] = {}
        try:
            clear(folder, manifest)
            store = Store(folder)
            for code, part in waiting.items():
                tell(len(done), len(waiting))
                kept = rows_that_stay(store, code, {extract.id for extract in part.extracts})
                made = make_partition(folder, code, manifest.next_import, part.extracts, kept, None, {})
                if made.partition:
                    folded = {**part.folded, digest_of(part.hashes()): made.partition.hashes()}
                    done[code] = replace(made.partition, folded=folded)
            tell(len(done), len(waiting))
        except OSError as error:
            raise cannot_write(error, folder, "The store holds the same records as before.") from None
        finally:
            _commit(folder, manifest, done)
    return Compacted(len(waiting), sum(len(part.beside) for part in waiting.values()))


def _commit(folder: Path, before: Manifest, done: dict[str, Partition]) -> None:
    """Let the manifest name the new files of the practices that are done, and remove what it then no longer names."""
    after = before
    if done:
        entry = Import(mode="compact", extracts=0, files={}, read={}, stored={}, rejected={}, rejected_file="")
        after = manifest_of(before.identity, {**before.partitions, **done}, (*before.imports, entry))
        write_manifest(folder, after)
    clear(folder, after)
