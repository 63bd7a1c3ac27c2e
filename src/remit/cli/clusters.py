"""`remit clusters`: which codes stand for what: list, show, compare, import and lock cluster sets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import RenderableType
from rich.text import Text

from remit.cli.console import Command, out, say_json, say_warning, warn
from remit.cli.layout import facts, grid, heading, indented, print_plain
from remit.core import say
from remit.core.problems import Problem, refuse
from remit.files.folders import check_free
from remit.files.manifest import encoded
from remit.files.whole import check_file_free, write_whole
from remit.scheme import load_scheme
from remit.terminology import (
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
from remit.terminology.codes import is_made_up
from remit.terminology.sets import DEMONSTRATION, SetManifest
from remit.terminology.systems import SYSTEMS, read_system, shown

NOT_FINAL = "Made-up codes are among them: nothing that rests on this set can make a final payment."
Form = Annotated[Literal["text", "json"], typer.Option("--format", help="How to print.")]
Set = Annotated[
    str,
    typer.Option("--clusters", metavar="SET", help=f"A cluster set's folder; else the {DEMONSTRATION} set."),
]


def listed(
    sets: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SET]...", help=f"Folders of cluster sets; else the {DEMONSTRATION} set."),
    ] = None,
    brief: Annotated[bool, typer.Option("--brief", help="Only the sets, not their clusters.")] = False,
    form: Form = "text",
) -> None:
    """List cluster sets and their clusters, with how many codes each has."""
    held = [load_clusters(reference) for reference in sets or [DEMONSTRATION]]
    if form == "json":
        say_json([{**set_manifest(one).model_dump(), **({} if brief else {"held": _counts(one)})} for one in held])
        return
    for one in held:
        rows = [] if brief else [(name, str(n["codes"]), str(n["made_up"] or "")) for name, n in _counts(one).items()]
        table = grid(("Cluster", "left"), ("Codes", "right"), ("Made up", "right"), rows=rows)
        print_plain(out, _of_set(one))
        if rows:
            print_plain(out, [Text(), indented(table)])


def show(
    name: Annotated[str, typer.Argument(metavar="SET", help=f"A cluster set's folder, or {DEMONSTRATION}.")],
    cluster: Annotated[str, typer.Argument(metavar="CLUSTER", help="The cluster, such as HYP_COD.")],
    form: Form = "text",
) -> None:
    """Show a cluster's codes, with their terms and where they were read."""
    held = load_clusters(name)
    one = held.cluster(cluster)
    if form == "json":
        codes = [{"code": code, "term": term, "source": one.source_of(code),
                  **({"systems": sorted(one.systems[code])} if code in one.systems else {})}
                 for code, term in one.codes.items()]  # fmt: skip
        say_json({"cluster": one.name, "set": held.name, "release": held.release, "sha256": one.sha256, "codes": codes})
        return
    rows = [(code, term, one.source_of(code), *([shown(system) if system else ""] if one.systems else []))
            for code, system in one.members() for term in [one.codes[code]]]  # fmt: skip
    told = [("set", f"{held.name}, release {held.release}"), ("codes", str(len(one.codes))), ("sha256", one.sha256)]
    columns = ("Code", "Term", "Source", *(["System"] if one.systems else []))
    table = grid(*((column, "left") for column in columns), rows=rows)
    print_plain(out, [Text(one.name, style="bold"), facts(told), Text(), indented(table)])


def diff(
    first: Annotated[str, typer.Argument(metavar="SET1", help="The set to compare from.")],
    second: Annotated[str, typer.Argument(metavar="SET2", help="The set to compare with it.")],
    form: Form = "text",
) -> None:
    """Say how two cluster sets differ: clusters that are new or gone, codes added and removed.

    Whether or not they differ, the command ends with status 0.
    """
    one, other = load_clusters(first), load_clusters(second)
    found = differ(one, other)
    if form == "json":
        changed = [{"cluster": c.name, "added": dict(c.added), "removed": dict(c.removed)} for c in found.changed]
        held = {"new": dict(found.new), "gone": dict(found.gone), "changed": changed, "same": found.same}
        say_json({"from": set_manifest(one).model_dump(), "to": set_manifest(other).model_dump(), **held})
        return
    print_plain(out, _difference(one, other, found))


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
        str, typer.Option("--system", help=f"The code system of rows that do not say theirs: {', '.join(SYSTEMS)}.")
    ] = "",
    errors: Annotated[int, typer.Option("--errors", min=1, help="How many errors and warnings to print.")] = 20,
    replace: Annotated[
        bool, typer.Option("--replace", help="Put it in the place of a set in the same folder.")
    ] = False,
) -> None:
    """Import files into a cluster set, checked: every error of every file at once, and nothing written then."""
    for option, given in (("--name", name), ("--release", release)):
        if not given.strip() or not given.isprintable() or given == DEMONSTRATION:
            raise typer.BadParameter(f"cannot be '{given}'.", param_hint=option)
    check_free(folder, replace, SetManifest)
    held, warnings = read_files(files, name.strip(), release.strip(), errors, _system(system))
    _warn_of(warnings, errors)
    write_clusters(held, folder, replace)
    print_plain(out, [*_of_set(held), Text(f"\nWritten to {folder}")], crop=False)


def _system(text: str) -> str:
    try:
        return read_system(text.strip()) if text.strip() else ""
    except ValueError as error:
        raise typer.BadParameter(f"{error}.", param_hint="--system") from None


def lock(
    scheme: Annotated[str, typer.Argument(metavar="ID", help="A scheme's id, or the path of a scheme file.")],
    clusters: Set = DEMONSTRATION,
    file: Annotated[Path, typer.Option("--out", help="The lock file to write.")] = Path("clusters.lock"),
    check: Annotated[
        Path | None, typer.Option("--check", metavar="LOCK", help="Write nothing; set this lock beside the clusters.")
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Write over a lock that is there.")] = False,
) -> None:
    """Lock the clusters that a scheme's indicators need: name, release, and the count and hash of each.

    With --check, every cluster that is not the one that was locked is refused.
    """
    held = load_clusters(clusters)
    names = needed_by(scheme)
    if check:
        verify(check, names, held)
        out.print(f"All {len(names)} clusters are as {check} has them.", soft_wrap=True)
        return
    check_file_free(file, replace)
    data = encoded(lock_of(names, held))
    write_whole(file, lambda work: work.write_bytes(data))
    out.print(f"{len(names)} clusters of {held.name} ({held.release}) are locked in {file}", soft_wrap=True)
    if held.demonstration:
        out.print(NOT_FINAL)


def needed_by(reference: str) -> set[str]:
    """The clusters that a scheme's indicators read, with those of the registers that they rest on."""
    from remit.evaluation.plan import plan
    from remit.rules.definitions import all_that_ship, registers_of

    scheme, known = load_scheme(reference), all_that_ship()
    found: set[str] = set()
    for definition in plan(scheme, known).definitions().values():
        found |= definition.clusters() | known.needed_clusters(registers_of(definition))
    if not found:
        raise refuse(
            "cli.no-rules",
            f"no indicator of {scheme.scheme} has rules over records: it needs no cluster.",
            scheme=scheme.scheme,
        )
    return found


def _of_set(held: ClusterSet) -> Iterable[RenderableType]:
    """A set's name, counts and hash."""
    yield Text(f"{held.name}, release {held.release}", style="bold")
    shown = f"{say.number(len(held.clusters))} clusters, {say.number(held.code_count)} codes"
    yield facts([("holds", shown), ("sha256", held.sha256)])
    if held.demonstration:
        yield indented(Text(NOT_FINAL, style="yellow"))


def _counts(held: ClusterSet) -> dict[str, dict[str, int]]:
    return {
        name: {"codes": len(cluster.codes), "made_up": sum(map(is_made_up, cluster.codes))}
        for name, cluster in held.clusters.items()
    }


def _difference(one: ClusterSet, other: ClusterSet, found: Difference) -> Iterable[RenderableType]:
    yield Text(f"From {one.name}, release {one.release}, to {other.name}, release {other.release}", style="bold")
    told = f"{found.added} codes added and {found.removed} removed in {len(found.changed)} clusters"
    yield indented(Text(f"{told}; {len(found.new)} clusters new, {len(found.gone)} gone, {found.same} the same."))
    for title, clusters in (("Gone", found.gone), ("New", found.new)):
        if clusters:
            yield heading(title)
            counts = [(name, str(count)) for name, count in clusters.items()]
            yield indented(grid(("Cluster", "left"), ("Codes", "right"), rows=counts))
    for changed in found.changed:
        yield heading(changed.name)
        rows = [(mark, code, term) for mark, codes in _marked(changed.removed, changed.added) for code, term in codes]
        yield indented(grid(("", "left"), ("Code", "left"), ("Term", "left"), rows=rows, head=False))


def _marked(removed: Mapping[str, str], added: Mapping[str, str]) -> Iterable[tuple[str, Iterable[tuple[str, str]]]]:
    return ("-", removed.items()), ("+", added.items())


def _warn_of(warnings: tuple[Problem, ...], most: int) -> None:
    for problem in warnings[:most]:
        warn(problem)
    if len(warnings) > most:
        say_warning(f"… and {len(warnings) - most} more. --errors shows more of them.")


COMMANDS = (
    Command(listed, "list", ("remit clusters list", "remit clusters list national-2024 --brief")),
    Command(show, "show", ("remit clusters show demonstration HYP_COD", "remit clusters show national-2024 DM_COD")),
    Command(diff, "diff", ("remit clusters diff national-2023 national-2024",)),
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
GROUP, HELP = "clusters", "Which codes stand for what: list, show, compare, import and lock cluster sets."
