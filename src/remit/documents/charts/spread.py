"""Many values on one strip for each name: where a whole area stands, beside the thresholds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from remit.core import say
from remit.documents.blocks import Picture
from remit.documents.charts.drawing import LINE, WIDTH, Scale, bar, picture, place, round_ends, stroke
from remit.documents.charts.palette import INK, RULE, SOFT, TINT
from remit.documents.charts.rows import Shown, axis, frame, names, value_at


@dataclass(frozen=True)
class Spread:
    """A name with its values and thresholds; `text` says in words what matters of them."""

    name: str
    values: Sequence[Fraction]
    thresholds: Sequence[Fraction]
    text: str


def spread(
    rows: Sequence[Spread], alt: str, shown: Shown = say.percent, ends: tuple[Fraction, Fraction] | None = None
) -> Picture:
    """The rows in the order given. A value is a mark that lets those below it be seen: where many are, it is dark.

    `ends` are the least and the most that the axis takes in, for charts that stand below each other.
    """
    ticks = round_ends(ends or [value for row in rows for value in (*row.values, *row.thresholds)])
    where = frame([row.name for row in rows], [row.text for row in rows], 4)
    x = Scale(ticks[0], ticks[-1], where.left + 4, where.right - 4)
    parts = [axis(ticks, x, 4, where.height, shown), names(where)]
    for n, row in enumerate(rows):
        y = where.middle(n)
        parts.append(bar(where.left, y - 6, where.right - where.left, 12, TINT))
        if row.values:
            marks = "".join(f"M{place(x(value))} {place(y - 5)}v10" for value in sorted(row.values))
            parts.append(f'<path d="{marks}" stroke="{INK}" stroke-width="2" stroke-opacity=".35"/>')
        parts += [stroke(x(at), y - 10, x(at), y + 10, RULE, 3) for at in row.thresholds]
        parts.append(value_at(where, n, row.text, INK if row.values else SOFT))
    return picture(WIDTH, where.height + LINE + 6, alt, parts)
