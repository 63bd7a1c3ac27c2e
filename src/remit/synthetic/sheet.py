"""The entries of one practice as they are drawn: columns of numbers, put in order and made a table at the end."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from remit.records.layout import VALUE
from remit.records.model import EPISODES
from remit.synthetic.chance import Flags, Ints

EMPTY = np.int64(np.iinfo(np.int64).max)
"""No value: it sorts after every value, as an empty cell does."""
MILLION = 1_000_000
UNITS = tuple(sorted(
    ("", "mmHg", "mm[Hg]", "mmol/mol", "mmol/L", "%", "kg/m2", "kg", "cm", "beats/min", "umol/L", "g/L", "mg/mmol",
     "mL/min", "mU/L", "10*9/L", "tablet", "dose", "score")
))  # fmt: skip
_EPISODES = tuple(sorted(EPISODES))
_COLUMNS = ("who", "day", "code", "value", "unit", "episode", "reading")
_BEFORE = 1 << 15
"""Days before 1970 that the order has room for: to 1880."""


@dataclass
class Columns:
    """Entries, a column of numbers for each fact."""

    who: Ints
    day: Ints
    code: Ints
    value: Ints
    unit: Ints
    episode: Ints
    reading: Ints

    def __len__(self) -> int:
        return len(self.who)

    def take(self, rows: Ints | Flags) -> Columns:
        return Columns(*(getattr(self, name)[rows] for name in _COLUMNS))


@dataclass
class Sheet:
    """Gathers entries. `until` is the last day of each person's record, `born` the first."""

    born: Ints
    until: Ints
    parts: list[Columns] = field(default_factory=list)
    readings: int = 0

    @staticmethod
    def unit(text: str) -> int:
        return UNITS.index(text)

    @staticmethod
    def episode(text: str) -> int:
        return _EPISODES.index(text)

    def add(
        self,
        who: Ints,
        day: Ints,
        code: Ints | int,
        value: Ints | None = None,
        unit: Ints | int | None = None,
        episode: Ints | int | None = None,
        reading: Ints | None = None,
        until: Ints | None = None,
    ) -> None:
        """Enter rows; what lies outside a person's record is left out. `value` is in millionths."""
        keep = (day >= self.born[who]) & (day <= (self.until if until is None else until)[who])
        self._append(who, day, code, value, unit, episode, reading, keep)

    def _append(
        self, who: Ints, day: Ints, code: Ints | int, value: Ints | None, unit: Ints | int | None,
        episode: Ints | int | None, reading: Ints | None, keep: Flags,
    ) -> None:  # fmt: skip
        size = int(keep.sum())
        if not size and self.parts:  # the first stays, if empty: it may be all there is
            return

        def column(cells: Ints | int | None, missing: int, type_: type[np.generic]) -> Ints:
            if cells is None or not isinstance(cells, np.ndarray):
                return np.full(size, missing if cells is None else cells, dtype=type_)
            return cells[keep].astype(type_, copy=False)

        self.parts.append(
            Columns(
                column(who, 0, np.int32),
                column(day, 0, np.int32),
                column(code, 0, np.int16),
                column(value, int(EMPTY), np.int64),
                column(unit, self.unit(""), np.int8),
                column(episode, self.episode(""), np.int8),
                column(reading, 0, np.int32),
            )
        )

    def new_readings(self, count: int) -> Ints:
        """Numbers of readings that no other has."""
        self.readings += count
        return np.arange(self.readings - count + 1, self.readings + 1)

    def gathered(self) -> Columns:
        """All rows, as they came."""
        return Columns(*(np.concatenate([getattr(part, name) for part in self.parts]) for name in _COLUMNS))


def ordered(rows: Columns) -> Columns:
    """By person, day, code, reading, value, unit and episode: as the store keeps them."""
    key = (rows.who.astype(np.uint64) << np.uint64(28)) | (
        (rows.day + _BEFORE).astype(np.uint64) << np.uint64(12)
    ) | rows.code.astype(np.uint64)  # fmt: skip
    order = np.argsort(key)
    key = key[order]
    same = np.zeros(len(key), dtype=bool)
    same[1:] = key[1:] == key[:-1]
    tied = same.copy()
    tied[:-1] |= same[1:]
    places = np.flatnonzero(tied)
    if len(places):
        among = order[places]
        within = np.lexsort(
            (rows.episode[among], rows.unit[among], rows.value[among], rows.reading[among], key[places])
        )
        order[places] = among[within]
    return rows.take(order)


def dictionary(numbers: Ints, texts: pa.Array) -> pa.Array:
    """A column of text from numbers."""
    return texts.take(pa.array(numbers))


def decimals(millionths: Ints) -> pa.Array:
    """Exact numbers of six decimals."""
    empty = millionths == EMPTY
    wide = np.empty((len(millionths), 2), dtype=np.int64)
    wide[:, 0] = np.where(empty, 0, millionths)
    wide[:, 1] = wide[:, 0] >> 63
    valid = pa.array(~empty).buffers()[1]
    return pa.Array.from_buffers(VALUE, len(millionths), [valid, pa.py_buffer(wide)], int(empty.sum()))


def days(numbers: Ints) -> pa.Array:
    """Dates."""
    return pa.array(numbers.astype(np.int32)).cast(pa.date32())


def reading_names(numbers: Ints) -> pa.Array:
    """`r0000012`, and nothing for 0."""
    texts = pc.utf8_lpad(pa.array(np.arange(int(numbers.max(initial=0)) + 1)).cast(pa.string()), width=7, padding="0")
    texts = pc.binary_join_element_wise(pa.scalar("r"), texts, "")
    return pa.concat_arrays([pa.array([""]), texts.slice(1)]).take(pa.array(numbers))


def event_table(rows: Columns, ids: pa.Array, codes: pa.Array, extract: str) -> pa.Table:
    """Rows in order as the store's table of events."""
    return pa.table(
        {
            "patient_id": dictionary(rows.who, ids),
            "date": days(rows.day),
            "code": dictionary(rows.code, codes),
            "value": decimals(rows.value),
            "unit": dictionary(rows.unit, pa.array(UNITS, pa.string())),
            "episode": dictionary(rows.episode, pa.array(_EPISODES, pa.string())),
            "reading": reading_names(rows.reading),
            "extract": pa.repeat(extract, len(rows)),
        }
    )


def prescription_table(rows: Columns, ids: pa.Array, codes: pa.Array, extract: str) -> pa.Table:
    """Rows in order as the store's table of prescriptions."""
    return pa.table(
        {
            "patient_id": dictionary(rows.who, ids),
            "date": days(rows.day),
            "code": dictionary(rows.code, codes),
            "quantity": decimals(rows.value),
            "unit": dictionary(rows.unit, pa.array(UNITS, pa.string())),
            "extract": pa.repeat(extract, len(rows)),
        }
    )
