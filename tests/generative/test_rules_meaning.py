"""What must never change a result, and what must always add up, for any rules over any records."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.checked import checked
from tests.generative import rule_made as made
from tests.profiles import examples

from remit.evaluation.counting import evaluate
from remit.evaluation.counts import attrition_rows, count_rows, part_rows
from remit.evaluation.explain import explain
from remit.evaluation.model import Meaning, Outcome
from remit.evaluation.plan import Counted, Plan
from remit.evaluation.reference import PatientChart
from remit.records.model import Event, Patient, Registration
from remit.rules import model as r

Known = tuple[dict[str, r.Definition], dict[str, r.Definition]]


def results(patient: Patient, known: Known, meaning: Meaning | None = None) -> dict[str, Outcome | bool | None]:
    """The outcome of each indicator and whether the patient is on each register, in one chart."""
    registers, indicators = known
    chart = PatientChart(patient, meaning or made.meaning(registers))
    on = {code: chart.on_register(code) for code in registers}
    return {**on, **{code: chart.outcome(definition) for code, definition in indicators.items()}}


@given(made.patients(), made.definitions(), st.randoms(use_true_random=False))
def test_the_order_of_events_and_stays_changes_nothing(patient: Patient, known: Known, random) -> None:
    events, stays = list(patient.events), list(patient.registrations)
    random.shuffle(events)
    random.shuffle(stays)
    shuffled = replace(patient, events=tuple(events), registrations=tuple(stays))
    assert results(shuffled, known) == results(patient, known)


@given(made.patients(), made.definitions(), st.lists(made.events(st.sampled_from(made.UNSEEN)), max_size=5))
def test_events_of_no_cluster_change_nothing(patient: Patient, known: Known, more: list[Event]) -> None:
    assert results(replace(patient, events=(*more, *patient.events)), known) == results(patient, known)


@given(made.patients(), made.definitions(), st.lists(made.events(), max_size=5), st.integers(1, 4000))
def test_events_after_the_achievement_date_change_nothing(
    patient: Patient, known: Known, more: list[Event], after: int
) -> None:
    later = tuple(replace(e, date=date.fromordinal(made.DATES.achievement.toordinal() + after)) for e in more)
    assert results(replace(patient, events=(*patient.events, *later)), known) == results(patient, known)


@given(made.patients(), made.definitions(), st.lists(made.days, max_size=3))
def test_stays_elsewhere_change_nothing(patient: Patient, known: Known, starts: list[date]) -> None:
    more = tuple(Registration("C1", day, None) for day in starts)
    assert results(replace(patient, registrations=(*patient.registrations, *more)), known) == results(patient, known)


@pytest.mark.checks("a death", "a leaving")
@given(made.patients(), made.definitions())
def test_a_death_or_a_leaving_that_is_not_yet_known_changes_nothing(patient: Patient, known: Known) -> None:
    if patient.died is None:
        checked("a death")
        assert results(replace(patient, died=date(2025, 4, 1)), known) == results(patient, known)
    stays = tuple(replace(s, end=date(2025, 4, 1)) if s.end is None else s for s in patient.registrations)
    valid = all(stay.end is None or stay.start <= stay.end for stay in stays)
    if valid:
        checked("a leaving", stays != patient.registrations)
        assert results(replace(patient, registrations=stays), known) == results(patient, known)


@given(made.patients(), made.definitions())
def test_a_rerun_in_another_order_gives_the_same(patient: Patient, known: Known) -> None:
    registers, indicators = known
    first = results(patient, known)
    chart = PatientChart(patient, made.meaning(registers))
    again: dict[str, Outcome | bool | None] = {
        code: chart.outcome(definition) for code, definition in reversed(indicators.items())
    }
    again |= {code: chart.on_register(code) for code in reversed(registers)}
    assert again == first
    assert results(patient, known) == first


@given(made.patients(), made.definitions(), st.integers(1, 15))
def test_the_same_world_400_years_on_gives_the_same(patient: Patient, known: Known, cycles: int) -> None:
    # 400 years are a whole number of weeks and have the same months and leap years: any smaller move has others.
    by = made.CYCLE * cycles
    registers, indicators = made.moved(known, by)
    meaning = made.meaning(registers, made.moved(made.DATES, by))
    found = results(made.moved(patient, by), (registers, indicators), meaning)
    assert found == made.moved(results(patient, known), by)  # the days of PCAs too


@pytest.mark.checks("a patient outside the population", "a decision", "a record that was used")
@examples(2)
@given(made.patients(), made.definitions())
def test_an_explanation_says_what_was_decided(patient: Patient, known: Known) -> None:
    registers, indicators = known
    chart = PatientChart(patient, made.meaning(registers))
    for definition in [*registers.values(), *indicators.values()]:
        told = explain(chart, definition)
        decided = [line for line in told.lines if line.decided]
        reached = [line.reached for line in told.lines]
        assert reached == sorted(reached, reverse=True)
        if not chart.in_population(definition):
            checked("a patient outside the population")
            assert (told.outcome, decided, any(reached)) == (None, [], False)
            assert told.why
            continue
        checked("a decision")
        assert len(decided) == 1
        assert [line.decided for line in told.lines if line.reached][-1]
        assert all(line.action == "Next rule" for line in told.lines if line.reached and not line.decided)
        assert decided[0].action != "Next rule"
        if definition.is_register:
            assert (told.outcome is not None) == chart.on_register(definition.code)
        else:
            assert told.outcome == chart.outcome(definition)
            assert told.outcome is not None
            assert (told.outcome.rule, told.outcome.branch) == (decided[0].number, decided[0].true)
        for record in told.records:
            checked("a record that was used")
            assert record.event in patient.events
            assert record.event.code in made.CODES[record.cluster]


@pytest.mark.checks("a comparison", "a question whether there is a value")
@given(made.patients(), made.definitions())
def test_a_comparison_and_its_opposite_are_never_both_true(patient: Patient, known: Known) -> None:
    registers, indicators = known
    opposite: dict[r.Comparison, r.Comparison] = {"=": "<>", "<>": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
    for definition in indicators.values():
        chart = PatientChart(patient, made.meaning(registers))
        for rule in definition.rules:
            for part in r.conditions(rule.condition, beside=False):
                if isinstance(part, r.Compare):
                    both = [chart.holds(part, definition), chart.holds(replace(part, op=opposite[part.op]), definition)]
                    missing = None in [chart.term(term, definition, None) for term in (part.left, part.right)]
                    checked("a comparison", not missing)
                    assert sum(both) == (0 if missing else 1)
                if isinstance(part, r.IsNull):
                    either = replace(part, absent=not part.absent)
                    checked("a question whether there is a value")
                    assert chart.holds(part, definition) != chart.holds(either, definition)


practices = st.lists(made.patients(), max_size=6).map(
    lambda those: [replace(patient, id=str(n)) for n, patient in enumerate(those)]
)


def _plan(known: Known) -> Plan:
    measures = ("NUMERATOR", "DENOMINATOR", "PCAS")
    return Plan(tuple(Counted(code, one, measures, "whole") for code, one in known[1].items()), {})


@pytest.mark.checks("a patient who counts")
@given(practices, made.definitions())
@examples(0.6)
def test_outcomes_add_up_to_the_population(people: list[Patient], known: Known) -> None:
    registers, indicators = known
    plan, meaning = _plan(known), made.meaning(registers)
    found = evaluate("A1", people, plan, meaning)
    counts = {(row[1], row[2]): int(row[3]) for row in count_rows(found, plan, None)}
    for code, definition in indicators.items():
        population = [p for p in people if PatientChart(p, meaning).in_population(definition)]
        assert [id for id, outcome in found.outcomes if outcome.code == code] == [p.id for p in population]
        outcomes = [PatientChart(p, meaning).outcome(definition) for p in population]
        kinds = Counter(outcome.counts.category for outcome in outcomes if outcome)
        checked("a patient who counts", counts[code, "DENOMINATOR"] + counts[code, "PCAS"])
        assert counts[code, "NUMERATOR"] == kinds["achieved"]
        assert counts[code, "DENOMINATOR"] == kinds["achieved"] + kinds["not_achieved"]
        assert counts[code, "PCAS"] == kinds["pca"]
        assert len(population) == counts[code, "DENOMINATOR"] + counts[code, "PCAS"] + kinds["exclusion"]
        assert counts[code, "LIST_SIZE"] == sum(_listed(p) for p in people)


def _listed(patient: Patient) -> bool:
    day = made.DATES.achievement
    here = [s for s in patient.registrations if s.practice == "A1" and s.start <= day and (not s.end or s.end >= day)]
    return bool(here) and (patient.died is None or patient.died >= day)


@pytest.mark.checks("patients who fall away", "a part that was asked")
@examples(3)
@given(practices, made.definitions())
def test_a_population_falls_away_rule_by_rule_to_nobody(people: list[Patient], known: Known) -> None:
    registers, indicators = known
    plan = _plan(known)
    found = evaluate("A1", people, plan, made.meaning(registers))
    for code in indicators:
        rows = [row for row in attrition_rows(found, plan) if row[1] == code]
        assert rows[0][2:4] == ["", ""]
        left = int(rows[0][7])
        assert left == sum(outcome.code == code for _, outcome in found.outcomes)
        for row in rows[1:]:
            checked("patients who fall away", int(row[6]))
            left -= int(row[6])
            assert int(row[7]) == left
        assert left == 0
    for _, code, part, met, of in part_rows(found, plan):
        checked("a part that was asked", int(of))
        assert part
        assert (
            0
            <= int(met)
            <= int(of)
            == sum(o.counts.category in ("achieved", "not_achieved") for _, o in found.outcomes if o.code == code)
        )


@pytest.mark.checks("an outcome beside others")
@given(practices, practices, made.definitions())
@examples(0.6)
def test_other_patients_change_nobodys_outcome(people: list[Patient], others: list[Patient], known: Known) -> None:
    plan, meaning = _plan(known), made.meaning(known[0])
    others = [replace(p, id=f"other {p.id}") for p in others]
    alone = evaluate("A1", people, plan, meaning)
    together = evaluate("A1", [*others, *people], plan, meaning)
    apart = evaluate("A1", others, plan, meaning)
    checked("an outcome beside others", len(alone.outcomes) * len(apart.outcomes))
    assert together.outcomes == apart.outcomes + alone.outcomes
    assert together.parts == apart.parts + alone.parts
    assert together.lists == apart.lists + alone.lists
