"""Every explanation and every specification can be said in words, whatever the rules and the records are."""

from __future__ import annotations

from hypothesis import given
from tests.generative import rule_made as made

from remit.documents.explanation import explanation
from remit.documents.render.terminal import plain_text
from remit.documents.specification import specification
from remit.evaluation.explain import explain
from remit.evaluation.reference import PatientChart
from remit.records.model import Patient
from remit.rules import model as r
from remit.rules.definitions import Definitions
from remit.rules.rule_files import DefinitionText
from remit.terminology.clusters import Cluster, ClusterSet

Known = tuple[dict[str, r.Definition], dict[str, r.Definition]]
CLUSTERS = ClusterSet(
    "made", "1", False, {name: Cluster(name, dict.fromkeys(codes, "")) for name, codes in made.CODES.items()}
)


def known_of(known: Known) -> Definitions:
    registers, indicators = known
    texts = {code: DefinitionText(title="Made", population="registered") for code in (*registers, *indicators)}
    return Definitions(registers, indicators, texts, {})


@given(made.patients(), made.definitions(far=True))
def test_any_explanation_is_one_sentence_and_a_page(patient: Patient, known: Known) -> None:
    every = known_of(known)
    chart = PatientChart(patient, made.meaning(known[0]))
    for definition in (*known[0].values(), *known[1].values()):
        found = explain(chart, definition)
        page = explanation(found, made.DATES, CLUSTERS, "A1", every)
        text = plain_text(page.blocks)
        assert text.startswith(f"{definition.code} for patient")
        assert any(lead in text for lead in (
            "Counted and achieved:", "In the denominator and not achieved:", "Not in the denominator:",
            "On the register", "Not on the register",
        ))  # fmt: skip


@given(made.definitions(far=True))
def test_any_specification_is_a_page(known: Known) -> None:
    every = known_of(known)
    for definition in (*known[0].values(), *known[1].values()):
        assert plain_text(specification(definition, every, CLUSTERS, made.DATES).blocks)
