"""DuckDB's SQL of values that nobody can have: which there are in `records`, how many, and how they become missing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from remit.evaluation.engine.dialect import UNITS as UNITS
from remit.evaluation.engine.dialect import all_of, any_of, plain, written

Limits = tuple[int, int]


def value_ranges(slices: Iterable[int], spans: bool = False) -> str:
    """Of each slice and unit the least and the greatest value in `records`."""
    which, value = ", ".join(map(str, slices)), written("records", spans)
    return (
        f"SELECT slice, unit, min({value}), max({value}) FROM records\n"
        f"WHERE value IS NOT NULL AND slice IN ({which}) GROUP BY slice, unit ORDER BY slice, unit"
    )


def leave_out(slice_: int, unit: int | None, limits: Limits, spans: bool = False) -> str:
    """Makes the values of `records` missing that are outside the limits."""
    ends = "value = NULL, high = NULL" if spans else "value = NULL"
    outside = _outside(written("records", spans), limits)
    return f"UPDATE records SET {ends} WHERE slice = {slice_} AND {_in_unit('unit', unit)} AND {outside}"


def values_counted(
    slice_: int, unit: int | None, limits: Sequence[Limits], spans: bool = False, needed: Collection[str] = ()
) -> str:
    """By practice how many values of a slice are in a unit, and how many of them nobody can have: those outside the
    first limits, and outside each of the others where there are some. `needed`: as `plain` has it."""
    first, *others = (_outside(written("e", spans), one) for one in limits)
    outside = any_of([first, all_of(others)]) if others else first
    tests = [f"e.slice = {slice_}", _in_unit("e.unit", unit), "e.value IS NOT NULL", *plain("e", needed)]
    return (
        f"SELECT t.practice, count(*), count(*) FILTER (WHERE {outside}) FROM records e JOIN patients t ON t.p = e.p\n"
        f"WHERE {' AND '.join(tests)} GROUP BY t.practice"
    )


def _in_unit(column: str, unit: int | None) -> str:
    return f"{column} IS NULL" if unit is None else f"{column} = {unit}"


def _outside(value: str, limits: Limits) -> str:
    return f"({value} < {limits[0]} OR {value} > {limits[1]})"


def values_written(scanned: str, slice_: int, limits: Limits, spans: bool = False) -> str:
    """Of a scan's values in a slice how many are written in each unit, and how many of them are outside the limits."""
    outside = _outside(written("found", spans), limits)
    return (
        f"SELECT unit, count(*), count(*) FILTER (WHERE {outside}) FROM ({scanned}) found\n"
        f"WHERE slice = {slice_} AND value IS NOT NULL GROUP BY unit ORDER BY unit"
    )
