"""Cells that a spreadsheet would take for a formula: a mark before each when it is written, taken off when it is read.

A table may hold what strangers typed. A cell that begins with `=`, `+`, `-`, `@` or a tab is a formula to a
spreadsheet, and may fetch or start something. It is written with an apostrophe before it, as a user of a spreadsheet
would write it. A number keeps its sign and stays a number. Reading takes one apostrophe off where the rest is such a
cell, so that whatever was written is read again: `read_cell(written_cell(text)) == text` for every text.
"""

from __future__ import annotations

import re

MARK = "'"
_STARTS = "=+-@\t\r\uff1d\uff0b\uff0d\uff20"
"""The last four are the wide forms of the first four, which some spreadsheets take for them."""

_FORMULA = re.compile(rf"{MARK}*[{re.escape(_STARTS)}]")
_NUMBER = re.compile(r"[-+](£?[0-9][0-9,]*(\.[0-9]+)?([eE][-+]?[0-9]+)?[%p]?)?", re.ASCII)
_NEEDLES = tuple(f"{before}{start}" for before in ",\n" for start in (*_STARTS.replace("-", ""), MARK))
_SIGNED = re.compile(r"[,\n]-(?![0-9.]+[,\n])")


def _is_formula(cell: str) -> bool:
    return bool(_FORMULA.match(cell)) and not _NUMBER.fullmatch(cell)


def may_need_marks(text: str) -> bool:
    """Whether cells of a text of rows, by commas and lines, may need a mark: quick, and never no where some does."""
    text = f"\n{text}\n"
    return any(needle in text for needle in _NEEDLES) or bool(_SIGNED.search(text))


def written_cell(cell: str) -> str:
    """The cell as it is written."""
    return f"{MARK}{cell}" if _is_formula(cell) else cell


def read_cell(cell: str) -> str:
    """The cell as it was before it was written."""
    return cell[1:] if cell[:1] == MARK and _is_formula(cell[1:]) else cell
