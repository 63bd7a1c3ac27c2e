"""Which commands there are, in the groups of those who need them."""

from __future__ import annotations

from types import ModuleType

import typer

from remit.cli import (
    area,
    breakdown,
    calendar,
    catalogue,
    check,
    clusters,
    compare,
    diff,
    evaluate,
    explain,
    foi,
    new,
    overview,
    patients,
    plan,
    problems,
    reconcile,
    records,
    run,
    schemes,
    show,
    spec,
    statement,
    synth,
    template,
    what_if,
    worklist,
)
from remit.cli.processwide import few_cycle_searches

GROUPS: dict[str, tuple[ModuleType, ...]] = {
    "A practice: what you earn, and who needs care": (statement, calendar, worklist, patients, explain),
    "A commissioner: an area's money and what moved": (
        area,
        overview,
        what_if,
        compare,
        reconcile,
        breakdown,
        catalogue,
        foi,
    ),
    "Calculate: from counts or records to pounds": (run, evaluate),
    "Records and codes": (records, clusters, synth),
    "Schemes and rules: read, write and check them": (schemes, show, diff, template, new, check, spec),
    "When something is not clear": (problems, plan),
}
"""The commands by who needs them, in the order in which their help is listed."""

PRICED = (run, statement, calendar, area, overview, compare, what_if, reconcile, worklist)
"""The commands that read or make runs: millions of figures and awards, and no cycle among them."""

FIRST_STEPS = "\n\n".join((
    "[bold]First steps, from your own counts to a statement[/bold]",
    "  remit schemes",
    "  remit template qif-2024-25 --out mine",
    "  remit run qif-2024-25 --practices mine/practices.csv --counts mine/counts.csv --out out",
    "  remit statement out --practice A1",
    "Every command has examples: remit run --help",
))  # fmt: skip


def register(app: typer.Typer) -> None:
    """Add every command to the app, each in its group."""
    for group, modules in GROUPS.items():
        for module in modules:
            if hasattr(module, "GROUP"):  # commands below a word of their own
                below = typer.Typer(help=module.HELP, no_args_is_help=True, rich_markup_mode="rich")
                for command in module.COMMANDS:
                    below.command(epilog=command.epilog, name=command.name)(command.function)
                app.add_typer(below, name=module.GROUP, rich_help_panel=group)
                continue
            for command in module.COMMANDS:
                function = few_cycle_searches()(command.function) if module in PRICED else command.function
                app.command(epilog=command.epilog, name=command.name, cls=command.cls, rich_help_panel=group)(function)
