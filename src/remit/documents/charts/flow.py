"""Ordered rules as a chart of steps: each asks, one answer leaves to the right, the other goes on to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from remit.documents.blocks import Picture
from remit.documents.charts.drawing import LINE, WIDTH, bar, lines_within, paragraph, picture, shape, stroke, words
from remit.documents.charts.palette import INK, QUIET, RULE, SOFT, TINT, TONES, Tone

_ASKS, _ENDS, _GAP, _PAD = 350, 180, 26, 10
_MOST = 920
"""The height of what fits on a page of paper."""


@dataclass(frozen=True)
class Step:
    """A rule: its number, what it asks, and what becomes of those that meet it (`yes`) and of those that do not (`no`).

    An outcome that is "" goes on to the next step. At most one of the two is an outcome, but for the last step.
    """

    number: str
    asks: str
    yes: str = ""
    no: str = ""
    yes_tone: Tone = ""
    no_tone: Tone = "quiet"


def flow(start: str, steps: Sequence[Step], end: str, alt: str) -> tuple[Picture, ...]:
    """The chart in as many pictures as pages of paper need. `start` says who comes in, `end` what becomes of the rest.

    `end` is "" where the last step leaves nobody.
    """
    pages: list[list[str]] = [[]]
    heights: list[float] = [0]
    boxes = [(_box_height(start, WIDTH - 20 - _ENDS), _start(start))]
    boxes += [_step(step, last=n == len(steps) - 1 and not end) for n, step in enumerate(steps)]
    if end:
        boxes.append((_box_height(end, _ASKS), _end(end)))
    for n, (height, parts) in enumerate(boxes):
        goes_on = n < len(boxes) - 1
        high = height + (_GAP if goes_on else 4)
        if heights[-1] + high > _MOST and pages[-1]:
            pages.append([])
            heights.append(0)
        pages[-1].append(
            f'<g transform="translate(0 {heights[-1]:.1f})">{parts}{_down(height, steps, n) if goes_on else ""}</g>'
        )
        heights[-1] += high
    many = len(pages)
    return tuple(
        picture(WIDTH, height + 2, alt if n == 0 else f"{alt.rstrip('.')}, part {n + 1} of {many}.", parts)
        for n, (height, parts) in enumerate(zip(heights, pages, strict=True))
    )


def _box_height(text: str, width: float) -> float:
    return len(lines_within(text, width - 2 * _PAD)) * LINE + 14


def _start(text: str) -> str:
    width = WIDTH - 20 - _ENDS
    lines = lines_within(text, width - 2 * _PAD)
    return bar(1, 1, width, _box_height(text, width), TINT, RULE, 12) + paragraph(
        1 + _PAD, 1 + LINE + 3, lines, width - 2 * _PAD, bold=True
    )


def _end(text: str) -> str:
    lines = lines_within(text, _ASKS - 2 * _PAD)
    return bar(1, 1, _ASKS, _box_height(text, _ASKS), TINT, RULE, 12) + paragraph(
        1 + _PAD, 1 + LINE + 3, lines, _ASKS - 2 * _PAD, bold=True
    )


def _step(step: Step, last: bool) -> tuple[float, str]:
    """The box of a step with its outcomes at its side, and its height."""
    left = 34
    asks = lines_within(step.asks, _ASKS - left - _PAD)
    outcomes = [
        (answer, text, tone)
        for answer, text, tone in (("yes", step.yes, step.yes_tone), ("no", step.no, step.no_tone))
        if text
    ]
    sides = [(answer, lines_within(text, _ENDS - 2 * _PAD), tone) for answer, text, tone in outcomes]
    needed = sum(len(lines) * LINE + 14 for _, lines, _ in sides) + 8 * max(len(sides) - 1, 0)
    height = max(len(asks) * LINE + 14, needed, 38)
    parts = [
        bar(1, 1, _ASKS, height, "#ffffff", RULE, 3),
        bar(1, 1, left - 8, height, RULE, RULE, 3),
        words(1 + (left - 8) / 2, 1 + height / 2 + 5, step.number, "middle", "#ffffff", bold=True, within=left - 12),
        paragraph(left, 1 + (height - len(asks) * LINE) / 2 + LINE - 4, asks, _ASKS - left - _PAD),
    ]
    y = 1 + (height - needed) / 2
    at = WIDTH - _ENDS - 1
    for answer, lines, tone in sides:
        high = len(lines) * LINE + 14
        middle = y + high / 2
        parts += [
            stroke(_ASKS + 1, middle, at - 7, middle, INK, 1.5),
            shape([(at - 8, middle - 5), (at, middle), (at - 8, middle + 5)], INK),
            words((_ASKS + at - 6) / 2, middle - 5, answer, "middle", SOFT),
            bar(at, y, _ENDS, high, "#ffffff", TONES[tone] if tone else QUIET, 12),
            bar(at, y, 7, high, TONES[tone] if tone else QUIET, "", 3),
            paragraph(at + _PAD + 4, y + LINE + 3, lines, _ENDS - 2 * _PAD),
        ]
        y += high + 8
    return height, "".join(parts)


def _down(height: float, steps: Sequence[Step], n: int) -> str:
    """The arrow to the next step, with the answer that goes on."""
    x, top = 70, height + 1
    step = steps[n - 1] if 0 < n <= len(steps) else None
    answer = "" if step is None else "no" if step.yes and not step.no else "yes" if step.no and not step.yes else ""
    tip = height + _GAP
    label = words(x + 10, top + _GAP / 2 + 3, answer, colour=SOFT) if answer else ""
    return stroke(x, top, x, tip - 6, INK, 1.5) + shape([(x - 5, tip - 7), (x, tip + 1), (x + 5, tip - 7)], INK) + label
