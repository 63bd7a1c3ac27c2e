"""A bar for each month: up for what is received, down for what is recovered."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

_IN, _OUT, _INK = "#3b5668", "#9a1f1f", "#212b32"
_WIDTH, _TOP, _FLOOR = 36, 14, 110


def months(bars: Sequence[tuple[str, str, int]], alt: str) -> str:
    """Bars of (month, year, pence) in their order, with the year below its first month."""
    high, low = (end(0, *(pence for *_, pence in bars)) for end in (max, min))
    scale = (_FLOOR - _TOP) / max(high - low, 1)
    zero = _TOP + high * scale
    parts = []
    for n, (month, year, pence) in enumerate(bars):
        x, tall = 4 + n * _WIDTH, abs(pence) * scale
        y, colour = (zero - tall, _IN) if pence >= 0 else (zero, _OUT)
        parts.append(f'<rect x="{x}" y="{y:.1f}" width="{_WIDTH - 8}" height="{tall:.1f}" fill="{colour}"/>')
        middle = x + (_WIDTH - 8) / 2
        parts.append(f'<text x="{middle}" y="{_FLOOR + 14}" text-anchor="middle">{escape(month)}</text>')
        if n == 0 or year != bars[n - 1][1]:
            parts.append(f'<text x="{middle}" y="{_FLOOR + 28}" text-anchor="middle">{escape(year)}</text>')
    wide = 8 + len(bars) * _WIDTH
    parts.append(f'<line x1="0" x2="{wide}" y1="{zero:.1f}" y2="{zero:.1f}" stroke="{_INK}"/>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {_FLOOR + 34}" role="img" '
        f'aria-label="{escape(alt, quote=True)}" font-family="inherit" font-size="11" fill="{_INK}" '
        f'style="max-width:{wide}px">{"".join(parts)}</svg>'
    )
