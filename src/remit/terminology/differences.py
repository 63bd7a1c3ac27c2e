"""How two cluster sets differ: clusters that are new or gone, and codes added to or removed from the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from remit.terminology.clusters import Cluster, ClusterSet
from remit.terminology.systems import shown


@dataclass(frozen=True)
class Changed:
    """A cluster of both sets, with the codes (and their terms) that only the one or the other has."""

    name: str
    added: Mapping[str, str]
    removed: Mapping[str, str]


@dataclass(frozen=True)
class Difference:
    """From one set to another. `new` and `gone` are clusters, with how many codes each has."""

    new: Mapping[str, int]
    gone: Mapping[str, int]
    changed: tuple[Changed, ...]
    same: int

    @property
    def added(self) -> int:
        """How many codes were added to clusters that both sets have."""
        return sum(len(one.added) for one in self.changed)

    @property
    def removed(self) -> int:
        """How many codes were removed from clusters that both sets have."""
        return sum(len(one.removed) for one in self.changed)


def differ(first: ClusterSet, second: ClusterSet) -> Difference:
    """How the second set differs from the first. Terms and sources do not count."""
    old, new = first.clusters, second.clusters
    changed = []
    both = sorted(old.keys() & new.keys())
    for name in both:
        before, after = (_members(clusters[name]) for clusters in (old, new))
        if before.keys() != after.keys():
            added = {code: after[code] for code in sorted(after.keys() - before.keys())}
            changed.append(Changed(name, added, {code: before[code] for code in sorted(before.keys() - after.keys())}))
    return Difference(
        {name: len(new[name].codes) for name in sorted(new.keys() - old.keys())},
        {name: len(old[name].codes) for name in sorted(old.keys() - new.keys())},
        tuple(changed),
        len(both) - len(changed),
    )


def _members(cluster: Cluster) -> dict[str, str]:
    """The codes with their terms; behind a code its system, where it is of one."""
    return {f"{code} ({shown(system)})" if system else code: cluster.codes[code] for code, system in cluster.members()}
