"""`remit evaluate`: from records to counts, patient by patient."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import date
from enum import StrEnum
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from remit.application.inputs import achievement_date, read_clusters, read_rules
from remit.cli.console import ONLY_YOU, Command, err, out, progress, warn
from remit.cli.left_out import left_out_warnings
from remit.cli.options import Clusters, On, Records, Replace, Rules, RulesOf, one_day, years_of
from remit.cli.sizes import read_size
from remit.core.problems import refuse, warning

if TYPE_CHECKING:
    from remit.core.problems import Problem
    from remit.evaluation.folder import Evaluated
    from remit.evaluation.plan import Plan


class EngineChoice(StrEnum):
    """What counts."""

    duckdb = "duckdb"
    reference = "reference"


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
        EngineChoice,
        typer.Option("--engine", help="What counts; the reference interpreter is slow, and says the same."),
    ] = EngineChoice.duckdb,
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, max=512, help="How many processes; else one for each core.")
    ] = None,
    memory: Annotated[
        str | None,
        typer.Option("--memory", metavar="SIZE", help="All may take, as 4GB; else 1GB each. The rest goes to disk."),
    ] = None,
    replace: Replace = False,
) -> None:
    """Count every indicator of a scheme that has rules over records, patient by patient.

    Writes outcomes/ (Parquet), counts.csv and practices.csv (the inputs of 'remit run'), attrition.csv, parts.csv,
    left_out.csv (values that were not read), breakdown.parquet, scheme.yaml and manifest.json. The same records,
    scheme, clusters and date give the same bytes.

    Practices are counted on every core. Stop it with Ctrl-C, or let it be killed: the same command goes on with the
    practices that are not done, unless the records, rules, clusters or date are others. The folder appears when all
    is done; until then --replace leaves what is there.
    """
    from remit.documents.rules import inferred_rules
    from remit.evaluation.evaluator import Evaluator
    from remit.evaluation.folder import BREAKDOWN, write_evaluation
    from remit.evaluation.manifest import EvaluationManifest
    from remit.files.folders import check_free
    from remit.records.people_quality import told_of_births
    from remit.records.store import Store
    from remit.scheme import load_scheme

    if records.resolve() in (folder.resolve(), *folder.resolve().parents):
        raise refuse("cli.inside-the-store", "--out lies in the store of records.", None, "Name a folder elsewhere.")
    check_free(folder, replace, EvaluationManifest)
    with err.status("Reading the scheme and the store …") if err.is_terminal else nullcontext():
        loaded = load_scheme(scheme)
        day = achievement_date(loaded, one_day(on))
        known, held, years = read_rules(rules or ()), read_clusters(clusters), years_of(rules_of)
        made = Evaluator(loaded, Store(records), held, known, day, lock, years)
    share = read_size(memory)
    with progress("Practices") as so_far:
        found = write_evaluation(made, folder, replace, practice or (), so_far, engine.value, workers or 0, share)
    store = Store(records)
    births = told_of_births(store, [code for code in store.codes if not practice or code in practice])
    _say(found, day, [*found.outside.warnings(held), *births])
    inferred = inferred_rules(found.plan.definitions().values() if found.plan else (), known)
    for said in filter(None, (*found.outside.sentences(held), inferred)):
        out.print(f"\n{said}", soft_wrap=True)
    period = "" if day == loaded.achievement_date else f" --period {day}"
    files = f"--practices {quote(str(folder / 'practices.csv'))} --counts {quote(str(folder / 'counts.csv'))}"
    out.print(
        f"\n{found.practices:,} practice{'s' if found.practices != 1 else ''}, {found.patients:,} patients. "
        f"Written to {folder}.\n"
        f"Rows of patients are in {folder / 'outcomes'}, small numbers in {folder / BREAKDOWN}. {ONLY_YOU}\n"
        f"Next: remit run {scheme} {files}{period} --out results",
        soft_wrap=True,
    )


def _say(found: Evaluated, day: date, of_codes: list[Problem]) -> None:
    """What was counted: of resuming and of practices first, then the indicators, then what is left to supply."""
    from remit.core.words import listed

    assert found.plan is not None
    if found.changed:
        what = f"the work of an interrupted run was dropped and begun anew, for {listed(found.changed)} changed since."
        warn(warning("evaluation.begun-anew", what, changed=list(found.changed)))
    if found.resumed:
        which = "1 practice was" if found.resumed == 1 else f"{found.resumed:,} practices were"
        out.print(f"{which} done already, before an interruption.")
    for why in dict.fromkeys(found.provisional.values()):
        who = [code for code, text in found.provisional.items() if text == why]
        shown = ", ".join(who[:5]) + (f" and {len(who) - 5} more" if len(who) > 5 else "")
        warn(warning("evaluation.provisional", f"provisional, {shown}: {why}", practices=who))
    if found.unregistered:
        whose = ", ".join(found.unregistered[:8]) + (" and others" if len(found.unregistered) > 8 else "")
        what = f"none of the patients of {whose} is registered there on {day}: see registrations, and registered_at."
        warn(warning("evaluation.nobody-registered", what, practices=list(found.unregistered)))
    for told in (*of_codes, *left_out_warnings(found.left_out)):
        warn(told)
    table = Table(box=None, pad_edge=False)
    words = ("Indicator", "Rules of", "Status")
    for name in ("Indicator", "Achieved", "Not achieved", "PCA", "Exclusion", "Rules of", "Status"):
        table.add_column(name, justify="left" if name in words else "right")
    for code, definition in found.plan.definitions().items():
        of = found.categories.get(code, {})
        counts = [f"{of.get(c, 0):,}" for c in ("achieved", "not_achieved", "pca", "exclusion")]
        table.add_row(code, *counts, str(definition.years or definition.version), definition.status)
    out.print(table)
    show_supplied(found.plan)


def show_supplied(plan: Plan) -> None:
    """Say what of a scheme no record can tell, reason by reason."""
    reasons: dict[str, list[str]] = {}
    for subject, why in plan.supplied.items():
        reasons.setdefault(why.removeprefix(f"{subject} "), []).append(subject)
    if reasons:
        out.print("\nNot counted, to be supplied:")
    for why, subjects in reasons.items():
        out.print(f"  {', '.join(subjects)}: {why}.", soft_wrap=True)


COMMANDS = (
    Command(
        evaluate,
        "evaluate",
        (
            "remit evaluate qif-2024-25 --records store --on 2025-03-31 --out evaluated",
            "remit evaluate qof-england-2024-25 --records store --clusters release-2024-12 --out evaluated",
            "remit evaluate qof-england-2024-25 --records store --out evaluated --workers 4 --memory 6GB",
            "remit evaluate qif-2024-25 --records store --practice X1 --engine reference --out checked",
        ),
    ),
)
