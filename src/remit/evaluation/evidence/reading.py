"""The one reader of evidence: it compares every file with its hash, and hands on a practice's patients one by one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from remit.core.dates import SchemeYear
from remit.core.problems import Place, did_you_mean, refuse
from remit.evaluation.evaluator import meaning_of
from remit.evaluation.evidence.ages import needs_birth_date, with_ages
from remit.evaluation.evidence.layout import (
    CLUSTERS_FILE,
    EVIDENCE,
    OWN_RULES,
    PEOPLE,
    PEOPLE_FILE,
    EvidenceManifest,
    KeptClusters,
    columns,
    outcomes_file,
)
from remit.evaluation.explain import Explanation, explain
from remit.evaluation.layout import OUTCOMES
from remit.evaluation.manifest import EvaluationManifest
from remit.evaluation.model import Dates
from remit.evaluation.plan import members
from remit.evaluation.reference import PatientChart
from remit.files.hashes import sha256_file, sha256_text
from remit.files.manifest import MANIFEST, check_whole, kind_of, kind_of_model, read_manifest, read_written
from remit.records.event_rows import events_of
from remit.records.layout import EVENTS, PRESCRIPTIONS, Layout
from remit.records.model import Patient, Registration
from remit.records.store import check_schema, reading
from remit.rules import model as r
from remit.rules.definitions import Definitions, all_that_ship, read_definitions, registers_of
from remit.terminology.clusters import ClusterSet

AGAIN = "Evaluate again, with the evidence."


@dataclass(frozen=True)
class Evidence:
    """A practice's evidence, which is as it was written."""

    folder: Path
    manifest: EvidenceManifest

    @property
    def practice(self) -> str:
        """Whose evidence it is."""
        return self.manifest.evidence_of

    @property
    def dates(self) -> Dates:
        """The achievement date and the payment period of the evaluation."""
        return Dates(self.manifest.on, self.manifest.payment_period.start, self.manifest.payment_period.end)

    @cached_property
    def clusters(self) -> ClusterSet:
        """The clusters that the rules read, as far as records here have their codes."""
        lock = self.manifest.clusters
        kept = read_written(self.folder / CLUSTERS_FILE, KeptClusters).clusters
        return ClusterSet(lock.name, lock.release, lock.demonstration,
                          {name: one.cluster(name) for name, one in kept.items()})  # fmt: skip

    @cached_property
    def known(self) -> Definitions:
        """The rules: those that ship, and those of your own that the evaluation was given."""
        own = self.own_rules
        every = read_definitions(own, all_that_ship()) if own else all_that_ship()
        return every.of(self.dates.year, *map(SchemeYear.parse, self.manifest.rules_of))

    @property
    def own_rules(self) -> tuple[Path, ...]:
        """The files of rules that the evaluation was given."""
        return tuple(sorted(self.folder / name for name in self.manifest.files if name.startswith(OWN_RULES)))

    def patient(self, id_: str) -> Patient | None:
        """A patient with the records that the rules read, as old as on the days that they ask about; None where there
        is no outcome of this patient."""
        people = self._rows(PEOPLE_FILE, id_, PEOPLE)
        try:
            return self._person(*people[0]) if people else None
        except (TypeError, ValueError) as error:
            what = f"does not fit together: {error}."
            raise refuse("evaluation.evidence-damaged", what, Place(str(self.folder / PEOPLE_FILE)), AGAIN) from None

    def _person(
        self, id_: str, sex: str, ethnicity: str, ages: list[int], died: date | None, age_at_death: int | None,
        starts: list[date], ends: list[date | None],
    ) -> Patient:  # fmt: skip
        """A patient, from the row of people and the rows of records."""
        stays = sorted(
            (Registration(self.practice, start, end) for start, end in zip(starts, ends, strict=True)),
            key=lambda stay: stay.start,
        )
        events, prescriptions = (self._records(layout, id_) for layout in (EVENTS, PRESCRIPTIONS))
        patient = Patient(
            id_, self.practice, self.dates.achievement, sex, died, tuple(stays),
            events_of(events[1], prescriptions[1], events[0], prescriptions[0]), ethnicity,
        )  # fmt: skip
        by_day = dict(zip(self.manifest.ages_on, ages, strict=True))
        return with_ages(patient, by_day | ({died: age_at_death} if died and age_at_death is not None else {}))

    def explanation(self, definition: r.Definition, patient: Patient) -> Explanation:
        """Why a patient was counted, as the interpreter says it of the records that are kept.

        Raises Refused as `check` does.
        """
        self.check(definition)
        return _without_birth_date(explain(self.chart(definition, patient), definition))

    def chart(self, definition: r.Definition, patient: Patient) -> PatientChart:
        """A patient under the meaning of the evaluation."""
        needed = self.known.needed_clusters([definition.code])
        return PatientChart(patient, meaning_of(self.clusters, needed, self.dates, self.known))

    def check(self, definition: r.Definition) -> None:
        """Raises Refused for an indicator or register that was not evaluated, whose rules are others now, or that asks
        for a birth date."""
        place, code, known = Place(str(self.folder)), definition.code, self.known
        evaluated = {one for one in self.manifest.definitions if self._rests_on(one, code)}
        if not evaluated:
            raise refuse(
                "evaluation.evidence-of-other-indicators",
                f"has no evidence for {code}: it was not evaluated.",
                place,
                did_you_mean(code, self.manifest.definitions),
                indicator=code,
            )
        if not any(self._same_rules(one) for one in evaluated):
            raise refuse(
                "evaluation.evidence-of-other-rules",
                f"was made by other rules for {code} than there are now.",
                place,
                "Evaluate again, or explain it with the Remit that evaluated.",
                indicator=code,
                remit=self.manifest.remit,
            )
        if needs_birth_date(definition, known):
            raise refuse(
                "evaluation.evidence-has-no-birth-date",
                f"cannot explain {code}: its rules ask for the birth date, or for an age on the day of a record.",
                place,
                "Explain it from the store of records.",
                indicator=code,
            )

    def _definition(self, code: str) -> r.Definition | None:
        """The rules that an indicator of the evaluation is counted by now."""
        register = self.known.registers.get(self.manifest.definitions[code].population)
        return self.known.indicators.get(code) or (members(code, register) if register else None)

    def _rests_on(self, evaluated: str, code: str) -> bool:
        own = self._definition(evaluated)
        below = {one.code for one in self.known.resting_on(registers_of(own))} if own else set()
        return code in {evaluated, *below}

    def _same_rules(self, evaluated: str) -> bool:
        own = self._definition(evaluated)
        return (
            own is not None and sha256_text(self.known.meaning_of(own)) == self.manifest.definitions[evaluated].sha256
        )

    def outcomes_of(self, id_: str) -> dict[str, tuple[int, bool, str]]:
        """By indicator what decided of a patient: the rule, its branch, and the category."""
        rows = self._rows(outcomes_file(self.practice), id_, OUTCOMES, "patient_id")
        return {row[2]: (row[3], row[4], row[5]) for row in rows}

    def _records(self, layout: Layout, id_: str) -> tuple[list[str], list[tuple[Any, ...]]]:
        """A patient's rows of a table, and the optional columns that it has."""
        path = self.folder / f"{layout.name}.parquet"
        with reading(path):
            names = pq.read_schema(path.absolute()).names
        optional = [name for name in names if name in layout.optional]
        return optional, self._rows(path.name, id_, columns(layout, optional))

    def _rows(self, name: str, id_: str, schema: pa.Schema, column: str = "patient_id") -> list[tuple[Any, ...]]:
        """A patient's rows of a file, which is sorted by patients."""
        path = self.folder / name
        at = schema.names.index(column)
        rows: list[tuple[Any, ...]] = []
        with reading(path), pq.ParquetFile(path.absolute()) as file:
            check_schema(path, file.schema_arrow, schema)
            for n in range(file.num_row_groups):
                ids = file.metadata.row_group(n).column(at).statistics
                if ids is None or not ids.has_min_max or ids.min <= id_ <= ids.max:
                    group = file.read_row_group(n)
                    own = group.filter(pc.equal(group[column], id_))
                    rows += zip(*(values.to_pylist() for values in own.columns), strict=True)
        return rows


def evidence_folders(folder: Path) -> dict[str, Path]:
    """The folder of each practice's evidence in an evaluation, each as it was written. Raises Refused where one is
    not, and for an evaluation without."""
    manifest = read_manifest(folder, EvaluationManifest)
    if not manifest.evidence:
        raise refuse("evaluation.no-evidence", "was made without evidence.", Place(str(folder)), AGAIN)
    return {practice: open_evidence(folder, practice).folder for practice in manifest.evidence}


def open_evidence(folder: Path, practice: str = "") -> Evidence:
    """A practice's evidence, from the evaluation's folder or from the practice's own. Raises Refused for what is
    neither, has none of the practice, or is not as it was written."""
    if kind_of(folder) == kind_of_model(EvaluationManifest):
        folder = _within(folder, practice)
    manifest = read_manifest(folder, EvidenceManifest)
    check_whole(folder, manifest)
    if practice and manifest.evidence_of != practice:
        what = f"is the evidence of {manifest.evidence_of}, and not of {practice}."
        raise refuse("evaluation.evidence-of-another-practice", what, Place(str(folder)), "", practice=practice)
    return Evidence(folder, manifest)


def _within(folder: Path, practice: str) -> Path:
    """The folder of a practice's evidence in an evaluation, whose manifest has the hash of that one's manifest."""
    manifest, place = read_manifest(folder, EvaluationManifest), Place(str(folder))
    every = sorted(manifest.evidence)
    if not every:
        raise refuse("evaluation.no-evidence", "was made without evidence.", place, AGAIN)
    if not practice and len(every) > 1:
        some = ", ".join(every[:8]) + (f" and {len(every) - 8:,} more" if len(every) > 8 else "")
        what = f"has the evidence of {len(every):,} practices."
        raise refuse("evaluation.evidence-of-several", what, place, f"Name one of {some}.", practices=every)
    if practice and practice not in every:
        hint = did_you_mean(practice, every)
        what = f"has no evidence of practice {practice}."
        raise refuse("evaluation.evidence-of-another-practice", what, place, hint, practice=practice)
    name = f"{EVIDENCE}/{manifest.evidence[practice or every[0]]}"
    own = folder / name / MANIFEST
    if own.is_file() and sha256_file(own) != manifest.files[f"{name}/{MANIFEST}"]:
        what = f"was changed after the {manifest.kind.name}."
        raise refuse("files.changed-since", what, Place(str(own)), manifest.kind.again, kind=manifest.kind.name)
    return folder / name


def _without_birth_date(explanation: Explanation) -> Explanation:
    """The same without a birth date, of the registers below it too."""
    values = {name: value for name, value in explanation.values.items() if name != "PAT_DOB"}
    return replace(explanation, values=values, registers=tuple(map(_without_birth_date, explanation.registers)))
