"""A bar for each name, with the interval that it may lie in as a whisker, and a line to compare all with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from remit.core import say
from remit.documents.blocks import Picture
from remit.documents.charts.drawing import LINE, WIDTH, Scale, bar, picture, round_ends, stroke, words
from remit.documents.charts.palette import HERE, INK, SOFT, TONES, Tone
from remit.documents.charts.rows import Shown, axis, frame, marks_above, names, value_at


@dataclass(frozen=True)
class Bar:
    """One bar: `text` is what stands at its end; with no value it stands alone, and says why: `hidden`, `not known`.

    `low` and `high` are the ends of its interval, where it has one.
    """

    name: str
    value: Fraction | None
    text: str
    low: Fraction | None = None
    high: Fraction | None = None
    tone: Tone = ""


def bars(
    rows: Sequence[Bar], alt: str, shown: Shown = say.percent, compared_with: tuple[Fraction, str] | None = None
) -> Picture:
    """The bars in the order given, from nought; `compared_with` is a value with its name, such as the whole's.

    About 40 rows fit on a page of paper.
    """
    rest = [compared_with[0]] if compared_with else []
    ends = [value for row in rows for value in (row.value, row.low, row.high) if value is not None]
    ticks = round_ends([*ends, *rest], from_zero=True)
    top = LINE + 6 if compared_with else 4
    place = frame([row.name for row in rows], [row.text for row in rows], top)
    x = Scale(ticks[0], ticks[-1], place.left, place.right)
    parts = [axis(ticks, x, top, place.height, shown), names(place)]
    for n, row in enumerate(rows):
        parts.append(value_at(place, n, row.text, SOFT if row.value is None else INK))
        if row.value is not None:
            parts.append(_bar(row, x, place.middle(n)))
    parts.append(stroke(x(0), top, x(0), place.height))
    if compared_with:
        at, text = x(compared_with[0]), compared_with[1]
        parts.append(stroke(at, top - 4, at, place.height, HERE, 1.5, "5 3"))
        middle = marks_above([(at, text)], bold=True)[0][0]
        parts.append(words(middle, LINE - 4, text, "middle", HERE, bold=True, within=WIDTH))
    return picture(WIDTH, place.height + LINE + 6, alt, parts)


def _bar(row: Bar, x: Scale, y: float) -> str:
    assert row.value is not None
    start, end = sorted((x(0), x(row.value)))
    parts = [bar(start, y - 7, end - start, 14, TONES[row.tone])]
    if row.low is not None and row.high is not None:
        low, high = x(row.low), x(row.high)
        for colour, width in (("#ffffff", 4), (INK, 1.5)):  # a white edge, so that it is seen upon the bar
            parts += [
                stroke(low, y, high, y, colour, width),
                stroke(low, y - 5, low, y + 5, colour, width),
                stroke(high, y - 5, high, y + 5, colour, width),
            ]
    return "".join(parts)
