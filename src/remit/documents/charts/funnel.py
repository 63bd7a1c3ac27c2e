"""A funnel: each practice's rate by how many people it was counted on, between the limits that chance leaves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from remit.core import say
from remit.documents.blocks import Picture
from remit.documents.charts.drawing import (
    LINE,
    SIZE,
    WIDTH,
    Scale,
    corners,
    dot,
    picture,
    place,
    round_ends,
    stroke,
    width_of,
    words,
)
from remit.documents.charts.palette import HAIR, HERE, INK, RULE, SOFT

_HEIGHT, _LEFT, _TOP, _BELOW = 300.0, 52.0, 44.0, 44.0
_MANY = 500
"""More marks than these are drawn small, so that they do not run into one."""


@dataclass(frozen=True)
class FunnelPoint:
    """A practice: how many people, its rate (0 to 1), and whether it lies outside."""

    size: int
    rate: Fraction
    outside: bool


@dataclass(frozen=True)
class FunnelLimit:
    """A pair of limits by size; a `dashed` one is chance alone."""

    sizes: Sequence[int]
    low: Sequence[float]
    high: Sequence[float]
    dashed: bool


def funnel_chart(
    points: Sequence[FunnelPoint], limits: Sequence[FunnelLimit], target: Fraction, axes: tuple[str, str], alt: str
) -> Picture:
    """Points that fall on the same place are drawn once. `axes` names what is across (sizes), and upwards (rates)."""
    counted, upwards = axes
    most = max([point.size for point in points] + [limit.sizes[-1] for limit in limits])
    rates = [point.rate for point in points] + [target]
    across = round_ends([0, most])
    up = round_ends([max(Fraction(0), min(rates) - Fraction(2, 100)), min(Fraction(1), max(rates) + Fraction(2, 100))])
    x = Scale(across[0], across[-1], _LEFT, WIDTH - 12)
    y = Scale(up[0], up[-1], _TOP + _HEIGHT, _TOP)
    parts = [words(0, SIZE, upwards, colour=SOFT), *_key(limits, any(point.outside for point in points))]
    for tick in up:
        parts.append(stroke(_LEFT, y(tick), WIDTH - 12, y(tick), HAIR))
        parts.append(words(_LEFT - 8, y(tick) + SIZE * 0.35, say.percent(tick), "end", SOFT))
    for tick in across:
        middle = min(x(tick), WIDTH - width_of(say.number(tick)) / 2)  # whole, at the right end too
        parts.append(words(middle, _TOP + _HEIGHT + 18, say.number(tick), "middle", SOFT))
    parts.append(words((_LEFT + WIDTH) / 2, _TOP + _HEIGHT + 36, counted, "middle", SOFT))
    inside = dict.fromkeys((place(x(p.size)), place(y(p.rate))) for p in points if not p.outside)
    marks = "".join(f"M{at} {up_at}h.01" for at, up_at in inside)
    if marks:
        size = "5" if len(inside) <= _MANY else "2.5"
        parts.append(
            f'<path d="{marks}" stroke="{RULE}" stroke-width="{size}" stroke-linecap="round" stroke-opacity=".55"/>'
        )
    parts += [_limit(limit, side, x, y) for limit in limits for side in (limit.low, limit.high)]
    parts.append(stroke(_LEFT, y(target), WIDTH - 12, y(target), INK, 2.5))
    out = dict.fromkeys((place(x(p.size)), place(y(p.rate))) for p in points if p.outside)
    parts += [
        f'<circle cx="{at}" cy="{up_at}" r="4.5" fill="white" stroke="{HERE}" stroke-width="2"/>' for at, up_at in out
    ]
    return picture(WIDTH, _TOP + _HEIGHT + _BELOW, alt, parts)


def _key(limits: Sequence[FunnelLimit], outside: bool) -> list[str]:
    """What the lines and marks are, above the chart."""
    kinds = {limit.dashed for limit in limits}
    lines = [("all together", INK, 2.5, "")]
    lines += [("limits of chance", INK, 1.3, "4 4")] if True in kinds else []
    lines += [("limits as practices differ", INK, 1.3, "")] if False in kinds else []
    at, y, parts = _LEFT, SIZE + LINE, []
    for name, colour, width, dash in lines:
        parts += [stroke(at, y - 4, at + 24, y - 4, colour, width, dash), words(at + 30, y, name, colour=SOFT)]
        at += 30 + width_of(name) + 16
    if outside:
        parts += [dot(at + 5, y - 4, 4.5, "white", HERE), words(at + 16, y, "outside", colour=SOFT)]
    return parts


def _limit(limit: FunnelLimit, side: Sequence[float], x: Scale, y: Scale) -> str:
    at = [(x(size), y(Fraction(rate))) for size, rate in zip(limit.sizes, side, strict=True)]
    kept = [one for n, one in enumerate(at) if y(Fraction(side[n])) not in (y.start, y.end)] or at[:1]
    dash = ' stroke-dasharray="4 4"' if limit.dashed else ""
    return f'<polyline points="{corners(kept)}" fill="none" stroke="{INK}" stroke-width="1.3"{dash}/>'
