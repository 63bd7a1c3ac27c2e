"""The deck of boundary days: the engine and the interpreter agree on it, and no comparison of dates can be turned by a
day without a changed outcome."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from tests.rules.boundary.deck import people_of
from tests.rules.boundary.engine import CommandResult, engine_says
from tests.rules.boundary.mutants import codes_of, every_place, unnoticed
from tests.rules.harness import Run, known_of

from remit.evaluation.model import Dates, Meaning
from remit.evaluation.reference import PatientChart
from remit.rules.definitions import shipped

# The comparisons that can be turned without any change, and why nobody can notice it.
OTHER_SIDE = "on the day itself the rule's other alternative says the same, so both are true of the same people"
NO_CHANGE = {
    ("DM020", "rule 8", 0): OTHER_SIDE,
    ("DM021", "rule 8", 0): OTHER_SIDE,
    ("HYP003", "rule 7", 0): OTHER_SIDE,
    ("HYP007", "rule 7", 0): OTHER_SIDE,
    (
        "DM014",
        "rule 12",
        0,
    ): "rule 5 rejects everybody whose diagnosis is so new and who is not referred: none gets here",
}


@pytest.mark.slow
def test_every_comparison_of_dates_that_is_turned_by_a_day_changes_an_outcome() -> None:
    found = unnoticed()
    assert {str(one) for place, one in found.items() if place not in NO_CHANGE} == set()
    assert NO_CHANGE.keys() <= found.keys(), "a comparison that is listed as without effect has one"


def test_there_are_as_many_comparisons_as_the_rule_files_have() -> None:
    """That the search for comparisons finds them: 480 and more, in each kind of place."""
    places = every_place()
    assert len(places) > 480
    kinds = {key.split()[0] for _, key, _ in places}
    assert {"rule", "part"} < kinds


def by_dates(edition: bool) -> dict[Dates, dict[str, list[Run]]]:
    found: dict[Dates, dict[str, list[Run]]] = {}
    for code, people in people_of(edition).items():
        for run in people:
            found.setdefault(run.dates, {}).setdefault(code, []).append(run)
    return found


def interpreter_says(run: Run, code: str) -> CommandResult:
    known = known_of(run.dates.year)
    definition = known.find(code)
    assert definition is not None
    chart = PatientChart(run.patient, Meaning(run.dates, codes_of(definition, known, run), known.registers))
    if definition.is_register:
        return chart.on_register(code)
    outcome = chart.outcome(definition)
    return None if outcome is None else (outcome.rule, outcome.branch, outcome.counts)


def differing(edition: bool) -> Iterator[str]:
    for dates, those in by_dates(edition).items():
        people = list({run.patient: run for runs in those.values() for run in runs})
        at = {patient: n for n, patient in enumerate(people)}
        named = [replace(patient, id=f"{n:06d}") for n, patient in enumerate(people)]
        fast = engine_says(named, those, known_of(dates.year), dates)
        for code, runs in those.items():
            for run in runs:
                slow = interpreter_says(run, code)
                if fast[code][at[run.patient]] != slow:
                    yield f"{code}, {run.name}: {fast[code][at[run.patient]]}, interpreter {slow}"


@pytest.mark.slow
@pytest.mark.parametrize("edition", [False, True])
def test_the_engine_and_the_interpreter_agree_on_the_deck(edition: bool) -> None:
    assert list(differing(edition))[:5] == []


def test_the_deck_is_large_and_every_definition_has_people() -> None:
    known = shipped()
    assert people_of().keys() == {*known.registers, *known.indicators}
    assert sum(map(len, people_of().values())) > 15_000
