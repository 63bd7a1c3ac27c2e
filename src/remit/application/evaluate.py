"""Evaluate a scheme over a store of records: every patient of every practice, counted and written to a folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from remit.application.inputs import achievement_date, read_clusters, read_rules
from remit.application.progress import Cancelled, OnProgress, never, reporting, silent
from remit.application.unread_values import unread_in_evaluation
from remit.core.dates import SchemeYear
from remit.core.problems import Place, Problem, refuse, warning
from remit.core.words import listed
from remit.documents.rules import inferred_rules
from remit.evaluation.evaluator import Evaluator
from remit.evaluation.evidence.layout import EVIDENCE
from remit.evaluation.folder import BREAKDOWN, Evaluated, write_evaluation
from remit.evaluation.manifest import EvaluationManifest
from remit.evaluation.workers import EngineName
from remit.files.folders import check_free
from remit.files.processes import Starting
from remit.files.spark import schedule_of
from remit.files.tables import read_text
from remit.records.people_quality import birth_warnings
from remit.records.store import Store
from remit.scheme import load_scheme
from remit.scheme.years import need_april
from remit.terminology.clusters import ClusterSet

__all__ = ["EngineName", "Evaluated", "EvaluationRequest", "EvaluationResult", "evaluate"]


@dataclass(frozen=True)
class EvaluationRequest:
    """What to count: a scheme's id or file, over which store, into which folder.

    `on` is the achievement date, by default the scheme's; `clusters` a cluster set's folder, by default the
    demonstration's; `rules` files of your own rules beside those that ship; `rules_of` the years whose rules may count
    where there are none of the scheme's year. `practices` are all where none is named. `workers` and `memory` (bytes
    for all of them) are chosen by the machine where they are 0. With `evidence`, what the rules read of each patient is
    kept too, practice by practice. `keep` is a folder in which is kept what the records came to; what an earlier
    evaluation left there is gone on from. With `on_spark` Spark's tasks count them: it names a master, or is '' for the
    running session, or for this machine's cores.
    """

    scheme: str
    records: Path
    folder: Path
    on: date | None = None
    clusters: str | None = None
    rules: tuple[Path, ...] = ()
    rules_of: tuple[SchemeYear, ...] = ()
    practices: tuple[str, ...] = ()
    lock: Path | None = None
    engine: EngineName = "duckdb"
    workers: int = 0
    memory: int = 0
    replace: bool = False
    evidence: bool = False
    on_spark: str | None = None
    keep: Path | None = None


@dataclass(frozen=True)
class EvaluationResult:
    """What was counted, where it was written, and what to know of it.

    `notes` are sentences about the records as a whole and about rules that are inferred. `on` is the achievement date;
    `of_whole_year` whether it is the scheme's own. `evidence` has a folder for each practice, where it is kept.
    """

    evaluated: Evaluated
    on: date
    of_whole_year: bool
    practices_file: Path
    counts_file: Path
    outcomes: Path
    breakdown: Path
    evidence: Path | None
    warnings: tuple[Problem, ...]
    notes: tuple[str, ...]


def evaluate(
    request: EvaluationRequest,
    on_progress: OnProgress = silent,
    cancelled: Cancelled = never,
    starting: Starting = nullcontext,
) -> EvaluationResult:
    """Count, and write the folder, whole or not at all. `starting` surrounds the start of each worker process.

    Stopped by Ctrl-C or `cancelled`, what is done stays beside the folder, and the same request goes on from there.
    """
    folder = request.folder
    if request.records.resolve() in (folder.resolve(), *folder.resolve().parents):
        raise refuse(
            "evaluation.inside-the-store",
            f"{folder} lies in the store of records.",
            None,
            "Name a folder elsewhere.",
            folder=folder,
        )
    check_free(folder, request.replace, EvaluationManifest)
    _check_keep(request)
    scheme = load_scheme(request.scheme)
    if request.evidence:
        need_april([scheme], "evidence is kept")
    on = achievement_date(scheme, request.on)
    records = request.records if request.on_spark is None else request.records.absolute()  # a task may be elsewhere
    rules, clusters, store = read_rules(request.rules), read_clusters(request.clusters), Store(records)
    evaluator = Evaluator(scheme, store, clusters, rules, on, request.lock, request.rules_of)
    evaluated = write_evaluation(
        evaluator, folder, request.replace, request.practices, reporting(on_progress, cancelled), request.engine,
        request.workers, request.memory, starting,
        [read_text(file) for file in request.rules] if request.evidence else None,
        schedule_of(request.on_spark, request.workers, starting), request.keep,
    )  # fmt: skip
    definitions = evaluated.plan.definitions().values() if evaluated.plan else ()
    notes = (*evaluated.outside.sentences(clusters), inferred_rules(definitions, evaluator.known))
    return EvaluationResult(
        evaluated,
        on,
        on == scheme.achievement_date,
        folder / "practices.csv",
        folder / "counts.csv",
        folder / "outcomes",
        folder / BREAKDOWN,
        folder / EVIDENCE if request.evidence else None,
        tuple(_warnings(evaluated, on, clusters, store, request.practices)),
        tuple(filter(None, notes)),
    )


def _check_keep(request: EvaluationRequest) -> None:
    """Refuse a folder of kept results that is, or lies in, another that is named; and what cannot go on from one."""
    keep = request.keep
    if keep is None:
        return
    for other, what in ((request.records, "the store of records"), (request.folder, "the folder to make")):
        one, two = keep.resolve(), other.resolve()
        if one == two or two in one.parents or one in two.parents:
            where = "is" if one == two else "lies in" if two in one.parents else "holds"
            raise refuse("evaluation.keep-elsewhere", f"{where} {what}.", Place(str(keep)), "Name a folder beside it.")
    if request.engine != "duckdb" or request.on_spark is not None:
        what = "what records came to is kept for the DuckDB engine of this machine alone."
        raise refuse("evaluation.keep-not-with", what, None, "Keep nothing, or evaluate with that.")


def _warnings(
    evaluated: Evaluated, on: date, clusters: ClusterSet, store: Store, practices: tuple[str, ...]
) -> Iterator[Problem]:
    """What was begun anew, what is provisional, who is registered nowhere, and which records no rule could read."""
    if evaluated.changed:
        what = (
            f"the work of an interrupted run was dropped and begun anew, for {listed(evaluated.changed)} changed since."
        )
        yield warning("evaluation.begun-anew", what, changed=list(evaluated.changed))
    for why, codes in evaluated.anew.items():
        shown = ", ".join(codes[:5]) + (f" and {len(codes) - 5} more" if len(codes) > 5 else "")
        yield warning("evaluation.all-read-again", f"all records of {shown} were read again: {why}.", practices=codes)
    for why in dict.fromkeys(evaluated.provisional.values()):
        codes = [code for code, text in evaluated.provisional.items() if text == why]
        shown = ", ".join(codes[:5]) + (f" and {len(codes) - 5} more" if len(codes) > 5 else "")
        yield warning("evaluation.provisional", f"provisional, {shown}: {why}", practices=codes)
    if evaluated.unregistered:
        codes = evaluated.unregistered
        whose = ", ".join(codes[:8]) + (" and others" if len(codes) > 8 else "")
        what = f"none of the patients of {whose} is registered there on {on}: see registrations, and registered_at."
        yield warning("evaluation.nobody-registered", what, practices=list(codes))
    yield from evaluated.outside.warnings(clusters)
    yield from birth_warnings(store, [code for code in store.codes if not practices or code in practices])
    yield from unread_in_evaluation(evaluated.left_out)
