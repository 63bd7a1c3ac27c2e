"""Bars to one scale, each with its name and its figure."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

_WIDTH, _LEFT, _ROW, _LABEL, _INK = 720, 270, 30, 130, "#212b32"
_FIRST, _OTHER = "#00703c", "#b25000"


def shares(bars: Sequence[tuple[str, int, str]], alt: str) -> str:
    """Bars of (name, count, figure in words); the first is told apart from the others."""
    most = max(1, *(count for _, count, _ in bars))
    parts = []
    for n, (name, count, figure) in enumerate(bars):
        wide = max(1.5, round(count / most * (_WIDTH - _LEFT - _LABEL), 1))
        y, fill = n * _ROW, _OTHER if n else _FIRST
        parts.append(f'<text x="{_LEFT - 8}" y="{y + 20}" text-anchor="end">{escape(name)}</text>')
        parts.append(f'<rect x="{_LEFT}" y="{y + 6}" width="{wide}" height="18" fill="{fill}"/>')
        parts.append(f'<text x="{_LEFT + wide + 6}" y="{y + 20}">{escape(figure)}</text>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {len(bars) * _ROW + 4}" role="img" '
        f'aria-label="{escape(alt, quote=True)}" font-family="inherit" font-size="14" fill="{_INK}" '
        f'style="max-width:46rem">{"".join(parts)}</svg>'
    )
