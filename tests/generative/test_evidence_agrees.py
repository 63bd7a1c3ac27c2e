"""What evidence keeps is enough: any explanation is the same from it as from all the records, or is refused.

Rules and records are generated. Refused is only what asks for a birth date or an age on a patient's own day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.generative import rule_made as made
from tests.generative.test_engines_agree import tables
from tests.generative.test_explanations_said import Known, known_of

from remit.core.problems import Refused
from remit.documents.explanation import explanation
from remit.documents.render.terminal import plain_text
from remit.evaluation.counting import evaluate, outcomes_table
from remit.evaluation.evaluator import Evaluator
from remit.evaluation.evidence import Evidence, evidence_of
from remit.evaluation.evidence.ages import needs_birth_date, with_ages
from remit.evaluation.evidence.keeping import ages_on
from remit.evaluation.evidence.layout import EvidenceManifest
from remit.evaluation.explain import Explanation, explain
from remit.evaluation.manifest import CountedBy, EvaluatedScheme, PaymentPeriod
from remit.evaluation.plan import Counted, Plan
from remit.evaluation.reference import PatientChart, age
from remit.files.hashes import sha256_text
from remit.records.event_rows import events_of
from remit.records.layout import BY_NAME
from remit.records.model import Patient
from remit.records.store import Store
from remit.rules import model as r
from remit.rules.definitions import Definitions
from remit.scheme import load_scheme
from remit.terminology.clusters import Cluster, ClusterSet
from remit.terminology.locks import lock_of

CLUSTERS = ClusterSet(
    "made", "1", False,
    {
        name: Cluster(name, dict.fromkeys(sorted(codes), f"Term of {name}"), systems={
            code: systems for (cluster, code), systems in made.SYSTEMS.items() if cluster == name
        })
        for name, codes in made.CODES.items()
    },
)  # fmt: skip


class InMemory(Store):
    """A store of one practice whose tables are at hand."""

    def __init__(self, patients: list[Patient]) -> None:
        self.tables = tables(patients)

    def table(self, practice: str, table: str, columns: Any = None) -> pa.Table:
        """The table, or some of its columns."""
        return BY_NAME[table].filled(self.tables[table], columns) if columns else self.tables[table]

    def parts(self, practice: str, table: str) -> Iterator[pa.Table]:
        """Two rows at a time."""
        for first in range(0, self.tables[table].num_rows, 2):
            yield self.tables[table].slice(first, 2)

    def as_read(self, patient: Patient) -> Patient:
        """The patient with the records in the order in which a store gives them."""
        rows, more = [], []
        for name in ("events", "prescriptions"):
            table = self.tables[name]
            mine = [row for row in table.to_pylist() if row["patient_id"] == patient.id]
            rows.append([tuple(row.values()) for row in mine])
            more.append([one for one in table.column_names if one in BY_NAME[name].optional])
        return replace(patient, events=events_of(rows[0], rows[1], more[0], more[1]))


def kept(patients: list[Patient], known: Known, folder: Path) -> tuple[Evidence, Evaluator, Plan]:
    """The evidence of generated patients under generated indicators."""
    every = known_of(known)
    scheme = load_scheme("qif-2024-25")
    plan = Plan(tuple(Counted(code, one, ("NUMERATOR",)) for code, one in known[1].items()), {})
    evaluator = Evaluator(scheme, InMemory(patients), CLUSTERS, every, made.DATES.achievement)
    outcomes = outcomes_table(evaluate("A1", patients, plan, made.meaning(known[0])))
    files = evidence_of("A1", outcomes, evaluator, plan, [], folder)
    manifest = EvidenceManifest(
        format=1, remit="1", scheme=EvaluatedScheme(scheme=scheme.scheme, version="1", sha256="0" * 64),
        on=evaluator.on, payment_period=PaymentPeriod(**{"from": made.DATES.start, "to": made.DATES.end}),
        clusters=lock_of(CLUSTERS.clusters, CLUSTERS), store={"A1": {}},
        definitions={
            code: CountedBy(title="", version="", status="complete", source="", population=one.population,
                            counts="outcomes", sha256=sha256_text(every.meaning_of(one)))
            for code, one in known[1].items()
        },
        supplied={}, evidence_of="A1", records_to=None, ages_on=ages_on(evaluator, plan), files=files,
    )  # fmt: skip
    evidence = Evidence(folder, manifest)
    evidence.__dict__["known"] = every
    return evidence, evaluator, plan


def without_birth_date(one: Explanation) -> Explanation:
    """All but the birth date, which evidence does not have."""
    values = {name: value for name, value in one.values.items() if name != "PAT_DOB"}
    return replace(one, values=values, registers=tuple(map(without_birth_date, one.registers)))


def page(one: Explanation, clusters: ClusterSet, known: Definitions) -> str:
    return plain_text(explanation(one, made.DATES, clusters, "A1", known).blocks)


@given(st.lists(made.patients(), min_size=1, max_size=3), made.definitions())
def test_any_explanation_is_the_same_from_evidence(patients: list[Patient], known: Known) -> None:
    patients = [replace(one, id=f"p{n}") for n, one in enumerate(patients)]
    every = known_of(known)
    with TemporaryDirectory() as folder:
        evidence, evaluator, plan = kept(patients, known, Path(folder))
        store = evaluator.store
        assert isinstance(store, InMemory)
        below = {one.code: one for each in plan.definitions().values() for one in every.below(each)}
        for patient in map(store.as_read, patients):
            chart = PatientChart(patient, made.meaning(known[0]))
            again = evidence.patient(patient.id)
            if again is None:
                assert not any(chart.in_population(one) for one in known[1].values())
                continue
            for definition in (*known[1].values(), *below.values()):
                _same(evidence, chart, again, definition, every)


def _same(
    evidence: Evidence, chart: PatientChart, again: Patient, definition: r.Definition, every: Definitions
) -> None:
    if needs_birth_date(definition, every):
        with pytest.raises(Refused) as refused:
            evidence.explanation(definition, again)
        assert refused.value.problems[0].code == "evaluation.evidence-has-no-birth-date"
        return
    found = evidence.explanation(definition, again)
    wanted = without_birth_date(explain(chart, definition))
    assert found == wanted
    assert page(found, evidence.clusters, every) == page(wanted, CLUSTERS, every)


@given(
    st.dates(date(1900, 1, 1), date(2025, 6, 1)) | st.just(date(2004, 2, 29)),
    st.lists(st.dates(date(2000, 1, 1), date(2026, 1, 1)) | st.sampled_from([date(2024, 2, 29), date(2025, 2, 28)]),
             min_size=1, max_size=4),
)  # fmt: skip
def test_somebody_of_the_same_ages_stands_for_a_patient(born: date, days: list[date]) -> None:
    """As old as the patient on each day, and born on the first day that allows it: a day earlier, and an age is
    another."""
    ages = {day: age(born, day) for day in days}
    other = with_ages(Patient("p", "A1", date(1, 1, 1), "F"), ages).born
    assert {day: age(other, day) for day in days} == ages
    assert other <= born
    assert {day: age(other - timedelta(days=1), day) for day in days} != ages
