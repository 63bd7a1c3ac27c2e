"""Very many pairs of values on a grid of cells, the darker the more there are: what stays is on the diagonal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from math import log

from remit.documents.blocks import Picture
from remit.documents.charts.drawing import (
    LINE,
    SIZE,
    WIDTH,
    Scale,
    bar,
    picture,
    place,
    round_ends,
    stroke,
    width_of,
    words,
)
from remit.documents.charts.palette import GOOD, HAIR, POOR, QUIET, SOFT
from remit.documents.charts.rows import Shown

_CELLS = 40
_HEIGHT = 320.0


def density(pairs: Sequence[tuple[Fraction, Fraction]], alt: str, shown: Shown, across: str, upwards: str) -> Picture:
    """The pairs (before, after) on one scale. Above the diagonal is a gain, below it a loss; a cell on it is neither.

    `across` and `upwards` say what is on the axes.
    """
    ticks = round_ends([value for pair in pairs for value in pair])
    low, high = ticks[0], ticks[-1]
    left = max(width_of(shown(tick)) for tick in ticks) + 8
    side = min(_HEIGHT, WIDTH - left - 8)
    top = LINE + 12
    x, y = Scale(low, high, left, left + side), Scale(low, high, top + side, top)
    parts = [words(0, SIZE, upwards, colour=SOFT)]
    free = float("-inf")
    for tick in ticks:
        parts += [stroke(left, y(tick), left + side, y(tick), HAIR), stroke(x(tick), top, x(tick), top + side, HAIR)]
        parts.append(words(left - 6, y(tick) + SIZE * 0.35, shown(tick), "end", SOFT))
        half = width_of(shown(tick)) / 2
        if x(tick) - half >= free:
            parts.append(words(x(tick), top + side + LINE, shown(tick), "middle", SOFT))
            free = x(tick) + half + 8
    cell = side / _CELLS
    step = (high - low) / _CELLS
    counted = Counter((_at(a - low, step), _at(b - low, step)) for a, b in pairs)
    most = log(1 + max(counted.values(), default=1))
    for (column, row), many in sorted(counted.items()):
        colour = QUIET if row == column else GOOD if row > column else POOR
        square = bar(left + column * cell, top + side - (row + 1) * cell, cell, cell, colour)
        parts.append(square.replace("/>", f' fill-opacity="{place(0.25 + 0.75 * log(1 + many) / most)}"/>'))
    parts.append(stroke(x(low), y(low), x(high), y(high), SOFT, 1, "4 4"))
    parts.append(words(left, top + side + 2 * LINE, across, colour=SOFT))
    right = left + side + 20
    for n, (name, colour) in enumerate((("gains", GOOD), ("about the same", QUIET), ("loses", POOR))):
        parts.append(bar(right, top + 8 + n * (LINE + 6), 14, 14, colour))
        parts.append(words(right + 22, top + 8 + n * (LINE + 6) + SIZE - 1, name, colour=SOFT))
    return picture(WIDTH, top + side + 2 * LINE + 8, alt, parts)


def _at(value: Fraction, step: Fraction) -> int:
    return min(int(value // step), _CELLS - 1) if step else 0
