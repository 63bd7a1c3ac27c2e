"""An item's rule as a line: what is paid (up) against achievement (across), and where the practice stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import escape

from remit.core import say
from remit.pricing.award import Award
from remit.pricing.prospects import rate_text
from remit.scheme.kinds import Kind, Linear, Steps, StepThenLinear

WIDTH, LEFT, RIGHT, TOP, FLOOR, HEIGHT = 270, 6, 264, 22, 62, 96
INK, SOFT, LINE, FILL, MARK = "#212b32", "#4c5b66", "#3b5668", "#dfe9ef", "#9a1f1f"


@dataclass(frozen=True)
class Chart:
    """`line` are the corners (achievement, share of the most) of what is paid; `marks` the bounds, with their names and
    what is paid from there; `here` is the practice, with its `label`; `start` and `end` are the
    ends of the axis."""

    line: tuple[tuple[Fraction, Fraction], ...]
    marks: tuple[tuple[Fraction, str, str], ...]
    here: tuple[Fraction, Fraction]
    label: str
    start: Fraction
    end: Fraction
    alt: str


def chart(award: Award) -> Chart | None:
    """The chart of an award; None where there is no bound to show or no achievement."""
    kind, rate = award.item.kind, award.achievement.rate
    if rate is None or award.earned is None or award.unmet or not kind.takes_rate:
        return None
    bounds = kind.bounds(award.gate)
    most = kind.most_earned()
    if not bounds or not most:
        return None
    start, end = _window([bound.at for bound in bounds], rate)
    line, levels = _line(kind, award.gate, most, start, end)
    marks = tuple((b.at, say.percent(b.at), level) for b, level in zip(bounds, levels, strict=True))
    unit = "a head" if kind.unit != "points" else "points"
    shown = say.per_head(award.earned) if kind.unit != "points" else say.number(award.earned, 3)
    rule = "; ".join(bound.words for bound in bounds)
    alt = f"{award.item.item}: {rule}. The practice stands at {rate_text(award)}, which pays {shown} {unit}."
    return Chart(line, marks, (rate, award.earned / most), f"here: {rate_text(award)}", start, end, alt)


def _window(bounds: Sequence[Fraction], rate: Fraction) -> tuple[Fraction, Fraction]:
    """The part of the axis that is shown: bounds and practice with room about them, between round numbers."""
    low, high = min(*bounds, rate), max(*bounds, rate)
    room = (high - low or high) * Fraction(3, 5)
    unit = Fraction(1, 20) if high > Fraction(3, 20) else Fraction(1, 200)
    start, end = (low - room) // unit * unit, -((-high - room) // unit) * unit
    return max(Fraction(0), start), min(Fraction(1), end)


def _line(
    kind: Kind, gate: Fraction | None, most: Fraction, start: Fraction, end: Fraction
) -> tuple[tuple[tuple[Fraction, Fraction], ...], tuple[str, ...]]:
    zero = Fraction(0)
    if isinstance(kind, Linear | StepThenLinear):
        lower, upper = kind.lower.known(), kind.upper.known()
        if kind.falls:
            falling = ((start, Fraction(1)), (upper, Fraction(1)), (lower, zero), (end, zero))
            return falling, (f"{say.number(most)} points", f"{say.number(zero)}")
        first = kind.at_lower
        line = ((start, zero), (lower, zero), (lower, first / most), (upper, Fraction(1)), (end, Fraction(1)))
        return line, (f"{say.number(first)}", f"{say.number(most)} points")
    assert isinstance(kind, Steps)
    corners, levels, height = [(start, zero)], [], zero
    for step in kind.table(gate):
        corners += [(step.at, height), (step.at, step.pays / most)]
        height = step.pays / most
        levels.append(say.per_head(step.pays))
    return (*corners, (end, height)), tuple(levels)


def svg(drawn: Chart, font: str = "inherit") -> str:
    """The chart as SVG of a fixed shape; colours have contrast enough in print."""

    def x(at: Fraction) -> str:
        return f"{LEFT + float((at - drawn.start) / (drawn.end - drawn.start)) * (RIGHT - LEFT):.1f}"

    def y(share: Fraction) -> str:
        return f"{FLOOR - float(share) * (FLOOR - TOP):.1f}"

    def text(at_x: str, at_y: float, words: str, anchor: str, colour: str = INK, weight: str = "normal") -> str:
        return (
            f'<text x="{at_x}" y="{at_y}" text-anchor="{anchor}" fill="{colour}" font-weight="{weight}">'
            f"{escape(words)}</text>"
        )

    corners = " ".join(f"{x(a)},{y(b)}" for a, b in drawn.line)
    here_x, here_y = x(drawn.here[0]), y(drawn.here[1])
    anchor = "start" if float(here_x) < LEFT + 40 else ("end" if float(here_x) > RIGHT - 40 else "middle")
    parts = [
        f'<polygon points="{LEFT},{FLOOR} {corners} {RIGHT},{FLOOR}" fill="{FILL}"/>',
        f'<polyline points="{corners}" fill="none" stroke="{LINE}" stroke-width="1.5"/>',
        f'<line x1="{LEFT}" y1="{FLOOR}" x2="{RIGHT}" y2="{FLOOR}" stroke="{INK}" stroke-width="1"/>',
    ]
    ends = [say.percent(drawn.start), say.percent(drawn.end)]
    free = float(LEFT)
    if all(float(x(at)) > LEFT + 7 * (len(ends[0]) + 1) for at, _, _ in drawn.marks):
        parts.append(text(str(LEFT), FLOOR + 17, ends[0], "start", SOFT))
        free += 7 * len(ends[0])
    for at, label, level in drawn.marks:
        parts.append(f'<line x1="{x(at)}" y1="{FLOOR}" x2="{x(at)}" y2="{FLOOR + 4}" stroke="{INK}"/>')
        half = 3.5 * max(len(label), len(level))
        middle = min(max(float(x(at)), LEFT + half), RIGHT - half)
        if middle - half < free:
            continue
        free = middle + half
        parts.append(text(f"{middle:.1f}", FLOOR + 17, label, "middle"))
        parts.append(text(f"{middle:.1f}", FLOOR + 31, level, "middle", LINE))
    if free < RIGHT - 7 * (len(ends[1]) + 1):
        parts.append(text(str(RIGHT), FLOOR + 17, ends[1], "end", SOFT))
    parts += [
        f'<line x1="{here_x}" y1="18" x2="{here_x}" y2="{FLOOR}" stroke="{MARK}" stroke-width="1.5"/>',
        f'<circle cx="{here_x}" cy="{here_y}" r="4.5" fill="{MARK}"/>',
        text(here_x, 13, drawn.label, anchor, MARK, "bold"),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'role="img" aria-label="{escape(drawn.alt, quote=True)}" font-family="{escape(font, quote=True)}" '
        f'font-size="12">{"".join(parts)}</svg>'
    )
