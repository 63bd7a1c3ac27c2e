"""An evaluation's folder: outcomes, counts, practices, attrition, parts, scheme, manifest; whole or not at all.

`counts.csv` and `practices.csv` are the inputs of `remit run`. No clock, path or host is written: the same store,
scheme, clusters and date give the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

import remit
from remit.core.folders import whole_folder
from remit.core.hashes import sha256_file, sha256_text
from remit.core.problems import Place, did_you_mean, refuse
from remit.core.tables import write_rows
from remit.evaluation import evaluate as e
from remit.evaluation.definitions import Definitions, registers_of
from remit.evaluation.plan import Plan, plan
from remit.evaluation.reference import Dates, Meaning
from remit.records.store import Store
from remit.scheme import Scheme, frozen_text
from remit.terminology.clusters import ClusterSet, need
from remit.terminology.locks import lock_of, verify

FORMAT = 2
_SCHEMA = pa.schema(
    [
        ("practice_code", pa.string()),
        ("patient_id", pa.string()),
        ("indicator_code", pa.string()),
        ("rule", pa.int32()),
        ("branch", pa.bool_()),
        ("category", pa.string()),
        ("reason", pa.string()),
        ("pca_date", pa.date32()),
    ]
)
PRACTICES = (
    "practice_code", "practice_name", "place_code", "network_code", "list_size", "weighted_list_size", "provisional",
)  # fmt: skip
DEMONSTRATION = "Counted on the demonstration code clusters, which no final payment can rest on."


@dataclass
class Evaluated:
    """What an evaluation came to, for the terminal."""

    practices: int = 0
    patients: int = 0
    categories: dict[str, dict[str, int]] = field(default_factory=dict)
    plan: Plan | None = None
    provisional: dict[str, str] = field(default_factory=dict)
    unregistered: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Evaluator:
    """A scheme made ready to be evaluated over a store on a day."""

    scheme: Scheme
    store: Store
    clusters: ClusterSet
    known: Definitions
    on: date
    lock: Path | None = None

    def needed(self, made: Plan) -> set[str]:
        """The clusters that a plan's definitions read, with those of every register that they rest on."""
        definitions = made.definitions().values()
        found = {name for definition in definitions for name in definition.clusters()}
        for definition in definitions:
            found |= self.known.needed_clusters(registers_of(definition))
        return found

    def ready(self) -> tuple[Plan, Meaning]:
        """The plan and the meaning. Raises Refused for clusters that are needed and missing, all at once."""
        made = plan(self.scheme, self.known)
        needed = self.needed(made)
        need(needed, self.clusters)
        if self.lock:
            verify(self.lock, needed, self.clusters)
        codes = {name: self.clusters.codes_of(name) for name in sorted(needed)}
        return made, Meaning(Dates.of_year(self.scheme.year, self.on), codes, self.known.registers)

    def practices(self, only: Sequence[str]) -> list[str]:
        """The practices to evaluate. Raises Refused for one that the store does not have."""
        known = self.store.codes
        for code in only:
            if code not in known:
                raise refuse(f"there is no practice '{code}' in the store.", None, did_you_mean(code, known))
        return [code for code in known if not only or code in only]

    def why_provisional(self, practice: str) -> str:
        """Why a practice's counts cannot be final, or nothing."""
        why = [DEMONSTRATION] if self.clusters.demonstration else []
        last = self.store.last_day(practice)
        if last is not None and last < self.on:
            why.append(f"Its records end on {last}, before {self.on}: what was done after that is not counted.")
        return " ".join(why)


def write_evaluation(
    made: Evaluator,
    folder: Path,
    replace: bool = False,
    only: Sequence[str] = (),
    progress: Callable[[int, int], None] | None = None,
) -> Evaluated:
    """Evaluate every practice and write the folder. `progress(done, of)` is told practice by practice."""
    counted, meaning = made.ready()
    codes = made.practices(only)
    if not codes:
        raise refuse("holds no practice.", Place(str(made.store.folder)), "Import records first.")
    if not counted.counted:
        raise refuse(f"{made.scheme.scheme} has no item that rules over records count.", None, "Supply its counts.")
    period = made.on if made.on != made.scheme.achievement_date else None
    told = Evaluated(plan=counted)
    with whole_folder(Path(folder), replace) as work:
        (work / "outcomes").mkdir()
        with ExitStack() as stack:
            files = {}
            for name, columns in (
                ("counts.csv", e.COUNTS),
                ("practices.csv", PRACTICES),
                ("attrition.csv", e.ATTRITION),
                ("parts.csv", e.PARTS),
            ):
                files[name] = stack.enter_context((work / name).open("w", encoding="utf-8", newline=""))
                write_rows(files[name], [columns])
            for n, code in enumerate(codes, 1):
                _check_unchanged(made.store, code)
                found = e.evaluate(code, made.store.patients(code), counted, meaning)
                write_rows(files["counts.csv"], e.count_rows(found, counted, period, bool(made.why_provisional(code))))
                write_rows(files["practices.csv"], [_practice_row(made, code)])
                write_rows(files["attrition.csv"], e.attrition_rows(found, counted))
                write_rows(files["parts.csv"], e.part_rows(found, counted))
                _write_outcomes(found, work / "outcomes" / f"practice={code}.parquet")
                _tell(told, found, made.why_provisional(code))
                if progress:
                    progress(n, len(codes))
        (work / "scheme.yaml").write_text(frozen_text(made.scheme), encoding="utf-8")
        manifest = _manifest(made, counted, work, codes)
        (work / "manifest.json").write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return told


def _check_unchanged(store: Store, practice: str) -> None:
    """Refuse records that are not those which were imported."""
    for name, stored in store.partition(practice).tables.items():
        path = store.folder / stored.file
        if not path.is_file() or sha256_file(path) != stored.sha256:
            what = f"the {name} of practice {practice} were changed or lost after their import."
            raise refuse(what, Place(str(path)), "See 'remit records check', and import them again.")


def _tell(told: Evaluated, found: e.PracticeOutcomes, provisional: str) -> None:
    told.practices += 1
    told.patients += len({patient for patient, _ in found.outcomes})
    for _, outcome in found.outcomes:
        of = told.categories.setdefault(outcome.code, {})
        of[outcome.counts.category] = of.get(outcome.counts.category, 0) + 1
    if found.patients and not found.registered:
        told.unregistered.append(found.practice)
    if provisional:
        told.provisional[found.practice] = provisional


def _practice_row(made: Evaluator, code: str) -> list[str]:
    """The practice as `remit run` reads it: its lists as they were on the days that the scheme names."""
    scheme = made.scheme
    on = scheme.weights.list.list.at if scheme.weights.list else scheme.heads.at if scheme.heads else made.on
    heads_on = scheme.heads.at if scheme.heads else on
    row, heads = made.store.practices(on)[code], made.store.practices(heads_on)[code]
    size = "" if row.list_size is None else str(row.list_size)
    weighted = "" if heads.weighted_list_size is None else format(heads.weighted_list_size.normalize(), "f")
    return [code, row.name, row.place, row.network, size, weighted, made.why_provisional(code)]


def _write_outcomes(found: e.PracticeOutcomes, path: Path) -> None:
    columns: list[list[Any]] = [[] for _ in e.OUTCOMES]
    for patient, outcome in found.outcomes:
        row = (
            found.practice, patient, outcome.code, outcome.rule, outcome.branch, outcome.counts.category,
            outcome.counts.reason, outcome.day,
        )  # fmt: skip
        for column, value in zip(columns, row, strict=True):
            column.append(value)
    pq.write_table(pa.table(columns, schema=_SCHEMA), path, compression="zstd")


def _manifest(made: Evaluator, counted: Plan, folder: Path, codes: Sequence[str]) -> dict[str, Any]:
    files = {path.relative_to(folder).as_posix(): sha256_file(path) for path in sorted(folder.rglob("*.*"))}
    definitions: Mapping[str, Any] = {
        code: {"version": d.version, "status": d.status, "source": d.source, "population": d.population}
        for code, d in sorted(counted.definitions().items())
    }
    return {
        "format": FORMAT,
        "remit": remit.__version__,
        "engine": "reference",
        "scheme": {
            "scheme": made.scheme.scheme,
            "version": made.scheme.version,
            "sha256": sha256_text(frozen_text(made.scheme)),
        },
        "on": made.on.isoformat(),
        "payment_period": {"from": made.scheme.year.start.isoformat(), "to": made.scheme.year.end.isoformat()},
        "clusters": lock_of(made.needed(counted), made.clusters),
        "store": {code: {name: stored.sha256 for name, stored in sorted(made.store.partition(code).tables.items())}
                  for code in codes},
        "definitions": definitions,
        "supplied": counted.supplied,
        "files": files,
    }  # fmt: skip
