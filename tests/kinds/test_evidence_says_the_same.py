"""Kind: evidence that says of a patient something else than the records do, or that needs what it was made from.

Each practice's folder is copied to a place of its own, and the store and the evaluation are out of reach: every
indicator of QIF and QOF, and every register below, is explained from it for a patient of each rule that decided.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from remit.application.evaluate import EvaluationRequest, evaluate
from remit.application.evidence import EvidenceExplainRequest, EvidencePatientsRequest, explanation_of, patients_of
from remit.application.explain import Explained, ExplainRequest, explain
from remit.application.inputs import read_rules
from remit.application.patients import PatientChoice, PatientsRequest, list_patients
from remit.application.synth import SynthRequest, make_people
from remit.core.problems import Refused
from remit.documents.explanation import explanation
from remit.documents.patients import outcomes_csv, patients
from remit.documents.render.html import as_html
from remit.evaluation.evidence import open_evidence
from remit.records.store import Store
from remit.rules.definitions import registers_of
from remit.worklist.evaluations import Evaluation, read_evaluation

ON = date(2025, 3, 31)
SCHEMES = ("qif-2024-25", "qof-england-2024-25")


@dataclass(frozen=True)
class Kept:
    """An evaluation with its store, and a practice's evidence apart from both."""

    store: Path
    evaluation: Path
    apart: Path


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("records") / "store"
    make_people(SynthRequest(folder, 240, ON, practices=2, years=3, seed=7, workers=1))
    return folder


@pytest.fixture(scope="module", params=SCHEMES)
def kept(request: pytest.FixtureRequest, store: Path, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    folder = tmp_path_factory.mktemp("evidence")
    evaluate(EvaluationRequest(request.param, store, folder / "evaluated", evidence=True, workers=1))
    shutil.copytree(folder / "evaluated" / "evidence" / "P001", folder / "apart")
    return Kept(store, folder / "evaluated", folder / "apart")


def page(found: Explained) -> str:
    return as_html(
        explanation(found.explanation, found.dates, found.clusters, found.practice, found.known, found.elsewhen)
    )


def of_each_rule(evaluation: Evaluation) -> dict[tuple[str, int, bool], str]:
    """A patient whom each side of each rule decided."""
    return {(row.code, row.rule, row.branch): row.patient for row in evaluation.outcomes("P001")}


def codes_of(evaluation: Evaluation) -> list[str]:
    """The indicators that can be explained, and every register below."""
    known = read_rules()
    definitions = evaluation.plan(known).definitions()
    below = known.resting_on(code for one in definitions.values() for code in registers_of(one))
    return sorted({*(code for code in definitions if known.find(code)), *(one.code for one in below)})


def test_every_explanation_is_the_same_without_the_store(kept: Kept) -> None:
    evaluation = read_evaluation(kept.evaluation)
    decided, codes = of_each_rule(evaluation), codes_of(evaluation)
    pairs = {(code, patient) for (code, _, _), patient in decided.items() if code in codes}
    pairs |= {(code, patient) for code in codes for patient in list(decided.values())[::40]}
    for code, patient in sorted(pairs):
        wanted = explain(ExplainRequest(code, kept.store, patient, "P001", ON, sensitive=True))
        found = explanation_of(EvidenceExplainRequest(kept.apart, code, patient, sensitive=True))
        assert page(found) == page(wanted), (code, patient)
        assert (found.last, found.warnings) == (wanted.last, wanted.warnings), (code, patient)
        assert found.explanation.flags == wanted.explanation.flags


def test_every_list_of_patients_is_the_same(kept: Kept) -> None:
    some = tuple(read_evaluation(kept.evaluation).manifest.definitions)[:2]
    for wanted in (
        PatientChoice("P001", sensitive=True),
        PatientChoice("P001", categories=("not_achieved",)),
        PatientChoice("P001", some, sensitive=True),
    ):  # fmt: skip
        one = list_patients(PatientsRequest(kept.evaluation, wanted))
        for other in (
            patients_of(EvidencePatientsRequest(kept.apart, wanted)),
            patients_of(EvidencePatientsRequest(kept.evaluation, wanted)),
            list_patients(PatientsRequest(kept.apart, wanted)),
        ):
            assert outcomes_csv(other) == outcomes_csv(one)
            assert as_html(patients(other)) == as_html(patients(one))


def test_whoever_has_no_outcome_has_no_evidence(kept: Kept) -> None:
    evaluation = read_evaluation(kept.evaluation)
    decided = {row.patient for row in evaluation.outcomes("P001")}
    evidence = open_evidence(kept.apart)
    others = [one.id for one in Store(kept.store).patients("P001") if one.id not in decided]
    assert others, "some have left"
    assert [evidence.patient(one) for one in others] == [None] * len(others)
    with pytest.raises(Refused) as refused:
        explanation_of(EvidenceExplainRequest(kept.apart, codes_of(evaluation)[0], others[0], sensitive=True))
    assert refused.value.problems[0].code == "evaluation.evidence-has-no-patient"
