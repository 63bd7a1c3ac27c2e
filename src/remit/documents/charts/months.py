"""A bar for each month: up for what is received, down for what is recovered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from remit.documents.blocks import Picture
from remit.documents.charts.drawing import LINE, WIDTH, Scale, bar, picture, round_ends, stroke, width_of, words
from remit.documents.charts.palette import HAIR, HERE, INK, RULE, SOFT

_TOP, _FLOOR = 8.0, 150.0


def months(bars: Sequence[tuple[str, str, int]], alt: str, shown: Callable[[Fraction], str]) -> Picture:
    """Bars of (month, year, pence) in their order, with the year below its first month; `shown` words the axis."""
    ticks = round_ends([pence for *_, pence in bars], parts=4, from_zero=True)
    left = max(width_of(shown(tick)) for tick in ticks) + 8
    y = Scale(ticks[0], ticks[-1], _FLOOR, _TOP)
    parts = []
    for tick in ticks:
        parts.append(stroke(left, y(tick), WIDTH, y(tick), INK if tick == 0 else HAIR))
        parts.append(words(left - 6, y(tick) + 4, shown(tick), "end", SOFT))
    step = min((WIDTH - left) / max(len(bars), 1), 60)
    each = -(-int(width_of("Mmm") + 8) // int(max(step, 1)))
    for n, (month, year, pence) in enumerate(bars):
        x, tall = left + n * step, abs(y(pence) - y(0))
        parts.append(bar(x + step * 0.15, min(y(pence), y(0)), step * 0.7, tall, RULE if pence >= 0 else HERE))
        if n % each == 0:
            parts.append(words(x + step / 2, _FLOOR + LINE, month, "middle", SOFT))
        if n == 0 or year != bars[n - 1][1]:
            parts.append(words(x + step / 2, _FLOOR + 2 * LINE, year, "middle", SOFT))
    return picture(WIDTH, _FLOOR + 2 * LINE + 6, alt, parts)
