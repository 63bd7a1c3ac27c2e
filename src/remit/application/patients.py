"""Who is in which category of an indicator, patient by patient, for the practice itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from remit.application.inputs import read_rules
from remit.worklist.evaluations import read_evaluation
from remit.worklist.patients_by_rule import CATEGORIES, Category, PatientChoice, Patients, patients

__all__ = ["CATEGORIES", "Category", "PatientChoice", "Patients", "PatientsRequest", "list_patients"]


@dataclass(frozen=True)
class PatientsRequest:
    """The folder of an evaluation, or of a practice's evidence, and whom to list.

    `rules` are files of your own rules, as for the evaluation; evidence has its own.
    """

    evaluation: Path
    wanted: PatientChoice = field(default_factory=PatientChoice)
    rules: tuple[Path, ...] = ()


def list_patients(request: PatientsRequest) -> Patients:
    """The patients of one practice by the rule that decided. Sensitive indicators only where they are asked for."""
    evaluation = read_evaluation(request.evaluation)
    return patients(evaluation, read_rules(request.rules or evaluation.own_rules), request.wanted)
