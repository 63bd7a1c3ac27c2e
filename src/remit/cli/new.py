"""`remit new` and `remit template`: a scheme file to begin with, and the files of figures that a scheme needs."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from shlex import quote
from time import localtime
from typing import Annotated

import typer
from rich.text import Text

from remit.claims.claim_rows import OPTIONAL, REQUIRED
from remit.cli.console import Command, out, warn
from remit.cli.layout import grid, print_plain
from remit.core.dates import SchemeYear
from remit.core.problems import Refused, refuse
from remit.files.tables import CsvRows, write_table
from remit.files.whole import check_file_free, write_whole
from remit.organisation import Practice, check_practices
from remit.organisation.practices import CHANGE_COLUMNS
from remit.scheme import Scheme, load_scheme
from remit.scheme.kinds import Activity
from remit.scheme.lint import lint
from remit.scheme.loader import build, read_with_bases
from remit.scheme.template import Naming, kinds_of_scheme, new_text, overlay_text
from remit.scoring.wanted import Wanted, wanted

COUNTS = ("practice_code", "indicator_code", "measure", "period", "value", "needed", "what")
_COLUMNS = (
    "practice_code", "practice_name", "place_code", "network_code", "level", "list_size", "weighted_list_size",
    "eligible_from", "eligible_to", *CHANGE_COLUMNS,
)  # fmt: skip
_YEAR = re.compile(r"(20\d\d-\d\d)$")


def new(
    scheme: Annotated[str, typer.Argument(metavar="ID", help="The new scheme's id: small letters, digits, -.")] = "",
    file: Annotated[Path | None, typer.Option("--out", help="The file to write; else ID.yaml.")] = None,
    kind: Annotated[
        list[str] | None, typer.Option("--kind", help="A kind of scheme; may be repeated. See --list.")
    ] = None,
    extends: Annotated[
        str | None, typer.Option("--extends", metavar="SCHEME", help="Lay the file over this scheme.")
    ] = None,
    title: Annotated[str, typer.Option("--title", help="The scheme's full name.")] = "",
    commissioner: Annotated[str, typer.Option("--commissioner", help="Who pays.")] = "",
    year: Annotated[
        str | None, typer.Option("--year", help="The scheme year: 2025-26; else the id's, or this one.")
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Write over the file.")] = False,
    listed: Annotated[bool, typer.Option("--list", help="List the kinds and leave.")] = False,
) -> None:
    """Start a scheme file: commented, accepted by remit check, with what is still to be filled in.

    With --extends, the file holds what the other scheme leaves open, line by line.
    """
    if listed:
        rows = [(one.name, one.about) for one in kinds_of_scheme().values()]
        print_plain(out, [grid(("Kind", "left"), ("What it pays", "left"), rows=rows)])
        return
    if not scheme:
        raise refuse("cli.option-missing", "name the scheme.", None, "Such as: remit new exampleshire-airways-2025-26.")
    if kind and extends:
        raise refuse("cli.options-together", "--extends takes the kinds of the other scheme: leave --kind out.")
    path = file or Path(f"{scheme}.yaml")
    if path.suffix not in (".yaml", ".yml"):
        raise refuse("cli.value-unfit", f"--out {path}: a scheme file ends in .yaml.", option="--out", found=path)
    if extends:
        base = load_scheme(extends)
        naming = Naming(scheme, _year(year, scheme, base.year), title, commissioner, path.name)
        text = overlay_text(naming, extends, _beside(extends, path))
    else:
        text = new_text(Naming(scheme, _year(year, scheme), title, commissioner, path.name), kind or ())
    check_file_free(path, replace)
    write_whole(path, lambda work: work.write_text(text, encoding="utf-8"))
    if extends:
        with suppress(Refused):  # what is still wrong with it, `remit check` says
            source = read_with_bases(path)
            for finding in (one for one in lint(build(source), source) if one.code == "lint.of-another-year"):
                warn(finding)
    name = quote(str(path))
    out.print(f"Written to {path}. Fill in what it marks, then: remit check {name}", soft_wrap=True)


def _beside(base: str, path: Path) -> str:
    """How a file names the one that it extends: an id, or a path from the folder of its own."""
    return Path(os.path.relpath(base, path.parent)).as_posix() if Path(base).is_file() else base


def _year(given: str | None, scheme: str, base: SchemeYear | None = None) -> SchemeYear:
    """The year that is named, else the one that the id ends with, else that of the base, else the one that runs."""
    if given is None:
        match = _YEAR.search(scheme)
        if not match:
            if base:
                return base
            today = localtime()
            return SchemeYear(today.tm_year if today.tm_mon >= 4 else today.tm_year - 1)
        given = match[1]
    try:
        return SchemeYear.parse(given)
    except ValueError as error:
        raise refuse("cli.value-unfit", f"--year: {error}.", option="--year", reason=error) from None


def template(
    names: Annotated[
        list[str], typer.Argument(metavar="ID...", help="A scheme's id or file; several that the practices are in.")
    ],
    folder: Annotated[
        Path | None,
        typer.Option("--out", help="A folder for practices.csv, counts.csv and, where claimed, claims.csv."),
    ] = None,
    practices: Annotated[
        Path | None, typer.Option("--practices", help="Your practices file: a row of counts for each of them.")
    ] = None,
    optional: Annotated[bool, typer.Option("--optional", help="Write a row for optional figures too.")] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Write over the files.")] = False,
) -> None:
    """Say which figures a scheme needs, or several together; with --out, write them as CSV files to fill in.

    Fill in the column value; remove the rows that stay empty. What is claimed patient by patient goes into claims.csv.
    """
    schemes = [load_scheme(name) for name in names]
    rows, columns = _wanted(schemes), _practice_columns(schemes)
    if folder is None:
        shown = [(one.subject, one.measure, one.period, _needed(one), Text(one.words)) for one in rows]
        heads = [(head, "left") for head in ("Item", "Measure", "Period", "", "What")]
        claims = " ACTIVITY may come from a file of claims in their place." if any(s.claims for s in schemes) else ""
        last = Text(f"\nThe practices file: {', '.join(columns)}.{claims}")
        print_plain(out, [grid(*heads, rows=shown, wide="What"), last])
        return
    networks = any(scheme.networks for scheme in schemes)
    given = check_practices(CsvRows(practices)) if practices else _example(networks)
    files: dict[str, tuple[Sequence[str], list[list[str]]]] = {}
    files |= {"practices.csv": (columns, _practice_rows(columns, given))} if not practices else {}
    activity = [{item.item for item in each.items if isinstance(item.kind, Activity)} for each in schemes]
    together = all(activity) and any(each.claims for each in schemes)  # on one file of claims, as `remit run` has it
    claimed = {i for each, items in zip(schemes, activity, strict=True) if together or each.claims for i in items}
    rows = [one for one in rows if one.subject not in claimed and (optional or not one.optional)]
    if rows:
        files["counts.csv"] = (COUNTS, list(_count_rows(networks, rows, given)))
    if claimed and not (folder / "claims.csv").exists():  # it has no rows of ours: what is there is kept
        files["claims.csv"] = ((*REQUIRED, *OPTIONAL), [])
    for file in files:
        check_file_free(folder / file, replace)
    for file, (head, lines) in files.items():
        write_whole(folder / file, partial(write_table, columns=head, rows=lines))
    named = {"practices": practices or folder / "practices.csv", **{Path(f).stem: folder / f for f in files}}
    named |= {"claims": folder / "claims.csv"} if claimed else {}
    run, apart = (names, "") if together or len(names) == 1 else (names[:1], " for each")
    given_as = " ".join([*map(quote, run), *(f"--{option} {quote(str(path))}" for option, path in named.items())])
    text = f"Written to {folder}: {', '.join(files)}. Fill in, then{apart}: remit run {given_as} --out results"
    out.print(text, soft_wrap=True)


def _wanted(schemes: Sequence[Scheme]) -> list[Wanted]:
    """The figures of all schemes; what several read stands once, and is needed where one of them needs it."""
    found: dict[tuple[str, str, str], Wanted] = {}
    for one in (one for scheme in schemes for one in wanted(scheme)):
        same = (one.subject, one.measure, one.period)
        if same not in found or found[same].optional:
            found[same] = one
    return list(found.values())


def _needed(one: Wanted) -> str:
    return "optional" if one.optional else "needed"


def _practice_columns(schemes: Sequence[Scheme]) -> list[str]:
    """The columns of the practices file that the money of any of the schemes rests on."""
    found = {"practice_code", "practice_name", *CHANGE_COLUMNS}
    for scheme in schemes:
        found |= {"place_code"} if scheme.places else set()
        found |= {"network_code"} if scheme.networks else set()
        found |= {"level"} if scheme.levels != ("practice",) or scheme.networks else set()
        found |= {scheme.heads.column} if scheme.heads else set()
        found |= {scheme.weights.list.list.column} if scheme.weights.list else set()
        found |= {"list_size"} if any(item.measure == "prevalence" for item in scheme.items) else set()
        shared = str(scheme.networks.distribution).replace(" ", "_") if scheme.networks else ""
        found |= {"list_size"} if shared == "list" else {"weighted_list_size"} if shared == "weighted_list" else set()
        found |= {"eligible_from", "eligible_to"} if scheme.claims and scheme.claims.eligible else set()
    return [column for column in _COLUMNS if column in found]


def _example(networks: bool) -> dict[str, Practice]:
    """Made-up codes to write over: two practices, and their network where a scheme pays one."""
    network = "N1" if networks else ""
    found = {code: Practice(code, f"FILL IN {code}", network=network) for code in ("P1", "P2")}
    return {**({"N1": Practice("N1", "FILL IN N1", level="network")} if networks else {}), **found}


def _practice_rows(columns: Sequence[str], practices: dict[str, Practice]) -> list[list[str]]:
    held = {"practice_code": "code", "practice_name": "name", "network_code": "network", "level": "level"}
    return [[str(getattr(p, held[c])) if c in held else "" for c in columns] for p in practices.values()]


def _count_rows(shared: bool, rows: list[Wanted], practices: dict[str, Practice]) -> Iterator[list[str]]:
    """A row for each figure of each practice; what is declared once for a network stands by the network."""
    networks = {p.network for p in practices.values() if p.network} if shared else set()
    for code in [*sorted(networks - set(practices)), *practices]:
        level = "network" if code in networks else "practice"
        for one in rows:
            if (one.level == "network" and networks) == (level == "network"):
                yield [code, one.subject, one.measure, one.period, "", _needed(one), one.words]


COMMANDS = (
    Command(
        new,
        "new",
        (
            "remit new exampleshire-airways-2025-26",
            "remit new our-tests-2025-26 --kind activity --kind gateway --commissioner 'Exampleshire ICB'",
            "remit new our-spirometry --extends spirometry-staffordshire --out spirometry.yaml",
            "remit new --list",
        ),
    ),
    Command(
        template,
        "template",
        (
            "remit template spirometry-staffordshire",
            "remit template my-scheme.yaml --out inputs",
            "remit template my-scheme.yaml --out inputs --practices practices.csv",
            "remit template one.yaml other.yaml --out inputs",
        ),
    ),
)
