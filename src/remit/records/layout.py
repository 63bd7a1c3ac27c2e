"""The tables of records: which columns a file of an import has, how each cell is read, and how it is stored.

Everything that the import, the store and the check know about a table is here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from remit.records import cells, days
from remit.records.cells import PRACTICE_CODE as PRACTICE_CODE
from remit.records.cells import Read
from remit.records.event_cells import END, TIME, negation, status, time_of_day
from remit.records.model import UNKNOWN_DAY
from remit.records.value_cells import comparator, result
from remit.terminology.systems import read_system

VALUE = pa.decimal128(18, 6)
"""Exact, and 64 bits wide in DuckDB: 12 digits before the point and 6 behind it."""

EXTRACT_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)


@dataclass(frozen=True)
class Column:
    """A column: its name, how a cell that is not empty is read, its type in the store and what an empty cell is.

    `read` takes the stripped text and raises ValueError saying what was expected, as `cells` says.
    """

    name: str
    read: Read
    type: pa.DataType
    about: str
    required: bool = False
    """Whether the file must have the column and, unless `unknown` says what an empty cell is, each row a value."""
    empty: Any = None
    unknown: Any = None
    """What is stored where the value is not known, if an empty cell means something else or must not be."""
    lenient: bool = False
    """Whether a cell that cannot be read is stored as not known, with a warning: the file may leave the column out, and
    what is not known claims nothing. That of an end does: who has none lives, or is on the list."""
    spoils: str = ""
    """The column that is not known either where a cell of this one cannot be read: a value has no other unit."""
    optional: bool = False
    """Whether a file of the store has the column only where some row of it says something."""


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
        columns = [column for column in self.columns if not column.optional or column.name in names]
        return pa.schema(
            [*(pa.field(column.name, column.type) for column in columns), pa.field("extract", pa.string())]
        )

    def schema_by_code(self, names: Collection[str]) -> pa.Schema:
        """The schema of the rows by code: code, patient as a number and date, then what else a file of these names has,
        but for the extract."""
        own = [pa.field("code", pa.string()), pa.field("patient", pa.int32()), pa.field("date", pa.date32())]
        apart = {"patient_id", "extract", *(one.name for one in own)}
        return pa.schema([*own, *(one for one in self.schema_with(names) if one.name not in apart)])

    def filled(self, table: pa.Table, names: Sequence[str]) -> pa.Table:
        """A table's columns of these names. An optional column that it lacks is empty."""
        arrays = []
        for name in names:
            if name in table.column_names:
                arrays.append(table[name])
            else:
                column = self.column(name)
                arrays.append(pa.repeat(pa.scalar(column.empty, column.type), table.num_rows))
        return pa.table(arrays, names=list(names))

    def joined(self, tables: Sequence[pa.Table]) -> pa.Table:
        """Rows of several tables, with every optional column that one of them has."""
        schema = self.schema_with({name for table in tables for name in table.column_names})
        return pa.concat_tables([self.filled(table, schema.names).cast(schema) for table in tables])

    def as_stored(self, table: pa.Table) -> pa.Table:
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
_RECORD = Column("record", cells.own("a record's own identity"), pa.string(),
                 "the source's own id of the record, shared by several codings of one; empty where the row stands "
                 "alone", empty="", optional=True)  # fmt: skip


def _unit(spoils: str) -> Column:
    return Column("unit", cells.text(32, "a unit"), pa.string(), "its unit, as `mmHg`", empty="", lenient=True,
                  spoils=spoils)  # fmt: skip


PATIENTS = Layout(
    "patients",
    (
        _PATIENT,
        Column("birth_date", days.known, pa.date32(), "the day of birth", True),
        Column("sex", cells.sex, pa.string(), "`F`, `M`, `I` (indeterminate) or `U` (unknown; also if empty)",
               empty="U", lenient=True),
        Column("death_date", days.end, pa.date32(), "the day of death; empty while the patient lives"),
        Column("ethnicity", cells.text(64, "a text"), pa.string(), "the code or group as the extract has it",
               empty="", lenient=True),
        Column("deprivation_decile", cells.decile, pa.int8(), "1 (the most deprived tenth of areas) to 10",
               lenient=True),
        Column("flags", cells.flags, pa.string(), "words separated by semicolons, as `accessible-information`",
               empty="", lenient=True),
    ),
    ("patient_id",),
    ("patient_id",),
)  # fmt: skip
REGISTRATIONS = Layout(
    "registrations",
    (
        _PATIENT,
        Column(
            "registered_at", cells.practice_code, pa.string(), "the practice on whose list the patient was or is", True
        ),
        Column(
            "start_date",
            days.begin,
            pa.date32(),
            "the first day on the list; empty where it is not known",
            True,
            unknown=UNKNOWN_DAY,
        ),
        Column("end_date", days.end, pa.date32(), "the last day on the list; empty while it lasts"),
    ),
    ("patient_id", "start_date", "registered_at", "end_date"),
    ("patient_id", "registered_at", "start_date"),
)
EVENTS = Layout(
    "events",
    (
        _PATIENT,
        Column("date", days.begin, pa.date32(), "the day that the entry is about; empty where it is not known", True,
               unknown=UNKNOWN_DAY),
        Column("code", cells.code, pa.string(), "the clinical code, as text", True),
        Column("value", result, VALUE, "the number, exactly, with its comparator if need be; empty where the entry has "
               "none", lenient=True),
        _unit("value"),
        Column("episode", cells.episode, pa.string(), "`first`, `new`, `continuing`, `ended` or empty",
               empty="", lenient=True),
        Column("reading", cells.own("a reading's own identity"), pa.string(),
               "shared by the halves of one reading; empty where the entry stands alone", empty="", lenient=True),
        Column("time", time_of_day, TIME, "the time of day as `08:30` or `08:30:15`, in seconds since midnight; empty "
               "where it is not known", lenient=True, optional=True),
        Column("end_date", days.end_of_record, END, "the last day, both days counted; `open` while it "
               "lasts, `unknown` where nobody knows whether or when it ended; empty for an entry of one day",
               unknown=UNKNOWN_DAY, lenient=True, optional=True),
        _SYSTEM,
        Column("comparator", comparator, pa.string(), "`<`, `<=`, `>` or `>=` before the value; empty where it is "
               "exact", empty="", lenient=True, spoils="value", optional=True),
        Column("answer", cells.text(64, "an answer"), pa.string(), "a coded answer, or a class in words", empty="",
               lenient=True, optional=True),
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
        Column(
            "date", days.begin, pa.date32(), "the day of issue; empty where it is not known", True, unknown=UNKNOWN_DAY
        ),
        Column("code", cells.code, pa.string(), "the medicine's code, as text", True),
        Column("quantity", cells.value, VALUE, "how much was issued, exactly", lenient=True),
        _unit("quantity"),
        Column(
            "days",
            cells.days,
            pa.int32(),
            "for how many days it lasts, the day of issue counted",
            lenient=True,
            optional=True,
        ),
        _SYSTEM,
        _STATUS,
        _RECORD,
    ),
    ("patient_id", "date", "code", "quantity", "unit"),
)
PRACTICES = Layout(
    "practices",
    (
        Column("since", days.since, pa.date32(), "the row's first day; empty where it holds from the beginning"),
        Column("practice_name", cells.text(200, "a name"), pa.string(), "for people", empty="", lenient=True),
        Column("list_size", cells.whole(999_999_999), pa.int64(), "registered patients", lenient=True),
        Column("weighted_list_size", cells.value, VALUE, "weighted patients", lenient=True),
        Column("place_code", cells.text(64, "a code"), pa.string(), "the place (sub-location)", empty="", lenient=True),
        Column("network_code", cells.text(64, "a code"), pa.string(), "the network", empty="", lenient=True),
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
