"""DuckDB's SQL of what is read: the facts of the patients, and the one scan of their records.

A store has some columns only where they are used; what a file lacks is a constant here, and what no rule asks for and
nothing hides is not read.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from remit.evaluation.engine.dialect import full_years, literal
from remit.evaluation.engine.nodes import MICRO, OPEN
from remit.records.model import HIDDEN, OPEN_DAY, UNASKED, UNKNOWN_DAY


@dataclass(frozen=True)
class Readable:
    """Records as SQL can read them: a table, which optional columns it has, and whether they are prescriptions.

    Where they are by code, `first` is the number of the practice's first patient, and `near` a table that has every row
    of the codes of which more than a date is asked. `numbers`: which p each patient there is now, where that is no
    longer its place; `changed`: the code, patient and date of rows that are not meant.
    """

    table: str
    columns: frozenset[str] = frozenset()
    issued: bool = False
    first: int | None = None
    near: str = ""
    numbers: str = ""
    changed: str = ""


_FACTS = """
WITH seen AS (SELECT *, coalesce(death_date, {achievement}) AS last_day FROM given_patients),
on_the_day AS (SELECT seen.p,
  max(start_date) FILTER (WHERE start_date <= {achievement} AND (end_date IS NULL OR end_date >= {achievement})
    AND birth_date <= {achievement}) AS reg,
  max(start_date) FILTER (WHERE start_date <= last_day AND (end_date IS NULL OR end_date >= last_day)
    AND birth_date <= last_day) AS reg_at_death
  FROM seen JOIN given_registrations stays USING (practice, patient_id)
  WHERE registered_at = practice GROUP BY seen.p)
SELECT seen.p, practice, seen.patient_id, birth_date AS dob, sex, {age} AS age,{more}
  CASE WHEN death_date <= {achievement} THEN death_date END AS died,
  CASE WHEN death_date < {achievement} THEN NULL ELSE reg END AS reg, reg_at_death,
  reg IS NOT NULL AND (death_date IS NULL OR death_date >= {achievement}) AS registered,
  coalesce(death_date BETWEEN {start} AND {end}, FALSE) AND reg_at_death IS NOT NULL AS died_in_year
FROM seen LEFT JOIN on_the_day USING (p) ORDER BY seen.p"""

_MILLIONTHS = (
    f"CASE WHEN e.value BETWEEN -4500000 AND 4500000 THEN CAST(e.value * {MICRO} AS BIGINT) "
    f"ELSE CAST(CAST(e.value AS DECIMAL(38, 6)) * {MICRO} AS BIGINT) END"
)
"""A value in whole half-millionths. Of twelve digits the product does not fit 18; going by 38 for all takes 20 times as
long."""


_OF_THE_DAY = ("age", "died", "reg", "reg_at_death", "registered", "died_in_year")
"""Facts that are others on another day."""

Days = tuple[date, date, date]
"""An achievement date, and the first and the last day of a payment period."""


def facts(days: Days, more: Iterable[str] = (), before: Sequence[Days] = ()) -> str:
    """Makes `patients` of `given_patients` and `given_registrations`: what is known of each without a code.

    `more` are columns of theirs that some rule asks for, `before` the days of earlier years: `age_1` is a year before.
    """
    now = _facts(days, more)
    if before:
        columns = [f"b{at}.{name} AS {name}_{at}" for at in range(1, len(before) + 1) for name in _OF_THE_DAY]
        joins = [f"JOIN ({_facts(one, ())}) b{at} ON b{at}.p = m.p" for at, one in enumerate(before, 1)]
        now = f"SELECT m.*, {', '.join(columns)} FROM ({now}) m {' '.join(joins)} ORDER BY m.p"
    return f"CREATE OR REPLACE TEMP TABLE patients AS {now}"


def _facts(dates: Days, more: Iterable[str]) -> str:
    achievement, start, end = dates
    days = {"achievement": achievement, "start": start, "end": min(end, achievement)}
    age = full_years("birth_date", literal(achievement))
    texts = "".join(f"\n  coalesce({name}, '') AS {name}," for name in more)
    return _FACTS.format(age=age, more=texts, **{name: literal(day) for name, day in days.items()})


def scan(
    practice: str,
    tables: Sequence[Readable],
    until: date,
    needs: Collection[str],
    unit: str,
    words: Mapping[str, Sequence[str]],
    systems: bool,
    wanted: bool = False,
) -> str:
    """The one scan: a practice's entries up to a day, one for each slice that its code is in, with what is needed.

    `unit` is the number of a unit; `words` are numbered by their place; `systems`: codes may be of a said system. What
    was cancelled or entered in error is left out, and where no rule asks for it what did not happen or is planned. Of
    a table by code, slices of which only dates are asked are read without the rest, which is missing in them.
    `wanted`: only those of the patients and slices of the table of that name.
    """
    selects = []
    for table in tables:
        more = [name for name in _asked(needs, systems) if name in _there(table)]
        tests = [f"e.date <= {literal(until)}", *_shown(needs, more)]
        of_system = " AND (m.systems IS NULL OR e.system = '' OR list_contains(m.systems, e.system))"
        joined = f"JOIN {_WANTED if wanted else 'codes'} m ON m.code = e.code{of_system if 'system' in more else ''}\n"
        if table.first is None:
            columns = ["t.p", "m.slice", "e.date AS d", *_columns(needs, unit, more, words)]
            joined += f"JOIN patients t ON t.patient_id = e.patient_id AND t.practice = {literal(practice)}\n"
            joined += "JOIN wanted w ON w.p = t.p AND w.slice = m.slice\n" if wanted else ""
            selects.append(_select(columns, ["patient_id", *_own(table, more)], table.table, joined, tests))
            continue
        p = "n.p" if table.numbers else f"e.patient + {table.first}"
        own = [f"{p} AS p", "m.slice", "e.date AS d"]
        joined += f"JOIN {table.numbers} n ON n.patient = e.patient\n" if table.numbers else ""
        joined += f"JOIN wanted w ON w.p = {p} AND w.slice = m.slice\n" if wanted else ""
        if table.changed:
            same = "g.code = e.code AND g.patient = e.patient AND g.date = e.date"
            joined += f"ANTI JOIN {table.changed} g ON {same}\n"
        if table.near:
            columns = [*own, *_columns(needs, unit, more, words)]
            selects.append(_select(columns, ["patient", *_own(table, more)], table.near, joined, ["m.more", *tests]))
        of_date = [name for name in more if name in _OF_DATES]
        columns = [*own, *_columns_of_dates(needs, of_date, words)]
        read = ["patient", "date", "code", *_read(table, of_date)]
        selects.append(_select(columns, read, table.table, joined, ["NOT m.more", *tests]))
    return "\nUNION ALL ".join(selects)


def _select(columns: Sequence[str], read: Sequence[str], table: str, joined: str, tests: Sequence[str]) -> str:
    return (
        f"SELECT {', '.join(columns)}\nFROM (SELECT {', '.join(read)} FROM {table}) e\n"
        f"{joined}WHERE {' AND '.join(tests)}"
    )


def columns_read(table: Readable, needs: Collection[str], systems: bool) -> list[str]:
    """The columns of a table by code that its rows are read with where more than a date is asked."""
    more = [name for name in _asked(needs, systems) if name in table.columns]
    days = ["days"] if "days" in table.columns and "end_date" in _asked(needs, systems) else []
    own = ["quantity", "unit"] if table.issued else ["value", "unit", "episode", "reading"]
    return ["code", "patient", "date", *own, *more, *days]


def columns_of_dates(table: Readable, needs: Collection[str], systems: bool) -> list[str]:
    """The columns of a table by code that its rows are read with where only a date is asked."""
    more = [name for name in _asked(needs, systems) if name in _OF_DATES and name in table.columns]
    return ["code", "patient", "date", *more]


def _asked(needs: Collection[str], systems: bool) -> list[str]:
    """The optional columns that are read where a table has them."""
    asked = {_STORED_AS.get(name, name) for name in needs} | {*UNASKED} | ({"system"} if systems else set())
    return [name for name in _MORE if name in asked]


def _there(table: Readable) -> Collection[str]:
    """The optional columns that a table has, or that follow from one."""
    return table.columns | ({"end_date"} if "days" in table.columns else set())


def _own(table: Readable, more: Sequence[str]) -> list[str]:
    """What is read of a row besides its patient."""
    own = ["quantity AS value", "unit", "'' AS episode", "'' AS reading"] if table.issued else []
    return ["date", "code", *(own or ["value", "unit", "episode", "reading"]), *_read(table, more)]


def _columns(needs: Collection[str], unit: str, more: Sequence[str], words: Mapping[str, Sequence[str]]) -> list[str]:
    """What is needed of a record besides its day, by the columns that are read of it."""
    columns = []
    if "value" in needs:
        columns += _ends_of_value("comparator" in more) if HIGH in needs else [f"{_MILLIONTHS} AS value"]
    columns += [f"{unit} AS unit"] if "unit" in needs else []
    columns += [f"{_number('e.episode', words['episode'])} AS episode"] if "episode" in needs else []
    columns += [f"CASE WHEN m.texts THEN e.{name} END AS {name}" for name in ("reading", "code") if name in needs]
    return columns + [f"{_optional(name, more, words)} AS {name}" for name in _NOTHING if name in needs]


def _columns_of_dates(needs: Collection[str], more: Sequence[str], words: Mapping[str, Sequence[str]]) -> list[str]:
    """The same of a record of which only its day is asked, and what hides it."""
    nothing = [f"CAST(NULL AS {type_}) AS {name}" for name, type_ in _UNASKED_OF.items() if name in needs]
    return nothing + [f"{_optional(name, more, words)} AS {name}" for name in _NOTHING if name in needs]


def _shown(needs: Collection[str], more: Sequence[str]) -> list[str]:
    """The tests that leave out what is hidden."""
    tests = []
    for part, which in UNASKED.items():
        hidden = (*(HIDDEN if part == "status" else ()), *(() if part in needs else which))
        tests += [f"e.{part} NOT IN ({', '.join(map(literal, hidden))})"] if part in more and hidden else []
    return tests


_WANTED = "(SELECT * FROM codes WHERE slice IN (SELECT DISTINCT slice FROM wanted))"
_UNASKED_OF = {
    "value": "BIGINT", "high": "BIGINT", "unit": "INTEGER", "episode": "TINYINT", "reading": "VARCHAR",
    "code": "VARCHAR",
}  # fmt: skip
_OF_DATES = ("system", "status", "negation", "record")
"""What is read of records of which only the date is asked: whether they are seen, and which of them are one."""
_MORE = {
    "time": "INTEGER", "end_date": "DATE", "system": "VARCHAR", "comparator": "VARCHAR", "answer": "VARCHAR",
    "status": "VARCHAR", "negation": "VARCHAR", "record": "VARCHAR",
}  # fmt: skip
"""The optional columns of records and their types."""
HIGH = "high"
"""The high end of a value, which is needed where some value has a comparator: `value` is then the low one."""
_STORED_AS = {"lasts": "end_date", "ends": "end_date", HIGH: "comparator"}
_NOTHING = {
    "time": "CAST(NULL AS INTEGER)",
    **dict.fromkeys(("lasts", "comparator", "status", "negation"), "CAST(NULL AS TINYINT)"),
    "ends": "e.date",
    **dict.fromkeys(("answer", "record"), "CAST(NULL AS VARCHAR)"),
}
"""What a rule can ask of a record that files may lack, and what it is where no file has it."""


def _ends_of_value(compared: bool) -> list[str]:
    """The two ends of a value. What is above a number begins half a millionth above it, and has no end."""
    if not compared:
        return [f"{_MILLIONTHS} AS value", f"{_MILLIONTHS} AS high"]
    low = "CASE e.comparator WHEN '' THEN 0 WHEN '>=' THEN 0 WHEN '>' THEN 1 END"
    high = "CASE e.comparator WHEN '' THEN 0 WHEN '<=' THEN 0 WHEN '<' THEN -1 END"
    return [
        f"CASE WHEN e.value IS NOT NULL THEN coalesce({_MILLIONTHS} + {beside}, {open_}) END AS {name}"
        for name, beside, open_ in (("value", low, -OPEN), (HIGH, high, OPEN))
    ]


def _optional(name: str, stored: Collection[str], words: Mapping[str, Sequence[str]]) -> str:
    """What is asked of a record, from those columns that are stored."""
    if _STORED_AS.get(name, name) not in stored:
        return _NOTHING[name]
    if name in words:
        return _number(_lasts() if name == "lasts" else f"e.{name}", words[name])
    return {"time": "e.time", "ends": _ends()}.get(name, f"nullif(e.{name}, '')")


def _read(table: Readable, names: Sequence[str]) -> list[str]:
    """Optional columns of a table; a constant for each that it lacks."""
    return [name if name in table.columns else f"{_constant(table, name)} AS {name}" for name in names]


def _constant(table: Readable, name: str) -> str:
    if name == "end_date" and "days" in table.columns:  # of prescriptions
        last = literal(OPEN_DAY - timedelta(1))
        return f"CASE WHEN days IS NOT NULL THEN least(date + days - 1, {last}) END"
    return _nothing_said(name)


def _number(word_column: str, words: Sequence[str]) -> str:
    """The number of a word: its place; missing for none."""
    which = (f"WHEN {literal(word)} THEN CAST({at} AS TINYINT)" for at, word in enumerate(words) if word)
    return f"CASE {word_column} {' '.join(which)} END"


def _lasts() -> str:
    """How long a record lasts, in a word."""
    which = f"WHEN {literal(OPEN_DAY)} THEN 'open' WHEN {literal(UNKNOWN_DAY)} THEN 'unknown' ELSE 'ended'"
    return f"CASE WHEN e.end_date IS NOT NULL THEN CASE e.end_date {which} END END"


def _ends() -> str:
    """The last day of a record: its own day where it is of one, the last of all while it lasts, missing where nobody
    knows."""
    return f"CASE WHEN e.end_date IS NULL THEN e.date WHEN e.end_date <> {literal(UNKNOWN_DAY)} THEN e.end_date END"


def units_written(tables: Iterable[Readable]) -> str:
    """Every unit that is read of a practice's records, as it is written."""
    read = [table.table if table.first is None else table.near for table in tables]
    return " UNION ".join(f"SELECT DISTINCT unit FROM {name}" for name in read if name)


AS_WRITTEN = "e.unit"
"""A record's unit as it is written, in place of its number."""


def unit_number(numbers: Iterable[tuple[str, int | None]]) -> str:
    """The number of a record's unit, by the way it is written: -1 for any other, missing for none."""
    which = " ".join(f"WHEN {literal(text)} THEN {'NULL' if at is None else at}" for text, at in numbers)
    return f"CAST(CASE e.unit WHEN '' THEN NULL {which} ELSE -1 END AS INTEGER)"


def into_records(select: str, first: bool) -> str:
    """Keeps a scan in `records`: the first of them alone, others beside those that are there."""
    return f"{'CREATE OR REPLACE TEMP TABLE records AS' if first else 'INSERT INTO records'} {select}"


def parquet(path: Path) -> str | None:
    """A file as a table of the columns that it has; None where DuckDB would take its path for a pattern.

    DuckDB makes columns of `name=value` in the folders above a file, unless that is switched off. `*`, `?` and `[` in a
    path begin a search, which can find a neighbour; no quotes hold beside every neighbour. A path from the root has
    no `~` and no scheme.
    """
    whole = os.path.abspath(path)
    return None if {*whole} & {*"*?["} else f"read_parquet({literal(whole)}, hive_partitioning = FALSE)"


@dataclass(frozen=True)
class FileOfRows:
    """One of several files of a table: its optional columns, and the files that say which rows of it were dropped."""

    path: Path
    columns: frozenset[str]
    number: int
    """By which these files know it."""
    drops: Sequence[Path] = ()
    dropped: bool = False
    """Whether the rows that were dropped are meant, and not the others."""
    after: date | None = None
    """Rows up to this day are not meant."""
    until: date | None = None
    """Nor are rows after this one."""


def several(files: Sequence[FileOfRows], own: Sequence[str]) -> str | None:
    """Several files as one table of the columns that one of them has; `own` are those that every one has.

    What a file lacks is empty, as in a file that has the column. None where DuckDB would take a path for a pattern.
    """
    more = [name for name in {**_MORE, "days": "INTEGER"} if any(name in file.columns for file in files)]
    selects = []
    for file in files:
        paths = [parquet(path) for path in (file.path, *file.drops)]
        if None in paths:
            return None
        there = [name if name in file.columns else f"{_nothing_said(name)} AS {name}" for name in more]
        select = f"SELECT {', '.join([*own, *there])} FROM "
        if file.drops:
            rows = " UNION ALL ".join(f'SELECT "import", "row" FROM {path}' for path in paths[1:])
            numbered = f"{str(paths[0])[:-1]}, file_row_number = TRUE)"
            dropped = f'(SELECT "row" FROM ({rows}) WHERE "import" = {file.number})'
            which = "SEMI" if file.dropped else "ANTI"
            select += f'{numbered} held {which} JOIN {dropped} dropped ON held.file_row_number = dropped."row"'
        else:
            select += str(paths[0])
        tests = [f"date > {literal(file.after)}"] if file.after else []
        tests += [f"date <= {literal(file.until)}"] if file.until else []
        selects.append(select + (f" WHERE {' AND '.join(tests)}" if tests else ""))
    return f"({' UNION ALL '.join(selects)})"


def _nothing_said(name: str) -> str:
    type_ = _MORE.get(name, "INTEGER")
    return "''" if type_ == "VARCHAR" else f"CAST(NULL AS {type_})"


def empty_table(columns: Mapping[str, str]) -> str:
    """A table without rows; of each column its type: text, date or number."""
    types = {"text": "VARCHAR", "date": "DATE", "number": "DECIMAL(18, 6)"}
    return (
        f"(SELECT {', '.join(f'CAST(NULL AS {types[kind]}) AS {name}' for name, kind in columns.items())} WHERE FALSE)"
    )
