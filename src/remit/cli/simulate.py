"""`remit simulate`: who would gain and lose if the scheme of a run changed, and how much of that is chance."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from remit.cli.console import Command, out, progress, warn
from remit.cli.options import RulesOf, years_of
from remit.cli.output import Csv, Files, Html, Pdf, Replace, Xlsx, show
from remit.core.problems import refuse

if TYPE_CHECKING:
    from remit.application.simulate import DigitalFirst


def simulate(
    folder: Annotated[Path, typer.Argument(metavar="BASE", help="The folder that 'remit run' made.")],
    change: Annotated[
        list[Path], typer.Option("--change", metavar="FILE", help="A reform file, or an overlay; may be repeated.")
    ],
    about: Annotated[
        Path | None,
        typer.Option("--about", metavar="FILE", help="A file of what practices are like: deprivation, rurality."),
    ] = None,
    draws: Annotated[
        int, typer.Option("--draws", min=0, max=100_000, help="Random draws of the year's counts; 0 for no chances.")
    ] = 200,
    seed: Annotated[
        int, typer.Option("--seed", min=0, max=2**64 - 1, help="The same seed gives the same random draws.")
    ] = 1,
    into: Annotated[
        Path | None,
        typer.Option("--out", metavar="FOLDER", help="Keep the report, each reform's overlay and its tables there."),
    ] = None,
    workers: Annotated[int, typer.Option("--workers", min=0, max=64, help="Threads that work at once; 0 is two.")] = 0,
    digital_first: Annotated[
        int | None,
        typer.Option(
            "--digital-first", min=1, metavar="LIST", help="Add a made-up digital-first practice with this list."
        ),
    ] = None,
    registers: Annotated[
        int | None,
        typer.Option(
            "--registers",
            min=0,
            max=100,
            metavar="PERCENT",
            help="Its registers, as a share of the average practice's; --digital-first needs it.",
        ),
    ] = None,
    behaviour: Annotated[
        str | None,
        typer.Option("--behaviour", metavar="NAME", help="What practices would do differently; none if left out."),
    ] = None,
    counts: Annotated[
        Path | None, typer.Option("--counts", metavar="FILE", help="Counts of items that the reforms add.")
    ] = None,
    evaluated: Annotated[
        Path | None,
        typer.Option("--evaluation", metavar="FOLDER", help="An evaluation to count the parts of a divided item."),
    ] = None,
    records: Annotated[
        Path | None, typer.Option("--records", metavar="STORE", help="Patient records, to count on other dates.")
    ] = None,
    clusters: Annotated[
        str | None, typer.Option("--clusters", metavar="SET", help="The code clusters for these records.")
    ] = None,
    rules_of: RulesOf = None,
    html: Html = None,
    pdf: Pdf = None,
    xlsx: Xlsx = None,
    csv: Csv = None,
    replace: Replace = False,
) -> None:
    """Show who would gain and lose if the scheme changed, and how much of it is chance.

    The run does not change. Pounds are exact; random draws of the year's counts show what chance does to them.
    """
    from remit.application.simulate import Request, SourceFiles, evaluate
    from remit.documents.simulation import short, simulation

    files = Files(html, pdf, xlsx, csv, replace)
    digital = _digital_first(digital_first, registers)
    if (clusters or rules_of) and not records:
        name = "--clusters" if clusters else "--rules-of"
        raise refuse("cli.option-alone", f"{name} goes with --records.", None, "Say where the records are too.")
    sources = SourceFiles(counts, evaluated, records, clusters, behaviour, years_of(rules_of))
    request = Request(folder, tuple(change), about, draws, seed, digital, into, workers, sources, replace)
    with progress("Practices") as on_progress:
        result = evaluate(request, on_progress)
    for problem in result.warnings:
        warn(problem)
    if result.folder:
        out.print(f"Written to {result.folder}.", soft_wrap=True)
    found = result.simulation
    show(simulation(found), files, short(found), whole=lambda: simulation(found, every_row=True))


def _digital_first(size: int | None, registers: int | None) -> DigitalFirst | None:
    from fractions import Fraction

    from remit.application.simulate import DigitalFirst

    if size is not None and registers is not None:
        return DigitalFirst(size, Fraction(registers, 100))
    if size is not None:
        way = "Say how many people are on its registers, of the average's: no source has a number."
        raise refuse("cli.option-alone", "--digital-first needs --registers.", None, way)
    if registers is not None:
        raise refuse("cli.option-alone", "--registers goes with --digital-first.", None, "Say how long its list is.")
    return None


COMMANDS = (
    Command(
        simulate,
        "simulate",
        (
            "remit simulate out/qif --change reform.yaml",
            "remit simulate out/qif --change one.yaml --change two.yaml --about practices-about.csv --html reform.html",
            "remit simulate out/qof --change reform.yaml --draws 1000 --out simulated",
        ),
    ),
)
