"""Rows of text to rows of values under pseudonyms, and for each other row the first reason why it cannot be stored.

Each distinct text of a column is read once, in Python and exactly; the rest is done on whole columns. A reason never
quotes a cell.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from remit.core.nhs_numbers import has_check_digit, holds_nhs_number
from remit.records.identity import Identity
from remit.records.layout import VALUE, Column, Layout
from remit.records.source import PRACTICE, ROW
from remit.terminology.codes import check_digit_holds, is_snomed

REASONS = pa.schema([(ROW, pa.int64()), ("column", pa.string()), ("reason", pa.string())])
"""What is kept of a row that cannot be stored: its number, the column, the reason."""

_FOUND = "expected no NHS number, found what has the form of one"
_CODES = ("code", "answer")
_OWN_IDS = ("reading", "record")
_MOST = 1 << 18
"""How many texts of a column are remembered with what they mean."""

Read = tuple[Any, str | None]
"""A value, or why there is none."""


@dataclass
class Reader:
    """Reads the cells of an import: ids by `identity`, every other column as its layout says."""

    identity: Identity
    remembered: dict[tuple[str, str], dict[str, Read]] = field(default_factory=dict)

    def typed(self, layout: Layout, raw: pa.Table) -> tuple[pa.Table, pa.Table]:
        """The rows whose every cell could be read, with practice and number, and the others as `REASONS`."""
        columns: dict[str, pa.Array] = {}
        bad = pa.repeat(False, raw.num_rows)
        rejected = []
        for column in layout.columns:
            if column.name not in raw.column_names:
                continue  # an optional one
            columns[column.name], reasons = self._column(layout, column, raw[column.name])
            if reasons is None:
                continue
            fresh = pc.and_(pc.is_valid(reasons), pc.invert(bad))
            found = raw.select([PRACTICE, ROW]).filter(fresh)
            named = found.append_column("column", pa.repeat(column.name, found.num_rows))
            rejected.append(named.append_column("reason", reasons.filter(fresh)))
            bad = pc.or_(bad, pc.is_valid(reasons))
        numbered = {name: raw[name].combine_chunks() for name in (PRACTICE, ROW)}
        table = pa.table({**numbered, **columns})
        none = pa.schema([pa.field(PRACTICE, pa.string()), *REASONS]).empty_table()
        return (table.filter(pc.invert(bad)) if rejected else table), pa.concat_tables([none, *rejected])

    def _column(self, layout: Layout, column: Column, cells: pa.ChunkedArray) -> tuple[pa.Array, pa.Array | None]:
        """The values, and for each row why its cell could not be read, or None where all could."""
        encoded = _one(cells).dictionary_encode()
        known = self.remembered.setdefault(("" if column.name == "patient_id" else layout.name, column.name), {})
        if len(known) > _MOST:
            known.clear()
        texts: list[str] = encoded.dictionary.to_pylist()
        found = [known.get(cell) or known.setdefault(cell, self._read(cell, column)) for cell in texts]
        values, reasons = [value for value, _ in found], [reason for _, reason in found]
        taken = pa.array(values, column.type).take(encoded.indices)
        return taken, pa.array(reasons, pa.string()).take(encoded.indices) if any(reasons) else None

    def _read(self, cell: str, column: Column) -> Read:
        text = cell.strip()
        if not text:
            return column.empty, "is empty" if column.required else None
        try:
            if column.name == "patient_id":
                return self.identity(text), None
            return column.read(self._without_nhs_number(text, column)), None
        except ValueError as error:
            return None, str(error)

    def _without_nhs_number(self, text: str, column: Column) -> str:
        """A text as it is stored. Raises ValueError where it holds an NHS number.

        The source's own id of a record says which rows are one, and no more: where it holds a number, a pseudonym does.
        """
        kept = self.identity.key is None
        if column.type == VALUE and _is_no_measurement(text):
            raise ValueError(_FOUND)
        if not pa.types.is_string(column.type) or not holds_nhs_number(text, of_nobody=not kept):
            return text
        if column.name in _CODES and is_snomed(text) and text[-3:-1] == "00" and check_digit_holds(text):
            return text  # a concept's identifier: one in a thousand NHS numbers looks like one
        if column.name in _OWN_IDS and not kept:
            return self.identity.of_record(text)
        raise ValueError(_FOUND)


def _is_no_measurement(text: str) -> bool:
    """Whether a number has the form of an NHS number; counts of cells a litre end in noughts."""
    whole, _, decimals = text.partition(".")
    return not decimals.strip("0") and has_check_digit(whole) and not whole.endswith("00000")


def _one(cells: pa.ChunkedArray) -> pa.Array:
    return pa.concat_arrays(cells.chunks) if cells.num_chunks else pa.array([], pa.string())
