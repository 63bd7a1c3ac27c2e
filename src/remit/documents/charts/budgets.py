"""Awards against budgets: a wide bar for the budget, a narrow one for the award before it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

_AWARD, _OVER, _BUDGET, _INK = "#3b5668", "#9a1f1f", "#b8c4cc", "#212b32"
_WIDTH, _LEFT, _ROW = 520, 200, 28


def budgets(bars: Sequence[tuple[str, int, int]], alt: str) -> str:
    """Bars of (name, award, budget) in pence; an award above its budget has another colour, and its end a mark."""
    most = max(1, *(max(award, budget) for _, award, budget in bars))
    unit = (_WIDTH - _LEFT - 12) / most
    parts, y = [], 0
    for name, award, budget in bars:
        lines = _lines(name)
        tall = max(_ROW, 15 * len(lines) + 6)
        middle = y + tall / 2
        for n, line in enumerate(lines):
            at = middle + 4 + (n - (len(lines) - 1) / 2) * 14
            parts.append(f'<text x="{_LEFT - 8}" y="{at:.1f}" text-anchor="end">{escape(line)}</text>')
        over = budget and award > budget
        for pence, height, fill in ((budget, 18, _BUDGET), (max(award, 0), 8, _OVER if over else _AWARD)):
            box = f'x="{_LEFT}" y="{middle - height / 2:.1f}" width="{pence * unit:.1f}" height="{height}"'
            parts.append(f'<rect {box} fill="{fill}"/>')
        if over:
            x = _LEFT + award * unit + 3
            parts.append(f'<text x="{x:.1f}" y="{middle + 4:.1f}" fill="{_OVER}" font-weight="bold">!</text>')
        y += tall
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {y}" role="img" '
        f'aria-label="{escape(alt, quote=True)}" font-family="inherit" font-size="12" fill="{_INK}" '
        f'style="max-width:40rem">{"".join(parts)}</svg>'
    )


def _lines(name: str, most: int = 30) -> list[str]:
    """A name in lines of whole words."""
    lines = [""]
    for word in name.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > most:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
