"""Cluster sets: what each holds, one cluster with its codes, and how two sets differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from remit.documents.blocks import Block, Column, Document, Facts, Heading, Para, Row, Table
from remit.documents.figures import count
from remit.terminology import Cluster, ClusterSet, Difference
from remit.terminology.codes import is_made_up
from remit.terminology.systems import shown

NOT_FINAL = "Made-up codes are among them: nothing that rests on this set can make a final payment."


def counts(clusters: ClusterSet) -> dict[str, dict[str, int]]:
    """By cluster, how many codes it has and how many of them are made up."""
    return {
        name: {"codes": len(cluster.codes), "made_up": sum(map(is_made_up, cluster.codes))}
        for name, cluster in clusters.clusters.items()
    }


def cluster_sets(sets: tuple[ClusterSet, ...], brief: bool = False) -> Document:
    """Each set, and unless `brief` its clusters."""
    return Document("Cluster sets", tuple(block for one in sets for block in _set(one, brief)))


def _set(clusters: ClusterSet, brief: bool) -> Iterator[Block]:
    of = f"{clusters.name}/{clusters.release}"
    yield Heading(1, f"{clusters.name}, release {clusters.release}")
    yield Facts((
        ("clusters", count(len(clusters.clusters), f"{of}/clusters")),
        ("codes", count(clusters.code_count, f"{of}/codes")),
        ("sha256", clusters.sha256),
    ))  # fmt: skip
    if clusters.demonstration:
        yield Para(NOT_FINAL, "reason")
    if not brief:
        columns = Column("Cluster", 5), Column("Codes", 2, True, True), Column("Made up", 2, True)
        rows = [
            Row((name, count(n["codes"], f"{of}/{name}/codes"),
                 count(n["made_up"], f"{of}/{name}/made-up") if n["made_up"] else ""))
            for name, n in counts(clusters).items()
        ]  # fmt: skip
        yield Table("Clusters", columns, tuple(rows))


def cluster(clusters: ClusterSet, one: Cluster) -> Document:
    """The codes of a cluster, with their terms and where they were read."""
    facts = (
        ("set", f"{clusters.name}, release {clusters.release}"),
        ("codes", count(len(one.codes), f"{one.name}/codes")),
        ("sha256", one.sha256),
    )
    columns = (
        Column("Code", 3), Column("Term", 6), Column("Source", 4), *([Column("System", 2)] if one.systems else []),
    )  # fmt: skip
    rows = [
        Row((code, one.codes[code], one.source_of(code), *([shown(system) if system else ""] if one.systems else [])))
        for code, system in one.members()
    ]
    return Document(one.name, (Heading(1, one.name), Facts(facts), Table("Codes", columns, tuple(rows))))


def difference(first: ClusterSet, second: ClusterSet, found: Difference) -> Document:
    """From one set to another: clusters that are gone and new, and codes removed and added."""
    title = f"From {first.name}, release {first.release}, to {second.name}, release {second.release}"
    return Document(title, (Heading(1, title), *_difference(found)))


def _difference(found: Difference) -> Iterator[Block]:
    codes = f"{found.added} codes added and {found.removed} removed in {len(found.changed)} clusters"
    yield Para(f"{codes}; {len(found.new)} clusters new, {len(found.gone)} gone, {found.same} the same.", "lead")
    for title, clusters in (("Gone", found.gone), ("New", found.new)):
        if clusters:
            rows = [Row((name, count(many, f"{title}/{name}"))) for name, many in clusters.items()]
            yield Table(title, (Column("Cluster", 5), Column("Codes", 2, True)), tuple(rows))
    for one in found.changed:
        columns = Column("", 1), Column("Code", 3), Column("Term", 6)
        yield Table(one.name, columns, (*_rows("-", one.removed), *_rows("+", one.added)))


def _rows(mark: str, codes: Mapping[str, str]) -> Iterator[Row]:
    return (Row((mark, code, term)) for code, term in codes.items())
