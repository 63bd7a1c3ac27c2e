"""Going on from an earlier evaluation, case by case: what a record that came or went does to what was kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from tests.generative import rule_made as made
from tests.generative.test_engines_agree import given_to

from remit.evaluation.engine.mending import Column
from remit.evaluation.engine.onward import Change, Onward
from remit.evaluation.engine.planning import query_plan
from remit.evaluation.engine.results import Cells
from remit.evaluation.plan import members
from remit.records.model import Event, Patient, Registration
from remit.rules import model as r

MAY, JUNE, LAST = date(2024, 5, 1), date(2024, 6, 1), date(2025, 2, 28)
SELECTED = r.Rule(1, r.IsNull(r.Name("A_DAT"), absent=False), "", "Select", "Reject", None, None)
REGISTER = r.Definition("REG", "", "registered", {"A_DAT": r.Pick("latest", ("A_COD",), None)}, {}, (SELECTED,),
                        "complete", "", "", True)  # fmt: skip
LOW: dict[str, r.Field] = {
    "B_DAT": r.Pick("latest", ("B_COD",), None),
    "LOW": r.Value("lowest", ("B_COD",), "B_DAT", ""),
    "FIRST_DAT": r.Pick("earliest", ("B_COD",), None),
    "LIVED_N": r.Tally("days", ("B_COD",), r.Compare(r.OwnPart("date"), ">", r.Name("PAT_DOB"))),
}


def asked(condition: r.Condition) -> r.Definition:
    rule = r.Rule(1, condition, "", "Select", "Reject", r.Counts("achieved"), r.Counts("exclusion", "NO"))
    return r.Definition("IND", "", "registered", LOW, {}, (rule,), "complete", "", "", False)


def patient(*events: Event, died: date | None = None) -> Patient:
    return Patient("1", "A1", date(1960, 1, 1), "F", died, (Registration("A1", date(2010, 1, 1), None),), events, "")


def event(day: date, code: str, value: str | None = None) -> Event:
    return Event(day, code, None if value is None else Decimal(value), "", "", "")


def both(
    definition: r.Definition, then: Patient, now: Patient, came: tuple[Event, ...] = (), gone: tuple[Event, ...] = ()
) -> list[list[int]]:
    """Which side decides: as it was, going on from that, and of all records. Beside the patient is another, of whom a
    record of the same kind came."""
    plan = query_plan([definition, members("in REG", REGISTER)], {"REG": REGISTER}, made.DATES)
    engines = [Onward(plan, made.CODES, keep=True) for _ in range(3)]
    other, more = replace(patient(), id="2"), (event(MAY, "b1"),)
    (was,) = engines[0].run([given_to(engines[0], "A1", [then, other])])
    assert was.kept is not None
    all_now = [now, replace(other, events=more)]
    whole = given_to(engines[1], "A1", all_now)
    one = given_to(engines[1], "came", [replace(now, events=came), replace(other, events=more)])
    two = given_to(engines[1], "gone", [replace(now, events=gone), other])
    (onward,) = engines[1].go_on([Change(whole, replace(one, practice="A1"), replace(two, practice="A1"), was.kept)])
    (anew,) = engines[2].run([given_to(engines[2], "A1", all_now)])
    assert [code.tolist() for code in onward.codes] == [code.tolist() for code in anew.codes]
    return [[int(code[0]) for code in found.codes] for found in (was, onward, anew)]


SEVEN = r.Compare(r.Name("LOW"), "=", r.Constant(Decimal(7)))
LIVED = r.Compare(r.Name("LIVED_N"), "=", r.Constant(Decimal(1)))
FIRST = r.Compare(r.Name("FIRST_DAT"), "=", r.Constant(MAY))
NINE = event(LAST, "b1", "9")


@pytest.mark.parametrize(
    ("condition", "then", "came", "gone"),
    [
        (SEVEN, (NINE,), (event(LAST, "b1", "7"),), ()),  # a lower value of the same day
        (SEVEN, (event(JUNE, "b1", "9"),), (event(LAST, "b1", "7"),), ()),  # of a later day
        (SEVEN, (NINE, event(JUNE, "b1", "7")), (), (NINE,)),  # the later one went
        (LIVED, (NINE, event(JUNE, "b1")), (), (NINE,)),  # the same, of a filter that asks for a fact
        (FIRST, (NINE,), (event(MAY, "b1"),), ()),  # an earlier record came late
        (FIRST, (event(MAY, "b1"), event(date(2020, 1, 1), "b1")), (), (event(date(2020, 1, 1), "b1"),)),
    ],
)  # fmt: skip
def test_what_came_and_what_went(
    condition: r.Condition, then: tuple[Event, ...], came: tuple[Event, ...], gone: tuple[Event, ...]
) -> None:
    left = tuple(sorted((e for e in (*then, *came) if e not in gone), key=lambda e: e.date))
    was, onward, anew = both(asked(condition), patient(*then), patient(*left), came, gone)
    assert onward == anew != was


@pytest.mark.parametrize("joins", [True, False])
def test_a_register_that_is_the_population(joins: bool) -> None:
    """Who joins it or leaves it, although the rules ask for nothing that has changed."""
    on, of = event(MAY, "a1"), replace(asked(FIRST), population="REG")
    without, with_ = patient(event(MAY, "b1")), patient(on, event(MAY, "b1"))
    then, now = (without, with_) if joins else (with_, without)
    came, gone = ((on,), ()) if joins else ((), (on,))
    was, onward, anew = both(of, then, now, came, gone)
    assert onward == anew != was


def test_who_died_since() -> None:
    was, onward, anew = both(asked(FIRST), patient(NINE), patient(NINE, died=MAY))
    assert onward == anew != was


def test_a_column_is_mended() -> None:
    column = Column(4, "date", Cells(np.array([5, 0, 7, 3], "i4"), np.array([False, True, False, False])))
    whom = np.array([True, True, True, False])
    said: tuple[np.ndarray, np.ndarray] = (
        np.array([0, 1, 2, 3]),
        np.ma.array([4, 9, 0, 1], mask=[False, False, True, False], dtype="i4"),
    )
    column.better(whom, said, np.maximum)
    assert column.cells.values.tolist() == [5, 9, 7, 3]
    assert column.changed.tolist() == [False, True, False, False]
    column.replace(whom, (np.array([0]), np.ma.array([6], dtype="i4")))
    assert column.cells.missing.tolist() == [False, True, True, False]
    assert column.cells.values[[0, 3]].tolist() == [6, 3]
    assert column.changed.tolist() == [True, True, True, False]
