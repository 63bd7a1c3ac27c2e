"""Runs of many practices in columns: counts read, checked, priced and written a column at a time.

The way row by row stays beside it: it is the one that explains, and whatever is not plainly right, or asks for more
than a column can say, is handed to it. Both write the same bytes. numpy and pyarrow are imported by the modules of this
room alone, and only for counts of the size of `LARGE`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

LARGE: Final = 12_000_000
"""The bytes of a file of counts, some 400,000 rows, from which on columns are worth their start whatever the scheme."""


def worth_it(path: Path, by_columns: bool | None) -> bool:
    """Whether a file of counts is read in columns: as `by_columns` says, else by its size."""
    if by_columns is not None:
        return by_columns
    try:
        return path.stat().st_size >= LARGE
    except OSError:
        return False  # whoever reads it says what is wrong


@dataclass(frozen=True)
class Summed:
    """What plain practices come to together, in pence."""

    practices: int
    items: int
    pence: int
    at_one: int | None
    advance: int
    balance: int
