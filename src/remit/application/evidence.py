"""A practice's evidence: whom an indicator counts or not, and why, without the store of records.

What comes back is what `remit patients` and `remit explain` show, so that the same documents say it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from remit.application.definitions import definition_of
from remit.application.explain import Explained
from remit.application.progress import Cancelled, OnProgress, never, reporting, silent
from remit.core.problems import Place, refuse
from remit.worklist.patients_by_rule import CATEGORIES, Category, PatientChoice, Patients

if TYPE_CHECKING:
    from remit.evaluation.evidence import Evidence
    from remit.evaluation.explain import Explanation

__all__ = [
    "CATEGORIES",
    "Category",
    "EvidenceExplainRequest",
    "EvidencePatientsRequest",
    "PatientChoice",
    "explanation_of",
    "folders_of",
    "patients_of",
]


@dataclass(frozen=True)
class EvidencePatientsRequest:
    """The folder of a practice's evidence, or of an evaluation that has it, and whom to list."""

    folder: Path
    wanted: PatientChoice = field(default_factory=PatientChoice)


@dataclass(frozen=True)
class EvidenceExplainRequest:
    """The folder of a practice's evidence, or of an evaluation that has it, and which patient under which indicator.

    `sensitive` asks for indicators about deaths, ReSPECT or a learning disability too.
    """

    folder: Path
    indicator: str
    patient: str
    practice: str = ""
    sensitive: bool = False


def folders_of(evaluation: Path) -> Mapping[str, Path]:
    """Each practice's folder of evidence in an evaluation, as it was written. A copy of one opens by itself."""
    from remit.evaluation.evidence import evidence_folders

    return evidence_folders(evaluation)


def patients_of(request: EvidencePatientsRequest) -> Patients:
    """The patients of one practice by the rule that decided. Sensitive indicators only where they are asked for."""
    from remit.evaluation.evidence import open_evidence
    from remit.worklist.evaluations import read_evaluation
    from remit.worklist.patients_by_rule import patients

    evidence = open_evidence(request.folder, request.wanted.practice)
    return patients(read_evaluation(evidence.folder), evidence.known, request.wanted)


def explanation_of(
    request: EvidenceExplainRequest, on_progress: OnProgress = silent, cancelled: Cancelled = never
) -> Explained:
    """Run the rules for the patient over the records that are kept, as of the day of the evaluation.

    Raises Refused for an indicator or a patient of which there is no evidence, for a sensitive indicator that was not
    asked for, for rules that have changed since, and for evidence that is not as it was written.
    """
    from remit.evaluation.evidence import open_evidence
    from remit.evaluation.outside_clusters import outside_of
    from remit.evaluation.years import of_another_year
    from remit.rules.sensitive import check_sensitive
    from remit.worklist.dates import last_record

    report = reporting(on_progress, cancelled)
    evidence = open_evidence(request.folder, request.practice)
    report(0, 1)
    definition = definition_of(evidence.known, request.indicator)
    check_sensitive(definition, evidence.known, request.sensitive)
    evidence.check(definition)
    patient = evidence.patient(request.patient)
    if patient is None:
        what = f"there is no evidence of a patient '{request.patient}' of practice {evidence.practice}."
        hint = "Whoever has no outcome under any indicator has none: explain it from the store of records."
        raise refuse("evaluation.evidence-has-no-patient", what, None, hint, practice=evidence.practice)
    explanation = evidence.explanation(definition, patient)
    _check_outcome(evidence, explanation)
    report(1, 1)
    return Explained(
        explanation, evidence.dates, evidence.clusters, evidence.known, evidence.practice,
        of_another_year(definition, evidence.known, evidence.dates.year), False,
        tuple(outside_of(patient).warnings(evidence.clusters)),
        last_record(evidence.chart(definition, patient), definition) if explanation.outcome else None,
    )  # fmt: skip


def _check_outcome(evidence: Evidence, explanation: Explanation) -> None:
    """Refuse an explanation of another outcome than was counted: Remit reads the rules otherwise than it did then."""
    code, outcome = explanation.definition.code, explanation.outcome
    if code not in evidence.manifest.definitions or explanation.definition.is_register:
        return
    now = (outcome.rule, outcome.branch, outcome.counts.category) if outcome else None
    if evidence.outcomes_of(explanation.patient).get(code) != now:
        raise refuse(
            "evaluation.evidence-of-other-rules",
            f"the rules of {code} do not give the outcome that was counted.",
            Place(str(evidence.folder)),
            "Evaluate again, or explain it with the Remit that evaluated.",
            indicator=code,
            remit=evidence.manifest.remit,
        )
