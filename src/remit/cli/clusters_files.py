"""`remit clusters import` and `lock`: sets made of files, and what a scheme's indicators need of them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from remit.cli.console import Command, out, say_warning, warn
from remit.cli.options import DEMONSTRATION
from remit.cli.output import Files, show

_SYSTEMS = "snomed, dmd, read2, ctv3, loinc, icd10, opcs4, cvx, local"


def imported(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...",
            help="Code lists (NAME=FILE names the cluster), tables of clusters, or a mapping and its refset snapshot.",
        ),
    ],
    name: Annotated[str, typer.Option("--name", help="What to call the set.")],
    release: Annotated[str, typer.Option("--release", help="Which release it is, such as 2024-12-05.")],
    folder: Annotated[Path, typer.Option("--out", metavar="DIR", help="The set's folder.")],
    system: Annotated[
        str, typer.Option("--system", help=f"The code system of rows that do not say theirs: {_SYSTEMS}.")
    ] = "",
    errors: Annotated[int, typer.Option("--errors", min=1, help="How many errors and warnings to print.")] = 20,
    replace: Annotated[
        bool, typer.Option("--replace", help="Put it in the place of a set in the same folder.")
    ] = False,
) -> None:
    """Import files into a cluster set, checked: every error of every file at once, and nothing written then."""
    from remit.application.clusters import ImportRequest, import_set
    from remit.documents.clusters import cluster_sets

    result = import_set(ImportRequest(tuple(files), name, release, folder, system, errors, replace))
    for problem in result.warnings[:errors]:
        warn(problem)
    if len(result.warnings) > errors:
        say_warning(f"… and {len(result.warnings) - errors} more. --errors shows more of them.")
    show(cluster_sets((result.clusters,), brief=True), Files())
    out.print(f"Written to {folder}", soft_wrap=True)


def lock(
    scheme: Annotated[str, typer.Argument(metavar="ID", help="A scheme's id, or the path of a scheme file.")],
    clusters: Annotated[
        str, typer.Option("--clusters", metavar="SET", help=f"A cluster set's folder; else the {DEMONSTRATION} set.")
    ] = DEMONSTRATION,
    file: Annotated[Path, typer.Option("--out", help="The lock file to write.")] = Path("clusters.lock"),
    check: Annotated[
        Path | None, typer.Option("--check", metavar="LOCK", help="Write nothing; compare the clusters with this lock.")
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Write over a lock that is there.")] = False,
) -> None:
    """Lock the clusters that a scheme's indicators need: name, release, and the count and hash of each.

    With --check, every cluster that is not the one that was locked is refused.
    """
    from remit.application.clusters import LockRequest, lock_clusters
    from remit.documents.clusters import NOT_FINAL

    result = lock_clusters(LockRequest(scheme, clusters, file, check, replace))
    of = result.clusters
    if check:
        out.print(f"All {result.locked} clusters are as {check} has them.", soft_wrap=True)
        return
    out.print(f"{result.locked} clusters of {of.name} ({of.release}) are locked in {file}", soft_wrap=True)
    if of.demonstration:
        out.print(NOT_FINAL)


COMMANDS = (
    Command(
        imported,
        "import",
        (
            "remit clusters import mapping.csv refsets.txt --name national --release 2024-12 --out national",
            "remit clusters import HYP_COD=my-list.csv DM_COD=other.csv --name local --release 2025-01 --out local",
        ),
    ),
    Command(
        lock,
        "lock",
        (
            "remit clusters lock qif-2024-25 --clusters national --out qif.lock",
            "remit clusters lock qif-2024-25 --clusters national --check qif.lock",
        ),
    ),
)
