"""`remit records`: fill a store with patient records, say what is in it, and check it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from remit.cli import records_import
from remit.cli.console import Command, out, progress, say_stopped, warn
from remit.cli.masters import MasterOrNone, OnSpark, Workers
from remit.cli.options import Clusters, Rules, one_day
from remit.cli.output import Csv, Files, Html, Pdf, Replace, Xlsx, show
from remit.cli.processwide import ctrl_c_waits
from remit.core.words import agreed

StoreFolder = Annotated[Path, typer.Argument(metavar="STORE", help="The folder that an import made.")]

GROUP = "records"
HELP = "Fill a store with patient records, say what is in it, and check it."


def info(folder: StoreFolder) -> None:
    """Say what is in a store: its practices, their extracts, how many rows, and how ids are kept."""
    from remit.application.records import describe_store
    from remit.documents.records import store

    result = describe_store(folder)
    for problem in result.warnings:
        warn(problem)
    show(store(folder, result.manifest), Files())


def compact(folder: StoreFolder) -> None:
    """Fold the extracts that were appended into each practice's files: what is read later is read faster.

    The records are the same before and after. Ctrl-C leaves the store whole; the same command does what is left.
    """
    from remit.application.records import compact_store

    try:
        with progress("Compacting") as on_progress:
            done = compact_store(folder, on_progress)
    except KeyboardInterrupt:
        say_stopped("the store holds the same records. The same command does the practices that are left.")
        raise typer.Exit(130) from None
    if not done.practices:
        out.print(f"Nothing to fold in: every practice of {folder} has its files alone.", soft_wrap=True)
        return
    extracts = agreed(f"{done.extracts:,} appended extract{{|s}}", done.extracts)
    practices = agreed(f"{done.practices:,} practice{{|s}}", done.practices)
    out.print(f"Folded {extracts} into the files of {practices} in {folder}", soft_wrap=True)
    out.print("Evaluations of these practices name the files as they were: a worklist needs them evaluated again.")


def check(
    folder: StoreFolder,
    on: Annotated[
        str | None,
        typer.Option("--on", metavar="DATE", help="The achievement date: records that end before it are provisional."),
    ] = None,
    codes: Annotated[
        list[Path] | None,
        typer.Option("--codes", metavar="FILE", help="A CSV whose column `code` holds known codes; may be repeated."),
    ] = None,
    bounds: Annotated[
        Path | None,
        typer.Option("--bounds", metavar="FILE", help="Possible values: a CSV of unit, lowest, highest and code."),
    ] = None,
    clusters: Clusters = None,
    rules: Rules = None,
    practice: Annotated[
        list[str] | None, typer.Option("--practice", metavar="CODE", help="Only this practice; may be repeated.")
    ] = None,
    workers: Workers = None,
    on_spark: OnSpark = None,
    html: Html = None,
    pdf: Pdf = None,
    xlsx: Xlsx = None,
    csv: Csv = None,
    replace: Replace = False,
) -> None:
    """Check that a store is as it was written, and report on the quality of its data.

    A file that is missing, damaged or out of order is an error. What is odd in the data is a finding: it is kept,
    counted and shown. The clusters and the rules say what can be a value, and in which unit it is read.

    Practices are checked on every core, or with --on-spark by Spark's tasks, and the report is the same.
    """
    from remit.application.records import CheckRequest, check_records
    from remit.documents import records as documents
    from remit.documents.render.csv import as_csv

    files = Files(html, pdf, xlsx, csv, replace)
    request = CheckRequest(
        folder, one_day(on), tuple(codes or ()), bounds, clusters, tuple(rules or ()), tuple(practice or ()),
        workers or 0, on_spark,
    )  # fmt: skip
    with progress("Checking") as on_progress:
        quality = check_records(request, on_progress, starting=ctrl_c_waits)
    show(documents.quality_in_short(quality), Files())
    if quality.findings and not files.paths:
        out.print("Every finding: --html, --pdf, --xlsx or --csv. --practice checks some practices.", style="dim")
    if files.paths:
        show(documents.quality(quality), files, csv=lambda: as_csv(documents.findings(quality)))


COMMANDS = (
    *records_import.COMMANDS,
    Command(info, "info", ("remit records info records",)),
    Command(compact, "compact", ("remit records compact records",)),
    Command(
        check,
        "check",
        (
            "remit records check records --on 2025-03-31",
            "remit records check records --codes clusters.csv --html quality.html",
            "remit records check records --on-spark",
        ),
        MasterOrNone,
    ),
)
