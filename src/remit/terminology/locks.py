"""Locks: which codes a scheme's results rest on, so that a later release cannot change them unseen.

A lock names the set and, for each cluster that is needed, its count and hash. It is read beside the set that is used,
and every difference is refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from remit.core.problems import Place, Refused, did_you_mean, error
from remit.files.manifest import Kind, Part, Sha256, Written, read_written
from remit.terminology.clusters import ClusterSet, need

_WRITE = "Write it again."


class LockedCluster(Part):
    """How many codes a cluster has, and their hash."""

    codes: int
    sha256: Sha256


class Lock(Written):
    """A lock: the set's name and release, and each needed cluster."""

    kind: ClassVar[Kind] = Kind("lock", 0, _WRITE, _WRITE, "lock of clusters")

    name: str
    release: str
    demonstration: bool
    clusters: dict[str, LockedCluster]


def lock_of(names: Iterable[str], cluster_set: ClusterSet) -> Lock:
    """What results carry of their clusters. Raises Refused for clusters that the set does not have."""
    needed = sorted(set(names))
    need(needed, cluster_set)
    locked = {name: LockedCluster(codes=len(c.codes), sha256=c.sha256)
              for name, c in ((name, cluster_set.clusters[name]) for name in needed)}  # fmt: skip
    return Lock(
        name=cluster_set.name, release=cluster_set.release, demonstration=cluster_set.demonstration, clusters=locked
    )


def verify(path: Path, names: Iterable[str], cluster_set: ClusterSet) -> None:
    """Refuse every needed cluster that is not the one that was locked, and every one that was not locked."""
    lock = read_written(path, Lock)
    locked = lock.clusters
    was = f"{lock.name} ({lock.release})"
    problems = []
    for name in sorted(set(names)):
        if name not in locked:
            message = f"does not lock {name}, which is needed."
            problems.append(
                error(
                    "terminology.cluster-not-locked",
                    message,
                    Place(str(path)),
                    did_you_mean(name, locked) or "Write the lock again.",
                    cluster=name,
                )
            )
        elif name not in cluster_set.clusters:
            problems.append(
                error(
                    "terminology.locked-cluster-missing",
                    f"locks {name}, and {cluster_set.shown} does not have it.",
                    Place(str(path)),
                    cluster=name,
                )
            )
        elif cluster_set.clusters[name].sha256 != locked[name].sha256:
            message = f"locks {name} with {locked[name].codes} codes of {was}; {cluster_set.shown} has others: "
            message += f"{len(cluster_set.clusters[name].codes)} codes."
            problems.append(
                error(
                    "terminology.cluster-changed",
                    message,
                    Place(str(path)),
                    "See what changed, and lock again if it is meant.",
                    cluster=name,
                    locked=locked[name].codes,
                    found=len(cluster_set.clusters[name].codes),
                )
            )
    if problems:
        raise Refused(problems)
