"""A file of the command line parses, calls a use case and shows its document: it is short."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path

from remit.cli.commands import PLACES, command_of
from remit.scheme import load_scheme, scheme_ids
from remit.scheme.variants import ids_that_name

CLI = Path(__file__).parents[2] / "src" / "remit" / "cli"
MOST = 150


def test_no_file_of_the_command_line_is_long() -> None:
    long = [path.name for path in CLI.glob("*.py") if len(path.read_text(encoding="utf-8").splitlines()) > MOST]
    assert long == []


HEAVY = ("duckdb", "icalendar", "jinja2", "lark", "numpy", "pyarrow", "pydantic", "typst", "xlsxwriter", "yaml")


def test_a_command_line_that_is_only_read_imports_nothing_large() -> None:
    """To list the commands, or to say what one takes, no library of the work is needed."""
    script = (
        "import sys\n"
        "from remit.cli.commands import PLACES, command_of\n"
        "for name in PLACES: command_of(name)\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_card_parses_only_schemes_that_may_be_variants() -> None:
    """A card prints the places of a scheme's variants: all of the family are read, and few others."""
    families = {name: load_scheme(name).family for name in scheme_ids()}
    for family in {family for family in families.values() if family}:
        named = ids_that_name(family)
        assert {name for name, own in families.items() if own == family} <= set(named)
    assert ids_that_name("qif") == ["qif-2024-25", "qif-plus-2024-25"]


def test_every_command_of_the_modules_can_be_typed() -> None:
    offered, typed = set(), set()
    for path in CLI.glob("*.py"):
        if "\nCOMMANDS = (" in path.read_text(encoding="utf-8"):
            offered |= {command.name for command in import_module(f"remit.cli.{path.stem}").COMMANDS}
    for name in PLACES:
        command = command_of(name)
        typed |= set(getattr(command, "commands", {name: command}))
    assert offered == typed
