"""What every chart is drawn with: scales, words that are measured and escaped, shapes, and the SVG around them.

Values are exact until they become a place on the page; a place has one decimal, so that the same chart has the same
bytes. A chart has no font of its own (`font-family="inherit"`), so words are measured by the widest of the usual sans
serif fonts: they never run over in another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import escape
from typing import Literal

from remit.core.words import visible
from remit.documents.blocks import Picture
from remit.documents.charts.palette import INK

WIDTH = 640
"""A chart that takes the whole line: its width in pixels, at which its words have their size."""

SIZE = 13
"""The size of words in it."""

_WIDTHS = {
    " ": 0.32,
    **dict.fromkeys("ijlI|'.,:;!()[]", 0.37),
    **dict.fromkeys('ftr-/"', 0.43),
    **dict.fromkeys("mwMW@%—", 1.0),
}

Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True)
class Scale:
    """Values from `low` to `high` on the places from `start` to `end`; what lies outside stands at the end."""

    low: Fraction
    high: Fraction
    start: float
    end: float

    def __call__(self, value: Fraction | int) -> float:
        """The place of a value."""
        if self.high == self.low:
            return (self.start + self.end) / 2
        share = (min(max(Fraction(value), self.low), self.high) - self.low) / (self.high - self.low)
        return self.start + float(share) * (self.end - self.start)


def round_ends(values: Iterable[Fraction | int], parts: int = 5, from_zero: bool = False) -> list[Fraction]:
    """Round numbers at even steps that take in all the values: the ticks of an axis, about `parts` of them."""
    all_values = [Fraction(value) for value in values] or [Fraction(0)]
    low, high = min(all_values), max(all_values)
    if from_zero:
        low, high = min(low, Fraction(0)), max(high, Fraction(0))
    if low == high:
        low, high = low - (0 if from_zero else 1), high + 1
    step = Fraction(1)
    while step * parts > high - low:
        step /= 10
    while step * 10 * parts <= high - low:
        step *= 10
    step = next(step * times for times in (1, 2, 5, 10) if step * times * parts >= high - low)
    first, last = low // step, -(-high // step)
    return [step * n for n in range(int(first), int(last) + 1)]


def width_of(text: str, size: float = SIZE, bold: bool = False) -> float:
    """How wide a text is at most, in pixels."""
    return (
        size
        * (1.13 if bold else 1)
        * sum(_WIDTHS.get(c, (0.75 if c.isupper() else 0.64) if c.isascii() or c in "£×–−’“”·…" else 1.0) for c in text)
    )


def lines_within(text: str, width: float, size: float = SIZE) -> list[str]:
    """The text in lines that are no wider, parted between words and after hyphens.

    A word that is wider alone has a line of its own.
    """
    lines = [""]
    for word in parts_of(text):
        longer = lines[-1] + word
        if not lines[-1].strip() or width_of(longer.rstrip(), size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return [line.rstrip() for line in lines]


def parts_of(text: str) -> list[str]:
    """What a line may end after: each word with its blank, and the parts of a word that has hyphens."""
    return re.findall(r"[^\s-]*-+(?=[^\s-])|\S+\s?", " ".join(text.split()))


def place(value: float) -> str:
    """A place on the page."""
    return f"{value:.1f}"


def words(
    x: float,
    y: float,
    text: str,
    anchor: Anchor = "start",
    colour: str = INK,
    *,
    bold: bool = False,
    size: float = SIZE,
    within: float = 0,
) -> str:
    """One line of text; smaller where it would be wider than `within`, never cut."""
    text = visible(text)
    wide = width_of(text, size, bold)
    at_size = size if not within or wide <= within else max(1.0, size * within / wide)
    sized = f' font-size="{place(at_size)}"' if at_size != SIZE else ""
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{place(x)}" y="{place(y)}" text-anchor="{anchor}" fill="{colour}"{weight}{sized}>'
        f"{escape(text)}</text>"
    )


def paragraph(
    x: float,
    y: float,
    lines: Sequence[str],
    within: float,
    anchor: Anchor = "start",
    colour: str = INK,
    bold: bool = False,
) -> str:
    """Lines of text below each other, the first at `y`."""
    return "".join(
        words(x, y + n * LINE, line, anchor, colour, bold=bold, within=within) for n, line in enumerate(lines)
    )


LINE = SIZE + 3
"""From one line of words to the next."""


def stroke(x1: float, y1: float, x2: float, y2: float, colour: str = INK, width: float = 1, dash: str = "") -> str:
    """A straight line; dashed, it is no part of the values."""
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<line x1="{place(x1)}" y1="{place(y1)}" x2="{place(x2)}" y2="{place(y2)}" stroke="{colour}" '
        f'stroke-width="{width:g}"{dashed}/>'
    )


def bar(x: float, y: float, width: float, height: float, fill: str, edge: str = "", rounded: float = 0) -> str:
    """A rectangle."""
    edged = f' stroke="{edge}"' if edge else ""
    corners = f' rx="{rounded:g}"' if rounded else ""
    return (
        f'<rect x="{place(x)}" y="{place(y)}" width="{place(max(width, 0))}" height="{place(height)}" fill="{fill}"'
        f"{edged}{corners}/>"
    )


def dot(x: float, y: float, radius: float, fill: str, edge: str = "") -> str:
    """A full circle; a ring where its fill is white and it has an edge."""
    edged = f' stroke="{edge}" stroke-width="2"' if edge else ""
    return f'<circle cx="{place(x)}" cy="{place(y)}" r="{radius:g}" fill="{fill}"{edged}/>'


def corners(points: Iterable[tuple[float, float]]) -> str:
    """The corners of a polygon or a polyline."""
    return " ".join(f"{place(x)},{place(y)}" for x, y in points)


def shape(points: Iterable[tuple[float, float]], fill: str) -> str:
    """A polygon."""
    return f'<polygon points="{corners(points)}" fill="{fill}"/>'


def path(points: Iterable[tuple[float, float]], colour: str, width: float = 1.5) -> str:
    """A line of many parts."""
    return f'<polyline points="{corners(points)}" fill="none" stroke="{colour}" stroke-width="{width:g}"/>'


def picture(width: float, height: float, alt: str, parts: Iterable[str]) -> Picture:
    """The chart, with the same in words."""
    alt = visible(alt)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'height="{height:g}" role="img" aria-label="{escape(alt, quote=True)}" font-family="inherit" '
        f'font-size="{SIZE}">{"".join(parts)}</svg>'
    )
    return Picture(svg, alt)
