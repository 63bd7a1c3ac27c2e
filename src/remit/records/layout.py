"""The tables of records: which columns a file of an import has, how each cell is read, and how it is stored.

Everything that the import, the store and the check know of a table stands here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa

from remit.core.dates import parse_date
from remit.records.identity import looks_real
from remit.records.model import EPISODES, SEXES

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


def _text(most: int, what: str) -> Read:
    def read(text: str) -> str:
        if len(text) > most or not text.isprintable():
            raise ValueError(f"expected {what} of at most {most} characters")
        return text

    return read


def _reading(text: str) -> str:
    """A reading's identity, which is kept as it is: no NHS number may come in with it."""
    if looks_real(text):
        raise ValueError("expected a reading's own identity, found what has the form of an NHS number")
    shown: str = _text(64, "a text")(text)
    return shown


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
    def content(self) -> pa.Schema:
        """The schema of what a file says."""
        return pa.schema([pa.field(column.name, column.type) for column in self.columns])

    @property
    def schema(self) -> pa.Schema:
        """The schema as stored: the file's columns, and the extract that the row is from."""
        return self.content.append(pa.field("extract", pa.string()))

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


_PATIENT = Column(
    "patient_id", str, pa.string(), "the patient: an NHS number in the file, a pseudonym in the store", True
)
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
        Column("reading", _reading, pa.string(),
               "shared by the halves of one reading; empty where the entry stands alone", empty=""),
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
