"""The folders of `remit evaluate` that a worklist is made of: all of one day, one store and one cluster set."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from remit.core.dates import SchemeYear
from remit.core.problems import Place, did_you_mean, refuse
from remit.evaluation.evidence.layout import OWN_RULES, EvidenceManifest
from remit.evaluation.layout import OUTCOMES
from remit.evaluation.manifest import EvaluationManifest
from remit.evaluation.model import Dates
from remit.evaluation.plan import Plan, plan
from remit.files.manifest import check_whole, kind_of, kind_of_model, read_manifest
from remit.files.tables import read_text
from remit.records.store import Store, read_parquet, reading
from remit.rules.definitions import Definitions
from remit.scheme import Scheme, load_scheme, thaw
from remit.scheme.loader import scheme_hash
from remit.terminology.clusters import ClusterSet


class PatientOutcome(NamedTuple):
    """One outcome of an evaluation: of one patient and indicator."""

    patient: str
    code: str
    rule: int
    branch: bool
    category: str
    reason: str
    day: date | None


@dataclass(frozen=True)
class Evaluation:
    """One folder: the scheme as it was evaluated, the day, and what its manifest says. A practice's evidence is one
    too, of that practice alone."""

    folder: Path
    scheme: Scheme
    dates: Dates
    manifest: EvaluationManifest | EvidenceManifest

    @property
    def on(self) -> date:
        return self.dates.achievement

    @property
    def rules_of(self) -> list[SchemeYear]:
        """The years whose rules counted where there are none of the scheme's."""
        return [SchemeYear.parse(year) for year in self.manifest.rules_of]

    @property
    def own_rules(self) -> tuple[Path, ...]:
        """The rules that the evaluation was given, where they are kept with it."""
        return tuple(self.folder / name for name in sorted(self.manifest.files) if name.startswith(OWN_RULES))

    @property
    def has_evidence(self) -> bool:
        """Whether patients can be explained from it, without a store."""
        return isinstance(self.manifest, EvidenceManifest) or bool(self.manifest.evidence)

    def file(self, name: str) -> Path:
        """One of its files. Raises Refused where it has none such."""
        if name not in self.manifest.files:
            what = f"is missing from the {self.manifest.kind.name}."
            place = Place(str(self.folder / name))
            raise refuse("files.missing-from-folder", what, place, self.manifest.kind.again)
        return self.folder / name

    def outcomes(self, practice: str, codes: Iterable[str] | None = None) -> list[PatientOutcome]:
        """The practice's outcomes, patient by patient; with `codes`, those of these indicators alone."""
        path = self.file(f"outcomes/practice={practice}.parquet")
        columns = ["patient_id", "indicator_code", "rule", "branch", "category", "reason", "pca_date"]
        with reading(path):
            table = read_parquet(path, OUTCOMES, columns)
            if codes is not None:
                wanted = pa.array(sorted(codes), pa.string())
                table = table.filter(pc.is_in(table["indicator_code"], value_set=wanted))
            return [
                PatientOutcome(*row) for row in zip(*(table.column(name).to_pylist() for name in columns), strict=True)
            ]

    def plan(self, known: Definitions) -> Plan:
        """What of the scheme was counted by which definition. Raises Refused where the rules are other ones."""
        counted_by = plan(self.scheme, known, self.rules_of)
        own = counted_by.definitions()
        for code, evaluated in self.manifest.definitions.items():
            if code not in own or evaluated.version != own[code].version:
                what = f"{code} was counted by rules that are not there now." if code not in own else ""
                what = what or f"{code} was counted by version '{evaluated.version}', and is '{own[code].version}' now."
                raise refuse(
                    "worklist.rules-changed",
                    what,
                    Place(str(self.folder)),
                    "Give the rules of the evaluation, or evaluate again.",
                    indicator=code,
                )
        return counted_by


def read_evaluation(folder: Path) -> Evaluation:
    """An evaluation from its folder, or from a practice's evidence.

    Raises Refused for a folder that is neither, is damaged or of a newer Remit.
    """
    place = Place(str(folder))
    of_one = kind_of(folder) == kind_of_model(EvidenceManifest)
    manifest: EvaluationManifest | EvidenceManifest
    manifest = read_manifest(folder, EvidenceManifest) if of_one else read_manifest(folder, EvaluationManifest)
    check_whole(folder, manifest)
    id_ = manifest.scheme.scheme
    frozen = folder / "scheme.yaml"
    scheme = thaw(read_text(frozen), str(frozen)) if frozen.is_file() else load_scheme(id_)
    if scheme_hash(scheme) != manifest.scheme.sha256:
        raise refuse(
            "worklist.scheme-changed",
            f"was made with another version of {id_} than there is now.",
            place,
            manifest.kind.again,
            scheme=id_,
        )
    period = manifest.payment_period
    return Evaluation(folder, scheme, Dates(manifest.on, period.start, period.end), manifest)


def check_together(evaluations: Sequence[Evaluation], practice: str, store: Store, clusters: ClusterSet) -> None:
    """Refuse evaluations that do not make one list: of several days, of one scheme twice, or of other records."""
    first = evaluations[0]
    for one in evaluations:
        place = Place(str(one.folder))
        if one.on != first.on:
            what = f"is of {one.on}, and {first.folder} of {first.on}."
            raise refuse("worklist.days-differ", what, place, "Evaluate both on one day.", on=one.on, other=first.on)
        if practice not in one.manifest.store:
            hint = did_you_mean(practice, one.manifest.store)
            raise refuse(
                "worklist.practice-unknown",
                f"there is no practice '{practice}' in the evaluation.",
                place,
                hint,
                practice=practice,
            )
        _check_records(one, practice, store)
        _check_clusters(one, clusters)
    names = [one.scheme.scheme for one in evaluations]
    twice = next((name for name in names if names.count(name) > 1), "")
    if twice:
        raise refuse(
            "worklist.scheme-twice",
            f"two of the folders are evaluations of {twice}.",
            None,
            "Name one of them.",
            scheme=twice,
        )


def _check_records(evaluation: Evaluation, practice: str, store: Store) -> None:
    """Refuse records that are not those which were evaluated."""
    if not store.partition(practice).are(evaluation.manifest.store[practice]):
        what = f"holds other records of {practice} than {evaluation.folder} was evaluated on."
        raise refuse(
            "worklist.other-records",
            what,
            Place(str(store.folder)),
            "Give that store, or evaluate again.",
            practice=practice,
        )
    for name, path in store.changed(practice):
        what = f"the {name} of practice {practice} were changed or lost after their import."
        raise refuse(
            "worklist.records-changed",
            what,
            Place(str(path)),
            "Check the store, and import them again.",
            practice=practice,
            table=name,
        )


def _check_clusters(evaluation: Evaluation, clusters: ClusterSet) -> None:
    """Refuse clusters of other codes than those that were evaluated."""
    lock = evaluation.manifest.clusters
    others = [
        n for n, c in lock.clusters.items() if n not in clusters.clusters or clusters.clusters[n].sha256 != c.sha256
    ]
    if others:
        some = ", ".join(others[:4]) + (f" and {len(others) - 4} more" if len(others) > 4 else "")
        was = f"the cluster set {lock.name} ({lock.release})"
        what = f"was evaluated on {was}; {clusters.shown} has other codes for {some}."
        raise refuse(
            "worklist.clusters-differ",
            what,
            Place(str(evaluation.folder)),
            "Give the cluster set of the evaluation.",
            clusters=others,
        )
