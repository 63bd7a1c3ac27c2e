"""What changes: a ring before and a full circle after for each name, or the gains and losses of many in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from remit.documents.blocks import Picture
from remit.documents.charts.drawing import (
    LINE,
    SIZE,
    WIDTH,
    Scale,
    bar,
    dot,
    picture,
    round_ends,
    stroke,
    width_of,
    words,
)
from remit.documents.charts.palette import GOOD, HAIR, INK, POOR, QUIET, SOFT
from remit.documents.charts.rows import Shown, axis, frame, names, value_at


@dataclass(frozen=True)
class Change:
    """A name with what it had and what it would have; `text` says the change, or why it is not known."""

    name: str
    before: Fraction | None
    after: Fraction | None
    text: str


def before_after(rows: Sequence[Change], alt: str, shown: Shown, more_is_good: bool = True) -> Picture:
    """The rows in the order given. About 40 fit on a page of paper: show those of most interest, or `gains`."""
    known = [(row.before, row.after) for row in rows if row.before is not None and row.after is not None]
    ticks = round_ends([value for both in known for value in both])
    top = LINE + 8
    place = frame([row.name for row in rows], [row.text for row in rows], top)
    x = Scale(ticks[0], ticks[-1], place.left + 6, place.right - 6)
    parts = [_key(place.left), axis(ticks, x, top, place.height, shown), names(place)]
    for n, row in enumerate(rows):
        y = place.middle(n)
        if row.before is None or row.after is None:
            parts.append(value_at(place, n, row.text, SOFT))
            continue
        colour = _colour(row.after - row.before, more_is_good)
        parts.append(stroke(x(row.before), y, x(row.after), y, colour, 3))
        parts += [dot(x(row.before), y, 5, "#ffffff", colour), dot(x(row.after), y, 5.5, colour)]
        parts.append(value_at(place, n, row.text, INK if colour == QUIET else colour, bold=colour != QUIET))
    return picture(WIDTH, place.height + LINE + 6, alt, parts)


def gains(
    changes: Sequence[Fraction | int], alt: str, shown: Shown, names_of_ends: tuple[str, str] = ("", "")
) -> Picture:
    """The change of each of many, in order: losses at the left, gains at the right; a line for each that stays.

    `names_of_ends` says who loses and who gains most.
    """
    values = sorted(Fraction(change) for change in changes)
    ticks = round_ends(values, from_zero=True)
    left = max(width_of(shown(tick)) for tick in ticks) + 8
    top, floor = 12.0, 200.0
    y = Scale(ticks[0], ticks[-1], floor, top)
    parts = []
    for tick in ticks:
        parts.append(stroke(left, y(tick), WIDTH, y(tick), INK if tick == 0 else HAIR))
        parts.append(words(left - 6, y(tick) + SIZE * 0.35, shown(tick), "end", SOFT))
    step = min((WIDTH - left - 4) / max(len(values), 1), 40)
    thick = max(step * 0.8, 0.5)
    for n, value in enumerate(values):
        at, high = left + 2 + n * step + (step - thick) / 2, abs(y(value) - y(0))
        colour = _colour(value, True)
        start = y(0) - 1 if not value else min(y(value), y(0))
        parts.append(bar(at, start, thick, max(high, 2), colour))
    least, most = names_of_ends
    room, line = WIDTH - left, floor + LINE + 4
    below = LINE if width_of(least) + width_of(most) + 16 > room and least and most else 0
    parts.append(words(left, line, least, "start", POOR, within=room))
    parts.append(words(WIDTH, line + below, most, "end", GOOD, within=room))
    return picture(WIDTH, line + below + 6, alt, parts)


def _colour(change: Fraction, more_is_good: bool) -> str:
    if not change:
        return QUIET
    return GOOD if (change > 0) == more_is_good else POOR


def _key(left: float) -> str:
    after = left + 24 + width_of("before")
    y: float = SIZE
    return (
        dot(left + 6, y - 4, 5, "#ffffff", SOFT)
        + words(left + 16, y, "before", colour=SOFT)
        + dot(after + 6, y - 4, 5.5, SOFT)
        + words(after + 16, y, "after", colour=SOFT)
    )
