"""Cluster sets in their folders: the demonstration set that ships, and sets that were imported.

A folder holds `clusters.csv` (cluster, code, term, source; system, where some code is of one) and `manifest.json`
(name, release, counts, hash). What was
changed since the import is refused: the hash that results carry must be the hash of what was used.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import ClassVar

from remit.core.problems import Collector, Place, refuse
from remit.files.folders import whole_folder
from remit.files.manifest import (
    Kind,
    OfFolder,
    Sha256,
    kind_of,
    kind_of_model,
    read_manifest,
    read_replaceable,
    write_manifest,
)
from remit.files.tables import read_table, write_table
from remit.terminology.clusters import ClusterSet
from remit.terminology.release import Gathered, has_made_up

DEMONSTRATION = "demonstration"
DEMONSTRATION_RELEASE = "1"
COLUMNS = ("cluster", "code", "term", "source")
_LIBRARY = Path(__file__).parent.parent / "library" / "clusters" / DEMONSTRATION


class SetManifest(OfFolder):
    """A set's manifest: how many clusters and codes it has, and the hash of them all."""

    kind: ClassVar[Kind] = Kind(
        "cluster set", 0, "Give the folder of a cluster set.", "Import the set again.",
        "manifest of a cluster set",
    )  # fmt: skip

    name: str
    release: str
    demonstration: bool
    clusters: int
    codes: int
    sha256: Sha256

    def listed(self, folder: Path) -> dict[str, str]:
        """The one table of the set: `sha256` is of what it says."""
        return {"clusters.csv": ""}


@cache
def demonstration() -> ClusterSet:
    """The set that ships: few codes, some of them made up. No final payment rests on it."""
    return _read(sorted(_LIBRARY.glob("*.csv")), DEMONSTRATION, DEMONSTRATION_RELEASE)


def load_clusters(reference: str | Path = DEMONSTRATION) -> ClusterSet:
    """A cluster set: `demonstration`, or the folder that `remit clusters import` wrote.

    Raises Refused for a folder that is not there, and for a set that was changed after its import.
    """
    folder = Path(reference)
    if str(reference) == DEMONSTRATION and not folder.is_dir():
        return demonstration()
    if not folder.is_dir():
        hint = f"Say {DEMONSTRATION}, or give the folder of a set that was imported."
        raise refuse("terminology.no-such-set", "there is no such cluster set.", Place(str(folder)), hint)
    return _as_imported(folder, read_manifest(folder, SetManifest))


def _as_imported(folder: Path, manifest: SetManifest) -> ClusterSet:
    """The set of a folder. Raises Refused where it is not what its manifest says."""
    cluster_set = _read([folder / "clusters.csv"], manifest.name, manifest.release)
    if cluster_set.sha256 != manifest.sha256:
        own = cluster_set.sha256[:12]
        message = f"was changed after its import: its hash is {own}…, and the manifest has {manifest.sha256[:12]}…."
        raise refuse(
            "terminology.set-changed",
            message,
            Place(str(folder / "clusters.csv")),
            "Import it again, under a release of its own.",
            found=cluster_set.sha256,
            expected=manifest.sha256,
        )
    return cluster_set


def write_clusters(cluster_set: ClusterSet, folder: Path, replace: bool = False) -> None:
    """Write a set's folder, whole or not at all. `replace` puts it in the place of another set, and of nothing else."""
    if replace and kind_of(folder) == kind_of_model(SetManifest):
        _as_imported(folder, read_replaceable(folder, SetManifest))  # one that was changed since stays
    with whole_folder(folder, replace, SetManifest) as work:
        has_systems = any(cluster.systems for cluster in cluster_set.clusters.values())
        write_table(
            work / "clusters.csv", (*COLUMNS, "system") if has_systems else COLUMNS, set_rows(cluster_set, has_systems)
        )
        write_manifest(work, set_manifest(cluster_set))


def set_rows(cluster_set: ClusterSet, systems: bool = False) -> Iterator[Sequence[str]]:
    """A set as the rows of `clusters.csv`; with `systems`, a row for each system of a code, which is its last cell."""
    for name, cluster in cluster_set.clusters.items():
        for code, system in cluster.members():
            row = (name, code, cluster.codes[code], cluster.source_of(code))
            yield (*row, system) if systems else row


def set_manifest(cluster_set: ClusterSet) -> SetManifest:
    """What a manifest says of a set."""
    return SetManifest(
        name=cluster_set.name,
        release=cluster_set.release,
        demonstration=cluster_set.demonstration,
        clusters=len(cluster_set.clusters),
        codes=cluster_set.code_count,
        sha256=cluster_set.sha256,
    )


def _read(files: Sequence[Path], name: str, release: str) -> ClusterSet:
    gathered = Gathered(Collector())
    for path in files:
        table = read_table(path, COLUMNS, ("system",))
        for row, (cluster, code, term, source, system) in table.rows(gathered.problems):
            if gathered.begin(cluster, path, row):
                gathered.add(cluster, code, term, source, path, row, system)
    gathered.problems.refuse_if_any()
    clusters = gathered.clusters()
    return ClusterSet(name, release, has_made_up(clusters), clusters)
