"""Kind: a figure that one format shows otherwise than another, or than the application's result: of records and counts.

The people are those of `made_worklists`: ten in HYP008's denominator, of whom five are achieved, and two with a PCA.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.kinds.figures_in_formats import Value, assert_in_every_format
from tests.unit.made_worklists import LOCAL, ON, records

from remit.application.clusters import CompareRequest as ClustersRequest
from remit.application.clusters import compare_sets, load_sets
from remit.application.evaluate import EvaluationRequest, EvaluationResult, evaluate
from remit.application.patients import PatientChoice, PatientsRequest, list_patients
from remit.application.records import CheckRequest, check_records, describe_store
from remit.documents.blocks import Document
from remit.documents.clusters import cluster_sets, difference
from remit.documents.evaluation import evaluation
from remit.documents.patients import patients
from remit.documents.records import quality, store


@dataclass(frozen=True)
class World:
    """A store and its evaluation."""

    store: Path
    result: EvaluationResult


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    home = tmp_path_factory.mktemp("figures")
    (home / "local.yaml").write_text(LOCAL, encoding="utf-8")
    made = records(home)
    return World(made, evaluate(EvaluationRequest(str(home / "local.yaml"), made, home / "counted", ON)))


def _patients(world: World) -> Document:
    wanted = PatientChoice(indicators=("HYP008",))
    return patients(list_patients(PatientsRequest(world.result.outcomes.parent, wanted)))


def _difference(_: World) -> Document:
    made = compare_sets(ClustersRequest("demonstration", "demonstration"))
    return difference(made.first, made.second, made.difference)


DOCUMENTS = {
    "what was counted": (
        lambda world: evaluation(world.result.evaluated),
        {"HYP008/achieved": 5, "HYP008/not_achieved": 5, "HYP008/pca": 2, "HYP008/exclusion": 0},
    ),
    "who is in which category": (
        _patients, {"HYP008/2/true": 5, "HYP008/6/true": 1, "HYP008/7/true": 1, "HYP008/9/false": 5},
    ),
    "what is in a store": (
        lambda world: store(world.store, describe_store(world.store).manifest),
        {"practices": 1, "patients": 15, "A1/patients": 15, "A1/prescriptions": 1},
    ),
    "the check of a store": (
        lambda world: quality(check_records(CheckRequest(world.store))),
        {"practices": 1, "patients": 15, "A1/registrations": 15},
    ),
    "cluster sets": (lambda _: cluster_sets(load_sets()), {}),
    "how two sets differ": (_difference, {}),
}  # fmt: skip
"""By what it is: how it is made, and the figures that are known by hand."""


@pytest.mark.parametrize("name", DOCUMENTS)
def test_each_figure_is_the_same_in_every_format(name: str, world: World) -> None:
    make, expected = DOCUMENTS[name]
    known: dict[str, Value] = {**expected}
    assert_in_every_format(make(world), known)
