"""A waterfall: each step in pence from where the one before it ended, then the whole."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from remit.core import say
from remit.documents.blocks import Picture
from remit.documents.charts.drawing import WIDTH, Scale, bar, picture, stroke
from remit.documents.charts.palette import GOOD, INK, POOR, SOFT
from remit.documents.charts.rows import frame, names, value_at


def waterfall(steps: Sequence[tuple[str, int]], whole: str, alt: str) -> Picture:
    """Steps with their names, up and down from nothing, and their sum, each with its amount."""
    at, ends = 0, []
    for name, amount in steps:
        ends.append((name, at, at + amount, amount))
        at += amount
    ends.append((whole, 0, at, at))
    places = [place for _, start, end, _ in ends for place in (start, end)]
    rows = frame([name for name, *_ in ends], [say.gain(amount) for *_, amount in ends], 0)
    x = Scale(Fraction(min(places)), Fraction(max(places)), rows.left + 2, rows.right - 2)
    parts = [names(rows), stroke(x(0), 0, x(0), rows.height, SOFT)]
    for n, (_, start, end, amount) in enumerate(ends):
        colour = INK if n == len(steps) else GOOD if amount > 0 else POOR
        if amount:
            left, right = sorted((x(start), x(end)))
            parts.append(bar(left, rows.middle(n) - 8, max(right - left, 1.5), 16, colour))
        parts.append(value_at(rows, n, say.gain(amount), INK, bold=n == len(steps)))
    return picture(WIDTH, rows.height + 2, alt, parts)
