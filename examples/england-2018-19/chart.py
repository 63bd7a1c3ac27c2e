"""A chart of how far a factor spreads over practices, as SVG, drawn by hand: a row for each group."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

LEFT, WIDTH, ROW, TOP, MOST = 272, 480, 22, 64, 3.0
INK, PALE, DEEP = "#212b32", "#99b9dc", "#005eb8"


def spread_chart(spreads: Mapping[str, tuple[float, ...]]) -> str:
    """`spreads` holds, by a group's title, the least, 5%, 25%, middle, 75%, 95% and most of the practices' factors."""
    rows = sorted(spreads.items(), key=lambda pair: pair[1][5])
    height = TOP + ROW * len(rows) + 56
    below = TOP + ROW * len(rows) + 8
    title = "Prevalence of each practice over the nation's (APDF), QOF England 2018-19"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + 60} {height}" role="img"'
        f' font-family="Arial, sans-serif" font-size="13" fill="{INK}" aria-label="{escape(title)}">',
        '<rect width="100%" height="100%" fill="#fff"/>',
        f'<text x="12" y="24" font-size="15" font-weight="bold">{escape(title)}</text>',
        '<text x="12" y="44">Thin line: 5% to 95% of practices. Band: the middle half. Mark: the median.</text>',
    ]
    for tick in (0, 0.5, 1, 1.5, 2, 2.5, 3):
        x = _at(tick)
        colour = INK if tick == 1 else "#d8dde0"
        parts.append(f'<line x1="{x}" y1="{TOP - 8}" x2="{x}" y2="{below}" stroke="{colour}"/>')
        parts.append(f'<text x="{x}" y="{below + 18}" text-anchor="middle">{tick:g}</text>')
    parts.append(
        f'<text x="{_at(1)}" y="{below + 36}" text-anchor="middle">1: the nation\'s prevalence, where a point has its'
        " plain value</text>"
    )
    for n, (group, (_, p5, p25, p50, p75, p95, _)) in enumerate(rows):
        y = TOP + ROW * n + ROW / 2
        parts += [
            f'<text x="{LEFT - 12}" y="{y + 4.5}" text-anchor="end">{escape(group)}</text>',
            f'<line x1="{_at(p5)}" y1="{y}" x2="{_at(p95)}" y2="{y}" stroke="{DEEP}" stroke-width="2"/>',
            f'<rect x="{_at(p25)}" y="{y - 6}" width="{round(_at(p75) - _at(p25), 1)}" height="12" fill="{PALE}"/>',
            f'<line x1="{_at(p50)}" y1="{y - 8}" x2="{_at(p50)}" y2="{y + 8}" stroke="{DEEP}" stroke-width="3"/>',
        ]
        if p95 > MOST:
            parts.append(f'<text x="{_at(MOST) + 6}" y="{y + 4.5}" fill="{DEEP}">→ {p95:.1f}</text>')
    return "\n".join([*parts, "</svg>", ""])


def _at(value: float) -> float:
    return round(LEFT + WIDTH * min(value, MOST) / MOST, 1)
