"""Rows of text put together from columns: the bytes that `write_rows` writes of the same rows."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as compute

from remit.files.formulas import may_need_marks
from remit.files.tables import write_rows

BLOCK = 500
"""How many practices are gone through at once: what is held in memory is theirs alone."""

Text = Any
"""A column of text: a `pa.StringArray`, or one text for every row."""


def blocks(many: int) -> Iterator[slice]:
    """Practices, some at a time."""
    return (slice(start, min(start + BLOCK, many)) for start in range(0, many, BLOCK))


def cells(texts: Sequence[str]) -> list[str]:
    """Cells as they are written, with the quotes and marks that some need."""
    together = "\n".join(texts)
    plain = not any(mark in together for mark in ',"\r') and together.count("\n") == len(texts) - 1
    return list(texts) if plain and not may_need_marks(together) else [_cell(text) for text in texts]


def _cell(text: str) -> str:
    file = io.StringIO()
    write_rows(file, [("", text)])
    return file.getvalue()[1:-1]


def taken(texts: Iterable[str], places: Any) -> Text:
    """The text at each of some places."""
    return pa.array(texts, pa.string()).take(pa.array(places))


def whole_numbers(numbers: Any) -> Text:
    """Whole numbers in digits."""
    return pa.array(numbers).cast(pa.string())


class Lines:
    """Lines that stand one after another; those of a practice can be asked for."""

    def __init__(self, *parts: Text) -> None:
        joined = compute.binary_join_element_wise(*parts, "", null_handling="replace", null_replacement="")
        _, offsets, data = joined.buffers()
        ends = np.frombuffer(offsets, np.int32)[joined.offset : joined.offset + len(joined) + 1]
        self._ends, self._data = ends, memoryview(data) if data is not None else memoryview(b"")

    def of(self, first: int, after: int) -> memoryview:
        """The lines from one to before another."""
        return self._data[int(self._ends[first]) : int(self._ends[after])]

    def every(self) -> memoryview:
        """All the lines."""
        return self.of(0, len(self._ends) - 1)
