"""Achievement against thresholds: a small strip for a cell of a table, or a row for each name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from remit.core import say
from remit.documents.blocks import Picture
from remit.documents.charts.drawing import LINE, WIDTH, Scale, bar, dot, picture, round_ends, stroke, words
from remit.documents.charts.palette import HERE, INK, RULE, SOFT, TINT, TONES, Tone
from remit.documents.charts.rows import Shown, axis, frame, marks_above, names, value_at

_CELL, _HIGH = 72, 14


@dataclass(frozen=True)
class Strip:
    """A name and where it stands; with no value, `text` says why. `thresholds` are its own, where rows differ."""

    name: str
    at: Fraction | None
    text: str
    tone: Tone = ""
    thresholds: tuple[Fraction, ...] = ()


def strip(
    at: Fraction | None,
    thresholds: Sequence[Fraction],
    tone: Tone = "",
    start: Fraction = Fraction(0),
    end: Fraction = Fraction(1),
) -> str:
    """A strip for a cell whose text says the same, so that it has no words and is hidden from screen readers."""
    x = Scale(start, end, 1, _CELL - 1)
    parts = [bar(1, 4, _CELL - 2, 6, TINT)]
    if at is not None:
        parts.append(bar(1, 4, x(at) - 1, 6, TONES[tone]))
    parts += [stroke(x(t), 0, x(t), _HIGH, INK, 1.5) for t in thresholds]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_CELL} {_HIGH}" width="{_CELL}" height="{_HIGH}" '
        f'aria-hidden="true">{"".join(parts)}</svg>'
    )


def strips(
    rows: Sequence[Strip], alt: str, thresholds: Sequence[tuple[Fraction, str]] = (), shown: Shown = say.percent
) -> Picture:
    """The rows in the order given, with the thresholds that all share drawn through them, each with its name above."""
    values = [row.at for row in rows if row.at is not None]
    own = [t for row in rows for t in row.thresholds]
    ticks = round_ends([*values, *own, *(at for at, _ in thresholds)])
    place = frame([row.name for row in rows], [row.text for row in rows], 0)
    x = Scale(ticks[0], ticks[-1], place.left, place.right)
    above = marks_above([(x(at), text) for at, text in thresholds])
    head = (max(line for _, line, _ in above) + 1) * LINE + 6 if above else 4
    place = frame([row.name for row in rows], [row.text for row in rows], head)
    parts = [axis(ticks, x, head, place.height, shown), names(place)]
    for at, _ in thresholds:
        parts.append(stroke(x(at), head - 4, x(at), place.height, RULE, 1.5, "5 3"))
    parts += [words(middle, head - 6 - line * LINE, text, "middle", RULE, within=WIDTH) for middle, line, text in above]
    for n, row in enumerate(rows):
        y = place.middle(n)
        parts.append(bar(place.left, y - 3, place.right - place.left, 6, TINT))
        parts += [stroke(x(t), y - 8, x(t), y + 8, RULE, 2) for t in row.thresholds]
        if row.at is not None:
            parts.append(dot(x(row.at), y, 6, TONES[row.tone] if row.tone else HERE))
        parts.append(value_at(place, n, row.text, SOFT if row.at is None else INK))
    return picture(WIDTH, place.height + LINE + 6, alt, parts)
