"""Why one patient was counted: the rules as they ran, what they saw, and the records behind the one that decided."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TypeGuard

import pytest

from remit.documents.blocks import Block, Heading
from remit.documents.explanation import explanation_blocks
from remit.documents.specification import spec_blocks
from remit.evaluation.explain import Explanation, explain, value_text
from remit.evaluation.model import Dates, Meaning
from remit.evaluation.reference import PatientChart, Reading
from remit.records.model import Event, Patient, Registration
from remit.rules.definitions import Definitions, read_definitions, shipped
from remit.terminology.sets import demonstration

RULES = """
definitions:
  - register: HYP_REG
    title: Hypertension
    population: registered
    fields: {HYP_DAT: earliest HYP_COD}
    rules: [{rule: 1, if: HYP_DAT <> Null, then: Select, else: Reject}]
  - indicator: BP-1
    title: Blood pressure
    population: HYP_REG
    fields:
      BP: latest reading of SYS_COD with DIA_COD
      BP_DAT: date of BP
      SYS_VAL: value of SYS_COD in BP
      DEC_DAT: latest DEC_COD
    rules:
      - {rule: 1, if: PAT_AGE > 79, then: Reject, counts: exclusion AGE}
      - {rule: 2, if: SYS_VAL <= 140 and BP_DAT > (PPED - 12 months), then: Select, counts: achieved}
      - {rule: 3, if: DEC_DAT > (PPED - 12 months), then: Reject, else: Select, counts: "PCA general DEC, chose not to"}
  - indicator: DEATHS
    title: Deaths
    population: died in the year
    fields: {R_DAT: latest R_COD}
    rules: [{rule: 1, if: R_DAT <> Null, then: Select, else: Select, counts: achieved}]
"""
ON = """
definitions:
  - register: AF_REG
    title: Atrial fibrillation
    population: registered
    fields: {AF_DAT: earliest AF_COD}
    rules: [{rule: 1, if: AF_DAT <> Null, then: Select, else: Reject}]
  - register: HYP_REG
    title: Hypertension
    population: registered
    fields: {HYP_DAT: earliest HYP_COD}
    rules: [{rule: 1, if: not on AF_REG and HYP_DAT <> Null, then: Select, else: Reject}]
  - indicator: PULSE
    title: Pulse
    population: HYP_REG
    fields: {R_DAT: latest R_COD}
    parts: {EITHER: {on it: on AF_REG, recorded: R_DAT <> Null}}
    rules:
      - {rule: 1, if: on AF_REG, then: Reject, counts: exclusion AF}
      - {rule: 2, if: all of EITHER, then: Select, counts: achieved, else: Select}
"""
FIRST = {"Who counts, and who is left out", "Flow chart", "Clusters", "Version and source"}
"""The headings of a specification above what it rests on."""
HYP = Event(date(2015, 3, 1), "hyp")


def reading(day: date, systolic: int, diastolic: int) -> tuple[Event, ...]:
    halves = (("sys", systolic), ("dia", diastolic))
    return tuple(Event(day, code, Decimal(value), reading=str(day)) for code, value in halves)


DATES = Dates(date(2025, 3, 31), date(2024, 4, 1), date(2025, 3, 31))
OLD, HIGH = reading(date(2023, 5, 1), 120, 70), reading(date(2024, 6, 1), 152, 84)
DECLINED = (Event(date(2024, 6, 1), "dec"), Event(date(2025, 1, 9), "dec"))
CODES = {f"{name.upper()}_COD": frozenset({name}) for name in ("hyp", "sys", "dia", "dec", "r", "af")}


@pytest.fixture
def known(tmp_path: Path) -> Definitions:
    path = tmp_path / "rules.yaml"
    path.write_text(RULES)
    return read_definitions([path])


def told(known: Definitions, code: str, *events: Event, born: int = 1960, start: int = 2010) -> Explanation:
    stay = Registration("A1", date(start, 4, 1))
    patient = Patient("1", "A1", date(born, 6, 15), "F", None, (stay,), events)
    definition = known.find(code)
    assert definition is not None
    return explain(PatientChart(patient, Meaning(DATES, CODES, known.registers)), definition)


def test_the_rule_that_decided_with_what_each_saw(known: Definitions) -> None:
    found = told(known, "BP-1", HYP, *OLD, *HIGH, *DECLINED)
    assert found.result == "rule 3, true: PCA (chose not to) DEC"
    assert [(line.reached, line.true, line.decided) for line in found.lines] == [
        (True, False, False), (True, False, False), (True, True, True),
    ]  # fmt: skip
    assert found.lines[1].values == (("BP_DAT", "2024-06-01"), ("PPED", "2025-03-31"), ("SYS_VAL", "152"))
    assert found.lines[1].text == "SYS_VAL <= 140 and BP_DAT > (PPED - 12 months)"


def test_the_records_behind_are_those_that_decided(known: Definitions) -> None:
    """The refusal that counts is the latest; the earlier one and the blood pressures are not behind rule 3."""
    found = told(known, "BP-1", HYP, *OLD, *HIGH, *DECLINED)
    assert [(record.field, record.cluster, record.event) for record in found.records] == [
        ("DEC_DAT", "DEC_COD", DECLINED[1])
    ]


def test_both_halves_of_a_reading_are_behind_it(known: Definitions) -> None:
    good = reading(date(2024, 6, 1), 80, 80)
    found = told(known, "BP-1", HYP, *OLD, *good)
    assert found.result == "rule 2, true: achieved"
    assert [record.event for record in found.records] == list(good)
    assert [line.reached for line in found.lines] == [True, True, False]


def test_nothing_recorded_is_said_as_null(known: Definitions) -> None:
    found = told(known, "BP-1", HYP)
    assert found.result == "rule 3, false: not achieved"
    assert found.lines[2].values[0] == ("DEC_DAT", "Null")
    assert found.lines[2].counts == "not achieved"
    assert found.records == ()


def test_somebody_outside_is_told_why_with_the_register(known: Definitions) -> None:
    found = told(known, "BP-1", *HIGH)
    assert found.result == "not in the population: not on HYP_REG"
    assert not any(line.reached for line in found.lines)
    (register,) = found.registers
    assert (register.result, register.lines[0].decided, register.lines[0].true) == ("not on the register", True, False)


def test_the_registers_that_rules_ask_after_are_shown(tmp_path: Path) -> None:
    (tmp_path / "on.yaml").write_text(ON)
    known = read_definitions([tmp_path / "on.yaml"])
    found = told(known, "PULSE", HYP)
    assert [line.values for line in found.lines] == [(("on AF_REG", "no"),), (("R_DAT", "Null"), ("on AF_REG", "no"))]
    assert [(one.definition.code, one.result) for one in found.registers] == [
        ("HYP_REG", "on the register"), ("AF_REG", "not on the register"),
    ]  # fmt: skip
    titles = [
        block.text for block in explanation_blocks(found, DATES, demonstration(), "A1", known) if _is_title(block)
    ]
    assert titles == ["PULSE: the rules", "AF_REG: Atrial fibrillation", "HYP_REG: Hypertension"]


def test_a_specification_has_every_register_that_it_rests_on(tmp_path: Path) -> None:
    (tmp_path / "on.yaml").write_text(ON)
    known = read_definitions([tmp_path / "on.yaml"])
    found = spec_blocks(known.indicators["PULSE"], known, None, None)
    titles = [block.text for block in found if _is_title(block) and block.text not in FIRST]
    assert titles[:3] == ["Look up AF_REG: Atrial fibrillation", "Start from HYP_REG: Hypertension", "Fields"]
    known = shipped()
    found = spec_blocks(known.indicators["PULSE65"], known, None, None)
    assert any("Look up AFIB_REG" in block.text for block in found if _is_title(block))


def _is_title(block: Block) -> TypeGuard[Heading]:
    return isinstance(block, Heading) and block.level == 2


def test_a_register_is_explained_too(known: Definitions) -> None:
    found = told(known, "HYP_REG", HYP)
    assert found.result == "on the register"
    assert [record.event for record in found.records] == [HYP]


@pytest.mark.parametrize(
    ("code", "start", "why"),
    [
        ("HYP_REG", 2026, "not registered with the practice on the achievement date"),
        ("DEATHS", 2010, "did not die in the year while registered with the practice"),
    ],
)
def test_each_population_says_who_is_outside(known: Definitions, code: str, start: int, why: str) -> None:
    assert told(known, code, HYP, start=start).why == why


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "Null"),
        (date(2024, 6, 1), "2024-06-01"),
        (Fraction(152), "152"),
        (Fraction(119, 2), "59.5"),
        ("female", "female"),
        (Reading(date(2024, 6, 1), (("SYS_COD", Fraction(152)), ("DIA_COD", Fraction(84)))), "2024-06-01 152/84"),
    ],
)
def test_a_value_as_the_table_shows_it(value: object, text: str) -> None:
    assert value_text(value) == text  # type: ignore[arg-type]
