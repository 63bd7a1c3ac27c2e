"""Provisional counts say so in each row, in a mark that is of the row: they stay provisional wherever they are copied.

A mark is not a signature. It shows a row that was changed by hand; a practice is provisional where any row has one.
Counts without the column are somebody's own, and Remit does not vouch for them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

MARKED = "provisional"
"""The column of the marks."""


def mark_of(row: Sequence[str]) -> str:
    """The mark of a provisional row of counts: of its practice, indicator, measure, value and period."""
    return hashlib.sha256("\n".join((MARKED, *row)).encode()).hexdigest()[:16]
