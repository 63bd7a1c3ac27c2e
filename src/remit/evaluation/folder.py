"""An evaluation's folder: outcomes, tables of counts, breakdown, scheme and manifest; whole or not at all.

`counts.csv` and `practices.csv` are the inputs of `remit run`. No clock, path or host is written: the same store,
scheme, clusters and date give the same bytes, whichever engine counts and however often it is interrupted.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import closing, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow.parquet as pq

from remit.core.problems import Place, refuse
from remit.core.version import VERSION
from remit.evaluation.counts import ATTRITION, COUNTS, LEFT_OUT, PARTS
from remit.evaluation.evaluator import PRACTICES, Evaluator
from remit.evaluation.layout import CELLS
from remit.evaluation.manifest import (
    Basis,
    CountedBy,
    Done,
    EvaluatedScheme,
    EvaluationManifest,
    PaymentPeriod,
    WorkOf,
)
from remit.evaluation.outside_clusters import Outside
from remit.evaluation.period import dates_of
from remit.evaluation.plan import Plan
from remit.evaluation.work import Work, work_on
from remit.evaluation.workers import GIGABYTE, EngineName, Job, count_all, default_workers
from remit.files.beside import remove
from remit.files.folders import check_free, move, put_in_place
from remit.files.hashes import sha256_file, sha256_text
from remit.files.manifest import write_manifest
from remit.files.private import private_file, private_folder
from remit.files.processes import Starting
from remit.files.tables import write_rows
from remit.records.store import read_parquet
from remit.scheme import frozen_text
from remit.terminology.locks import lock_of

BREAKDOWN = "breakdown.parquet"
_FEW = 500_000
_TABLES = (
    ("counts", COUNTS),
    ("practices", PRACTICES),
    ("attrition", ATTRITION),
    ("parts", PARTS),
    ("left_out", LEFT_OUT),
)


class Stopped(KeyboardInterrupt):
    """An evaluation that was stopped by hand; its text says how far it is."""


@dataclass
class Evaluated:
    """What an evaluation came to, for the terminal. `resumed` practices had been done before; `changed` says what of
    an interrupted run was another, so that it was begun anew."""

    practices: int = 0
    patients: int = 0
    categories: dict[str, dict[str, int]] = field(default_factory=dict)
    plan: Plan | None = None
    provisional: dict[str, str] = field(default_factory=dict)
    unregistered: list[str] = field(default_factory=list)
    resumed: int = 0
    changed: list[str] = field(default_factory=list)
    left_out: dict[tuple[str, str, str], int] = field(default_factory=dict)
    """How many values were not read, by clusters, unit and why."""
    outside: Outside = field(default_factory=Outside)
    """The records whose code no cluster has."""


def write_evaluation(
    made: Evaluator,
    folder: Path,
    replace: bool = False,
    only: Sequence[str] = (),
    progress: Callable[[int, int], None] | None = None,
    engine: EngineName = "duckdb",
    workers: int = 0,
    memory: int = 0,
    starting: Starting = nullcontext,
) -> Evaluated:
    """Evaluate every practice and write the folder. `progress(done, of)` is told practice by practice.

    `workers` processes share `memory` bytes; by default one a core and a gigabyte each. `starting` surrounds the start
    of each. Raises Refused, and Stopped on
    Ctrl-C; what is done of it is then kept beside the folder, and the same call goes on from there.
    """
    counted, _ = made.ready()
    codes = made.practices(only)
    if not codes:
        raise refuse(
            "evaluation.no-practice", "holds no practice.", Place(str(made.store.folder)), "Import records first."
        )
    if not counted.counted:
        raise refuse(
            "evaluation.nothing-counted",
            f"{made.scheme.scheme} has no item that rules over records count.",
            None,
            "Supply its counts.",
            scheme=made.scheme.scheme,
        )
    check_free(folder, replace, EvaluationManifest)
    workers = min(workers or _workers_for(made, codes, memory), len(codes))
    told = Evaluated(plan=counted)
    scheme = frozen_text(made.scheme)
    basis = _basis(made, counted, codes, scheme)
    last_days = {code: str(made.store.last_day(code)) for code in codes}
    with work_on(folder) as work:
        check_free(folder, replace, EvaluationManifest)  # one whose replacement was interrupted is back
        try:
            told.changed = work.take_up(WorkOf(**dict(basis), engine=engine, records_to=last_days))
            done = {code: found for code in codes if (found := work.read(code))}
            told.resumed = len(done)
            if progress:
                progress(len(done), len(codes))
            job = Job(made, engine, work, (memory or workers * GIGABYTE) // workers)
            with closing(count_all(job, [code for code in codes if code not in done], workers, starting)) as counting:
                for found in counting:
                    done[found.practice] = found
                    if progress:
                        progress(len(done), len(codes))
            ordered = [done[code] for code in codes]
            for one in ordered:
                _tell(told, one, made.why_provisional(one.practice))
            check_free(folder, replace, EvaluationManifest)  # somebody may have put something there in the meantime
            put_in_place(_assembled(work, ordered, basis, scheme), Path(os.path.abspath(folder)))
            remove(work.folder)
        except KeyboardInterrupt:
            so_far = f"{work.count(codes):,} of {len(codes):,} practices are done"
            raise Stopped(f"Stopped. {so_far}: the same command goes on from there.") from None
        except OSError as error:
            hint = "Make room; the same evaluation goes on from what is done."
            raise refuse(
                "files.cannot-be-written",
                f"cannot be written: {error.strerror or error}.",
                Place(str(folder)),
                hint,
                reason=error.strerror or error,
            ) from None
    return told


def _workers_for(made: Evaluator, codes: Sequence[str], memory: int) -> int:
    """One for each core that has enough of the memory; one alone for so few records that another would take longer to
    start than to count."""
    records = sum(made.store.partition(code).rows("events") for code in codes)
    return default_workers(memory) if records > _FEW else 1


def _assembled(work: Work, done: Sequence[Done], basis: Basis, scheme: str) -> Path:
    """The whole folder, from what was done practice by practice."""
    whole = work.whole
    remove(whole)
    whole.mkdir()
    whole.chmod(0o755)
    for name, columns in _TABLES:
        with (whole / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            write_rows(file, [columns])
            for one in done:
                write_rows(file, getattr(one, name))
    with pq.ParquetWriter((whole / BREAKDOWN).absolute(), CELLS, compression="zstd") as breakdown:
        for one in done:
            breakdown.write_table(read_parquet(work.cells(one.practice), CELLS))
    private_file(whole / BREAKDOWN)
    (whole / "scheme.yaml").write_text(scheme, encoding="utf-8")
    files = {path.name: sha256_file(path) for path in whole.iterdir()}
    files |= {work.outcomes(one.practice): one.sha256 for one in done}
    write_manifest(whole, EvaluationManifest(**dict(basis), files=dict(sorted(files.items()))))
    private_folder(whole / "outcomes")
    for one in done:
        path = whole / work.outcomes(one.practice)
        move(work.folder / work.outcomes(one.practice), path)
        private_file(path)
    return whole


def _tell(told: Evaluated, found: Done, provisional: str) -> None:
    told.practices += 1
    told.patients += found.concerned
    for code, counted in found.categories.items():
        of = told.categories.setdefault(code, {})
        for category, many in counted.items():
            of[category] = of.get(category, 0) + many
    for _, clusters, unit, why, values in found.left_out:
        told.left_out[clusters, unit, why] = told.left_out.get((clusters, unit, why), 0) + int(values)
    told.outside.add(found.rows, found.outside)
    if found.patients and not found.registered:
        told.unregistered.append(found.practice)
    if provisional:
        told.provisional[found.practice] = provisional


def _basis(made: Evaluator, counted: Plan, codes: Sequence[str], scheme: str) -> Basis:
    """What the evaluation is of. Nothing of the engine stands in it: whatever counts, the bytes are the same."""
    definitions = {
        code: CountedBy(
            title=d.title,
            version=d.version,
            years=str(d.years or ""),
            status=d.status,
            source=d.source,
            population=d.population,
            counts="outcomes" if d.rules else "register",
            sha256=sha256_text(made.known.meaning_of(d)),
        )
        for code, d in sorted(counted.definitions().items())
    }
    dates = dates_of(made.scheme, made.on)
    tables = {code: sorted(made.store.partition(code).tables.items()) for code in codes}
    return Basis(
        format=Basis.kind.format,
        remit=VERSION,
        scheme=EvaluatedScheme(scheme=made.scheme.scheme, version=made.scheme.version, sha256=sha256_text(scheme)),
        on=made.on,
        payment_period=PaymentPeriod(**{"from": dates.start, "to": dates.end}),
        rules_of=tuple(str(one) for one in made.rules_of),
        clusters=lock_of(made.needed(counted) | made.frailty(), made.clusters),
        store={code: {name: stored.sha256 for name, stored in of} for code, of in tables.items()},
        definitions=definitions,
        supplied=counted.supplied,
    )
