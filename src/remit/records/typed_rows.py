"""Rows of text to rows of values under pseudonyms, and for each other row the first reason why it cannot be stored.

Each distinct text of a column is read once, in Python and exactly; the rest is done on whole columns. A reason never
quotes a cell. A cell that cannot be read, of a column that a file may leave out, is stored as an empty one; that, and
whatever else is stored otherwise than it was written, is counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from remit.core.nhs_numbers import has_check_digit, holds_nhs_number
from remit.records.cells import FORM, MISSING, NO_DAY, SAYS_MISSING, UNREAD, WORDS, Otherwise, has_no_form
from remit.records.identity import Identity
from remit.records.layout import VALUE, Column, Layout
from remit.records.source import PRACTICE, ROW
from remit.records.value_cells import SplitCell, laid_beside
from remit.terminology.codes import check_digit_holds, is_snomed

REASONS = pa.schema([(ROW, pa.int64()), ("column", pa.string()), ("reason", pa.string())])
"""What is kept of a row that cannot be stored: its number, the column, the reason."""

_NHS_NUMBER_FOUND = "expected no NHS number, found what has the form of one"
_CODES = ("code", "answer")
_OWN_IDS = ("reading", "record")
_MOST = 1 << 18
"""How many texts of a column are remembered with what they mean."""

_IN_WORDS = ("answer", "practice_name")
"""Columns of words, in which `None` is one."""


class Read(NamedTuple):
    """What a cell means: a value, or why its row cannot be stored; how it is stored otherwise than written, and why."""

    value: Any
    reason: str | None = None
    how: str | None = None
    unread: str | None = None
    beside: Mapping[str, str] = MappingProxyType({})
    """What the cell says that belongs into other columns, by their names."""


@dataclass
class Rows:
    """Rows that were read: those that can be stored, with practice and number; the others, and the cells of rows that
    are stored which could not be read, as `REASONS` with the practice."""

    stored: pa.Table
    rejected: pa.Table
    unread: pa.Table


@dataclass
class _Cells:
    """A column that was read: its values and, for each row, what else `Read` says, where there is any of it."""

    values: pa.Array
    reasons: pa.Array | None
    how: pa.Array | None
    unread: pa.Array | None
    filled: int
    beside: dict[str, pa.Array]


@dataclass
class Reader:
    """Reads the cells of an import: ids by `identity`, every other column as its layout says.

    `stored_otherwise` counts the cells of a table's column that are not stored as they were written, by how; `filled`
    those that are not empty, but of `patient_id`; `kept_out` those that cannot be read, by reason: their rows are
    rejected.
    """

    identity: Identity
    remembered: dict[tuple[str, str], dict[str, Read]] = field(default_factory=dict)
    stored_otherwise: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    filled: Counter[tuple[str, str]] = field(default_factory=Counter)
    kept_out: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def kept_out_by_column(self) -> dict[str, dict[str, int]]:
        """How many cells each reason kept out, by table and column."""
        by_column: dict[str, dict[str, int]] = {}
        for (table, column, reason), many in sorted(self.kept_out.items()):
            by_column.setdefault(f"{table}.{column}", {})[reason] = many
        return by_column

    def typed(self, layout: Layout, raw: pa.Table) -> Rows:
        """The rows whose every cell could be read or may be empty, and the others."""
        columns: dict[str, pa.Array] = {}
        bad = pa.repeat(False, raw.num_rows)
        rejected, unread = [], []
        noted: list[tuple[Column, _Cells]] = []
        for column in layout.columns:
            if column.name not in raw.column_names:
                continue  # an optional one
            read = self._column(layout, column, raw[column.name])
            if read.beside:
                raw, clash = laid_beside(raw, read.beside)
                read.values = pc.if_else(pc.is_valid(clash), None, read.values)
                read.unread = pc.coalesce(clash, read.unread) if read.unread is not None else clash
                read.how = pc.if_else(pc.is_valid(clash), UNREAD, read.how)
            columns[column.name] = read.values
            if read.how is not None:
                noted.append((column, read))
            self.filled[layout.name, column.name] += read.filled
            if read.reasons is not None:
                for counted in pc.value_counts(read.reasons).to_pylist():
                    if (counted["values"] or "").startswith("expected "):  # not what says that it is missing
                        self.kept_out[layout.name, column.name, counted["values"]] += counted["counts"]
                fresh = pc.and_(pc.is_valid(read.reasons), pc.invert(bad))
                rejected.append(_reasons(raw, column, read.reasons, fresh))
                bad = pc.or_(bad, pc.is_valid(read.reasons))
        stored = pc.invert(bad)
        if "system" in columns:
            noted = [(column, _without_form(read) if column.name == "code" else read) for column, read in noted]
            self.stored_otherwise[layout.name, "code", FORM] += _of_other_systems(
                columns["code"], columns["system"], stored
            )
        for column, read in noted:
            for counted in pc.value_counts(pc.filter(read.how, stored)).to_pylist():
                if counted["values"] is not None:
                    self.stored_otherwise[layout.name, column.name, counted["values"]] += counted["counts"]
            if read.unread is not None:
                where = pc.and_(pc.is_valid(read.unread), stored)
                unread.append(_reasons(raw, column, read.unread, where))
                if column.spoils in columns:
                    columns[column.spoils] = pc.if_else(where, None, columns[column.spoils])
        numbered = {name: raw[name].combine_chunks() for name in (PRACTICE, ROW)}
        table = pa.table({**numbered, **columns})
        none = pa.schema([pa.field(PRACTICE, pa.string()), *REASONS]).empty_table()
        storable = table.filter(stored) if rejected else table
        return Rows(storable, pa.concat_tables([none, *rejected]), pa.concat_tables([none, *unread]))

    def _column(self, layout: Layout, column: Column, cells: pa.ChunkedArray) -> _Cells:
        """The column as it is read. `reasons`, `how` and `unread` are None where there are none."""
        encoded = _one(cells).dictionary_encode()
        remembered = self.remembered.setdefault(("" if column.name == "patient_id" else layout.name, column.name), {})
        if len(remembered) > _MOST:
            remembered.clear()
        texts: list[str] = encoded.dictionary.to_pylist()
        reads = [remembered.get(cell) or remembered.setdefault(cell, self._read(cell, column)) for cell in texts]
        values, reasons, how, unread, beside = zip(*reads, strict=True) if reads else ((), (), (), (), ())
        column_values = pa.array(values, column.type).take(encoded.indices)

        def each(what: tuple[str | None, ...]) -> pa.Array | None:
            return pa.array(what, pa.string()).take(encoded.indices) if any(what) else None

        empty = 0
        if column.name != "patient_id":
            blank = [n for n, text in enumerate(map(str.strip, texts)) if not text or text.casefold() in SAYS_MISSING]
            empty = pc.sum(pc.is_in(encoded.indices, pa.array(blank, pa.int32()))).as_py() or 0
        names = sorted({name for columns in beside for name in columns})
        more = {
            name: laid for name in names if (laid := each(tuple(columns.get(name) for columns in beside))) is not None
        }
        stored_as = each(how)
        if more and stored_as is None:
            stored_as = pa.nulls(len(encoded), pa.string())
        return _Cells(column_values, each(reasons), stored_as, each(unread), len(encoded) - empty, more)

    def _read(self, cell: str, column: Column) -> Read:
        text = cell.strip()
        missing = text.casefold() in SAYS_MISSING and column.name not in _IN_WORDS
        if not text or missing:
            if not column.required:
                return Read(column.empty, None, MISSING if missing else None)
            if column.unknown is not None:
                return Read(column.unknown, None, NO_DAY)
            return Read(None, "says that it is missing" if missing else "is empty")
        try:
            if column.name == "patient_id":
                return Read(self.identity(text))
            text = self._without_nhs_number(text, column)
        except ValueError as error:
            return Read(None, str(error))
        try:
            meaning = column.read(text)
        except ValueError as error:
            if not column.lenient:
                return Read(None, str(error))
            return Read(column.empty if column.unknown is None else column.unknown, None, UNREAD, str(error))
        if isinstance(meaning, SplitCell):
            return Read(meaning.value, None, WORDS if meaning.value is None else None, None, meaning.columns)
        return Read(meaning.value, None, meaning.how) if isinstance(meaning, Otherwise) else Read(meaning)

    def _without_nhs_number(self, text: str, column: Column) -> str:
        """A text as it is stored. Raises ValueError where it holds an NHS number.

        The source's own id of a record says which rows are one, and no more: where it holds a number, a pseudonym does.
        """
        ids_kept = self.identity.key is None
        if column.type == VALUE and _is_no_measurement(text):
            raise ValueError(_NHS_NUMBER_FOUND)
        if not pa.types.is_string(column.type) or not holds_nhs_number(text, of_nobody=not ids_kept):
            return text
        if column.name in _CODES and is_snomed(text) and text[-3:-1] == "00" and check_digit_holds(text):
            return text  # a concept's identifier: one in a thousand NHS numbers looks like one
        if column.name in _OWN_IDS and not ids_kept:
            return self.identity.of_record(text)
        raise ValueError(_NHS_NUMBER_FOUND)


def _is_no_measurement(text: str) -> bool:
    """Whether a number has the form of an NHS number. Counts of cells per litre end in zeros, and do not."""
    whole, _, decimals = text.partition(".")
    return not decimals.strip("0") and has_check_digit(whole) and not whole.endswith("00000")


def _reasons(raw: pa.Table, column: Column, reasons: pa.Array, where: pa.Array) -> pa.Table:
    rows = raw.select([PRACTICE, ROW]).filter(where)
    named = rows.append_column("column", pa.repeat(column.name, rows.num_rows))
    return named.append_column("reason", reasons.filter(where))


def _without_form(read: _Cells) -> _Cells:
    """The codes of a table that says their systems: what form each must have is another question."""
    how = None if read.how is None else pc.if_else(pc.equal(read.how, FORM), None, read.how)
    return replace(read, how=how)


def _of_other_systems(codes: pa.Array, systems: pa.Array, where: pa.Array) -> int:
    """How many codes do not have the form of their row's system, or of any system where the row names none."""
    pairs = pa.table({"code": codes, "system": systems}).filter(where).group_by(["code", "system"])
    counted = pairs.aggregate([([], "count_all")]).to_pylist()
    return sum(one["count_all"] for one in counted if has_no_form(one["code"], one["system"]))


def _one(cells: pa.ChunkedArray) -> pa.Array:
    return pa.concat_arrays(cells.chunks) if cells.num_chunks else pa.array([], pa.string())
