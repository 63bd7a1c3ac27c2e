"""How many there are of each class: bars to one scale, each with its name and its figure."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from remit.documents.blocks import Picture
from remit.documents.charts.drawing import WIDTH, Scale, bar, picture
from remit.documents.charts.palette import GOOD, POOR
from remit.documents.charts.rows import frame, names, value_at


def shares(bars: Sequence[tuple[str, int, str]], alt: str) -> Picture:
    """Bars of (name, count, figure in words); the first, what is as it should be, is told apart from the others."""
    rows = frame([name for name, *_ in bars], [figure for *_, figure in bars], 0)
    x = Scale(Fraction(0), Fraction(max(1, *(count for _, count, _ in bars))), rows.left, rows.right)
    parts = [names(rows)]
    for n, (_, count, figure) in enumerate(bars):
        wide = max(1.5 if count else 0, x(count) - rows.left)
        parts.append(bar(rows.left, rows.middle(n) - 8, wide, 16, POOR if n else GOOD))
        parts.append(value_at(rows, n, figure))
    return picture(WIDTH, rows.height + 2, alt, parts)
