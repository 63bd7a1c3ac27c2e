"""Code clusters: sets and their differences, sets made of files, and locks of the clusters that a scheme needs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from remit.core.problems import Problem, did_you_mean, refuse
from remit.evaluation.evaluator import needed_clusters
from remit.evaluation.plan import plan
from remit.files.folders import check_free
from remit.files.manifest import encoded
from remit.files.whole import check_file_free, write_whole
from remit.rules.definitions import all_that_ship
from remit.scheme import load_scheme
from remit.terminology import (
    Cluster,
    ClusterSet,
    Difference,
    differ,
    load_clusters,
    lock_of,
    read_files,
    set_manifest,
    verify,
    write_clusters,
)
from remit.terminology.sets import DEMONSTRATION, SetManifest
from remit.terminology.systems import SYSTEMS, read_system

__all__ = [
    "DEMONSTRATION", "Cluster", "ClusterSet", "CompareRequest", "Comparison", "Difference", "ImportRequest",
    "ImportResult", "LockRequest", "LockResult", "SetManifest", "compare_sets", "import_set", "load_sets",
    "lock_clusters", "set_manifest", "show_cluster",
]  # fmt: skip


def load_sets(references: tuple[str, ...] = (DEMONSTRATION,)) -> tuple[ClusterSet, ...]:
    """Cluster sets by their folders, or by the name of the set that ships."""
    return tuple(load_clusters(reference) for reference in references)


def show_cluster(reference: str, name: str) -> tuple[ClusterSet, Cluster]:
    """One cluster, with the set that it is of."""
    clusters = load_clusters(reference)
    return clusters, clusters.cluster(name)


@dataclass(frozen=True)
class CompareRequest:
    """The set to compare from, and the one to compare with it."""

    first: str
    second: str


@dataclass(frozen=True)
class Comparison:
    """Both sets, and how the second differs from the first."""

    first: ClusterSet
    second: ClusterSet
    difference: Difference


def compare_sets(request: CompareRequest) -> Comparison:
    """Which clusters are new or gone, and which codes were added and removed."""
    first, second = load_clusters(request.first), load_clusters(request.second)
    return Comparison(first, second, differ(first, second))


@dataclass(frozen=True)
class ImportRequest:
    """The files of a set, as FILE or NAME=FILE; what to call it; and its folder.

    `system` is the code system of rows that do not name one; '' where they may be of any. `errors` is how many errors
    are told at most.
    """

    files: tuple[str, ...]
    name: str
    release: str
    folder: Path
    system: str = ""
    errors: int = 20
    replace: bool = False


@dataclass(frozen=True)
class ImportResult:
    """The set, and what to know of its files."""

    clusters: ClusterSet
    warnings: tuple[Problem, ...]


def import_set(request: ImportRequest) -> ImportResult:
    """Make a set of files. Raises Refused with every error of every file, and then nothing is written."""
    for what, given in (("name", request.name), ("release", request.release)):
        if not given.strip() or not given.isprintable() or given.strip() == DEMONSTRATION:
            raise refuse(
                "terminology.name-unfit", f"the {what} of the set cannot be '{given}'.", None,
                f"Give another than {DEMONSTRATION}, of characters that can be seen.", found=given,
            )  # fmt: skip
    check_free(request.folder, request.replace, SetManifest)
    files, name, release = list(request.files), request.name.strip(), request.release.strip()
    clusters, warnings = read_files(files, name, release, request.errors, _system(request.system.strip()))
    write_clusters(clusters, request.folder, request.replace)
    return ImportResult(clusters, tuple(warnings))


def _system(text: str) -> str:
    """A code system by any of its names; '' for none."""
    try:
        return read_system(text) if text else ""
    except ValueError:
        what, hint = f"there is no code system '{text}'.", did_you_mean(text.lower(), SYSTEMS)
        raise refuse("terminology.no-such-system", what, None, hint, found=text) from None


@dataclass(frozen=True)
class LockRequest:
    """The clusters of a scheme's indicators, as a set has them: to be written to `file`, or compared with `check`."""

    scheme: str
    clusters: str = DEMONSTRATION
    file: Path = Path("clusters.lock")
    check: Path | None = None
    replace: bool = False


@dataclass(frozen=True)
class LockResult:
    """How many clusters of which set are locked, or are as they were locked."""

    clusters: ClusterSet
    locked: int


def lock_clusters(request: LockRequest) -> LockResult:
    """Write the lock; or, with `check`, refuse every cluster that is not the one that was locked."""
    clusters, names = load_clusters(request.clusters), _needed_by(request.scheme)
    if request.check:
        verify(request.check, names, clusters)
    else:
        check_file_free(request.file, request.replace)
        data = encoded(lock_of(names, clusters))
        write_whole(request.file, lambda work: work.write_bytes(data))
    return LockResult(clusters, len(names))


def _needed_by(reference: str) -> set[str]:
    """The clusters that a scheme's indicators read, with those of the registers that they rest on."""
    scheme = load_scheme(reference)
    rules = all_that_ship().of(scheme.year)
    needed = needed_clusters(plan(scheme, rules), rules)
    if not needed:
        raise refuse(
            "evaluation.nothing-counted",
            f"no indicator of {scheme.scheme} has rules over records: it needs no cluster.",
            scheme=scheme.scheme,
        )
    return needed
