"""A fault in either engine is seen by the other: what a rule means is written twice, and the agreement tests can fail.

Each fault is planted in one function of one side, over rules and people on the edge of what it decides.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from tests.generative.test_engines_agree import both

from remit.evaluation.engine import constants, dialect, folding, left_out, resolving
from remit.evaluation.reference import chart, conditions, fields, measured, people, values
from remit.records.model import Event, Patient, Registration
from remit.rules import model as r
from remit.rules.parse import parse_condition, parse_field

FIELDS = {
    "A_DAT": "latest A_COD where date >= (PPED - 9 months)",
    "B_DAT": "earliest B_COD",
    "B_VAL": "lowest value of B_COD on B_DAT in mm[Hg]",
    "C_DAT": "earliest C_COD",
    "GAP_N": "longest gap in D_COD from QSSD to PPED",
    "C_VAL": "lowest value of C_COD on C_DAT in mm[Hg]",
}
RULES = {
    "window folded before any record is read": "A_DAT <> Null",
    "window of each record": "(B_DAT + 1 month) >= A_DAT",
    "unit": "B_VAL <= 140",
    "limits": "C_VAL <= 140",
    "a number of days is no day": "GAP_N >= 0",
    "two constants": "PPED <= ACHV_DAT",
    "start of the service": "A_DAT >= QSSD",
    "age": "age on B_DAT >= 64",
    "registration": "REG_DAT > (PPED - 3 months)",
}


def indicator(code: str, text: str) -> r.Definition:
    """Whoever meets the condition is a PCA, so that the day of it is decided too."""
    fields = {name: parse_field(field) for name, field in FIELDS.items()}
    pca, done = r.Counts("pca", "X", r.PCA_KINDS[0]), r.Counts("achieved")
    rule = r.Rule(1, parse_condition(text), text, "Reject", "Select", pca, done)
    return r.Definition(code, code, "registered", fields, {}, (rule,), "complete", "")


KNOWN: tuple[dict[str, r.Definition], dict[str, r.Definition]] = (
    {},
    {code: indicator(code, text) for code, text in RULES.items()},
)


def person(id: str, start: str, end: str | None, born: str, *events: tuple[str, str, str, str]) -> Patient:
    """Events are day, code, value and unit."""
    coded = (Event(date.fromisoformat(day), code, Decimal(value), unit) for day, code, value, unit in events)
    stay = Registration("A1", date.fromisoformat(start), date.fromisoformat(end) if end else None)
    return Patient(id, "A1", date.fromisoformat(born), "F", None, (stay,), tuple(coded))


PEOPLE = [
    # At the first day of nine months before 31 March 2025; one month before that; 140 to the dot; 64 on the day.
    person("0", "2010-01-01", None, "1960-05-30",
           ("2024-05-30", "b1", "140", "MMHG"), ("2024-05-30", "c1", "13", "mmHg"), ("2024-06-30", "a1", "1", "")),
    person("1", "2025-02-01", "2025-03-31", "1990-01-01", ("2024-07-01", "a1", "1", "")),
]  # fmt: skip


def differ() -> dict[Any, Any]:
    fast, slow = both(PEOPLE, KNOWN)
    assert fast.keys() == slow.keys()
    return {key: (fast[key], slow[key]) for key in slow if fast[key] != slow[key]}


def test_the_engines_agree_where_neither_has_a_fault() -> None:
    assert differ() == {}
    _, slow = both(PEOPLE, KNOWN)
    decided = {code: [slow[code, p][1:2] + slow[code, p][3:] for p in range(2)] for code in RULES}
    assert decided == {
        "window folded before any record is read": [(True, date(2024, 6, 30)), (True, date(2024, 7, 1))],
        "window of each record": [(True, date(2024, 6, 30)), (False, None)],
        "unit": [(True, None), (False, None)],
        "limits": [(False, None), (False, None)],
        "a number of days is no day": [(True, None), (True, None)],
        "two constants": [(True, None), (True, None)],
        "start of the service": [(True, date(2024, 6, 30)), (True, date(2024, 7, 1))],
        "age": [(True, date(2024, 5, 30)), (False, None)],
        "registration": [(False, None), (True, date(2025, 2, 1))],
    }


def late(moved: Callable[..., date | None]) -> Callable[..., date | None]:
    """A day late where the month is shorter."""

    def faulty(day: date, amount: int, unit: r.Unit) -> date | None:
        found = moved(day, amount, unit)
        return found + timedelta(1) if found and found.day < day.day and unit == "month" else found

    return faulty


def strict(compared: Callable[..., bool]) -> Callable[..., bool]:
    """At most taken for less than."""
    return lambda left, op, right: compared(left, "<" if op == "<=" else op, right)


def swapped(named: Callable[..., dict[str, date]]) -> Callable[..., dict[str, date]]:
    """The service starts when the payment period ends."""
    return lambda dates: named(dates) | {"QSSD": dates.end}


FAULTS: dict[str, tuple[Any, str, Any]] = {
    "oracle: moved days": (conditions, "shifted", late(people.shifted)),
    "oracle: comparisons": (conditions, "compared", strict(values.compared)),
    "oracle: units": (measured, "unit_key", lambda measures, text: text),
    "oracle: limits": (measured, "limits_of", lambda measures, clusters, unit: (Fraction(0), Fraction(10**12))),
    "oracle: dates of the run": (fields, "named_dates", swapped(people.named_dates)),
    "oracle: days of a PCA": (
        chart, "dated_names", lambda condition, definition: r.names_in(condition) & definition.fields.keys(),
    ),
    "oracle: ages": (conditions, "age", lambda born, on: on.year - born.year - (on.month < born.month) - 1),
    "oracle: registrations": (
        chart, "registration_on",
        lambda patient, day: next((s for s in patient.registrations if s.start <= day and not s.end), None),
    ),
    "engine: moved days": (resolving, "moved_day", late(constants.moved_day)),
    "engine: comparisons": (folding, "holds", strict(constants.holds)),
    "engine: units of rules": (resolving, "unit_key", lambda measures, text: text),
    "engine: units of records": (left_out, "unit_key", lambda measures, text: text),
    "engine: limits": (resolving, "possible", lambda measures, clusters, unit: (Decimal(0), Decimal(10**11))),
    "engine: dates of the run": (resolving, "dates_by_name", swapped(constants.dates_by_name)),
    "engine: moved days in SQL": (
        dialect, "moved",
        lambda day, amount, unit, endless=False: f"CAST({day} + INTERVAL ({amount}) MONTH AS DATE) + 1",
    ),
    "engine: ages in SQL": (dialect, "full_years", lambda born, on: f"(year({on}) - year({born}) - 1)"),
    "engine: comparisons in SQL": (dialect, "compared", strict(dialect.compared)),  # type: ignore[arg-type]
    "engine: missing values in SQL": (dialect, "present", dialect.missing),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_one_engine_is_seen_by_the_other(monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    where, name, faulty = FAULTS[fault]
    monkeypatch.setattr(where, name, faulty)
    assert differ(), f"nothing tells that {name} of {where.__name__} is wrong"
