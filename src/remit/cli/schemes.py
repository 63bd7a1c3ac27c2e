"""`remit schemes`, `show`, `check`, `diff`, `schema`: what scheme files say."""

from __future__ import annotations

from rich.table import Table

from remit.cli.console import Command, out
from remit.scheme import load_scheme, scheme_ids


def schemes() -> None:
    """List the schemes that ship."""
    table = Table(box=None, pad_edge=False)
    for name in ("id", "year", "items", "title"):
        table.add_column(name)
    for name in scheme_ids():
        scheme = load_scheme(name)
        table.add_row(name, str(scheme.year), str(len(scheme.items)), scheme.title)
    out.print(table)


COMMANDS = (Command(schemes, "schemes"),)
