"""The tables of records: which columns a file of an import has, how each cell is read, and how it is stored.

Everything that the import, the store and the check know of a table stands here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from remit.core.dates import parse_date
from remit.records.event_cells import END, TIME, comparator, end_date, negation, status, time_of_day
from remit.records.identity import looks_real
from remit.records.model import EPISODES, SEXES
from remit.terminology.systems import read_system

VALUE = pa.decimal128(18, 6)
"""Exact, and 64 bits wide in DuckDB: 12 digits before the point and 6 behind it."""

_NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6}0*)?", re.ASCII)
_CODE = re.compile(r"[^\s,;\"\x00-\x1f\x7f]{1,64}")
_SHORTENED = re.compile(r"[0-9](\.[0-9]+)?[eE]\+?[0-9]+", re.ASCII)
PRACTICE_CODE = re.compile(r"[A-Z0-9][A-Z0-9_-]{0,19}", re.ASCII)
EXTRACT_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)

Read = Callable[[str], Any]


@dataclass(frozen=True)
class Column:
    """A column: its name, how a cell that is not empty is read, its type in the store and what an empty cell is.

    `read` takes the stripped text and raises ValueError saying what was expected. It never quotes the cell: what it
    says goes into a file that must not hold an NHS number which stands in the wrong column.
    """

    name: str
    read: Read
    type: pa.DataType
    about: str
    required: bool = False
    """Whether the file must have the column and each row a value."""
    empty: Any = None
    optional: bool = False
    """Whether a file of the store has the column only where some row of it says something."""


def _text(most: int, what: str) -> Read:
    def read(text: str) -> str:
        if len(text) > most or not text.isprintable():
            raise ValueError(f"expected {what} of at most {most} characters")
        return text

    return read


def _own(what: str) -> Read:
    """What is kept as it is, such as the source's own id of a thing: no NHS number may come in with it."""

    def read(text: str) -> str:
        if looks_real(text):
            raise ValueError(f"expected {what}, found what has the form of an NHS number")
        shown: str = _text(64, "a text")(text)
        return shown

    return read


def _code(text: str) -> str:
    if _SHORTENED.fullmatch(text):
        raise ValueError("expected a code, found a number that a spreadsheet shortened: export the codes as text")
    if not _CODE.fullmatch(text):
        raise ValueError("expected a code of at most 64 characters, without blanks, commas or semicolons")
    return text


def _date(text: str) -> date:
    try:
        return parse_date(text)
    except ValueError as error:
        real = "no such day" in str(error)
        raise ValueError("there is no such day" if real else "expected a date written as 2025-03-31") from None


def _value(text: str) -> Decimal:
    if not _NUMBER.fullmatch(text):
        raise ValueError("expected a number of at most 12 digits and 6 decimals")
    return Decimal(text)


def _whole(most: int) -> Read:
    def read(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", text, re.ASCII) or int(text) > most:
            raise ValueError(f"expected a whole number of at most {most:,}")
        return int(text)

    return read


def _days(text: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,3}", text, re.ASCII):
        raise ValueError("expected a whole number of days, 1 to 9999")
    return int(text)


def _decile(text: str) -> int:
    if not re.fullmatch(r"[1-9]|10", text, re.ASCII):
        raise ValueError("expected a decile, 1 to 10")
    return int(text)


def _one_of(*words: str) -> Read:
    def read(text: str) -> str:
        if text not in words:
            shown = [word for word in words if word]
            raise ValueError(f"expected {', '.join(shown[:-1])} or {shown[-1]}")
        return text

    return read


def _practice_code(text: str) -> str:
    if not PRACTICE_CODE.fullmatch(text):
        raise ValueError("expected a practice code: capitals and digits, at most 20")
    return text


def _flags(text: str) -> str:
    words = sorted({word.strip() for word in text.split(";")} - {""})
    if any(not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", word, re.ASCII) for word in words):
        raise ValueError("expected words in small letters with hyphens, parted by semicolons")
    return ";".join(words)


@dataclass(frozen=True)
class Layout:
    """A table: its columns in order, what its rows are sorted by, and by what two rows are the same row.

    Where two extracts hold the same row by `key`, the later extract's row stands. Events and prescriptions have no
    key of their own: the whole row is it, and the earlier extract's row stands.
    """

    name: str
    columns: tuple[Column, ...]
    sort: tuple[str, ...]
    key: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def optional(self) -> tuple[str, ...]:
        """The columns that a file of the store has only where some row of it says something."""
        return tuple(column.name for column in self.columns if column.optional)

    @property
    def schema(self) -> pa.Schema:
        """The schema as stored, where no row says anything in an optional column."""
        return self.schema_with(())

    def schema_with(self, names: Collection[str]) -> pa.Schema:
        """The schema as stored: the columns, of the optional ones those in `names`; and the row's extract."""
        kept = [column for column in self.columns if not column.optional or column.name in names]
        return pa.schema([*(pa.field(column.name, column.type) for column in kept), pa.field("extract", pa.string())])

    def filled(self, table: pa.Table, names: Sequence[str]) -> pa.Table:
        """A table's columns of these names; where it lacks an optional one, nothing is said in it."""
        made = []
        for name in names:
            if name in table.column_names:
                made.append(table[name])
            else:
                column = self.column(name)
                made.append(pa.repeat(pa.scalar(column.empty, column.type), table.num_rows))
        return pa.table(made, names=list(names))

    def joined(self, tables: Sequence[pa.Table]) -> pa.Table:
        """Rows of several tables, with every optional column that one of them has."""
        schema = self.schema_with({name for table in tables for name in table.column_names})
        return pa.concat_tables([self.filled(table, schema.names).cast(schema) for table in tables])

    def kept(self, table: pa.Table) -> pa.Table:
        """A table as it is stored: without the optional columns in which no row says anything."""
        there = (name for name in self.optional if name in table.column_names)
        used = [name for name in there if pc.any(self.says(table, name), min_count=0).as_py()]
        schema = self.schema_with(used)
        return table.select(schema.names).cast(schema)

    def says(self, table: pa.Table, name: str) -> pa.ChunkedArray:
        """Of each row whether it says something in an optional column."""
        empty = self.column(name).empty
        return pc.is_valid(table[name]) if empty is None else pc.not_equal(table[name], empty)

    def order(self, names: Collection[str]) -> list[str]:
        """All the columns of a table of these, in the order by which its rows are sorted."""
        return [*self.sort, *(name for name in self.names if name in names and name not in self.sort)]

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


_PATIENT = Column(
    "patient_id", str, pa.string(), "the patient: an NHS number in the file, a pseudonym in the store", True
)
_SYSTEM = Column("system", read_system, pa.string(),
                 "the system of the code: `snomed`, `dmd`, `read2`, `ctv3`, `loinc`, `icd10`, `opcs4`, `cvx` or "
                 "`local`; empty where it is not said", empty="", optional=True)  # fmt: skip
_STATUS = Column("status", status, pa.string(),
                 "`final`, `preliminary`, `amended`, `planned`, `cancelled`, `entered-in-error` or empty",
                 empty="", optional=True)  # fmt: skip
_RECORD = Column("record", _own("a record's own identity"), pa.string(),
                 "the source's own id of the record, shared by several codings of one; empty where the row stands "
                 "alone", empty="", optional=True)  # fmt: skip
_UNIT = Column("unit", _text(32, "a unit"), pa.string(), "its unit, as `mmHg`", empty="")

PATIENTS = Layout(
    "patients",
    (
        _PATIENT,
        Column("birth_date", _date, pa.date32(), "the day of birth", True),
        Column("sex", _one_of(*SEXES), pa.string(), "`F`, `M`, `I` (indeterminate) or `U` (unknown; also if empty)",
               empty="U"),
        Column("death_date", _date, pa.date32(), "the day of death; empty while the patient lives"),
        Column("ethnicity", _text(64, "a text"), pa.string(), "the code or group as the extract has it", empty=""),
        Column("deprivation_decile", _decile, pa.int8(), "1 (the most deprived tenth of areas) to 10"),
        Column("flags", _flags, pa.string(), "words parted by semicolons, as `accessible-information`", empty=""),
    ),
    ("patient_id",),
    ("patient_id",),
)  # fmt: skip
REGISTRATIONS = Layout(
    "registrations",
    (
        _PATIENT,
        Column("registered_at", _practice_code, pa.string(), "the practice on whose list the patient was or is", True),
        Column("start_date", _date, pa.date32(), "the first day on the list", True),
        Column("end_date", _date, pa.date32(), "the last day on the list; empty while it lasts"),
    ),
    ("patient_id", "start_date", "registered_at", "end_date"),
    ("patient_id", "registered_at", "start_date"),
)
EVENTS = Layout(
    "events",
    (
        _PATIENT,
        Column("date", _date, pa.date32(), "the day that the entry is about", True),
        Column("code", _code, pa.string(), "the clinical code, as text", True),
        Column("value", _value, VALUE, "the number, exactly; empty where the entry has none"),
        _UNIT,
        Column("episode", _one_of(*EPISODES), pa.string(), "`first`, `new`, `continuing`, `ended` or empty", empty=""),
        Column("reading", _own("a reading's own identity"), pa.string(),
               "shared by the halves of one reading; empty where the entry stands alone", empty=""),
        Column("time", time_of_day, TIME, "the time of day as `08:30` or `08:30:15`, in seconds since midnight; empty "
               "where it is not known", optional=True),
        Column("end_date", end_date, END, "the last day, both days counted; `open` while it lasts, `unknown` where "
               "nobody knows whether or when it ended; empty for an entry of one day", optional=True),
        _SYSTEM,
        Column("comparator", comparator, pa.string(), "`<`, `<=`, `>` or `>=` before the value; empty where it is "
               "exact", empty="", optional=True),
        Column("answer", _text(64, "an answer"), pa.string(), "a coded answer, or a class in words", empty="",
               optional=True),
        _STATUS,
        Column("negation", negation, pa.string(), "`not done` or `refused`; empty where it happened", empty="",
               optional=True),
        _RECORD,
    ),
    ("patient_id", "date", "code", "reading", "value", "unit", "episode"),
)  # fmt: skip
PRESCRIPTIONS = Layout(
    "prescriptions",
    (
        _PATIENT,
        Column("date", _date, pa.date32(), "the day of issue", True),
        Column("code", _code, pa.string(), "the medicine's code, as text", True),
        Column("quantity", _value, VALUE, "how much was issued, exactly"),
        _UNIT,
        Column("days", _days, pa.int32(), "for how many days it lasts, the day of issue counted", optional=True),
        _SYSTEM,
        _STATUS,
        _RECORD,
    ),
    ("patient_id", "date", "code", "quantity", "unit"),
)
PRACTICES = Layout(
    "practices",
    (
        Column("since", _date, pa.date32(), "the row's first day; empty where it holds from the beginning"),
        Column("practice_name", _text(200, "a name"), pa.string(), "for people", empty=""),
        Column("list_size", _whole(999_999_999), pa.int64(), "registered patients"),
        Column("weighted_list_size", _value, VALUE, "weighted patients"),
        Column("place_code", _text(64, "a code"), pa.string(), "the place (sub-location)", empty=""),
        Column("network_code", _text(64, "a code"), pa.string(), "the network", empty=""),
    ),
    ("since",),
    ("since",),
)

TABLES = (PATIENTS, REGISTRATIONS, EVENTS, PRESCRIPTIONS, PRACTICES)
"""The tables of each practice's partition, patients first: others rest on them. A file to import has the column
`practice_code` before these; in the store the partition's folder says it."""

BY_NAME = {layout.name: layout for layout in TABLES}
EXTRACTS = ("extract_id", "practice_code", "last_day")
"""The columns of `extracts.csv`: which extract of which practice this is, and the last day that it covers."""
