"""Kind: a field sees a record that it must not see, or sees one record as several.

What was cancelled or entered in error did not happen, what was refused, not done or is planned is not the plain code,
and a code of another system is another code. Here is every field and condition that reads records: each is the same
with such a record as without, and is another one with the same record plain; in both engines. Several codings of one
record count once.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.generative import rule_made as made
from tests.generative.test_engines_agree import given_to

from remit.evaluation.counting import left_out
from remit.evaluation.engine.planning import query_plan
from remit.evaluation.engine.practice import Engine
from remit.evaluation.model import Meaning
from remit.evaluation.reference import PatientChart
from remit.records.model import Event, Patient, Registration
from remit.rules import model as r
from remit.rules.parse import parse_condition, parse_field
from remit.rules.values_read import values_read

FIELDS = {
    "LAST_DAT": "latest A_COD",
    "FIRST_DAT": "earliest A_COD or B_COD",
    "WINDOW_DAT": "latest A_COD where date >= (PPED - 12 months)",
    "BESIDE_DAT": "latest C_COD where (any A_COD where date >= C_DAT)",
    "C_DAT": "latest C_COD",
    "LOWEST": "lowest value of A_COD on LAST_DAT",
    "HIGHEST": "highest value of A_COD on LAST_DAT",
    "MEAN": "mean value of A_COD on LAST_DAT",
    "LAST": "last value of A_COD on LAST_DAT",
    "ONLY": "only value of A_COD on LAST_DAT",
    "READING": "latest reading of A_COD with B_COD",
    "READING_DAT": "date of READING",
    "READING_A": "value of A_COD in READING",
    "RECORDS": "count records of A_COD",
    "DAYS": "count days of A_COD",
    "CODES": "count codes of A_COD or D_COD",
    "CLUSTERS": "count clusters of A_COD or B_COD or D_COD",
    "COVERED": "count days covered by A_COD from PPSD to PPED",
    "GAP": "longest gap in A_COD from PPSD to PPED",
}
"""The clusters are those of the generated rules: a1 of A_COD is of SNOMED CT or dm+d, ä2 of any system."""

DAY, LATER, EARLIER = date(2024, 6, 1), date(2024, 9, 1), date(2024, 4, 2)
PLAIN = [
    Event(DAY, "a1", Decimal(50), "", "", "r1"),
    Event(DAY, "b1", Decimal(80), "", "", "r1"),
    Event(DAY, "c1"),
]
OTHERS = [
    Event(LATER, "a1", Decimal(40), "", "", "r2"),
    Event(LATER, "b1", Decimal(70), "", "", "r2"),
    Event(EARLIER, "a1", Decimal(30)),
    Event(DAY, "a1", Decimal(60)),
    Event(DAY, "d'1"),
]
NOT_SEEN: dict[str, dict[str, Any]] = {
    "cancelled": {"status": "cancelled"},
    "entered in error": {"status": "entered-in-error"},
    "not done": {"negation": "not done"},
    "refused": {"negation": "refused"},
    "planned": {"status": "planned"},
    "of another system": {"system": "loinc"},
}
SEEN: dict[str, dict[str, Any]] = {
    "plain": {},
    **{status: {"status": status} for status in ("final", "preliminary", "amended")},
    "of its system": {"system": "snomed"},
    "of its other system": {"system": "dmd"},
}


def definition(conditions: dict[str, r.Condition]) -> r.Definition:
    fields = {name: parse_field(text) for name, text in FIELDS.items()}
    return r.Definition("I", "", "registered", fields, {"P": conditions} if conditions else {}, (), "complete", "")


def patient(events: list[Event]) -> Patient:
    """An event of a system of which the lists of b1 and d'1 say nothing is one of any system: those are left out."""
    order = sorted(events, key=lambda event: (event.date, event.code, event.reading))
    return Patient("1", "A1", date(1960, 1, 1), "F", None, (Registration("A1", date(2000, 1, 1)),), tuple(order))


def values(events: list[Event]) -> dict[str, Any]:
    """What each field comes to, as the interpreter says it."""
    chart = PatientChart(patient(events), made.meaning({}))
    of = definition({})
    found = {name: chart.value(name, of) for name in FIELDS}
    return {name: getattr(value, "values", value) for name, value in found.items()}


def of_engine(events: list[Event], expected: dict[str, Any]) -> dict[str, bool]:
    """Of each field that is a date, a number or missing, whether the engine says the same."""
    asked = {}
    for name, value in expected.items():
        if isinstance(value, tuple) or name == "READING":
            continue
        text = f"{name} = Null" if value is None else f"{name} = {value}" if isinstance(value, date) else (
            f"{name} = {Decimal(value.numerator) / Decimal(value.denominator)}")  # fmt: skip
        asked[name] = parse_condition(text)
    of = definition(asked)
    plan = query_plan([of], {}, made.DATES)
    engine = Engine(plan, made.CODES, systems=made.SYSTEMS)
    (found,) = engine.run([given_to(engine, "A1", [patient(events)])])
    engine.close()
    return {name: bool(met[0]) for (name, _), met in zip(plan.indicators[0].parts, found.parts[0], strict=True)}


def other(said: dict[str, Any]) -> list[Event]:
    """The other records, so said. `b1` and `d'1` have no system of their own, so that any is theirs."""
    codes = ("a1",) if "system" in said else ("a1", "b1", "d'1")
    return [replace(event, **said) for event in OTHERS if event.code in codes]


@pytest.mark.parametrize("how", NOT_SEEN)
def test_no_field_sees_what_it_must_not_see(how: str) -> None:
    without = values(PLAIN)
    unseen = [*PLAIN, *other(NOT_SEEN[how])]
    assert values(unseen) == without
    assert all(of_engine(unseen, without).values())
    # With the same records plain every field is another one, but for those that rest on what is not of A_COD.
    plain = values([*PLAIN, *other({})])
    assert {name for name in FIELDS if plain[name] == without[name]} <= {"C_DAT", "BESIDE_DAT"}


def test_the_condition_on_a_record_beside_does_not_see_it_either() -> None:
    later = [replace(event, date=LATER) if event.code == "c1" else replace(event, date=EARLIER) for event in PLAIN]
    beside = Event(LATER, "a1")
    assert values([*later, beside])["BESIDE_DAT"] == LATER
    for said in NOT_SEEN.values():
        events = [*later, replace(beside, **said)]
        assert values(events)["BESIDE_DAT"] is None
        assert of_engine(events, values(events))["BESIDE_DAT"]


@pytest.mark.parametrize("how", SEEN)
def test_every_field_sees_what_happened(how: str) -> None:
    events = [*PLAIN, *other(SEEN[how])]
    expected = values([*PLAIN, *other({} if "system" not in SEEN[how] else {"system": ""})])
    assert values(events) == expected
    assert all(of_engine(events, expected).values())


def test_a_value_that_only_some_filter_sees_is_not_among_those_left_out() -> None:
    """Of three values that nobody can have one is plain; that a filter asks for the others makes them no values."""
    fields = {
        "HBA_DAT": parse_field("latest HBA_COD"),
        "HBA": parse_field("lowest value of HBA_COD on HBA_DAT in mmol/mol"),
        "PLAN_DAT": parse_field("latest HBA_COD where status = planned"),
        "REF_DAT": parse_field("latest HBA_COD where negation = refused"),
    }
    asked = {name: parse_condition(f"{name} <> Null") for name in fields}
    of = r.Definition("I", "", "registered", fields, {"P": asked}, (), "complete", "")
    said: list[dict[str, Any]] = [{}, {"status": "planned"}, {"negation": "refused"}]
    one = patient([Event(DAY, "h1", Decimal(999), "mmol/mol", **more) for more in said])
    codes = {"HBA_COD": frozenset({"h1"})}
    engine = Engine(query_plan([of], {}, made.DATES), codes)
    (found,) = engine.run([given_to(engine, "A1", [one])])
    engine.close()
    chart = PatientChart(one, Meaning(made.DATES, codes, {}))
    slow = Counter(left_out(chart, values_read([of], {})))
    assert [chart.holds(part, of) for part in asked.values()] == [bool(met[0]) for met in found.parts[0]]
    assert [*slow.values()] == [1]
    assert +found.left_out == slow


def test_a_code_is_of_any_system_where_the_record_or_the_list_does_not_say_which() -> None:
    for code, system, seen in (
        ("a1", "", True), ("a1", "snomed", True), ("a1", "icd10", False), ("ä2", "", True), ("ä2", "icd10", True),
    ):  # fmt: skip
        events = [Event(DAY, code, system=system)]
        expected = {"LAST_DAT": DAY if seen else None}
        assert values(events)["LAST_DAT"] == expected["LAST_DAT"], (code, system)
        assert all(of_engine(events, expected).values()), (code, system)


def test_a_code_of_two_lists_is_of_the_list_of_its_system() -> None:
    """`both` is in A_COD, of any system, in B_COD as LOINC, in D_COD as LOINC or ICD-10."""
    for system, clusters in (("loinc", 3), ("icd10", 2), ("read2", 1), ("", 3)):
        events = [Event(DAY, "both", system=system)]
        expected = values(events)
        assert expected["CLUSTERS"] == clusters, system
        assert all(of_engine(events, expected).values()), system


def test_several_codings_of_one_record_count_once() -> None:
    """A record of two codes on one day is one; of another day, or of another record, it is another."""
    one = [Event(DAY, "a1", Decimal(50), record="e1"), Event(DAY, "ä2", Decimal(50), record="e1")]
    more = [*one, Event(DAY, "ä2", Decimal(80), record="e2")]
    again = [*more, Event(LATER, "a1", Decimal(50), record="e1"), Event(LATER, "a1", Decimal(50))]
    unsaid = [replace(event, record="") for event in again]
    for events, records, codes in ((one, 1, 2), (more, 2, 2), (again, 4, 2), (unsaid, 5, 2)):
        expected = values(events)
        assert (expected["RECORDS"], expected["CODES"]) == (records, codes)
        assert all(of_engine(events, expected).values())
    # 50 and 80, and not 50, 50 and 80.
    assert values(more)["MEAN"] == 65
    assert all(of_engine(more, {"MEAN": values(more)["MEAN"]}).values())


def test_two_values_of_one_record_are_two() -> None:
    events = [Event(DAY, "a1", Decimal(50), record="e1"), Event(DAY, "ä2", Decimal(60), record="e1")]
    assert values(events)["MEAN"] == 55
    assert all(of_engine(events, {"MEAN": values(events)["MEAN"]}).values())


def test_the_last_value_of_a_day_is_that_of_the_last_coding() -> None:
    """By code: a1, both, ä2. That the last says what the first says makes it no earlier."""
    events = [Event(DAY, "a1", Decimal(50), record="e1"), Event(DAY, "both", Decimal(80)),
              Event(DAY, "ä2", Decimal(50), record="e1")]  # fmt: skip
    assert values(events)["LAST"] == 50
    assert all(of_engine(events, {"LAST": values(events)["LAST"]}).values())
