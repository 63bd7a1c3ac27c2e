"""`remit evaluate`: from records to counts, patient by patient."""

from __future__ import annotations

from pathlib import Path
from shlex import quote
from typing import Annotated, Literal

import typer

from remit.cli.console import ONLY_YOU, Command, out, progress, warn
from remit.cli.masters import MasterOrNone, OnSpark, Workers
from remit.cli.options import Clusters, On, Records, Replace, Rules, RulesOf, one_day, read_size, years_of
from remit.cli.output import Files, show
from remit.cli.processwide import ctrl_c_waits
from remit.core.words import agreed


def evaluate(
    scheme: Annotated[str, typer.Argument(metavar="SCHEME", help="A scheme's id or file.")],
    records: Records,
    folder: Annotated[Path, typer.Option("--out", help="The folder to make.")],
    on: On = None,
    clusters: Clusters = None,
    rules: Rules = None,
    rules_of: RulesOf = None,
    practice: Annotated[
        list[str] | None, typer.Option("--practice", help="Only this practice; may be repeated.")
    ] = None,
    lock: Annotated[
        Path | None, typer.Option("--lock", help="clusters.lock: refuse clusters of other codes than it names.")
    ] = None,
    engine: Annotated[
        Literal["duckdb", "reference"],
        typer.Option("--engine", help="What counts. The reference interpreter is slow, and gives the same counts."),
    ] = "duckdb",
    workers: Workers = None,
    memory: Annotated[
        str | None,
        typer.Option(
            "--memory", metavar="SIZE", help="What all may take together, as 4GB; else 1GB each. More goes to disk."
        ),
    ] = None,
    on_spark: OnSpark = None,
    replace: Replace = False,
    evidence: Annotated[
        bool,
        typer.Option(
            "--evidence", help="Keep what the rules read of each patient, so that 'remit explain' needs no records."
        ),
    ] = False,
    keep: Annotated[
        Path | None,
        typer.Option(
            "--keep",
            metavar="DIR",
            help="Keep in this folder what the records came to, and read only what is new since the last time.",
        ),
    ] = None,
) -> None:
    """Count every indicator of a scheme that has rules over records, patient by patient.

    Writes outcomes/ (Parquet), counts.csv and practices.csv (the inputs of 'remit run'), attrition.csv, parts.csv,
    left_out.csv (values that were not read), breakdown.parquet, scheme.yaml and manifest.json. The same records,
    scheme, clusters and date give the same bytes.

    With --evidence also evidence/, a folder for each practice: under pseudonyms, without birth dates.

    Practices are counted on every core. Stop it with Ctrl-C, or let it be killed: the same command goes on with the
    practices that are not done, unless the records, rules, clusters or date have changed. The folder appears when all
    is done; until then --replace leaves what is there.

    With --keep the folder of that name has what the records came to. The first time everything is read; a month later
    only the records that have come since, and those that they bear on. The counts are the same as without it. It is
    begun anew, with the reason, where the rules, the clusters or the earlier files have changed, or the day is an
    earlier one.

    With --on-spark Spark's tasks count the practices, and the folder is the same.
    """
    from remit.application.evaluate import EvaluationRequest
    from remit.application.evaluate import evaluate as use_case
    from remit.documents.evaluation import evaluation

    request = EvaluationRequest(
        scheme, records, folder, one_day(on), clusters, tuple(rules or ()), years_of(rules_of), tuple(practice or ()),
        lock, engine, workers or 0, read_size(memory), replace, evidence, on_spark, keep,
    )  # fmt: skip
    with progress("Practices") as on_progress:
        result = use_case(request, on_progress, starting=ctrl_c_waits)
    evaluated = result.evaluated
    if evaluated.resumed:
        were = agreed("practice{ was|s were} done", evaluated.resumed)
        out.print(f"{evaluated.resumed:,} {were} already, before an interruption.")
    if evaluated.went_on:
        practices = agreed("practice{|s}", evaluated.practices)
        out.print(f"Of {evaluated.went_on:,} of {evaluated.practices:,} {practices} only what is new was read.")
    for problem in result.warnings:
        warn(problem)
    show(evaluation(evaluated), Files())
    out.print()
    for note in result.notes:
        out.print(f"{note}\n", soft_wrap=True)
    period = "" if result.of_whole_year else f" --period {result.on}"
    files = f"--practices {quote(str(result.practices_file))} --counts {quote(str(result.counts_file))}"
    practices = agreed("practice{|s}", evaluated.practices)
    kept = f", what the rules read of them in {result.evidence}" if result.evidence else ""
    out.print(
        f"{evaluated.practices:,} {practices}, {evaluated.patients:,} patients. Written to {folder}.\n"
        f"Rows of patients are in {result.outcomes}, small numbers in {result.breakdown}{kept}. {ONLY_YOU}\n"
        f"Next:\n  remit run {scheme} {files}{period} --out results\n"
        f"  remit worklist {quote(str(folder))} --records {quote(str(records))} --practice CODE\n"
        f"  remit patients {quote(str(folder))} --practice CODE --indicator CODE",
        soft_wrap=True,
    )


COMMANDS = (
    Command(
        evaluate,
        "evaluate",
        (
            "remit evaluate qif-2024-25 --records store --on 2025-03-31 --out evaluated",
            "remit evaluate qof-england-2024-25 --records store --clusters release-2024-12 --out evaluated",
            "remit evaluate qof-england-2024-25 --records store --out evaluated --workers 4 --memory 6GB",
            "remit evaluate qif-2024-25 --records store --practice X1 --engine reference --out checked",
            "remit evaluate qif-2024-25 --records store --evidence --out evaluated",
            "remit evaluate qif-2024-25 --records store --on-spark --out evaluated",
            "remit evaluate qif-2024-25 --records store --on 2024-12-31 --keep kept --out december",
        ),
        MasterOrNone,
    ),
)
