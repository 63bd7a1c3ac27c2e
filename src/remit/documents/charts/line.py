"""What a rule pays (up) against achievement (across), its thresholds, and where the practice stands."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from remit.core import say
from remit.documents.blocks import Picture
from remit.documents.charts.drawing import Scale, dot, path, picture, shape, stroke, width_of, words
from remit.documents.charts.palette import HERE, INK, RULE, SOFT, TINT

_WIDTH, _LEFT, _RIGHT, _TOP, _FLOOR, _HEIGHT = 270, 6, 264, 22, 62, 98
_SIZE = 12


@dataclass(frozen=True)
class PaymentLine:
    """`line` are the corners (achievement, share of the most) of what is paid; `marks` the thresholds, with their names
    and what is paid from there; `here` is the practice, with its `label`; `start` and `end` bound the axis, whose rates
    are `per` so many: 100 (per cent) or 1,000."""

    line: tuple[tuple[Fraction, Fraction], ...]
    marks: tuple[tuple[Fraction, str, str], ...]
    here: tuple[Fraction, Fraction]
    label: str
    start: Fraction
    end: Fraction
    alt: str
    per: int = 100


def at_mark(rate: Fraction, per: int) -> str:
    """What a place on the axis is called: `40%`, or `90` where rates are per 1,000."""
    return say.percent(rate) if per == 100 else say.number(rate * per)


def line(data: PaymentLine) -> Picture:
    """The chart, of a fixed size; it fits beside the facts of an item."""
    x = Scale(data.start, data.end, _LEFT, _RIGHT)
    y = Scale(Fraction(0), Fraction(1), _FLOOR, _TOP)
    points = [(x(at), y(share)) for at, share in data.line]
    here_x, here_y = x(data.here[0]), y(data.here[1])
    half = width_of(data.label, _SIZE, bold=True) / 2
    middle = min(max(here_x, half), _WIDTH - half)
    parts = [
        shape([(_LEFT, _FLOOR), *points, (_RIGHT, _FLOOR)], TINT),
        path(points, RULE),
        stroke(_LEFT, _FLOOR, _RIGHT, _FLOOR),
        *_below(data, x),
        stroke(here_x, 18, here_x, _FLOOR, HERE, 1.5),
        dot(here_x, here_y, 4.5, HERE),
        words(middle, 13, data.label, "middle", HERE, bold=True, size=_SIZE, within=_WIDTH),
    ]
    return picture(_WIDTH, _HEIGHT, data.alt, parts)


def _below(data: PaymentLine, x: Scale) -> list[str]:
    """The thresholds below the axis with what is paid from there, and the ends of the axis where there is room."""
    parts = []
    first, last = at_mark(data.start, data.per), at_mark(data.end, data.per)
    free = float(_LEFT)
    if all(x(at) > _LEFT + width_of(first, _SIZE) + 14 for at, _, _ in data.marks):
        parts.append(words(_LEFT, _FLOOR + 17, first, "start", SOFT, size=_SIZE))
        free += width_of(first, _SIZE)
    for at, label, level in data.marks:
        parts.append(stroke(x(at), _FLOOR, x(at), _FLOOR + 4))
        half = max(width_of(label, _SIZE), width_of(level, _SIZE)) / 2 + 2
        middle = min(max(x(at), half), _WIDTH - half)
        if middle - half < free:
            continue
        free = middle + half
        parts.append(words(middle, _FLOOR + 17, label, "middle", INK, size=_SIZE))
        parts.append(words(middle, _FLOOR + 32, level, "middle", RULE, size=_SIZE))
    if free < _RIGHT - width_of(last, _SIZE):
        parts.append(words(_RIGHT, _FLOOR + 17, last, "end", SOFT, size=_SIZE))
    return parts
