"""`remit plan`: what an evaluation of a scheme will read and work out, before it does."""

from __future__ import annotations

from typing import Annotated

import typer

from remit.cli.console import Command, out
from remit.cli.options import Clusters, On, Rules, RulesOf, one_day, years_of


def _print(text: str) -> None:
    out.print(text, soft_wrap=True)


def plan(
    scheme: Annotated[str, typer.Argument(metavar="SCHEME", help="A scheme's id or file.")],
    on: On = None,
    clusters: Clusters = None,
    rules: Rules = None,
    rules_of: RulesOf = None,
    fields: Annotated[bool, typer.Option("--fields", help="Every field with its clusters and who reads it.")] = False,
    sql: Annotated[bool, typer.Option("--sql", help="The text of every statement.")] = False,
) -> None:
    """Show how a scheme's rules are worked out over records: scans, shapes of statements, fields, decisions.

    The records of a practice are scanned once. Fields that say the same are one; fields of one shape, which differ in
    nothing but clusters, dates and numbers, are one statement.
    """
    from remit.application.plan import PlanRequest
    from remit.application.plan import plan as use_case
    from remit.documents import plan as tables
    from remit.documents.evaluation import supplied_blocks
    from remit.documents.render.terminal import rendered_blocks

    result = use_case(PlanRequest(scheme, one_day(on), clusters, tuple(rules or ()), years_of(rules_of)))
    steps = result.described
    _print(
        f"{result.scheme}, achievement date {result.on}: {len(steps.indicators)} indicators on {result.registers} "
        "registers.\n\n"
        f"One scan of each practice's events and prescriptions reads {', '.join(steps.reads)}, and keeps\n"
        f"the {steps.codes:,} codes of {result.clusters} clusters, which are read as {steps.slices} slices.\n"
        f"The rules write {steps.written} fields; {len(steps.fields)} differ, and take {len(steps.shapes)} "
        "statements:\n"
    )
    out.print(rendered_blocks([tables.statements(steps)]))
    for stage, registers in steps.registers:
        _print(f"Registers decided after stage {stage}: {', '.join(registers)}.\n")
    _print(f"Then all indicators at once: {', '.join(steps.indicators)}.\n")
    out.print(rendered_blocks(supplied_blocks(result.counted)))
    if fields:
        out.print(rendered_blocks([tables.fields(steps)]))
    if sql:
        for line in steps.shapes:
            _print(f"\n-- {line.number}\n{line.sql};")


COMMANDS = (
    Command(
        plan,
        "plan",
        ("remit plan qof-england-2024-25", "remit plan qif-2024-25 --fields", "remit plan my-scheme.yaml --sql"),
    ),
)
