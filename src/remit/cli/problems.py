"""`remit problems`: what the code at the end of an error or a warning means, and what to do."""

from __future__ import annotations

from typing import Annotated

import typer

from remit.cli.console import Command, out, say_json
from remit.cli.layout import grid, print_plain
from remit.cli.problem_codes import CODES
from remit.cli.wording import way_for
from remit.core.problems import did_you_mean, refuse
from remit.documents.problems import codes


def problems(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="CODE", help="A code, or what it begins with, such as counts.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Say what the codes of errors and warnings mean: those that are named, or all."""
    every = codes(CODES)
    found = [one for one in every if not names or any(_named(one.name, name) for name in names)]
    for name in names or ():
        if not any(_named(one.name, name) for one in every):
            known = [one.name for one in every]
            raise refuse("cli.code-unknown", f"there is no code '{name}'.", None, did_you_mean(name, known), name=name)
    if as_json:
        rows = [
            {"code": one.name, "severity": one.severity, "about": one.about, "here": way_for(one.name)} for one in found
        ]
        say_json(rows)
        return
    cells = [(one.name, one.severity, f"{one.about} {way_for(one.name)}".strip()) for one in found]
    columns = ("Code", "left"), ("Severity", "left"), ("What it means, and what to do", "left")
    print_plain(out, [grid(*columns, rows=cells, wide=columns[2][0])])


def _named(code: str, name: str) -> bool:
    name = name.strip("[]")
    return code == name or code.startswith(f"{name.rstrip('.')}.")


COMMANDS = (
    Command(
        problems, "problems", ("remit problems counts.indicator-unknown", "remit problems counts", "remit problems")
    ),
)
