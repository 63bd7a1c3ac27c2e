"""Code clusters: the codes that stand for one thing in a record, such as `HYP_COD` for a diagnosis of hypertension.

A cluster set is what one release or one list-maker says. It hashes to the same value wherever it holds the same codes;
terms and sources are for the reader and move no result.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from remit.core.problems import Refused, did_you_mean, error, refuse
from remit.files.hashes import sha256_text
from remit.terminology.systems import same_codes


@dataclass(frozen=True)
class Cluster:
    """One cluster: its codes with their terms, and where they were read.

    `sources` names the source of single codes where a cluster has several; `systems` the code systems of those codes
    that are of one or some alone.
    """

    name: str
    codes: Mapping[str, str]
    source: str = ""
    sources: Mapping[str, str] = field(default_factory=dict)
    systems: Mapping[str, frozenset[str]] = field(default_factory=dict)
    whole: tuple[int, str] | None = None
    """Where only some of its codes are here: how many it has, and the hash of all."""

    @cached_property
    def sha256(self) -> str:
        """Of the codes, sorted, each ended by a line feed: what `sort | sha256sum` gives of a list of them.

        A code of a system has a blank and the system behind it, and a line for each of its systems.
        """
        if self.whole:
            return self.whole[1]
        return sha256_text("".join(f"{' '.join(filter(None, member))}\n" for member in sorted(self.members())))

    @property
    def count(self) -> int:
        """How many codes it has."""
        return self.whole[0] if self.whole else len(self.codes)

    def members(self) -> Iterator[tuple[str, str]]:
        """Each code with its system, '' where it is of any."""
        for code in self.codes:
            for system in sorted(self.systems.get(code, ("",))):
                yield code, system

    def source_of(self, code: str) -> str:
        """Where a code was read."""
        return self.sources.get(code, self.source)


@dataclass(frozen=True)
class ClusterSet:
    """The clusters of one release. `demonstration`: made-up codes are among them, so no final payment rests on it."""

    name: str
    release: str
    demonstration: bool
    clusters: Mapping[str, Cluster]

    @cached_property
    def sha256(self) -> str:
        """Of a line for each cluster, sorted by name: its name, a blank, its own hash."""
        return sha256_text("".join(f"{name} {self.clusters[name].sha256}\n" for name in sorted(self.clusters)))

    @property
    def code_count(self) -> int:
        """How many codes the clusters have; one that stands in two of them counts twice."""
        return sum(len(cluster.codes) for cluster in self.clusters.values())

    def cluster(self, name: str) -> Cluster:
        """A cluster by name. Refuses a name that the set does not have."""
        if name not in self.clusters:
            raise refuse(
                "terminology.cluster-unknown",
                f"{self.shown} has no cluster '{name}'.",
                None,
                did_you_mean(name, self.clusters),
                cluster=name,
            )
        return self.clusters[name]

    def codes_of(self, name: str) -> frozenset[str]:
        """The codes of a cluster. Refuses a name that the set does not have."""
        return frozenset(self.cluster(name).codes)

    def systems_of(self, names: Iterable[str]) -> dict[tuple[str, str], frozenset[str]]:
        """By cluster and code, the systems of which a record of that code must be, if it says its system."""
        return {
            (name, code): same_codes(systems)
            for name in names
            for code, systems in self.cluster(name).systems.items()
        }  # fmt: skip

    @property
    def shown(self) -> str:
        """The set as a message names it."""
        return f"the cluster set {self.name} ({self.release})"


def need(names: Iterable[str], cluster_set: ClusterSet) -> None:
    """Refuse, before a run, every needed cluster that the set does not have, or has without a code.

    All are named at once, each with the nearest names: a missing cluster would count nobody, and look like a result.
    """
    problems = []
    for name in sorted(set(names)):
        if name not in cluster_set.clusters:
            hint = did_you_mean(name, cluster_set.clusters) or "Import it."
            problems.append(
                error(
                    "terminology.cluster-needed",
                    f"the cluster {name} is needed, and {cluster_set.shown} does not have it.",
                    None,
                    hint,
                    cluster=name,
                )
            )
        elif not cluster_set.clusters[name].codes:
            problems.append(
                error(
                    "terminology.cluster-empty",
                    f"the cluster {name} is needed, and has no code in {cluster_set.shown}.",
                    cluster=name,
                )
            )
    if problems:
        raise Refused(problems)
