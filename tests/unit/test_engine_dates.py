"""Where dialects differ, one helper each: full years and moved dates in SQL, beside the interpreter's, day by day."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import duckdb
import pytest

from remit.evaluation.engine import nodes as n
from remit.evaluation.engine.dialect import full_years, literal, moved
from remit.evaluation.engine.folding import compare, is_null
from remit.evaluation.reference import age, shifted
from remit.rules import model as r

DAYS = [
    date.min, date(4, 2, 29), date(1900, 2, 28), date(1960, 2, 29), date(1960, 3, 31), date(1999, 12, 31),
    date(2000, 1, 1), date(2000, 2, 29), date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1), date(2024, 3, 30),
    date(2024, 3, 31), date(2024, 4, 1), date(2025, 2, 28), date(2025, 3, 31), date(9999, 11, 30), date.max,
]  # fmt: skip


@pytest.fixture(scope="module")
def sql() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def test_full_years(sql: duckdb.DuckDBPyConnection) -> None:
    pairs = [*product(DAYS, DAYS)]
    pairs += [(date(1960, 3, 15), date(2025, 3, 1) + timedelta(days)) for days in range(40)]
    told = [f"({literal(born)}, {literal(on)}, {age(born, on)})" for born, on in pairs]
    query = (
        f"SELECT born, day, {full_years('born', 'day')}, told FROM (VALUES {', '.join(told)}) given(born, day, told)"
    )
    rows = sql.execute(query).fetchall()
    assert len(rows) == len(pairs)
    assert [row for row in rows if row[2] != row[3]] == []


@pytest.mark.parametrize("unit", ["day", "week", "month", "year"])
def test_moved_dates(sql: duckdb.DuckDBPyConnection, unit: r.Unit) -> None:
    for amount in (0, 1, -1, 3, -9, 12, 13, -11, 48, -400, 99_999, -99_999):
        days = ", ".join(f"({literal(day)})" for day in DAYS)
        rows = sql.execute(f"SELECT day, {moved('day', amount, unit)} FROM (VALUES {days}) given(day)").fetchall()
        assert dict(rows) == {day: shifted(day, amount, unit) for day in DAYS}


def test_what_is_known_before_any_record_is_read() -> None:
    day, later = n.Const(date(2024, 4, 1)), n.Const(date(2025, 3, 31))
    assert [is_null(n.Missing(), absent) for absent in (True, False)] == [n.TRUE, n.FALSE]
    assert [is_null(day, absent) for absent in (True, False)] == [n.FALSE, n.TRUE]
    assert [compare(day, op, later) for op in ("<", "=", "<>", ">=")] == [n.TRUE, n.FALSE, n.TRUE, n.FALSE]
    assert {compare(n.Missing(), op, later) for op in ("=", "<>", "<", ">")} == {n.FALSE}
    assert compare(n.Const(1_500_000), "<", n.Const(2_000_000)) == n.TRUE
