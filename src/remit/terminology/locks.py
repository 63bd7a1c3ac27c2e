"""Locks: which codes a scheme's results rest on, so that a later release cannot change them unseen.

A lock names the set and, for each cluster that is needed, its count and hash. It is read beside the set that is used,
and every difference is refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from remit.core.problems import Place, Refused, did_you_mean, error, refuse
from remit.terminology.clusters import ClusterSet, need


def lock_of(names: Iterable[str], held: ClusterSet) -> dict[str, Any]:
    """What results carry of their clusters: the set's name and release, and each needed cluster's count and hash.

    Raises Refused for clusters that the set does not have.
    """
    wanted = sorted(set(names))
    need(wanted, held)
    return {
        "name": held.name,
        "release": held.release,
        "demonstration": held.demonstration,
        "clusters": {
            name: {"codes": len(held.clusters[name].codes), "sha256": held.clusters[name].sha256} for name in wanted
        },
    }


def lock_text(lock: dict[str, Any]) -> str:
    """A lock as its file holds it."""
    return json.dumps(lock, indent=2, ensure_ascii=False) + "\n"


def read_lock(path: Path) -> dict[str, Any]:
    """A lock file. Raises Refused for what is none."""
    place = Place(str(path))
    try:
        lock = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise refuse(
            "files.cannot-be-read", f"cannot be read: {error.strerror}.", place, reason=error.strerror
        ) from None
    except (ValueError, RecursionError) as error:
        raise refuse(
            "terminology.not-a-lock", f"is no lock: {error}.", place, "Write it again.", reason=error
        ) from None
    clusters = lock.get("clusters") if isinstance(lock, dict) else None
    if not isinstance(clusters, dict) or not all(
        isinstance(one, dict) and isinstance(one.get("sha256"), str) and type(one.get("codes")) is int
        for one in clusters.values()
    ):
        raise refuse("terminology.not-a-lock", "is no lock of clusters.", place, "Write it again.")
    return {**lock, "clusters": clusters}


def verify(path: Path, names: Iterable[str], held: ClusterSet) -> None:
    """Refuse every needed cluster that is not the one that was locked, and every one that was not locked."""
    lock = read_lock(path)
    locked: dict[str, dict[str, Any]] = lock["clusters"]
    was = f"{lock.get('name')} ({lock.get('release')})"
    problems = []
    for name in sorted(set(names)):
        if name not in locked:
            told = f"does not lock {name}, which is needed."
            problems.append(
                error(
                    "terminology.cluster-not-locked",
                    told,
                    Place(str(path)),
                    did_you_mean(name, locked) or "Write the lock again.",
                    cluster=name,
                )
            )
        elif name not in held.clusters:
            problems.append(
                error(
                    "terminology.locked-cluster-missing",
                    f"locks {name}, and {held.shown} does not have it.",
                    Place(str(path)),
                    cluster=name,
                )
            )
        elif held.clusters[name].sha256 != locked[name]["sha256"]:
            told = f"locks {name} with {locked[name]['codes']} codes of {was}; {held.shown} has others: "
            told += f"{len(held.clusters[name].codes)} codes."
            problems.append(
                error(
                    "terminology.cluster-changed",
                    told,
                    Place(str(path)),
                    "See what changed, and lock again if it is meant.",
                    cluster=name,
                    locked=locked[name]["codes"],
                    found=len(held.clusters[name].codes),
                )
            )
    if problems:
        raise Refused(problems)
