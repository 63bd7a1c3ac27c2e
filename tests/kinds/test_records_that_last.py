"""Kind: a record that lasts is read as if it were a day, or the begin of one record goes with the end of another.

Every question that a filter asks of a record that lasts stands here over every shape that a record can have, with the
answer reckoned by hand from its two days; and each is put to both engines.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests.generative.test_engines_agree import given_to
from tests.spec.rules.harness import _event as event

from remit.evaluation.engine import folding, resolving
from remit.evaluation.engine import spans as engine_spans
from remit.evaluation.engine.planning import query_plan
from remit.evaluation.engine.practice import Engine
from remit.evaluation.model import Dates, Meaning
from remit.evaluation.reference import PatientChart, conditions, spans
from remit.evaluation.reference import fields as oracle_fields
from remit.records.model import Patient, Registration
from remit.rules import model as r
from remit.rules.definitions import shipped
from remit.rules.parse import parse_condition, parse_field

ON = Dates(date(2026, 3, 31), date(2025, 4, 1), date(2026, 3, 31))
NAMES = ("ENC_COD", "DEM_COD", "STAY_COD", "TEST_COD", "YES_COD")
CODES = {name: frozenset({name}) for name in NAMES}


def asked(records: str, conditions: list[str], **fields: str) -> list[set[bool]]:
    """What the interpreter and the engine say of each condition over one patient: one answer where they agree."""
    parts = {"ASKED": {text: parse_condition(text) for text in conditions}}
    read = {name: parse_field(text) for name, text in fields.items()}
    definition = r.Definition("I", "I", "registered", read, parts, (), "complete", "")
    events = sorted((event(text.strip()) for text in records.split(";") if text.strip()), key=lambda e: e.date)
    stays = (Registration("A1", date(2010, 1, 1)),)
    patient = Patient("1", "A1", date(1960, 6, 15), "F", None, stays, tuple(events))
    chart = PatientChart(patient, Meaning(ON, CODES, {}))
    plan = query_plan([definition], {}, ON)
    engine = Engine(plan, CODES)
    (fast,) = engine.run([given_to(engine, "A1", [patient])])
    engine.close()
    slow = [chart.holds(part, definition) for part in parts["ASKED"].values()]
    return [{one, bool(met[0])} for one, met in zip(slow, fast.parts[0], strict=True)]


def both(records: str, condition: str, **fields: str) -> set[bool]:
    """The same of one condition."""
    return asked(records, [condition], **fields)[0]


def counted(records: str, where: str) -> set[bool]:
    """Whether there is a record that passes, as both engines have it."""
    return both(records, "N > 0", N=f"count records of ENC_COD where {where}")


# 2025 is the window. Of each shape: does it overlap it, is it during it, does it start in it, does it end in it?
SHAPES: list[tuple[str, str]] = [
    ("2025-06-01", "1111"),
    ("2024-12-31", "0000"),
    ("2025-01-01", "1111"),
    ("2025-12-31", "1111"),
    ("2026-01-01", "0000"),
    ("2025-01-01..2025-12-31", "1111"),
    ("2024-12-30..2025-12-31", "1001"),
    ("2025-12-30..2026-01-02", "1010"),
    ("2024-12-31..2026-01-01", "1000"),
    ("2024-12-01..2024-12-31", "0000"),
    ("2024-12-01..2025-01-01", "1001"),
    ("2025-12-31..2026-01-01", "1010"),
    ("2024-06-01..open", "1000"),
    ("2025-06-01..open", "1010"),
    ("2026-01-01..open", "0000"),
    ("2024-06-01..unknown", "0000"),
    ("2025-06-01..unknown", "0010"),
    ("1900-01-01", "0000"),
    ("1900-01-01..open", "0000"),
    ("1900-01-01..2025-06-01", "0001"),
    ("2025-06-01..2025-05-01", "0011"),
]
RELATIONS = ("overlaps", "during", "starts in", "ends in")
WINDOWS = ("2025-01-01 to 2025-12-31", "(any STAY_COD)", "STAY_DAT", "(2024-12-01 + 1 month) to (2026-01-01 - 1 day)")
"""The same year, said in each way: two days, another record, the record that a field picked, days that are moved."""


@pytest.mark.parametrize(("shape", "answers"), SHAPES, ids=[shape for shape, _ in SHAPES])
def test_a_record_and_a_window(shape: str, answers: str) -> None:
    told = dict(zip(RELATIONS, answers, strict=True))
    wanted = {(relation, window): {told[relation] == "1"} for window in WINDOWS for relation in RELATIONS}
    fields = {f"N{n}": f"count records of ENC_COD where {' '.join(one)}" for n, one in enumerate(wanted)}
    records = f"{shape} ENC_COD; 2025-01-01..2025-12-31 STAY_COD"
    found = asked(records, [f"{name} > 0" for name in fields], STAY_DAT="latest STAY_COD", **fields)
    assert dict(zip(wanted, found, strict=True)) == wanted


@pytest.mark.parametrize("records", ["2024-12-30..2025-12-31 ENC_COD", "2025-12-30..2026-01-02 ENC_COD"])
def test_neither_encounter_over_the_turn_of_a_year_is_during_2025(records: str) -> None:
    assert counted(records, "during 2025-01-01 to 2025-12-31") == {False}


def test_dementia_that_ended_and_began_again_overlaps_no_encounter_between() -> None:
    dementia = "2020-01-01..2024-06-30 DEM_COD; 2025-09-01..open DEM_COD"
    encounters = "2025-03-10 ENC_COD; 2025-04-02..2025-04-20 ENC_COD"
    assert counted(f"{dementia}; {encounters}", "overlaps (any DEM_COD)") == {False}
    assert counted(f"{dementia}; 2024-06-30 ENC_COD", "overlaps (any DEM_COD)") == {True}
    assert counted(f"{dementia}; 2025-08-01..2025-09-01 ENC_COD", "overlaps (any DEM_COD)") == {True}


def test_begin_and_end_are_those_of_one_record() -> None:
    stays = "2024-01-01..2026-02-01 STAY_COD; 2025-05-01..2025-05-10 STAY_COD"
    latest = {"STAY_DAT": "latest STAY_COD", "STAY_END": "end of STAY_DAT"}
    assert both(stays, "STAY_DAT = 2025-05-01 and STAY_END = 2025-05-10", **latest) == {True}
    earliest = {"STAY_DAT": "earliest STAY_COD", "STAY_END": "end of STAY_DAT"}
    assert both(stays, "STAY_DAT = 2024-01-01 and STAY_END = 2026-02-01", **earliest) == {True}
    # Of one day the longest; of one that nobody knows the end of, and no other of that day, none.
    one_day = "2025-05-01..2025-05-03 STAY_COD; 2025-05-01..2025-05-10 STAY_COD; 2025-05-01..unknown STAY_COD"
    for fields in (latest, earliest):
        assert both(one_day, "STAY_END = 2025-05-10", **fields) == {True}
        assert both("2025-05-01..unknown STAY_COD", "STAY_END = Null and STAY_DAT <> Null", **fields) == {True}
        assert both("2025-05-01..open STAY_COD", "(STAY_END - 9000 years) > PPED", **fields) == {True}
        assert both("", "STAY_END = Null", **fields) == {True}
    timed = "2025-05-01 09:00 STAY_COD; 2025-05-01 08:00 STAY_COD; 2025-05-01..2025-05-09 STAY_COD"
    assert both(timed, "STAY_END = 2025-05-01", **latest) == {True}  # who says the time comes before who does not


# The test is at 10:30 of 1 May. Is the other record before it, is it after it?
ORDERS = [
    ("2025-04-30 ENC_COD", "10"),
    ("2025-05-01 10:29 ENC_COD", "10"),
    ("2025-05-01 10:30 ENC_COD", "00"),
    ("2025-05-01 10:31 ENC_COD", "01"),
    ("2025-05-01 00:00 ENC_COD", "10"),
    ("2025-05-01 ENC_COD", "00"),
    ("2025-05-01..2025-06-01 ENC_COD", "00"),
    ("2025-05-02 ENC_COD", "01"),
]


@pytest.mark.parametrize(("record", "answers"), ORDERS)
def test_the_order_within_a_day(record: str, answers: str) -> None:
    for order, answer in zip(("before", "after"), answers, strict=True):
        test = f"2025-05-01 10:30 TEST_COD; {record}"
        for which in ("latest", "earliest"):
            where = f"count records of ENC_COD where {order} TEST_DAT"
            assert both(test, "N > 0", TEST_DAT=f"{which} TEST_COD", N=where) == {answer == "1"}
        beside = f"latest TEST_COD where (any ENC_COD where {order} TEST_DAT)"
        assert both(test, "TEST_DAT <> Null", TEST_DAT=beside) == {answer == "1"}


def test_a_day_without_times_has_no_order() -> None:
    for order in ("before", "after"):
        where = f"count records of ENC_COD where {order} TEST_DAT"
        records = "2025-05-01 TEST_COD; 2025-05-01 10:30 ENC_COD"
        assert both(records, "N > 0", TEST_DAT="latest TEST_COD", N=where) == {False}
        assert both("2025-05-01 10:30 ENC_COD", "N > 0", N=f"count records of ENC_COD where {order} PPED") == {
            order == "before"
        }


SAYS = [
    ("2025-05-01 ENC_COD = 8517006", "answer = 8517006", True),
    ("2025-05-01 ENC_COD = LA15920-4", "answer = LA15920-4", True),
    ("2025-05-01 ENC_COD = Positive", "answer = positive", False),
    ("2025-05-01 ENC_COD = female", "answer = female", True),
    ("2025-05-01 ENC_COD = YES_COD", "answer in YES_COD", True),
    ("2025-05-01 ENC_COD = DEM_COD", "answer in YES_COD", False),
    ("2025-05-01 ENC_COD", "answer in YES_COD", False),
    ("2025-05-01 ENC_COD", "answer <> yes", False),
    ("2025-05-01 ENC_COD", "answer = Null", True),
    ("2025-05-01 ENC_COD refused", "negation = refused", True),
    ("2025-05-01 ENC_COD refused", "negation <> refused", False),
    ("2025-05-01 ENC_COD not done", "negation <> Null", True),
    ("2025-05-01 ENC_COD not done", "date > 2025-01-01", False),
    ("2025-05-01 ENC_COD", "negation = Null", True),
    ("2025-05-01 ENC_COD not done", "negation = Null or negation <> Null", True),
    ("2025-05-01 ENC_COD planned", "status = planned", True),
    ("2025-05-01 ENC_COD planned", "status <> final", True),
    ("2025-05-01 ENC_COD", "status <> final", False),
    ("2025-05-01 ENC_COD cancelled", "status <> final", False),
    ("2025-05-01 ENC_COD entered-in-error", "status <> Null", False),
    ("2025-05-01 ENC_COD planned", "date > 2025-01-01", False),
    ("2025-05-01 ENC_COD planned", "status <> Null or status = Null", True),
    ("2025-05-01 ENC_COD planned", "negation = Null", False),
    ("2025-05-01 ENC_COD refused", "status = Null", False),
    ("2025-05-01 ENC_COD planned refused", "status = planned", False),
    ("2025-05-01 ENC_COD planned refused", "negation = refused", False),
    ("2025-05-01 ENC_COD planned refused", "status = planned and negation = refused", True),
    # What a filter asks is settled before any record is read, and yet it asks.
    ("2025-05-01 ENC_COD planned", "status = final or PPSD < PPED", True),
    ("2025-05-01 ENC_COD planned", "date > 2025-01-01 and (status = final or PPSD < PPED)", True),
    ("2025-05-01 ENC_COD refused", "date > 2025-01-01 and (negation = not done or PPSD < PPED)", True),
    ("2025-05-01 ENC_COD planned", "date > 2025-01-01 and (negation = refused or PPSD < PPED)", False),
    # A record beside it is another, by whichever name.
    ("2025-05-01 ENC_COD; 2025-05-02 TEST_COD planned", "(any TEST_COD)", False),
    ("2025-05-01 ENC_COD; 2025-05-02 TEST_COD planned", "(not any TEST_COD)", True),
    ("2025-05-01 ENC_COD; 2025-05-02 TEST_COD planned", "(any TEST_COD where status = planned)", True),
    ("2025-05-01 ENC_COD; 2025-05-02 TEST_COD planned", "(any TEST_COD where negation = Null)", False),
    ("2025-05-01 ENC_COD; 2025-05-02 TEST_COD planned", "status = Null and (any TEST_COD where date > N)", False),
    ("2025-05-01 ENC_COD; 2025-05-02 TEST_COD planned", "(any TEST_COD as B where status of B = planned)", True),
    ("2025-05-01 ENC_COD planned; 2025-05-02 TEST_COD", "(any TEST_COD where status of N = planned)", False),
    ("2025-05-01 ENC_COD planned; 2025-05-02 TEST_COD",
     "status = planned and (any TEST_COD where status of N = planned)", True),
    ("2025-05-01 ENC_COD", "(not any TEST_COD)", True),
    ("2025-05-01 ENC_COD; 2025-05-02 TEST_COD", "(not any TEST_COD)", False),
    ("2025-05-01 ENC_COD; 2025-05-02 TEST_COD refused", "(not any TEST_COD)", True),
    ("2025-05-01 ENC_COD; 2025-05-02 TEST_COD refused", "(not any TEST_COD where negation = refused)", False),
    ("2025-05-01 ENC_COD; 2025-05-02 TEST_COD", "(not any TEST_COD where overlaps N)", True),
    ("2025-05-01..open ENC_COD; 2025-05-02 TEST_COD", "(not any TEST_COD where overlaps N)", False),
]  # fmt: skip


@pytest.mark.parametrize(("records", "where", "passes"), SAYS, ids=[f"{one[0]}: {one[1]}" for one in SAYS])
def test_what_a_record_says(records: str, where: str, passes: bool) -> None:
    assert counted(records, where) == {passes}


def test_the_innermost_of_three_speaks_of_the_middle_one() -> None:
    where = (
        "(any STAY_COD as B where date > N and (any TEST_COD where during B and date > date of B and end < end of B))"
    )
    stay = "2025-05-01 ENC_COD; 2025-05-10..2025-05-20 STAY_COD"
    assert counted(f"{stay}; 2025-05-11..2025-05-19 TEST_COD", where) == {True}
    assert counted(f"{stay}; 2025-05-10..2025-05-19 TEST_COD", where) == {False}
    assert counted(f"{stay}; 2025-05-11..2025-05-20 TEST_COD", where) == {False}
    two = f"{stay}; 2025-06-01..2025-06-30 STAY_COD; 2025-05-30..2025-06-02 TEST_COD"
    assert counted(two, where) == {False}  # begun in neither, ended in one


def test_no_definition_of_the_library_counts_begins_against_ends() -> None:
    """Since a record has an end, no pair of counts stands for it: of one another, or by whether an episode ended."""
    known = shipped()
    pairs: list[tuple[str, object]] = []
    for definition in [*known.registers.values(), *known.indicators.values()]:
        counts = {name for name, field in definition.fields.items() if isinstance(field, r.Tally)}
        asked = [rule.condition for rule in definition.rules]
        asked += [part for group in definition.parts.values() for part in group.values()]
        for condition in asked:
            compared = (part for part in r.conditions(condition) if isinstance(part, r.Compare))
            pairs += [(definition.code, one) for one in compared if {one.left, one.right} <= {*map(r.Name, counts)}]
        filters = {name: r.filter_of(definition.fields[name]) for name in counts}
        of_episodes = [name for name, where in filters.items() if where and r.OwnPart("episode") in r.terms(where)]
        pairs += [(definition.code, name) for name in of_episodes]
    assert pairs == []


def test_who_asks_none_of_it_scans_none_of_it() -> None:
    known = shipped()
    plan = query_plan([*known.indicators.values()], known.registers, ON)
    assert plan.needs & {"ends", "lasts", "status", "negation", "answer"} == set()
    assert plan.answers == ()
    asks = parse_field("latest ENC_COD where overlaps PPSD to PPED")
    one = r.Definition("I", "I", "registered", {"X_DAT": asks}, {}, (), "complete", "")
    rule = r.Rule(1, parse_condition("X_DAT <> Null"), "", "Select", "Select", r.NOT_ACHIEVED, r.NOT_ACHIEVED)
    assert query_plan([replace(one, rules=(rule,))], {}, ON).needs == {"ends"}


def _in_order_of_days(order: r.Order, own: spans.Moment, other: spans.Moment) -> bool:
    return spans.in_order(order, own._replace(time=None), other)


FAULTS: dict[str, tuple[Any, str, Any]] = {
    "oracle: windows": (conditions, "stands", lambda relation, own, window: spans.stands("overlaps", own, window)),
    "oracle: the order within a day": (conditions, "in_order", _in_order_of_days),
    "oracle: the record that is picked": (oracle_fields, "picked", lambda which, events: next(iter(events), None)),
    "oracle: ends": (oracle_fields, "end_of", lambda event: event.end or event.date),
    "engine: windows": (resolving, "stands", lambda relation, own, days: engine_spans.stands("overlaps", own, days)),
    "engine: the order within a day": (
        resolving, "in_order", lambda order, own, other: folding.compare(own[0], ">", other[0]),
    ),
    "engine: ends that have not come": (resolving, "_may_not_end", lambda term: False),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_one_engine_is_seen_by_the_other(monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    records = (
        "2025-05-01 09:00 TEST_COD; 2025-05-01 10:30 ENC_COD; 2024-12-30..2025-12-31 ENC_COD; "
        "2025-01-01..2025-12-31 STAY_COD; 2025-02-01..2025-03-01 STAY_COD; 2025-06-01..open DEM_COD"
    )
    given = {
        "TEST_DAT": "latest TEST_COD", "STAY_DAT": "latest STAY_COD", "STAY_END": "end of STAY_DAT",
        "DEM_DAT": "latest DEM_COD", "DEM_END": "end of DEM_DAT",
        "DURING_N": "count records of ENC_COD where during 2025-01-01 to 2025-12-31",
        "AFTER_N": "count records of ENC_COD where after TEST_DAT",
    }  # fmt: skip
    wanted = ["DURING_N = 1", "AFTER_N = 1", "STAY_END = 2025-03-01", "(DEM_END + 1 day) > PPED"]
    assert asked(records, wanted, **given) == [{True}] * 4
    where, name, faulty = FAULTS[fault]
    monkeypatch.setattr(where, name, faulty)
    assert {True, False} in asked(records, wanted, **given), f"nothing tells that {name} of {where.__name__} is wrong"
