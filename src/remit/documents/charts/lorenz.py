"""How concentrated an amount is: the Lorenz curve before and after, under the line on which all have the same."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from remit.core import say
from remit.documents.blocks import Picture
from remit.documents.charts.drawing import LINE, SIZE, Scale, path, picture, stroke, width_of, words
from remit.documents.charts.palette import GOOD, HAIR, POOR, SOFT

Curve = Sequence[tuple[Fraction, Fraction]]
_LEFT, _SIDE, _TOP, _MOST = 46.0, 260.0, 8.0, 200
_TICKS = [Fraction(n, 4) for n in range(5)]


def lorenz(before: Curve, after: Curve, alt: str, across: str, upwards: str) -> Picture:
    """Both curves; `across` and `upwards` say what is on the axes. Of many corners one in so many is drawn."""
    x = Scale(Fraction(0), Fraction(1), _LEFT, _LEFT + _SIDE)
    y = Scale(Fraction(0), Fraction(1), _TOP + LINE + _SIDE, _TOP + LINE)
    parts = [words(0, _TOP + 4, upwards, colour=SOFT)]
    for tick in _TICKS:
        parts.append(stroke(x(0), y(tick), x(1), y(tick), HAIR))
        parts.append(words(_LEFT - 6, y(tick) + SIZE * 0.35, say.percent(tick), "end", SOFT))
        parts.append(words(x(tick), y(0) + LINE, say.percent(tick), "middle", SOFT))
    parts.append(words(_LEFT, y(0) + 2 * LINE, across, colour=SOFT))
    parts.append(stroke(x(0), y(0), x(1), y(1), SOFT, 1, "4 4"))
    parts.append(path([(x(a), y(b)) for a, b in _some(before)], POOR, 4))
    parts.append(path([(x(a), y(b)) for a, b in _some(after)], GOOD, 1.5))
    left = _LEFT + 12  # the key stands where no curve comes: above the line on which all have the same
    for n, (name, colour, width, dash) in enumerate(
        (("all have the same", SOFT, 1, "4 4"), ("before", POOR, 4, ""), ("after", GOOD, 1.5, ""))
    ):
        at = _TOP + LINE + 16 + n * (LINE + 6)
        parts.append(stroke(left, at, left + 28, at, colour, width, dash))
        parts.append(words(left + 36, at + SIZE * 0.35, name, colour=SOFT))
    width = max(_LEFT + _SIDE + width_of("100%") / 2, _LEFT + width_of(across)) + 4
    return picture(width, y(0) + 2 * LINE + 8, alt, parts)


def _some(curve: Curve) -> Curve:
    every = -(-len(curve) // _MOST)
    return [*curve[::every], curve[-1]]
