"""An evaluation's folder: outcomes, tables of counts, breakdown, scheme and manifest; whole or not at all.

`counts.csv` and `practices.csv` are the inputs of `remit run`. No clock, path or host is written: the same store,
scheme, clusters and date give the same bytes, whichever engine counts and however often it is interrupted.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow.parquet as pq

from remit.core.problems import Place, refuse
from remit.core.version import VERSION
from remit.evaluation.counts import ATTRITION, COUNTS, LEFT_OUT, PARTS
from remit.evaluation.evaluator import PRACTICES, Evaluator
from remit.evaluation.evidence.keeping import finish
from remit.evaluation.evidence.layout import EVIDENCE
from remit.evaluation.frailty import frailty_labels
from remit.evaluation.kept_results.folder import Keeping, keeping
from remit.evaluation.layout import CELLS
from remit.evaluation.manifest import (
    Basis,
    CountedBy,
    EvaluatedPractice,
    EvaluatedScheme,
    EvaluationManifest,
    PaymentPeriod,
    WorkBasis,
)
from remit.evaluation.model import Meaning
from remit.evaluation.outside_clusters import Outside
from remit.evaluation.period import dates_of
from remit.evaluation.plan import Plan
from remit.evaluation.work import Work, work_on
from remit.evaluation.workers import GIGABYTE, EngineName, Job, count_all
from remit.files.beside import remove
from remit.files.folders import check_free, move, put_in_place
from remit.files.hashes import sha256_file, sha256_text
from remit.files.manifest import write_manifest
from remit.files.names import file_names
from remit.files.private import private_file, private_folder
from remit.files.processes import Starting
from remit.files.schedules import Schedule, ThisMachine
from remit.files.tables import write_rows
from remit.records.store import read_parquet
from remit.scheme import frozen_text
from remit.terminology.locks import lock_of

BREAKDOWN = "breakdown.parquet"
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
    """The result of an evaluation. `resumed` practices had been done before; `changed` says what had changed since an
    interrupted run, so that it was begun anew."""

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
    went_on: int = 0
    """How many practices went on from what an earlier evaluation kept."""
    anew: dict[str, list[str]] = field(default_factory=dict)
    """The practices of which something was kept that could not be gone on from, by why."""


def write_evaluation(
    evaluator: Evaluator,
    folder: Path,
    replace: bool = False,
    only: Sequence[str] = (),
    progress: Callable[[int, int], None] | None = None,
    engine: EngineName = "duckdb",
    workers: int = 0,
    memory: int = 0,
    starting: Starting = nullcontext,
    evidence: Sequence[str] | None = None,
    schedule: Schedule | None = None,
    keep: Path | None = None,
) -> Evaluated:
    """Evaluate every practice and write the folder. `progress(done, total)` is called for each practice.

    With `evidence` each practice's is kept beside; it has the texts of the rules that were given besides those that
    ship.

    `workers` processes share `memory` bytes; by default one a core and a gigabyte each. `starting` surrounds the start
    of each. Another `schedule` takes their place. In the folder `keep` is kept what the records came to, and gone on
    from what an earlier evaluation left there. Raises Refused, and Stopped on Ctrl-C; what is done
    of it is then kept beside the folder, and the same call goes on from there.
    """
    counted, meaning = evaluator.ready()
    codes = evaluator.practices(only)
    if not codes:
        raise refuse(
            "evaluation.no-practice", "holds no practice.", Place(str(evaluator.store.folder)), "Import records first."
        )
    if not counted.counted:
        raise refuse(
            "evaluation.nothing-counted",
            f"{evaluator.scheme.scheme} has no item that rules over records count.",
            None,
            "Supply its counts.",
            scheme=evaluator.scheme.scheme,
        )
    check_free(folder, replace, EvaluationManifest)
    schedule = schedule or ThisMachine(workers, starting)
    at_once = schedule.at_once(len(codes), sum(evaluator.store.partition(c).rows("events") for c in codes), memory)
    result = Evaluated(plan=counted)
    scheme = frozen_text(evaluator.scheme)
    basis = _basis(evaluator, counted, codes, scheme)
    last_days = {code: str(evaluator.store.last_day(code)) for code in codes}
    with _keeping(keep, evaluator, counted, meaning) as kept_before, work_on(folder) as work:
        check_free(folder, replace, EvaluationManifest)  # one whose replacement was interrupted is back
        try:
            result.changed = work.take_up(
                WorkBasis(
                    **dict(basis),
                    engine=engine,
                    records_to=last_days,
                    evidence=evidence is not None,
                    kept=keep is not None,
                )
            )
            done = {code: finished for code in codes if (finished := work.read(code))}
            result.resumed = len(done)
            if progress:
                progress(len(done), len(codes))
            share = (memory or at_once * GIGABYTE) // at_once
            job = Job(evaluator, engine, work, share, evidence is not None, kept_before)
            left = [code for code in codes if code not in done]
            with closing(count_all(job, left, schedule, at_once)) as counting:
                for finished in counting:
                    done[finished.practice] = finished
                    if progress:
                        progress(len(done), len(codes))
            ordered = [done[code] for code in codes]
            for one in ordered:
                _add(result, one, evaluator.why_provisional(one.practice))
            check_free(folder, replace, EvaluationManifest)  # somebody may have put something there in the meantime
            kept = {}
            if evidence is not None:
                kept = {
                    one.practice: finish(work.evidence(one.practice), one, basis, evaluator, counted, evidence)
                    for one in ordered
                }
            whole = _assembled(work, ordered, basis, scheme, kept)
            if kept_before:
                files = {one.practice: (work.kept(one.practice), one.kept) for one in ordered}
                kept_before.take_over(files, evaluator.on, evaluator.store)
            put_in_place(whole, Path(os.path.abspath(folder)))
            remove(work.folder)
        except KeyboardInterrupt:
            so_far = f"{work.count(codes):,} of {len(codes):,} practices are done"
            raise Stopped(f"Stopped. {so_far}: the same command goes on from there.") from None
        except OSError as error:
            hint = "Make room on the disk. The same evaluation then continues from what is done."
            raise refuse(
                "files.cannot-be-written",
                f"cannot be written: {error.strerror or error}.",
                Place(str(folder)),
                hint,
                reason=error.strerror or error,
            ) from None
    return result


def _assembled(
    work: Work, done: Sequence[EvaluatedPractice], basis: Basis, scheme: str, kept: Mapping[str, Mapping[str, str]]
) -> Path:
    """The whole folder, from what was done practice by practice; `kept` has the files of each practice's evidence."""
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
    names = file_names(list(kept))
    files |= {f"{EVIDENCE}/{names[code]}/{name}": sha256 for code, own in kept.items() for name, sha256 in own.items()}
    write_manifest(whole, EvaluationManifest(**dict(basis), evidence=names, files=dict(sorted(files.items()))))
    private_folder(whole / "outcomes")
    for one in done:
        path = whole / work.outcomes(one.practice)
        move(work.folder / work.outcomes(one.practice), path)
        private_file(path)
    if names:
        private_folder(whole / EVIDENCE)
    for code, name in names.items():
        move(work.evidence(code), whole / EVIDENCE / name)
    return whole


def _add(result: Evaluated, practice: EvaluatedPractice, provisional: str) -> None:
    result.practices += 1
    result.patients += practice.concerned
    for code, counted in practice.categories.items():
        totals = result.categories.setdefault(code, {})
        for category, many in counted.items():
            totals[category] = totals.get(category, 0) + many
    for _, clusters, unit, why, values in practice.left_out:
        result.left_out[clusters, unit, why] = result.left_out.get((clusters, unit, why), 0) + int(values)
    result.outside.add(practice.rows, practice.outside)
    result.went_on += practice.went_on
    if practice.anew:
        result.anew.setdefault(practice.anew, []).append(practice.practice)
    if practice.patients and not practice.registered:
        result.unregistered.append(practice.practice)
    if provisional:
        result.provisional[practice.practice] = provisional


@contextmanager
def _keeping(folder: Path | None, evaluator: Evaluator, counted: Plan, meaning: Meaning) -> Iterator[Keeping | None]:
    """The folder of kept results, where there is to be one, with the hashes of the clusters and of the rules, those
    of frailty too, and of how values are read."""
    if folder is None:
        yield None
        return
    clusters = evaluator.clusters
    lock = lock_of(clusters.clusters, clusters)
    systems = sorted((key, sorted(those)) for key, those in clusters.systems_of(clusters.clusters).items())
    definitions = [one for _, one in sorted(counted.definitions().items())]
    definitions += [register for _, register in frailty_labels(meaning.codes, meaning.registers)]
    rules = [evaluator.known.meaning_of(one) for one in definitions]
    rules.append(f"{meaning.measures.spellings}\n{meaning.measures.limits}")
    with keeping(folder, sha256_text(f"{lock}\n{systems}"), sha256_text("\n\n".join(rules))) as found:
        yield found


def _basis(evaluator: Evaluator, counted: Plan, codes: Sequence[str], scheme: str) -> Basis:
    """What the evaluation rests on. It names no engine: whichever counts, the bytes are the same."""
    definitions = {
        code: CountedBy(
            title=d.title,
            version=d.version,
            years=str(d.years or ""),
            status=d.status,
            source=d.source,
            population=d.population,
            counts="outcomes" if d.rules else "register",
            sha256=sha256_text(evaluator.known.meaning_of(d)),
        )
        for code, d in sorted(counted.definitions().items())
    }
    dates = dates_of(evaluator.scheme, evaluator.on)
    return Basis(
        format=Basis.kind.format,
        remit=VERSION,
        scheme=EvaluatedScheme(
            scheme=evaluator.scheme.scheme, version=evaluator.scheme.version, sha256=sha256_text(scheme)
        ),
        on=evaluator.on,
        payment_period=PaymentPeriod(**{"from": dates.start, "to": dates.end}),
        rules_of=tuple(str(one) for one in evaluator.rules_of),
        clusters=lock_of(evaluator.needed(counted) | evaluator.frailty(), evaluator.clusters),
        store={code: evaluator.store.partition(code).hashes() for code in codes},
        definitions=definitions,
        supplied=counted.supplied,
    )
