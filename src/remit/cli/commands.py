"""Which commands there are, in the groups of those who need them. Only the one that was typed is imported."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_group

from remit.cli.processwide import few_cycle_searches

GROUPS = {
    "A practice: what you earn, and who needs care": ("statement", "calendar", "worklist", "patients", "explain"),
    "A commissioner: an area's money and what moved": (
        "area", "overview", "what-if", "compare", "reconcile", "breakdown", "catalogue", "foi",
    ),
    "Calculate: from counts or records to pounds": ("run", "evaluate"),
    "Records and codes": ("records", "clusters", "synth"),
    "Schemes and rules: read, write and check them": (
        "schemes", "show", "diff", "template", "new", "check", "spec", "pack", "schema",
    ),
    "The policy laboratory: what would change, and what is chance": ("simulate", "chance", "pca", "design", "savings"),
    "The service: many people, a whole year": (
        "serve", "people", "organisations", "register", "receive", "books", "payment-file", "backup", "restore",
        "audit",
        "rehearse",
    ),
    "When something is not clear": ("problems", "plan"),
}  # fmt: skip
"""The commands by who needs them, in the order in which their help is listed."""

PRICED = (
    "run", "statement", "calendar", "area", "overview", "compare", "what-if", "reconcile", "worklist", "simulate",
    "chance", "pca", "design", "savings",
)  # fmt: skip
"""The commands that read or make runs: millions of figures and awards, and no cycle among them."""

_MODULES = {"what-if": "what_if", "schema": "schemes", "payment-file": "payment_file"}
"""The module of a command, where it has another name."""

FIRST_STEPS = "\n\n".join((
    "[bold]First steps, from your own counts to a statement[/bold]",
    "  remit schemes",
    "  remit template qif-2024-25 --out mine --practice A1 --practice A2",
    "Fill in the files in the folder mine, then",
    "  remit run qif-2024-25 --practices mine/practices.csv --counts mine/counts.csv --out out",
    "  remit statement out --practice A1",
    "[bold]From records of patients, here made up, to who is counted and who needs care[/bold]",
    "  remit synth --patients 2000 --seed 1 --on 2025-01-31 --out people",
    "  remit evaluate qif-2024-25 --records people --on 2025-01-31 --out counted",
    "  remit worklist counted --records people --practice P001",
    "[bold]If something in it should change[/bold]",
    "  remit what-if out --item 4 --thresholds +3pp",
    "[bold]How much of a run of several practices is chance[/bold]",
    "  remit chance out",
    "Every command has examples: remit run --help",
))  # fmt: skip


@dataclass(frozen=True)
class _Place:
    """Where a command stands: its group in the help, and its module."""

    group: str
    module: str


PLACES = {name: _Place(group, _MODULES.get(name, name)) for group, names in GROUPS.items() for name in names}
"""Each command in the order of the help."""


class Commands(TyperGroup):
    """The commands by name; a module is imported when its command is typed, or when all are listed."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Their names, in the order of the help."""
        return list(PLACES)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command, or None where there is none of that name."""
        return command_of(cmd_name) if cmd_name in PLACES else None


@cache
def command_of(name: str) -> Any:
    """A command as typer makes it of its function."""
    place = PLACES[name]
    module = import_module(f"remit.cli.{place.module}")
    of_one = typer.Typer(rich_markup_mode="rich", add_completion=False, pretty_exceptions_enable=False)
    of_one.callback()(_nothing)
    if hasattr(module, "GROUP"):  # commands below a word of their own
        below = typer.Typer(help=module.HELP, no_args_is_help=True, rich_markup_mode="rich")
        for command in module.COMMANDS:
            below.command(epilog=command.epilog, name=command.name, cls=command.cls)(command.function)
        of_one.add_typer(below, name=module.GROUP, rich_help_panel=place.group)
    else:
        [command] = [command for command in module.COMMANDS if command.name == name]
        function = few_cycle_searches()(command.function) if name in PRICED else command.function
        of_one.command(epilog=command.epilog, name=name, cls=command.cls, rich_help_panel=place.group)(function)
    return get_group(of_one).commands[name]


def _nothing() -> None:
    """What a group of one command does before it."""
