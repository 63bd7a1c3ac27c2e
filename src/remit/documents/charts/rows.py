"""What charts of one row for each name share: the column of names, the axis, the column of values at the right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from remit.documents.charts.drawing import (
    LINE,
    SIZE,
    WIDTH,
    Scale,
    lines_within,
    paragraph,
    parts_of,
    stroke,
    width_of,
    words,
)
from remit.documents.charts.palette import HAIR, INK, SOFT

GAP = 12
Shown = Callable[[Fraction], str]


@dataclass(frozen=True)
class Frame:
    """Where the names end, where the values begin, and how high each row is."""

    names: tuple[tuple[str, ...], ...]
    left: float
    right: float
    tops: tuple[float, ...]
    height: float

    def end(self, row: int) -> float:
        """Where a row ends, from the top."""
        return self.tops[row + 1] if row + 1 < len(self.tops) else self.height

    def middle(self, row: int) -> float:
        """The middle of a row, from the top."""
        return (self.tops[row] + self.end(row)) / 2


def frame(names: Sequence[str], values: Sequence[str], top: float, least: float = 24) -> Frame:
    """The rows below `top`: a name has as many lines as it needs, in a column of at most two fifths of the width. No
    row is lower than `least`."""
    most = WIDTH * 0.4
    longest = max((width_of(name) for name in names), default=0)
    words_alone = max((width_of(word) for name in names for word in parts_of(name)), default=0)
    column = min(max(min(longest, most * 0.75), min(words_alone, most)), most)
    lines = tuple(tuple(lines_within(name, column)) for name in names)
    tops, at = [], top
    for parts in lines:
        tops.append(at)
        at += max(least, len(parts) * LINE + 8)
    room = max((width_of(value) for value in values), default=0)
    return Frame(lines, column + GAP, WIDTH - min(room, WIDTH * 0.35) - GAP, tuple(tops), at)


def names(rows: Frame) -> str:
    """The column of names."""
    column = rows.left - GAP
    return "".join(
        paragraph(0, rows.middle(n) - (len(lines) - 1) * LINE / 2 + SIZE * 0.35, lines, column)
        for n, lines in enumerate(rows.names)
    )


def value_at(rows: Frame, row: int, text: str, colour: str = INK, bold: bool = False) -> str:
    """What stands at the end of a row."""
    room = WIDTH - rows.right - GAP
    return words(WIDTH, rows.middle(row) + SIZE * 0.35, text, "end", colour, bold=bold, within=room)


def axis(ticks: Sequence[Fraction], scale: Scale, top: float, bottom: float, shown: Shown) -> str:
    """Faint lines at round numbers, with those that have room for their words below them."""
    parts, free = [], float("-inf")
    for tick in ticks:
        x = scale(tick)
        parts.append(stroke(x, top, x, bottom, HAIR))
        text = shown(tick)
        half = width_of(text) / 2
        middle = min(max(x, half), WIDTH - half)
        if middle - half >= free:
            parts.append(words(middle, bottom + LINE, text, "middle", SOFT))
            free = middle + half + 8
    return "".join(parts)


def marks_above(
    marks: Sequence[tuple[float, str]], left: float = 0, right: float = WIDTH, bold: bool = False
) -> list[tuple[float, int, str]]:
    """Labels over the places that they belong to: (middle, line from the bottom, text), so that none meets another."""
    ends: list[float] = []
    placed = []
    for x, text in sorted(marks):
        half = min(width_of(text, bold=bold), right - left) / 2
        middle = min(max(x, left + half), right - half)
        line = next((n for n, end in enumerate(ends) if middle - half >= end), len(ends))
        if line == len(ends):
            ends.append(0)
        ends[line] = middle + half + 10
        placed.append((middle, line, text))
    return placed
