"""`remit clusters`: which codes stand for what: list, show and compare cluster sets."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from remit.cli import clusters_files
from remit.cli.console import Command, say_json
from remit.cli.options import DEMONSTRATION
from remit.cli.output import Files
from remit.cli.output import show as show_document

Form = Annotated[Literal["text", "json"], typer.Option("--format", help="How to print.")]


def listed(
    sets: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SET]...", help=f"Folders of cluster sets; else the {DEMONSTRATION} set."),
    ] = None,
    brief: Annotated[bool, typer.Option("--brief", help="Only the sets, not their clusters.")] = False,
    form: Form = "text",
) -> None:
    """List cluster sets and their clusters, with how many codes each has."""
    from remit.application.clusters import load_sets, set_manifest
    from remit.documents.clusters import cluster_sets, counts

    loaded = load_sets(tuple(sets or [DEMONSTRATION]))
    if form == "json":
        say_json([{**set_manifest(one).model_dump(), **({} if brief else {"held": counts(one)})} for one in loaded])
        return
    show_document(cluster_sets(loaded, brief), Files())


def show(
    name: Annotated[str, typer.Argument(metavar="SET", help=f"A cluster set's folder, or {DEMONSTRATION}.")],
    cluster: Annotated[str, typer.Argument(metavar="CLUSTER", help="The cluster, such as HYP_COD.")],
    form: Form = "text",
) -> None:
    """Show a cluster's codes, with their terms and where they were read."""
    from remit.application.clusters import show_cluster
    from remit.documents import clusters as documents

    of, one = show_cluster(name, cluster)
    if form == "json":
        codes = [{"code": code, "term": term, "source": one.source_of(code),
                  **({"systems": sorted(one.systems[code])} if code in one.systems else {})}
                 for code, term in one.codes.items()]  # fmt: skip
        say_json({"cluster": one.name, "set": of.name, "release": of.release, "sha256": one.sha256, "codes": codes})
        return
    show_document(documents.cluster(of, one), Files())


def diff(
    first: Annotated[str, typer.Argument(metavar="SET1", help="The set to compare from.")],
    second: Annotated[str, typer.Argument(metavar="SET2", help="The set to compare with it.")],
    form: Form = "text",
) -> None:
    """Say how two cluster sets differ: clusters that are new or gone, codes added and removed.

    Whether or not they differ, the command ends with status 0.
    """
    from remit.application.clusters import CompareRequest, compare_sets, set_manifest
    from remit.documents.clusters import difference

    result = compare_sets(CompareRequest(first, second))
    found = result.difference
    if form == "json":
        changed = [{"cluster": c.name, "added": dict(c.added), "removed": dict(c.removed)} for c in found.changed]
        clusters = {"new": dict(found.new), "gone": dict(found.gone), "changed": changed, "same": found.same}
        sets = {"from": set_manifest(result.first).model_dump(), "to": set_manifest(result.second).model_dump()}
        say_json({**sets, **clusters})
        return
    show_document(difference(result.first, result.second, found), Files())


COMMANDS = (
    Command(listed, "list", ("remit clusters list", "remit clusters list national-2024 --brief")),
    Command(show, "show", ("remit clusters show demonstration HYP_COD", "remit clusters show national-2024 DM_COD")),
    Command(diff, "diff", ("remit clusters diff national-2023 national-2024",)),
    *clusters_files.COMMANDS,
)
GROUP, HELP = "clusters", "Which codes stand for what: list, show, compare, import and lock cluster sets."
