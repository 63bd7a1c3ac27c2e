"""One small practice counted by hand: outcomes, counts, attrition, parts and lists."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.generative.test_engines_agree import tables

from remit.evaluation.counting import PracticeOutcomes, evaluate
from remit.evaluation.counts import attrition_rows, count_rows, part_rows
from remit.evaluation.engine.entries import Held, Tables
from remit.evaluation.engine.planning import query_plan
from remit.evaluation.engine.practice import Engine
from remit.evaluation.evaluator import Evaluator
from remit.evaluation.model import Dates, Meaning
from remit.evaluation.plan import Counted, Plan, members
from remit.evaluation.reference import PatientChart
from remit.records.model import Event, Patient, Registration
from remit.rules.definitions import read_definitions, shipped
from remit.scheme import load_scheme
from remit.terminology.clusters import ClusterSet

RULES = """
definitions:
  - register: DM_REG
    title: Diabetes
    population: registered
    fields: {DM_DAT: earliest DM_COD}
    rules: [{rule: 1, if: DM_DAT <> Null, then: Select, else: Reject}]
  - indicator: DM-1
    title: Both processes
    population: DM_REG
    fields: {FOOT_DAT: latest FOOT_COD, BMI_DAT: latest BMI_COD, DEC_DAT: latest DEC_COD}
    parts: {CARE: {foot: FOOT_DAT >= QSSD, bmi: BMI_DAT >= QSSD}}
    rules:
      - {rule: 1, if: PAT_AGE < 17, then: Reject, counts: exclusion AGE}
      - {rule: 2, if: all of CARE, then: Select, counts: achieved}
      - {rule: 3, if: DEC_DAT >= QSSD, then: Reject, counts: "PCA general DEC, chose not to", else: Select}
"""
DATES = Dates(date(2025, 3, 31), date(2024, 4, 1), date(2025, 3, 31))
CODES = {name: frozenset({name}) for name in ("DM_COD", "FOOT_COD", "BMI_COD", "DEC_COD")}
HERE = (Registration("A1", date(2010, 1, 1)),)


def patient(id: str, *codes: str, born: str = "1960-06-15", stays: tuple[Registration, ...] = HERE) -> Patient:
    events = tuple(Event(date(2024, 5, 1), f"{code}_COD") for code in codes)
    return Patient(id, "A1", date.fromisoformat(born), "F", None, stays, events)


PEOPLE = [
    patient("achieved", "DM", "FOOT", "BMI"),
    patient("achieved though declined", "DM", "FOOT", "BMI", "DEC"),
    patient("declined", "DM", "FOOT", "DEC"),
    patient("foot only", "DM", "FOOT"),
    patient("nothing", "DM"),
    patient("child", "DM", "FOOT", "BMI", born="2008-04-01"),
    patient("no diabetes", "FOOT", "BMI"),
    patient("elsewhere", "DM", stays=(Registration("B2", date(2010, 1, 1)),)),
    patient("left", "DM", stays=(Registration("A1", date(2010, 1, 1), date(2025, 3, 30)),)),
]


@pytest.fixture
def made(tmp_path: Path) -> tuple[PracticeOutcomes, Plan]:
    path = tmp_path / "rules.yaml"
    path.write_text(RULES)
    known = read_definitions([path])
    plan = Plan(
        (
            Counted("item 1", known.indicators["DM-1"], ("NUMERATOR", "DENOMINATOR", "PCAS")),
            Counted("DM", members("DM", known.registers["DM_REG"]), ("REGISTER",), "aged 18 and over"),
            Counted("all", members("DM", known.registers["DM_REG"]), ("REGISTER",), "whole"),
        ),
        {},
    )
    return evaluate("A1", PEOPLE, plan, Meaning(DATES, CODES, known.registers)), plan


def test_each_member_has_one_outcome(made: tuple[PracticeOutcomes, Plan]) -> None:
    found, _ = made
    told = {id: (o.rule, o.branch, o.counts.category, o.counts.reason) for id, o in found.outcomes if o.code == "DM-1"}
    assert told == {
        "achieved": (2, True, "achieved", ""),
        "achieved though declined": (2, True, "achieved", ""),
        "declined": (3, True, "pca", "DEC"),
        "foot only": (3, False, "not_achieved", ""),
        "nothing": (3, False, "not_achieved", ""),
        "child": (1, True, "exclusion", "AGE"),
    }


def test_counts_group_the_outcomes(made: tuple[PracticeOutcomes, Plan]) -> None:
    """2 of 4; the declined one is no part of either. The register has six; the list is 7, of whom one is a child."""
    assert [row[:-1] for row in count_rows(*made, None)] == [
        ["A1", "item 1", "NUMERATOR", "2", ""],
        ["A1", "item 1", "DENOMINATOR", "4", ""],
        ["A1", "item 1", "PCAS", "1", ""],
        ["A1", "DM", "REGISTER", "6", ""],
        ["A1", "DM", "LIST_SIZE", "6", ""],
        ["A1", "all", "REGISTER", "6", ""],
        ["A1", "all", "LIST_SIZE", "7", ""],
    ]
    assert {row[-1] for row in count_rows(*made, None)} == {""}, "no mark: they are final"


def test_a_position_within_the_year_says_its_day(made: tuple[PracticeOutcomes, Plan]) -> None:
    assert {row[4] for row in count_rows(*made, date(2024, 9, 30))} == {"2024-09-30"}


def test_attrition_adds_up(made: tuple[PracticeOutcomes, Plan]) -> None:
    rows = [row[2:] for row in attrition_rows(*made) if row[1] == "DM-1"]
    assert rows == [
        ["", "", "population DM_REG", "", "6", "6"],
        ["1", "true", "Reject", "exclusion AGE", "1", "5"],
        ["2", "true", "Select", "achieved", "2", "3"],
        ["3", "true", "Reject", "PCA (chose not to) DEC", "1", "2"],
        ["3", "false", "Select", "not achieved", "2", "0"],
    ]


def test_parts_are_over_the_denominator(made: tuple[PracticeOutcomes, Plan]) -> None:
    """Foot: the two achieved and one more, of four. Those excluded or declined are no part of it."""
    assert list(part_rows(*made)) == [["A1", "DM-1", "foot", "3", "4"], ["A1", "DM-1", "bmi", "2", "4"]]


def test_a_practice_without_patients_counts_nothing(made: tuple[PracticeOutcomes, Plan]) -> None:
    plan = made[1]
    registers = {"DM_REG": plan.counted[1].definition}
    empty = evaluate("A1", [], plan, Meaning(DATES, CODES, registers))
    assert {row[3] for row in count_rows(empty, plan, None)} == {"0"}
    assert {row[7] for row in attrition_rows(empty, plan)} == {"0"}


class _Store:
    """A store that knows one thing: on which day a practice's records end."""

    def __init__(self, last: date | None) -> None:
        self.last = last

    def last_day(self, practice: str) -> date | None:
        return self.last


@pytest.mark.parametrize(
    ("last", "demonstration", "words"),
    [
        (date(2025, 3, 31), False, []),
        (date(2025, 4, 7), False, []),
        (date(2025, 3, 30), False, ["end on 2025-03-30, before 2025-03-31"]),
        (date(2025, 3, 31), True, ["demonstration code clusters"]),
        (date(2024, 12, 31), True, ["demonstration code clusters", "end on 2024-12-31"]),
    ],
)
def test_counts_are_provisional_where_the_records_end_early(last: date, demonstration: bool, words: list[str]) -> None:
    clusters = ClusterSet("mine", "1", demonstration, {})
    made = Evaluator(load_scheme("qif-2024-25"), _Store(last), clusters, shipped(), DATES.achievement)  # type: ignore[arg-type]
    why = made.why_provisional("A1")
    assert bool(why) == bool(words)
    assert [word for word in words if word not in why] == []


NEW = """
definitions:
  - indicator: NEW-1
    title: Feet, of those who are not newly registered
    population: registered
    fields: {FOOT_DAT: latest FOOT_COD, DEC_DAT: latest DEC_COD}
    rules:
      - {rule: 1, if: FOOT_DAT <> Null, then: Select, counts: achieved}
      - rule: 2
        if: REG_DAT > (PPED - 9 months) or (REG_DAT > (PPED - 18 months) and DEC_DAT <> Null)
        then: Reject
        counts: PCA general NEW, newly registered
        else: Select
"""


@pytest.mark.parametrize(
    ("registered", "codes", "day"),
    [
        ("2024-08-01", (), "2024-08-01"),
        ("2024-08-01", ("DEC",), "2024-08-01"),  # the later of the two: it was declined in May
        ("2024-04-02", ("DEC",), "2024-05-01"),
    ],
)
def test_the_day_of_a_pca_for_a_new_registration_is_that_of_the_registration(
    tmp_path: Path, registered: str, codes: tuple[str, ...], day: str
) -> None:
    """In both engines, which take the dates of a rule from one function."""
    (tmp_path / "rules.yaml").write_text(NEW)
    known = read_definitions([tmp_path / "rules.yaml"])
    one = patient("new", *codes, stays=(Registration("A1", date.fromisoformat(registered)),))
    meaning = Meaning(DATES, CODES, known.registers)
    outcome = PatientChart(one, meaning).outcome(known.indicators["NEW-1"])
    assert outcome is not None
    assert (outcome.rule, outcome.day) == (2, date.fromisoformat(day))

    engine = Engine(query_plan(known.indicators.values(), known.registers, DATES), CODES)
    held = tables([one])
    for name in ("events", "prescriptions"):
        engine.connection.register(name, held[name])
    [found] = engine.run([Tables("A1", held["patients"], held["registrations"], Held("events"), Held("prescriptions"))])
    engine.close()
    assert found.days[0] is not None
    days, there = found.days[0]
    assert (there[0], date(1970, 1, 1) + timedelta(int(days[0]))) == (True, date.fromisoformat(day))
