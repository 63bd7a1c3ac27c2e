"""A practice counted by the reference interpreter, patient by patient: slow, and right by definition."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import pyarrow as pa

from remit.evaluation.frailty import frailty_labels
from remit.evaluation.kept_results.folder import Then
from remit.evaluation.layout import OUTCOMES, PEOPLE, CountedPractice
from remit.evaluation.model import LeftOut, Meaning, Outcome, Tally
from remit.evaluation.plan import Plan
from remit.evaluation.reference import PatientChart, age, registration_on
from remit.evaluation.reference.measured import unit_key, why_not_read
from remit.records.model import Patient
from remit.records.store import Store
from remit.rules.model import Definition
from remit.rules.values_read import values_read


@dataclass(frozen=True)
class Person:
    """One row of `PEOPLE`."""

    patient_id: str
    age: int
    sex: str
    ethnicity: str
    deprivation_decile: int | None
    frailty: str | None


@dataclass
class PracticeOutcomes(Tally):
    """A practice as the interpreter counts it: with the outcome of each member of each population, and the people."""

    outcomes: list[tuple[str, Outcome]] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)


@dataclass(frozen=True)
class Reference:
    """The reference interpreter as an engine, for one plan."""

    plan: Plan
    meaning: Meaning

    def practices(
        self, store: Store, codes: Sequence[str], then: Mapping[str, Then] = MappingProxyType({})
    ) -> Iterator[CountedPractice]:
        """Every patient of each practice under the plan, in the order of the codes. It goes on from nothing."""
        for code in codes:
            result = evaluate(code, store.patients(code), self.plan, self.meaning)
            yield CountedPractice(result, outcomes_table(result), people_table(result.people))


def evaluate(practice: str, patients: Iterable[Patient], plan: Plan, meaning: Meaning) -> PracticeOutcomes:
    """Every patient of one practice under every definition of a plan, in the order of the patients."""
    result = PracticeOutcomes(practice)
    definitions = list(plan.definitions().values())
    lists = plan.lists()
    labels = frailty_labels(meaning.codes, meaning.registers)
    reads = values_read(definitions, meaning.registers)
    on = meaning.dates.achievement
    for patient in patients:
        chart = PatientChart(patient, meaning)
        result.left_out.update(left_out(chart, reads))
        result.patients += 1
        result.people.append(person(chart, labels))
        if registration_on(patient, on):
            result.registered += 1
            years = age(patient.born, on)
            result.lists.update(name for name, ages in lists.items() if years in ages)
        before = len(result.outcomes)
        for definition in definitions:
            outcome = chart.outcome(definition)
            if outcome is None:
                continue
            result.outcomes.append((patient.id, outcome))
            result.decided[outcome.code, outcome.rule, outcome.branch] += 1
            if outcome.counts.category in ("achieved", "not_achieved"):
                result.parts.update(
                    (definition.code, part)
                    for group in definition.parts.values()
                    for part, condition in group.items()
                    if chart.holds(condition, definition)
                )
        result.concerned += len(result.outcomes) > before
    return result


def left_out(chart: PatientChart, reads: Mapping[tuple[str, ...], frozenset[str]]) -> Iterator[LeftOut]:
    """Each value of a patient that is not read: the clusters that it would be read from, its unit, and why."""
    for clusters, units in reads.items():
        for event in chart.events(clusters):
            if event.value is not None and (why := why_not_read(chart.meaning.measures, event, clusters, units)):
                unit = event.unit if unit_key(chart.meaning.measures, event.unit) else ""
                yield " or ".join(clusters), unit, why


def person(chart: PatientChart, labels: Sequence[tuple[str, Definition]] | None = None) -> Person:
    """What the reference interpreter says of a patient; `labels` are those of its meaning's frailty."""
    patient, dates = chart.patient, chart.meaning.dates
    frailty = None
    if labels is None:
        labels = frailty_labels(chart.meaning.codes, chart.meaning.registers)
    if labels:
        selected = (label for label, d in labels if chart.in_population(d) and chart.decide(d)[0] == "Select")
        frailty = next(selected, "")
    return Person(
        patient.id, age(patient.born, dates.achievement), patient.sex, patient.ethnicity, patient.deprivation, frailty
    )


def people_table(people: Sequence[Person]) -> pa.Table:
    """People as a table."""
    return pa.table([[getattr(one, name) for one in people] for name in PEOPLE.names], schema=PEOPLE)


def outcomes_table(result: PracticeOutcomes) -> pa.Table:
    """A practice's outcomes as a table."""
    rows = [
        (result.practice, id_, o.code, o.rule, o.branch, o.counts.category, o.counts.reason, o.day)
        for id_, o in result.outcomes
    ]
    columns = [list(column) for column in zip(*rows, strict=True)]
    return pa.table(columns, schema=OUTCOMES) if rows else OUTCOMES.empty_table()
