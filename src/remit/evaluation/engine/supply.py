"""DuckDB's SQL of days of supply: what records cover of a window of each patient, and the gaps between."""

from __future__ import annotations

from collections.abc import Sequence

from remit.evaluation.engine.dialect import literal
from remit.records.model import UNKNOWN_DAY
from remit.rules import model as r

_DAYS = "w1 - w0 + 1"
_SUMMED: dict[r.SupplyOf, str] = {
    "covered": f"CAST(max({_DAYS}) - sum(greatest(days, 0)) AS BIGINT)",
    "longest gap": "CAST(max(greatest(days, 0)) AS BIGINT)",
    "earliest": "min(g0) FILTER (WHERE days >= least)",
    "latest": "max(g0) FILTER (WHERE days >= least)",
}
_ENDS = "coalesce(e.ends, e.d)"


def statement(
    what: r.SupplyOf,
    first: str,
    last: str,
    least: str,
    joins: Sequence[str],
    facts: bool,
    plain: Sequence[str],
    until: str,
) -> str:
    """Of each patient with a window: p, f and what is asked for. A template for `dialect.statement`.

    Every patient has a row, of whom there are no records too. After the last record stands the day after the window, so
    that what is free behind it is a gap like any other. `plain` are the tests of what did happen. `until` is the day
    up to which records are seen, where that is not the run's.
    """
    until_column = f", {until} AS until" if until else ""
    more = ["JOIN patients t ON t.p = e.p"] if facts else []
    tests = [
        f"e.d <> {literal(UNKNOWN_DAY)}", "e.d <= w1", f"{_ENDS} >= w0", f"{_ENDS} >= e.d",
        *plain, *(["e.d <= until"] if until else []),
    ]  # fmt: skip
    return (
        f"WITH windows AS (SELECT e.p, q.f, q.slice, {first} AS w0, {last} AS w1, {least} AS least{until_column}\n"
        f"FROM patients e CROSS JOIN {{parameters}} {' '.join([*joins, *more])} WHERE q.slice IN ({{slices}})),\n"
        "spans AS (SELECT w.p, w.f, w0, w1, least, greatest(e.d, w0) AS b, least(" + _ENDS + ", w1) AS z\n"
        "FROM windows w JOIN records e ON e.p = w.p AND e.slice = w.slice\n"
        f"WHERE {' AND '.join(tests)}\n"
        "UNION ALL SELECT p, f, w0, w1, least, w1 + 1, w1 + 1 FROM windows WHERE w0 <= w1),\n"
        "free AS (SELECT *, coalesce(max(z) OVER (PARTITION BY p, f ORDER BY b, z\n"
        "ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) + 1, w0) AS g0, b - g0 AS days FROM spans)\n"
        f"SELECT p, f, {_SUMMED[what]} FROM free WHERE w0 <= w1 GROUP BY p, f"
    )
