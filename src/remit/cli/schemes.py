"""`remit schemes`, `show`, `diff`, `schema`: what scheme files say. `check` is beside it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.padding import Padding
from rich.text import Text

from remit.cli import check
from remit.cli.console import Command, out, say_file, say_json
from remit.cli.layout import MARKS, indented, print_plain
from remit.cli.show import card
from remit.cli.show_boundaries import boundary_data, boundary_page
from remit.cli.show_difference import difference, difference_data
from remit.core import say
from remit.core.problems import did_you_mean, refuse
from remit.core.rounding import exact_text
from remit.files.whole import check_file_free, write_whole
from remit.scheme import Scheme, frozen_text, load_scheme, scheme_ids
from remit.scheme.comparison import compare
from remit.scheme.dump import dump
from remit.scheme.numbers import numbers
from remit.scheme.schema import Which, schema_text


def schemes(
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """List the schemes that ship with Remit."""
    rows = [_listed(load_scheme(name)) for name in scheme_ids()]
    if as_json:
        say_json(rows)
        return
    head = ("Scheme", "Year", "Items", "Worth", "Not verified")
    cells = [(row["id"], row["year"], str(row["items"]), row["worth"], _doubtful(row)) for row in rows]
    widths = [max(len(row[n]) for row in (head, *cells)) for n in range(len(head))]

    def line(row: Sequence[str]) -> str:
        left = [row[n].ljust(widths[n]) for n in (0, 1)]
        return "  ".join([*left, *(row[n].rjust(widths[n]) for n in (2, 3, 4))])

    parts: list[Text | Padding] = [Text(line(head), style="dim")]
    for row, shown in zip(rows, cells, strict=True):
        parts += [Text(line(shown), style="bold"), indented(Text(f"{row['title']}. {row['commissioner']}"))]
    said = "Not verified: numbers that are unverified (?) or inferred (*). 'remit show ID' says which, and why."
    print_plain(out, [*parts, Text(f"\n{said}", style="dim")])


def _doubtful(row: dict[str, Any]) -> str:
    return " ".join(f"{row[name]}{MARKS[name]}" for name in ("unverified", "inferred") if row[name]) or "none"


def _listed(scheme: Scheme) -> dict[str, Any]:
    every = list(numbers(scheme))
    points, most = scheme.points_available(), scheme.most_per_head()
    counts = {s: sum(n.standing == s and not n.required for n in every) for s in ("unverified", "inferred")}
    worth = [f"{say.number(points)} points"] if points else []
    worth += [f"{say.pounds(most)} a head"] if most is not None else []
    worth += [f"{say.pounds(scheme.most_in_pounds())} each"] if scheme.most_in_pounds() else []
    unpriced = len(scheme.unpriced())
    shown = [" and ".join(worth)] if worth else []
    shown += [f"{unpriced} unpriced"] if unpriced else []
    return {
        "id": scheme.scheme,
        "year": str(scheme.year),
        "commissioner": say.clean(scheme.commissioner),
        "nation": scheme.nation,
        "title": say.clean(scheme.title),
        "items": len(scheme.items),
        "worth": ", ".join(shown),
        "points": exact_text(points) if points else None,
        "pounds_per_head": _exact(most),
        "numbers": len(every),
        **counts,
        "required": sum(number.required for number in every),
    }


def _exact(number: Fraction | None) -> str | None:
    return None if number is None else exact_text(number, 2)


def show(
    reference: Annotated[str, typer.Argument(metavar="ID", help="A scheme's id, or the path of a scheme file.")],
    form: Annotated[Literal["text", "json", "yaml"], typer.Option("--format", help="How to print.")] = "text",
    edges: Annotated[
        bool, typer.Option("--boundaries", help="What every bound pays just below, exactly at and just above it.")
    ] = False,
    item: Annotated[
        list[str] | None, typer.Option("--item", help="With --boundaries: only this item; may be repeated.")
    ] = None,
    sources: Annotated[
        bool, typer.Option("--sources", help="Every number with its unit, standing and source too.")
    ] = False,
) -> None:
    """Show what a scheme says: what it pays on, how much, when, and what in it is not verified."""
    scheme = load_scheme(reference)
    if item and not edges:
        raise typer.BadParameter("goes with --boundaries.", param_hint="--item")
    if edges and form == "yaml":
        raise typer.BadParameter("is text or json with --boundaries.", param_hint="--format")
    codes = [one.item for one in scheme.items]
    for code in item or ():
        if code not in codes:
            raise refuse(
                "cli.item-unknown",
                f"there is no item '{code}' in {scheme.scheme}.",
                None,
                did_you_mean(code, codes),
                item=code,
                scheme=scheme.scheme,
            )
    if edges and form == "json":
        say_json(boundary_data(scheme, item or ()))
    elif edges:
        print_plain(out, boundary_page(scheme, item or ()))
    elif form == "json":
        say_json(dump(scheme))
    elif form == "yaml":
        say_file(frozen_text(scheme))
    else:
        print_plain(out, card(scheme, sources))


def diff(
    first: Annotated[str, typer.Argument(metavar="ID1", help="The scheme to compare from: an id or a path.")],
    second: Annotated[str, typer.Argument(metavar="ID2", help="The scheme to compare with it: an id or a path.")],
    form: Annotated[Literal["text", "json"], typer.Option("--format", help="How to print.")] = "text",
) -> None:
    """Say how two schemes differ: what was retired, what is new, what moved and by how much.

    Whether or not they differ, the command ends with status 0.
    """
    found = compare(load_scheme(first), load_scheme(second))
    if form == "json":
        say_json(difference_data(found))
    else:
        print_plain(out, difference(found))


def schema(
    which: Annotated[Which, typer.Argument(help="Of scheme files, or of indicator files.")] = "scheme",
    file: Annotated[Path | None, typer.Option("--out", help="Write to this file.")] = None,
) -> None:
    """Print the JSON Schema of scheme or indicator files, for editors that complete and check YAML."""
    text = schema_text(which)
    if file is None:
        say_file(text)
    else:
        check_file_free(file, replace=True)
        write_whole(file, lambda work: work.write_text(text, encoding="utf-8"))


COMMANDS = (
    Command(schemes, "schemes", ("remit schemes", "remit schemes --json")),
    Command(
        show,
        "show",
        (
            "remit show qif-2024-25",
            "remit show qif-2024-25 --boundaries --item 1a --item 1b",
            "remit show my-scheme.yaml --format json",
        ),
    ),
    *check.COMMANDS,
    Command(diff, "diff", ("remit diff qif-2024-25 qif-plus-2024-25", "remit diff qif-2024-25 my-scheme.yaml")),
    Command(schema, "schema", ("remit schema --out scheme.schema.json", "remit schema indicators")),
)
