"""`remit problems`: what the code at the end of an error or a warning means, and what to do."""

from __future__ import annotations

from typing import Annotated

import typer

from remit.cli.console import Command, say_json, say_plain
from remit.cli.problem_codes import CODES
from remit.cli.worded import way_for
from remit.core.problems import did_you_mean, refuse


def problems(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="CODE", help="A code, or what it begins with, such as counts.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Say what the codes of errors and warnings mean: those that are named, or all."""
    from remit.documents.problems import code_list, codes

    every = codes(CODES)
    for name in names or ():
        if not any(_named(code.name, name) for code in every):
            known = [code.name for code in every]
            raise refuse("cli.code-unknown", f"there is no code '{name}'.", None, did_you_mean(name, known), name=name)
    found = [code for code in every if not names or any(_named(code.name, name) for name in names)]
    if as_json:
        rows = [
            {"code": code.name, "severity": code.severity, "about": code.about, "here": way_for(code.name)}
            for code in found
        ]
        say_json(rows)
        return
    from remit.documents.render.terminal import rendered_blocks

    ways = {code.name: way_for(code.name) for code in found}
    say_plain(rendered_blocks([code_list("Errors, warnings and notes", found, ways)]))


def _named(code: str, name: str) -> bool:
    name = name.strip("[]")
    return code == name or code.startswith(f"{name.rstrip('.')}.")


COMMANDS = (
    Command(
        problems, "problems", ("remit problems counts.indicator-unknown", "remit problems counts", "remit problems")
    ),
)
