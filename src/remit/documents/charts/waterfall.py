"""A waterfall: each step from where the one before it ended, then the whole."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from remit.core import say

_WIDTH, _LEFT, _ROW, _DIGIT = 760, 170, 30, 8.5
_RISE, _FALL, _WHOLE, _INK, _AXIS = "#005eb8", "#b25000", "#212b32", "#212b32", "#4c6272"


def waterfall(steps: Sequence[tuple[str, int]], whole: str, alt: str) -> str:
    """Steps in pence with their names, up and down from nothing, and their sum; amounts stand beside the bars."""
    at, ends = 0, []
    for name, amount in steps:
        ends.append((name, at, at + amount, amount))
        at += amount
    ends.append((whole, 0, at, at))
    low, high = min(0, *(min(a, b) for _, a, b, _ in ends)), max(0, *(max(a, b) for _, a, b, _ in ends))
    beside = max(len(say.gain(amount)) for *_, amount in ends) * _DIGIT + 6
    unit = (_WIDTH - _LEFT - 2 * beside) / ((high - low) or 1)
    zero = _LEFT + beside - low * unit
    tall = len(ends) * _ROW
    parts = [f'<line x1="{zero:.1f}" x2="{zero:.1f}" y1="0" y2="{tall}" stroke="{_AXIS}"/>']
    for n, (name, start, end, amount) in enumerate(ends):
        x, right = (_LEFT + beside + (pence - low) * unit for pence in sorted((start, end)))
        fill = _WHOLE if n == len(steps) else _RISE if amount > 0 else _FALL
        at_x, anchor = (right + 6, "start") if amount >= 0 else (x - 6, "end")
        y = n * _ROW
        parts.append(f'<text x="0" y="{y + 20}">{escape(name)}</text>')
        if amount:
            wide = max(right - x, 1.5)
            parts.append(f'<rect x="{x:.1f}" y="{y + 6}" width="{wide:.1f}" height="18" fill="{fill}"/>')
        parts.append(f'<text x="{at_x:.1f}" y="{y + 20}" text-anchor="{anchor}">{escape(say.gain(amount))}</text>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {tall + 4}" role="img" '
        f'aria-label="{escape(alt, quote=True)}" font-family="inherit" font-size="14" fill="{_INK}" '
        f'style="max-width:48rem">{"".join(parts)}</svg>'
    )
