"""What the oracle and the engine each say of dates, comparisons and units, beside values worked out by hand.

Both have functions of their own for these; the table is of neither. `test_engine_dates.py` holds the SQL to the oracle.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from functools import partial

import pytest

from remit.evaluation.engine import constants
from remit.evaluation.model import Dates
from remit.evaluation.reference import measured, people, values
from remit.records import values as values_of_records
from remit.records.measures import shipped_measures
from remit.rules import model as r

SIDES = ["oracle", "engine"]


def day(text: str) -> date:
    return date.fromisoformat(text)


MOVED: list[tuple[str, int, r.Unit, str | None]] = [
    # An ordinary day, each unit, both ways.
    ("2024-05-15", 1, "day", "2024-05-16"), ("2024-05-15", -15, "day", "2024-04-30"),
    ("2024-05-15", 2, "week", "2024-05-29"), ("2024-05-15", -3, "week", "2024-04-24"),
    ("2024-05-15", 3, "month", "2024-08-15"), ("2024-05-15", -5, "month", "2023-12-15"),
    ("2024-05-15", 1, "year", "2025-05-15"), ("2024-05-15", -10, "year", "2014-05-15"),
    ("2024-05-15", 0, "month", "2024-05-15"), ("2024-05-15", 24, "month", "2026-05-15"),
    # Month ends: the windows of a scheme year.
    ("2025-03-31", -9, "month", "2024-06-30"), ("2025-03-31", -12, "month", "2024-03-31"),
    ("2025-03-31", -1, "month", "2025-02-28"), ("2024-03-31", -1, "month", "2024-02-29"),
    ("2024-01-31", 1, "month", "2024-02-29"), ("2023-01-31", 1, "month", "2023-02-28"),
    ("2024-08-31", 1, "month", "2024-09-30"), ("2024-06-30", 9, "month", "2025-03-30"),
    ("2024-12-31", 2, "month", "2025-02-28"), ("2024-11-30", -9, "month", "2024-02-29"),
    # Leap days, of a year, of a century, of four of them.
    ("2024-02-29", 1, "year", "2025-02-28"), ("2024-02-29", -1, "year", "2023-02-28"),
    ("2024-02-29", 4, "year", "2028-02-29"), ("2024-02-29", 12, "month", "2025-02-28"),
    ("2023-02-28", 1, "year", "2024-02-28"), ("2024-02-28", 1, "day", "2024-02-29"),
    ("1900-02-28", 1, "day", "1900-03-01"), ("2000-02-28", 1, "day", "2000-02-29"),
    ("2000-02-29", 100, "year", "2100-02-28"), ("2000-02-29", 400, "year", "2400-02-29"),
    # The ends of the calendar.
    ("9999-12-31", 1, "day", None), ("9999-12-30", 1, "day", "9999-12-31"), ("9999-12-01", 1, "month", None),
    ("9999-11-30", 1, "month", "9999-12-30"), ("9999-01-01", 1, "year", None), ("0001-01-01", -1, "day", None),
    ("0001-01-08", -1, "week", "0001-01-01"), ("0001-01-31", -1, "month", None), ("0001-12-31", -1, "year", None),
    ("0002-01-31", -1, "year", "0001-01-31"), ("2024-05-15", 99_999, "year", None),
    # 400 years are 146,097 days, or 20,871 weeks.
    ("2024-05-15", -20_871, "week", "1624-05-15"), ("2024-05-15", 146_097, "day", "2424-05-15"),
]  # fmt: skip


@pytest.mark.parametrize("side", SIDES)
def test_days_are_moved_by_the_calendar(side: str) -> None:
    moved = {"oracle": people.shifted, "engine": constants.moved_day}[side]
    found = [(start, amount, unit, moved(day(start), amount, unit)) for start, amount, unit, _ in MOVED]
    assert found == [(start, amount, unit, end and day(end)) for start, amount, unit, end in MOVED]


APRIL, MARCH = day("2024-04-01"), day("2025-03-31")
COMPARED: list[tuple[date | int | str, r.Comparison, date | int | str, bool]] = [
    (APRIL, "=", APRIL, True), (APRIL, "=", MARCH, False), (APRIL, "<>", APRIL, False), (APRIL, "<>", MARCH, True),
    (MARCH, "<>", APRIL, True), (APRIL, "<", MARCH, True), (APRIL, "<", APRIL, False), (MARCH, "<", APRIL, False),
    (APRIL, "<=", MARCH, True), (APRIL, "<=", APRIL, True), (MARCH, "<=", APRIL, False), (MARCH, ">", APRIL, True),
    (APRIL, ">", APRIL, False), (APRIL, ">", MARCH, False), (MARCH, ">=", APRIL, True), (APRIL, ">=", APRIL, True),
    (APRIL, ">=", MARCH, False), (-1, "<", 0, True), (140_000_000, "<=", 140_000_000, True),
    (140_000_001, "<=", 140_000_000, False), (999_999_999_999_999_999, ">", 999_999_999_999_999_998, True),
    ("female", "=", "female", True), ("female", "=", "male", False), ("first", "<>", "new", True),
]  # fmt: skip


@pytest.mark.parametrize("side", SIDES)
def test_like_is_compared_with_like(side: str) -> None:
    def oracle(left: date | int | str, op: r.Comparison, right: date | int | str) -> bool:
        one, other = (Fraction(given) if isinstance(given, int) else given for given in (left, right))
        return values.compared(one, op, other)

    compared = {"oracle": oracle, "engine": constants.holds}[side]
    assert [compared(left, op, right) for left, op, right, _ in COMPARED] == [true for *_, true in COMPARED]


SAME_UNITS = [
    ("mmHg", "mm[Hg]"), ("mmHg", "MMHG"), ("mmHg", "mm Hg"), ("MM[hg]", " mm [ HG ]"), ("%", "%"), ("mmHg", "mm/Hg"),
    ("mmol/mol", "mmol/MOL"), ("mL/min/{1.73_m2}", "ml/min/{1.73_M2}"), ("mmol/mol", "mmol/mol{Hb}"),
    ("mmol/mol", "mmol/mol Hb"), ("mmol/L", "mmol/litre"), ("%", "per cent"), ("kg/m2", "kg/m\N{SUPERSCRIPT TWO}"),
    ("kg/m2", "kg/m^2"), ("umol/L", "\N{MICRO SIGN}mol/l"), ("umol/L", "\N{GREEK SMALL LETTER MU}mol/L"),
    ("\N{MICRO SIGN}g", "\N{GREEK SMALL LETTER MU}G"), ("kg", "\N{KELVIN SIGN}g"), ("ß", "SS"), ("[ ]", ""),
    ("{x}", ""),
]  # fmt: skip
OTHER_UNITS = [
    ("mmHg", "kPa"), ("mmol/mol", "mmol/l"), ("kg/m2", "kg/m3"), ("%", ""), ("g", "mg"), ("a-b", "a_b"), ("m", "mm"),
    ("mL/min", "mL/min/1.73m2"), ("mmol/L", "umol/L"), ("mmol/L", "mg/dL"), ("{a{b}c}", "{ac}{}d"), ("{", "}"),
]  # fmt: skip
KEYS: dict[str, Callable[[str], str]] = {
    "oracle": partial(measured.unit_key, shipped_measures()),
    "engine": partial(values_of_records.unit_key, shipped_measures()),
}


@pytest.mark.parametrize("side", SIDES)
def test_units_are_the_same_whatever_their_spelling(side: str) -> None:
    key = KEYS[side]
    assert [(one, other) for one, other in SAME_UNITS if key(one) != key(other)] == []
    assert [(one, other) for one, other in OTHER_UNITS if key(one) == key(other)] == []


def test_both_read_every_letter_of_a_unit_alike() -> None:
    letters = map(chr, range(sys.maxunicode + 1))
    shortened = measured._shortened.__wrapped__  # without its cache
    assert [one for one in letters if shortened(one) != values_of_records.folded(one)] == []


@pytest.mark.parametrize("text", ["{a{b}c}", "}{a}", "{{}}", "a{b", "a}b{c}d", "{}", "x{y}{z}"])
def test_both_read_notes_in_braces_alike(text: str) -> None:
    assert KEYS["oracle"](text) == KEYS["engine"](text)


def test_both_have_the_same_limits() -> None:
    measures = shipped_measures()
    clusters = [(), *((limit.cluster,) for limit in measures.limits), ("CHAD_COD", "CHADVASC_COD"), ("X_COD",)]
    units = ["", "?", *(KEYS["engine"](limit.unit) for limit in measures.limits)]
    differ = [
        (of, unit)
        for of in clusters
        for unit in units
        if measured.limits_of(measures, frozenset(of), unit) != values_of_records.possible(measures, of, unit)
    ]
    assert differ == []


@pytest.mark.parametrize("side", SIDES)
def test_the_dates_of_a_run_have_their_names(side: str) -> None:
    named = {"oracle": people.named_dates, "engine": constants.dates_by_name}[side]
    assert named(Dates(day("2024-09-30"), APRIL, MARCH)) == {
        "ACHV_DAT": day("2024-09-30"), "PPSD": APRIL, "PPED": MARCH, "QSSD": APRIL, "QSED": MARCH,
        "MPSD": APRIL, "MPED": MARCH,
    }  # fmt: skip
    assert named(Dates(MARCH, APRIL, MARCH)).keys() == r.DATES.keys()
