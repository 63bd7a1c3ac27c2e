"""Values over time, with the thresholds that they are held to and the days that matter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from remit.core import say
from remit.documents.blocks import Picture
from remit.documents.charts.drawing import (
    LINE,
    SIZE,
    WIDTH,
    Scale,
    bar,
    dot,
    path,
    picture,
    round_ends,
    stroke,
    width_of,
    words,
)
from remit.documents.charts.palette import HAIR, HERE, INK, QUIET, RULE, SOFT, TINT
from remit.documents.charts.rows import Shown, marks_above

_HIGH = 170


@dataclass(frozen=True)
class Value:
    """A value of a day; `counts` is whether the rules look at it. `text` stands beside it where there is room."""

    day: date
    value: Fraction
    text: str = ""
    counts: bool = True


@dataclass(frozen=True)
class Span:
    """From a day to a day: the window that a rule looks at."""

    start: date
    end: date
    name: str


def history(
    values: Sequence[Value],
    alt: str,
    thresholds: Sequence[tuple[Fraction, str]] = (),
    days: Sequence[tuple[date, str]] = (),
    window: Span | None = None,
    shown: Shown = say.number,
    from_zero: bool = False,
) -> Picture:
    """The values in the order of their days. What counts is a full circle, what does not is a ring. The axis of an
    amount begins `from_zero`."""
    ordered = sorted(values, key=lambda v: v.day)
    ticks = round_ends([*(v.value for v in ordered), *(at for at, _ in thresholds)], from_zero=from_zero)
    room = max([0.0, *(width_of(text, bold=True) for _, text in thresholds)])
    left = max(width_of(shown(tick)) for tick in ticks) + 10
    right = WIDTH - max(14.0, min(room + 8, WIDTH * 0.35))
    all_days = [*(v.day for v in ordered), *(day for day, _ in days), *((window.start, window.end) if window else ())]
    x = Scale(Fraction(min(all_days).toordinal()), Fraction(max(all_days).toordinal()), left + 8, right - 8)
    marks = [(x(day.toordinal()), text) for day, text in days]
    if window:
        marks.append(((x(window.start.toordinal()) + x(window.end.toordinal())) / 2, window.name))
    above = marks_above(marks)
    top = (max([line for _, line, _ in above], default=-1) + 1) * LINE + 14.0
    floor = top + _HIGH
    y = Scale(ticks[0], ticks[-1], floor, top)
    parts = []
    if window:
        parts.append(
            bar(
                x(window.start.toordinal()),
                top - 6,
                x(window.end.toordinal()) - x(window.start.toordinal()),
                floor - top + 6,
                TINT,
            )
        )
    for tick in ticks:
        parts += [stroke(left, y(tick), right, y(tick), HAIR), words(left - 6, y(tick) + 4.5, shown(tick), "end", SOFT)]
    parts += [stroke(x(day.toordinal()), top - 6, x(day.toordinal()), floor, INK, 1, "2 3") for day, _ in days]
    parts += [words(middle, top - 10 - line * LINE, text, "middle", within=WIDTH) for middle, line, text in above]
    parts += _thresholds(thresholds, y, left, right)
    parts.append(stroke(left, floor, right, floor))
    points = [(x(v.day.toordinal()), y(v.value)) for v in ordered]
    parts.append(path(points, QUIET))
    for value, (at, high) in zip(ordered, points, strict=True):
        parts.append(dot(at, high, 5, HERE) if value.counts else dot(at, high, 4.5, "#ffffff", QUIET))
    parts += _beside(ordered, points, (left, top, right, floor), [y(at) for at, _ in thresholds])
    parts += _dates(all_days, x, floor)
    return picture(WIDTH, floor + LINE + 8, alt, parts)


def _thresholds(thresholds: Sequence[tuple[Fraction, str]], y: Scale, left: float, right: float) -> list[str]:
    parts, free = [], float("inf")
    for at, text in sorted(thresholds):
        parts.append(stroke(left, y(at), right, y(at), RULE, 1.5, "6 3"))
        high = min(y(at) + 4.5, free)
        free = high - LINE
        parts.append(words(right + 6, high, text, "start", RULE, bold=True, within=WIDTH - right - 6))
    return parts


def _beside(
    values: Sequence[Value],
    points: Sequence[tuple[float, float]],
    room: tuple[float, float, float, float],
    lines: Sequence[float],
) -> list[str]:
    """The words of each value above its place, or below it, the last one first; none where there is no room."""
    left, top, right, floor = room
    parts = []
    taken = [(left, high - 1, right, high + 1) for high in lines]
    taken += [(at - 6, high - 6, at + 6, high + 6) for at, high in points]
    for value, (at, high) in reversed(list(zip(values, points, strict=True))):
        half = width_of(value.text) / 2
        if not value.text:
            continue
        middle = min(max(at, left + half), right - half)
        for base in (high - 10, high + 20):
            box = (middle - half, base - SIZE, middle + half, base + 2)
            if top - 8 <= base - SIZE and base < floor and not any(_meet(box, other) for other in taken):
                taken.append(box)
                parts.append(words(middle, base, value.text, "middle", HERE if value.counts else SOFT))
                break
    return parts


def _meet(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _dates(days: Sequence[date], x: Scale, floor: float) -> list[str]:
    """The first of a month, quarter or year below the axis, whichever has room."""
    first, last = min(days), max(days)
    months = (last.year - first.year) * 12 + last.month - first.month
    every = next((n for n in (1, 2, 3, 6, 12, 24, 60) if months <= 8 * n), 120)
    parts, free = [], float("-inf")
    for n in range(first.year * 12, last.year * 12 + 12, every):
        day = date(n // 12, n % 12 + 1, 1)
        if not first <= day <= last:
            continue
        at = x(day.toordinal())
        text = str(day.year) if every >= 12 else say.short_day(day).split(" ", 1)[1]
        half = width_of(text) / 2
        if at - half < free or at + half > WIDTH:
            continue
        parts += [stroke(at, floor, at, floor + 4), words(at, floor + LINE + 2, text, "middle", SOFT)]
        free = at + half + 10
    if not parts:
        parts.append(words(x(last.toordinal()), floor + LINE + 2, say.short_day(last), "middle", SOFT))
    return parts
