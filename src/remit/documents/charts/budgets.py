"""Awards against budgets: a wide pale bar for the budget, a narrow one before it for the award."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from remit.documents.blocks import Picture
from remit.documents.charts.drawing import WIDTH, Scale, bar, picture
from remit.documents.charts.palette import HERE, INK, QUIET, RULE, TINT
from remit.documents.charts.rows import frame, names, value_at


def budgets(bars: Sequence[tuple[str, int, int, str]], alt: str) -> Picture:
    """Bars of (name, award, budget, what is left in words), in pence; an award above its budget is red."""
    texts = [text for *_, text in bars]
    rows = frame([name for name, *_ in bars], texts, 0)
    most = max(1, *(max(award, budget) for _, award, budget, _ in bars))
    x = Scale(Fraction(0), Fraction(most), rows.left, rows.right)
    parts = [names(rows)]
    for n, (_, award, budget, _) in enumerate(bars):
        over = bool(budget) and award > budget
        parts.append(bar(rows.left, rows.middle(n) - 10, x(budget) - rows.left, 20, TINT, QUIET if budget else ""))
        parts.append(bar(rows.left, rows.middle(n) - 4, x(award) - rows.left, 8, HERE if over else RULE))
        parts.append(value_at(rows, n, texts[n], HERE if over else INK, bold=over))
    return picture(WIDTH, rows.height + 2, alt, parts)
