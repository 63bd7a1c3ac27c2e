"""DuckDB's SQL: with `scan`, the modules that write it. Texts go in and a text comes out; no rule is known here.

A missing side makes a comparison NULL, which counts as false: nothing here is ever negated but EXISTS, which is
never NULL. Dates are DATE; whole numbers and half-millionths are BIGINT and are compared as half-millionths; a mean is
its sum over its count, never divided.
`templates` says which tables the statements read.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import assert_never

import duckdb

from remit.evaluation.engine.constants import WORDS
from remit.evaluation.engine.nodes import MICRO, OPEN
from remit.records.model import UNASKED

UNITS = 1024
"""More than a plan has units. A record's unit is its place in the plan, and so many more for each further spelling."""

HALF = 10**15
"""A sum of values is kept as `high * HALF + low`, each within 64 bits."""

TRUE, FALSE = "TRUE", "FALSE"
NO_DATE, NO_NUMBER = "CAST(NULL AS DATE)", "CAST(NULL AS BIGINT)"


# Values.


def literal(value: date | int | str) -> str:
    """A constant written out."""
    match value:
        case date():
            return f"DATE '{value.isoformat()}'"
        case str():  # a NUL would end the statement
            return " || chr(0) || ".join("'" + part.replace("'", "''") + "'" for part in value.split("\0"))
        case int():
            return f"CAST({value} AS BIGINT)"
        case _:
            assert_never(value)


def moved(day: str, amount: int, unit: str, endless: bool = False) -> str:
    """A date moved; missing outside the years 1 to 9999. Months clamp to the month's last day. `endless`: the last day
    of all stays as it is."""
    if unit in ("day", "week"):
        shifted = f"({day} + {amount * (7 if unit == 'week' else 1)})"
    else:
        shifted = f"CAST({day} + INTERVAL ({amount * (12 if unit == 'year' else 1)}) MONTH AS DATE)"
    stays = f"WHEN {day} = {literal(date.max)} THEN {day} " if endless else ""
    return f"CASE {stays}WHEN {shifted} {_CALENDAR} THEN {shifted} END"


_CALENDAR = "BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'"


def full_years(born: str, on: str) -> str:
    """Full years between two dates; rounded down for a date before the birth too."""
    since = f"(year({on}) - year({born})) * 10000 + month({on}) * 100 + day({on}) - month({born}) * 100 - day({born})"
    return f"(({since} + 100000000) // 10000 - 10000)"


def furthest(days: Iterable[str], later: bool) -> str:
    """The later or earlier of dates, those that are missing left out."""
    return f"{'greatest' if later else 'least'}({', '.join(days)})"


def millionths(whole: str) -> str:
    """A whole number in half-millionths."""
    return f"{whole} * {MICRO}"


def count_or_none(column: str) -> str:
    """A count that is 0 for those of whom nothing was counted."""
    return f"coalesce({column}, 0)"


def sum_of_halves(low: str, high: str) -> str:
    """A sum that does not fit 64 bits, from its halves."""
    return f"({low} + CAST({high} AS HUGEINT) * {HALF})"


# Conditions.


def all_of(conditions: Iterable[str]) -> str:
    """All of the conditions, of which there is one at least."""
    return f"({' AND '.join(conditions)})"


def any_of(conditions: Iterable[str]) -> str:
    """One of the conditions, of which there is one at least."""
    return f"({' OR '.join(conditions)})"


def how_many(conditions: Iterable[str]) -> str:
    """How many of the conditions are true."""
    return f"({' + '.join(f'CASE WHEN {condition} THEN 1 ELSE 0 END' for condition in conditions)})"


def one_of(value: str, texts: Iterable[str]) -> str:
    """Whether a value is one of some texts; there is one at least."""
    return f"{value} IN ({', '.join(texts)})"


def chosen(cases: Iterable[tuple[str, str]], otherwise: str) -> str:
    """The value of the first condition that is true."""
    when = " ".join(f"WHEN {condition} THEN {value}" for condition, value in cases)
    return f"CASE {when} ELSE {otherwise} END" if when else otherwise


def missing(value: str) -> str:
    """Whether a value is missing."""
    return f"{value} IS NULL"


def present(value: str) -> str:
    """Whether a value is there."""
    return f"{value} IS NOT NULL"


def plain(alias: str, needed: Collection[str], named: Collection[str] = ()) -> list[str]:
    """The tests that leave out the records that are seen only where a filter names one of their parts. `needed` are the
    parts for which `records` has such, `named` those that the filter names."""
    tests = []
    for part, words in UNASKED.items():
        if part in needed and part not in named:
            own, numbers = column(alias, part), ", ".join(str(WORDS[part].index(word)) for word in words)
            tests.append(any_of([missing(own), f"{own} NOT IN ({numbers})"]))
    return tests


def true_or_false(condition: str) -> str:
    """A condition that is false where it is missing."""
    return f"coalesce({condition}, FALSE)"


def compared(left: str, op: str, right: str) -> str:
    """A comparison."""
    return f"{left} {op} {right}"


def compared_over(left: tuple[str, str], op: str, right: tuple[str, str]) -> str:
    """A comparison of fractions: each is a numerator with what it is over, '' for 1. None is divided."""
    (one, of_one), (other, of_other) = left, right
    if not of_one and not of_other:
        return compared(one, op, other)
    return compared(_times(one, of_other), op, _times(other, of_one))


def _times(one: str, other: str) -> str:
    return f"CAST({one} AS HUGEINT)" + (f" * {other}" if other else "")


def answer_in(answer: str, cluster: str) -> str:
    """Whether an answer is a code of a cluster."""
    return f"EXISTS (SELECT 1 FROM answers a WHERE a.code = {answer} AND a.cluster = {cluster})"


def record_beside(alias: str, outer: str, slice_: str, where: str, absent: bool = False) -> str:
    """Whether there is a record of a slice, beside the one called `outer`, that passes; or whether there is none."""
    joined_on = f"{alias}.p = {outer}.p AND {alias}.slice = {slice_} AND {where}"
    return f"{'NOT ' if absent else ''}EXISTS (SELECT 1 FROM records {alias} WHERE {joined_on})"


def readable(conditions: Iterable[str]) -> str:
    """All of the conditions for people to read: without what `moved` adds to stay within the calendar."""
    return _KEPT_TO_CALENDAR.sub(r"\1", " AND ".join(conditions))


_KEPT_TO_CALENDAR = re.compile(rf"CASE WHEN (.+?) {_CALENDAR} THEN \1 END")


# Names of columns.


def column(alias: str, name: str) -> str:
    """A column of a table by the table's alias."""
    return f"{alias}.{name}"


def quoted(name: str) -> str:
    """A name as it is, whatever stands in it."""
    return '"' + name.replace('"', '""') + '"'


# Statements over the records: `e` is a record, `q` its parameters, `t` its patient.

RECORD, PATIENT = "e", "t"


def _in_halves(total: str, *more: str) -> str:
    return ", ".join([f"CAST(({total}) % {HALF} AS BIGINT)", f"CAST(({total}) // {HALF} AS BIGINT)", *more])


AGGREGATES = {
    "latest": "max(e.d)",
    "earliest": "min(e.d)",
    "records": "count(*)",
    "days": "count(DISTINCT e.d)",
    "codes": "count(DISTINCT e.code)",
    "lowest": "min(e.value)",
    "highest": "max(e.value)",
    "mean": _in_halves("sum(e.value)", "count(*)"),
    "last": "max(ROW(coalesce(e.time, -1), e.code, e.reading, e.value))[4]",
    "end of latest": "max(ROW(e.d, coalesce(e.time, -1), e.ends IS NOT NULL, e.ends))[4]",
    "end of earliest": "max(ROW(DATE '9999-12-31' - e.d, -coalesce(e.time, 86400), e.ends IS NOT NULL, e.ends))[4]",
    "time of latest": "nullif(max(ROW(e.d, coalesce(e.time, -1)))[2], -1)",
    "time of earliest": "nullif(min(ROW(e.d, coalesce(e.time, 86400)))[2], 86400)",
    "only": "CASE WHEN min(e.value) = max(e.value) THEN min(e.value) END",
}
"""How records are summed up, by the word of a plan for it."""

_LOW = f"CASE WHEN min(e.value) = -{OPEN} THEN count(*) * CAST(-{OPEN} AS HUGEINT) ELSE sum(e.value) END"
_HIGH = f"CASE WHEN max(e.high) = {OPEN} THEN count(*) * CAST({OPEN} AS HUGEINT) ELSE sum(e.high) END"
_LAST = "max(ROW(coalesce(e.time, -1), e.code, e.reading, e.value, e.high))"
_ONLY = "CASE WHEN min(e.value) = max(e.value) AND min(e.high) = max(e.high) THEN min(e.{end}) END"
SPANS = {
    "lowest": "min(e.value), min(e.high)",
    "highest": "max(e.value), max(e.high)",
    "mean": f"{_in_halves(_LOW, 'count(*)')}, {_in_halves(_HIGH)}",
    "last": f"{_LAST}[4], {_LAST}[5]",
    "only": f"{_ONLY.format(end='value')}, {_ONLY.format(end='high')}",
}
"""The same of values that have two ends: of the low ones, then of the high ones."""

RECORDS_ONCE = "count(*) FILTER (e.record IS NULL) + count(DISTINCT (e.record, e.d)) FILTER (e.record IS NOT NULL)"
"""How many records there are where several codings of one share its `record`."""


def parameter(number: int) -> str:
    """A parameter of the statement."""
    return f"q.k{number}"


def joined(table: str, alias: str, column: str) -> str:
    """What was worked out before, of the record's patient; where there is nothing, it is missing."""
    return f"LEFT JOIN {table} {alias} ON {alias}.p = e.p AND {alias}.c = {column}"


def _from(joins: Sequence[str], facts: bool, tests: Sequence[str]) -> str:
    lines = ["FROM records e JOIN {parameters} ON e.slice = q.slice", *joins]
    if facts:
        lines.append("JOIN patients t ON t.p = e.p")
    return "\n".join([*lines, "WHERE " + "\n  AND ".join(["e.slice {within}", *tests])])


def summary(
    how: str, joins: Sequence[str], facts: bool, tests: Sequence[str], coded: bool = False, spans: bool = False
) -> str:
    """Records that pass the tests, summed up by patient and place: p, f, the columns. A template for `statement`.

    `coded`: some records have several codings, which share `record` and count once. `spans`: some values have two ends.
    """
    ways = AGGREGATES | SPANS if spans else AGGREGATES
    source = _from(joins, facts, tests)
    if coded and how == "mean":
        value = "e.value, e.high" if spans else "e.value"
        once = (
            f"SELECT DISTINCT e.p, q.f, e.d, {value}, e.record, CASE WHEN e.record IS NULL THEN e.rowid END\n{source}"
        )
        return f"SELECT e.p, e.f, {ways[how]}\nFROM ({once}) e\nGROUP BY e.p, e.f"
    summed = RECORDS_ONCE if coded and how == "records" else ways[how]
    return f"SELECT e.p, q.f, {summed}\n{source}\nGROUP BY e.p, q.f"


HAS_VALUE = "e.value IS NOT NULL"


def unit(alias: str) -> str:
    """Which of the plan's units a record has, however it is spelt."""
    return f"({column(alias, 'unit')} & {UNITS - 1})"


def written(alias: str, spans: bool) -> str:
    """The number of a record's value, without its comparator."""
    value, high = column(alias, "value"), column(alias, "high")
    even = f"CASE WHEN {value} > -{OPEN} THEN {value} - ({value} & 1) ELSE {high} + ({high} & 1) END"
    return f"({even})" if spans else value


def best_reading(
    halves: int, latest: bool, joins: Sequence[str], facts: bool, tests: Sequence[str], spans: bool = False
) -> str:
    """Halves that belong together, then the best of them: the date first, then the lowest values in order. A template
    for `statement`. `spans`: some values have two ends, and the high ones come last."""
    ends = {"v": "value", "h": "high"} if spans else {"v": "value"}
    values = ", ".join(
        f"min(e.{name}) FILTER (WHERE q.half = {half}) AS {end}{half}"
        for end, name in ends.items()
        for half in range(halves)
    )
    whole = " AND ".join(f"v{half} IS NOT NULL" for half in range(halves))
    picked = ", ".join(f"{end}{half}" for end in ends for half in range(halves))
    order = ", ".join(f"{end}{half}" for half in range(halves) for end in ends)
    return (
        f"SELECT DISTINCT ON (p, f) p, f, d, {picked}\n"
        f"FROM (SELECT e.p, q.f, e.d, {values}\n{_from(joins, facts, tests)}\n"
        f"GROUP BY e.p, q.f, e.d, e.reading) WHERE {whole}\n"
        f"ORDER BY p, f, d{' DESC' if latest else ''}, {order}"
    )


def statement(template: str, rows: Sequence[Sequence[str]], slices: Iterable[int], halves: bool) -> str:
    """A template with its parameters: in each row the place `f`, the slice, with `halves` which half, then k0, k1 …"""
    own = ["f", "slice", "half"] if halves else ["f", "slice"]
    names = ", ".join([*own, *(f"k{i}" for i in range(len(rows[0]) - len(own)))])
    values = ",\n  ".join(f"({', '.join(row)})" for row in rows)
    numbers = sorted(slices)
    which = ", ".join(map(str, numbers))
    # The join with the parameters leaves out what is of other slices: this is to read less, and a list takes longer.
    within = f"IN ({which})" if len(numbers) <= _LISTED else f"BETWEEN {numbers[0]} AND {numbers[-1]}"
    return template.format(parameters=f"(VALUES\n  {values}) q({names})", slices=which, within=within)


_LISTED = 2
"""Of more slices than these a list takes longer than reading what is between them."""


# Decisions, a row for each patient.


def decided(within: str, tests: Iterable[tuple[str, int | None, int | None]]) -> str:
    """The code of the deciding side. Each test is a condition with the codes of its sides, None for going on; the last
    decides on both. Missing outside the population; 0 where there are no tests."""
    lines = [f"CASE WHEN NOT ({within}) THEN NULL"]
    for condition, then, otherwise in tests:
        if then is None:
            lines.append(f"WHEN ({condition}) IS NOT TRUE THEN {otherwise}")
        else:
            lines.append(f"WHEN {condition} THEN {then}")
            lines += [f"ELSE {otherwise}"] if otherwise is not None else []
    return " ".join([*lines, *(["ELSE 0"] if len(lines) == 1 else []), "END"])


def decisions(read: Iterable[str], shared: Mapping[str, str], columns: Mapping[str, str]) -> str:
    """Of each row of `wide` its p and these columns, by name; they may rest on those that are `shared`, and on those
    that are `read`: no other is asked for, as nothing takes out of the statement what it does not need."""
    one = ",\n  ".join([", ".join(["p", *read]), *(f"{text} AS {name}" for name, text in shared.items())])
    two = ",\n  ".join(["p", *(f"{text} AS {name}" for name, text in columns.items())])
    return f"SELECT {two}\nFROM (SELECT {one}\nFROM wide)"


# The connection.

ALL_FACTS = "SELECT * EXCLUDE (practice, patient_id) FROM patients ORDER BY p"
KEEP_CODES = "CREATE TABLE codes AS SELECT * FROM mapping"
KEEP_ANSWERS = "CREATE TABLE answers AS SELECT * FROM mapping"
WHOSE = "SELECT DISTINCT p, slice FROM records"
ADD_AGAIN = "INSERT INTO again SELECT * FROM records"


def renamed(table: str, name: str) -> str:
    """Calls a table by another name, in place of any that has it."""
    return f"DROP TABLE IF EXISTS {name}; ALTER TABLE {table} RENAME TO {name}"


# The statement of decisions is long and has nothing to optimise: looking for it takes longer than the work itself.
NOT_OPTIMISED, OPTIMISED = "PRAGMA disable_optimizer", "PRAGMA enable_optimizer"


def connect(memory: int = 0, scratch: Path | None = None) -> duckdb.DuckDBPyConnection:
    """A database in memory, on one core; `memory` in bytes limits it, and what does not fit goes to `scratch`."""
    settings: dict[str, str | bool | int | float | list[str]] = {"threads": 1, "autoinstall_known_extensions": "false"}
    settings |= {"memory_limit": f"{memory // 1024}KiB"} if memory else {}
    settings |= {"temp_directory": str(scratch)} if scratch else {}
    connection = duckdb.connect(config=settings)
    connection.execute("SET enable_progress_bar = false")  # the command shows its own
    return connection
