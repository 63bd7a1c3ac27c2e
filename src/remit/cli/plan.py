"""`remit plan`: what an evaluation of a scheme will read and work out, before it does."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from remit.application.inputs import achievement_date, read_clusters, read_rules
from remit.cli.console import Command, out
from remit.cli.evaluate import show_supplied
from remit.cli.options import Clusters, On, Rules, RulesOf, one_day, years_of
from remit.core.problems import refuse


def _say(text: str) -> None:
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
    from remit.evaluation.engine.describing import describe
    from remit.evaluation.engine.planning import query_plan
    from remit.evaluation.evaluator import needed_clusters
    from remit.evaluation.period import dates_of
    from remit.evaluation.plan import plan as counted_plan
    from remit.evaluation.years import check_named, check_years
    from remit.scheme import load_scheme
    from remit.terminology.clusters import need

    loaded, known, held = load_scheme(scheme), read_rules(rules or ()), read_clusters(clusters)
    years = years_of(rules_of)
    check_named(known, years)
    counted = counted_plan(loaded, known, years)
    if not counted.counted:
        raise refuse(
            "cli.no-rules",
            f"{loaded.scheme} has no item that rules over records count.",
            None,
            "Its counts are supplied.",
            scheme=loaded.scheme,
        )
    check_years(counted.elsewhen, loaded.year, years)
    needed = needed_clusters(counted, known)
    need(needed, held)
    dates = dates_of(loaded, achievement_date(loaded, one_day(on)))
    indicators = list(counted.definitions().values())
    made = query_plan(indicators, known.registers, dates)
    below = [known.registers[code] for stage in made.stages for code in (d.code for d in stage.registers)]
    codes = {name: held.codes_of(name) for name in needed}
    told = describe(made, [*indicators, *below], known.registers, dates, codes)
    _say(
        f"{loaded.scheme}, achievement date {dates.achievement}: {len(told.indicators)} indicators on {len(below)} "
        f"registers.\n\nOne scan of each practice's events and prescriptions reads {', '.join(told.reads)}, and keeps\n"
        f"the {told.codes:,} codes of {len(needed)} clusters, which are read as {told.slices} slices.\n"
        f"The rules write {told.written} fields; {len(told.fields)} differ, and take {len(told.shapes)} statements:\n"
    )
    table = Table(box=None, pad_edge=False)
    for name in ("No", "Stage", "Works out", "Fields", "Slices", "Where"):
        table.add_column(name, justify="right" if name in ("No", "Stage", "Fields", "Slices") else "left")
    for line in told.shapes:
        counts = (str(line.number), str(line.stage), line.how, str(line.nodes), str(line.slices))
        table.add_row(*counts, line.condition or "every record of the slice")
    out.print(table)
    for stage, registers in told.registers:
        _say(f"\nRegisters decided after stage {stage}: {', '.join(registers)}.")
    _say(f"\nThen all indicators at once: {', '.join(told.indicators)}.")
    show_supplied(counted)
    if fields:
        _say("")
        table = Table(box=None, pad_edge=False)
        for name in ("No", "Field", "Clusters", "Read by"):
            table.add_column(name, justify="right" if name == "No" else "left", overflow="fold")
        for one in told.fields:
            table.add_row(str(one.shape), one.text, one.clusters, ", ".join(one.read_by))
        out.print(table)
    if sql:
        for line in told.shapes:
            _say(f"\n-- {line.number}\n{line.sql};")


COMMANDS = (
    Command(
        plan,
        "plan",
        ("remit plan qof-england-2024-25", "remit plan qif-2024-25 --fields", "remit plan my-scheme.yaml --sql"),
    ),
)
