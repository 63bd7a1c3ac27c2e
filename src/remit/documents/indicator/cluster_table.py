"""The clusters that rules read: what each stands for, and how many codes it has in a set."""

from __future__ import annotations

from collections.abc import Iterable

from remit.core import say
from remit.documents.blocks import Cell, Column, Row, Table
from remit.documents.figures import count
from remit.terminology.cluster_words import cluster_words
from remit.terminology.clusters import ClusterSet


def cluster_table(names: Iterable[str], clusters: ClusterSet, with_hash: bool = True) -> Table:
    """Each cluster by name, with its meaning, how many codes it has and, where asked, its hash."""
    rows = []
    for name in sorted(names):
        cluster = clusters.clusters.get(name)
        words = cluster_words(name, clusters)
        meaning = say.capital(words.what if words.kind == "value" else words.noun.removeprefix("record of "))
        codes = count(cluster.count, f"clusters/{name}/codes") if cluster else Cell("not in the set")
        ends = [cluster.sha256[:12] if cluster else ""] if with_hash else []
        rows.append(Row((meaning, name, codes, *ends)))
    last = (Column("SHA-256 begins", 3),) if with_hash else ()
    columns = (
        Column("What it stands for", 6), Column("Cluster", 5, kept=True), Column("Codes", 1.5, True), *last,
    )  # fmt: skip
    return Table(f"Clusters as {clusters.name}, {clusters.release}, has them", columns, tuple(rows))
