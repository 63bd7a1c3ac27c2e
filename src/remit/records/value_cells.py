"""How the value of an event is read: a number, a number with a comparator or a unit in one cell, or words.

A laboratory writes `>130`, `< 20` or `≥90 mL/min`, or `trace` and `see comment`. The record is kept whatever stands
there: without it an older result would be the latest one. A text that is not a number is not a value; words are the
answer.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from remit.core.nhs_numbers import has_check_digit, holds_nhs_number
from remit.records.cells import MISSING, Otherwise, value
from remit.records.measures import shipped_measures
from remit.records.values import unit_key

COMPARED = {
    "<": ("<", "&lt;", "less than", "under", "below"),
    "<=": ("<=", "=<", "≤", "≦", "⩽", "&lt;=", "at most", "up to"),
    ">": (">", "&gt;", "more than", "greater than", "over", "above"),
    ">=": (">=", "=>", "≥", "≧", "⩾", "&gt;=", "at least"),
    "": ("=",),
}
"""How each comparator is written."""

_NAMED = {written: name for name, many in COMPARED.items() for written in many}
_SIGNS = "|".join(re.escape(sign) for sign in sorted(_NAMED, key=len, reverse=True))
_RESULT = re.compile(
    rf"(?P<sign>{_SIGNS})?\s*(?P<number>-?[0-9]{{1,12}}(?:\.[0-9]+)?)\s*(?P<unit>(?![eE][-+]?[0-9])[^\W\d_%].*|%.*)?"
)
_MOST = 64
_MOST_OF_A_UNIT = 32


@dataclass(frozen=True)
class SplitCell:
    """A cell that says more than a number: `columns` has what belongs to each other column (comparator, unit,
    answer)."""

    value: Decimal | None
    columns: Mapping[str, str]


def comparator(cell: str) -> str:
    """What stands before a value that is not exact; '' for an equals sign."""
    small = " ".join(unicodedata.normalize("NFKC", cell).lower().split())
    if small not in _NAMED:
        raise ValueError("expected <, <=, > or >=")
    return _NAMED[small]


def result(cell: str) -> Any:
    """A number, exactly; or what a cell says beside one, or in place of one."""
    try:
        return value(cell)
    except ValueError:
        raised = "".join(f"^{c}" if unicodedata.category(c) == "No" else c for c in cell)  # `5²` is not 52
        text = " ".join(unicodedata.normalize("NFKC", raised).split())
        match = _RESULT.fullmatch(text) or _RESULT.fullmatch(text.lower())
        if match:
            return _split(match)
        if not any(letter.isalnum() or letter == "+" for letter in text):
            return Otherwise(None, MISSING)
        words = text[0].isalpha() or not any(letter.isdigit() for letter in text)
        if words and len(cell) <= _MOST and cell.isprintable() and not holds_nhs_number(cell, of_nobody=True):
            return SplitCell(None, {"answer": cell})
        raise


def _split(match: re.Match[str]) -> SplitCell:
    number, unit = match["number"], (match["unit"] or "").strip()
    if has_check_digit(number.partition(".")[0]) or holds_nhs_number(unit, of_nobody=True):
        raise ValueError("expected no NHS number, found what has the form of one")
    if len(unit) > _MOST_OF_A_UNIT:
        raise ValueError(f"expected a unit of at most {_MOST_OF_A_UNIT} characters")
    sign = _NAMED[match["sign"]] if match["sign"] else ""
    return SplitCell(value(number), {name: text for name, text in (("comparator", sign), ("unit", unit)) if text})


def laid_beside(raw: pa.Table, beside: Mapping[str, pa.Array]) -> tuple[pa.Table, pa.Array]:
    """Rows of text with what their values say put into the columns that it belongs to; and for each row why it cannot
    be, where that column says something else."""
    reasons: list[str | None] = [None] * raw.num_rows
    own = {name: [text.strip() for text in _filled(raw, name).to_pylist()] for name in beside}
    for name, texts in beside.items():
        for at, text in _texts_said(texts):
            if own[name][at] and not _alike(name, own[name][at], text):
                reasons[at] = f"expected what the column {name} says, found something else beside the number"
    for name, texts in beside.items():
        for at, text in _texts_said(texts):
            own[name][at] = own[name][at] or ("" if reasons[at] else text)
        column = pa.array(own[name], pa.string())
        place = raw.column_names.index(name) if name in raw.column_names else -1
        raw = raw.append_column(name, column) if place < 0 else raw.set_column(place, name, column)
    return raw, pa.array(reasons, pa.string())


def _texts_said(texts: pa.Array) -> Iterator[tuple[int, str]]:
    where = pc.indices_nonzero(pc.is_valid(texts)).to_pylist()
    return zip(where, texts.drop_null().to_pylist(), strict=True)


def _filled(raw: pa.Table, name: str) -> pa.ChunkedArray | pa.Array:
    return raw[name] if name in raw.column_names else pa.repeat("", raw.num_rows)


def _alike(name: str, one: str, other: str) -> bool:
    if name == "unit":
        return unit_key(shipped_measures(), one) == unit_key(shipped_measures(), other)
    if name == "comparator":
        try:
            return comparator(one) == other
        except ValueError:
            return False
    return one == other
