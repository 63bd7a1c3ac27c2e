"""The deck of boundary days by statements in plain Python that share nothing with Remit's rules: the same outcome, with
its reason, for every one of the people, in each indicator and register that is stated."""

from __future__ import annotations

from collections import Counter

import pytest
from tests.rules.boundary.deck import people_of
from tests.rules.boundary.indicators_by_hand import INDICATORS, told
from tests.rules.boundary.mutants import codes_of
from tests.rules.boundary.person import ACHIEVED, OUTSIDE, Person
from tests.rules.boundary.registers_by_hand import REGISTERS
from tests.rules.harness import Run

from remit.evaluation.model import Meaning
from remit.evaluation.reference import PatientChart
from remit.rules.definitions import shipped

KNOWN = shipped()

# The indicators of the second reading, and the two registers and the check that it read beside them.
AGREED = (
    "HYP008", "DM020", "DM012", "CHOL003", "CHOL004", "AF006", "AF008", "CHD005", "STIA007", "HF007", "AST007",
    "COPD010", "DEM004", "DEP004", "NDH002", "SMOK002", "SMOK004", "SMOK005", "CS005", "CS006", "BP002", "DM8CP-TYPE2",
    "PULSE65",
)  # fmt: skip


def at_years_end(code: str) -> list[Run]:
    """The people of a definition who are looked at on a year's last day."""
    return [run for run in people_of()[code] if run.dates.achievement == run.dates.end]


def chart_of(run: Run, code: str) -> PatientChart:
    definition = KNOWN.find(code)
    assert definition is not None
    return PatientChart(run.patient, Meaning(run.dates, codes_of(definition, KNOWN, run), KNOWN.registers))


def counted(run: Run, code: str) -> str:
    outcome = chart_of(run, code).outcome(KNOWN.indicators[code])
    if outcome is None:
        return OUTSIDE
    reason = outcome.counts.reason
    words = {"pca": f"PCA {reason}", "exclusion": f"exclusion {reason}", "not_achieved": "not achieved"}
    return words.get(outcome.counts.category, outcome.counts.category)


@pytest.mark.parametrize("code", sorted(INDICATORS))
def test_an_indicator_by_hand_says_the_same_of_everybody(code: str) -> None:
    those = at_years_end(code)
    unlike = [
        f"{run.name} ({run.patient.events}): by hand {by_hand}, counted {found}"
        for run in those
        if (by_hand := told(code, Person(run.patient, run.dates.end))) != (found := counted(run, code))
    ]
    assert unlike[:3] == []
    outcomes = Counter(counted(run, code) for run in those)
    assert outcomes[ACHIEVED]
    assert outcomes["not achieved"]
    assert len(those) >= 40


@pytest.mark.parametrize("code", sorted(REGISTERS))
def test_a_register_by_hand_has_the_same_people(code: str) -> None:
    those = at_years_end(code)
    unlike = [
        f"{run.name} ({run.patient.events}): by hand {by_hand}, counted {found}"
        for run in those
        if (by_hand := REGISTERS[code](Person(run.patient, run.dates.end)))
        != (found := chart_of(run, code).on_register(code))
    ]
    assert unlike[:3] == []
    assert {chart_of(run, code).on_register(code) for run in those} == {True, False}


def test_all_that_the_second_reading_read_is_stated() -> None:
    assert {*AGREED} <= {*INDICATORS}
    assert "CKD_REG" in REGISTERS
