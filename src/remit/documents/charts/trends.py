"""One small line for each name: how something went from day to day, and where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from remit.core import say
from remit.documents.blocks import Picture
from remit.documents.charts.drawing import LINE, WIDTH, Scale, dot, path, picture, stroke, width_of, words
from remit.documents.charts.palette import HAIR, HERE, QUIET, RULE, SOFT
from remit.documents.charts.rows import frame, names, value_at

_TALL = 40
"""The least height of a row: a line that rises by a tenth is seen to."""
_FEW = Fraction(1, 5)


@dataclass(frozen=True)
class Trend:
    """A name with its values by day, in their order, as rates of 0 to 1. `text` says in words how it went."""

    name: str
    values: Sequence[tuple[date, Fraction]]
    text: str


def trends(rows: Sequence[Trend], alt: str) -> Picture:
    """The rows in the order given. Each goes from 0 to 100%, or to 20% where it never comes above that; the last value
    is a full circle. A day without a value has none: the line goes on to the next."""
    where = frame([row.name for row in rows], [row.text for row in rows], 4, _TALL)
    days = sorted({day for row in rows for day, _ in row.values})
    x = Scale(Fraction(days[0].toordinal()), Fraction(days[-1].toordinal()), where.left + 6, where.right - 6)
    parts = [names(where)]
    for n, row in enumerate(rows):
        top, floor = where.tops[n] + 6, where.end(n) - 6
        most = Fraction(1) if max((value for _, value in row.values), default=Fraction(1)) >= _FEW else _FEW
        y = Scale(Fraction(0), most, floor, top)
        parts += [stroke(where.left, level, where.right, level, HAIR) for level in (top, floor)]
        points = [(x(day.toordinal()), y(value)) for day, value in row.values]
        if len(points) > 1:
            parts.append(path(points, RULE, 2))
        parts += [dot(*point, 2.5, QUIET) for point in points[:-1]]
        parts += [dot(*point, 4.5, HERE) for point in points[-1:]]
        parts.append(value_at(where, n, row.text))
    return picture(WIDTH, where.height + LINE + 8, alt, [*parts, *_ends(days, x, where.height)])


def _ends(days: Sequence[date], x: Scale, floor: float) -> list[str]:
    """The first and the last day below the rows."""
    shown = list(dict.fromkeys((days[0], days[-1])))
    anchors = ("start", "end") if len(shown) == 2 else ("middle",)
    room = x.end - x.start
    if len(shown) == 2 and sum(width_of(say.short_day(day)) for day in shown) + 8 > room:
        shown, anchors = shown[1:], ("end",)
    places = {"start": x.start, "end": x.end, "middle": (x.start + x.end) / 2}
    return [
        words(places[anchor], floor + LINE, say.short_day(day), anchor, SOFT)  # type: ignore[arg-type]
        for day, anchor in zip(shown, anchors, strict=True)
    ]
