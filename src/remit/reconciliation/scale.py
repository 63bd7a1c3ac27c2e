"""Figures of the other side on another scale: fractions for per cent, pence for pounds, thousands.

One factor for a whole quantity of the file is one cause, and no difference of the figures themselves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from remit.core.rounding import exact_text
from remit.reconciliation.rows import BEYOND, SCALE, WITHIN, Cause, ReconciledRow, figure_text

_FACTORS = (Fraction(100), Fraction(1000), Fraction(1, 100), Fraction(1, 1000))
_SCALED = ("achievement", "points", "pounds")
_CALLED = {
    ("achievement", Fraction(1, 100)): "fractions in place of per cent",
    ("pounds", Fraction(100)): "pence in place of pounds",
    ("pounds", Fraction(1, 1000)): "thousands of pounds in place of pounds",
}
_ENOUGH = 3
_MOST = 6
"""Decimals beyond which a figure is taken to be exact."""


def on_another_scale(rows: Sequence[ReconciledRow]) -> list[ReconciledRow]:
    """The rows again, with the one factor named that turns ours into theirs, for each quantity that has one.

    It must give every figure of the quantity that both sides have and that is not 0; or more than half of them, and
    three or more: then the others are said to be on that scale, and to differ still.
    """
    compared: dict[str, list[ReconciledRow]] = defaultdict(list)
    for row in rows:
        if row.quantity in _SCALED and row.status in (BEYOND, WITHIN) and row.theirs and row.ours:
            compared[row.quantity].append(row)
    factors = {quantity: factor for quantity, pairs in compared.items() if (factor := _factor(pairs))}
    return [_named(row, *factors[row.quantity]) if row.quantity in factors else row for row in rows]


def _factor(rows: Sequence[ReconciledRow]) -> tuple[Fraction, Fraction] | None:
    """The factor, and half the last place that theirs are written with: a place that tells their figures apart."""
    theirs = [Fraction(row.theirs or 0) for row in rows]
    half = Fraction(1, 2 * 10 ** max(_decimals(value) for value in theirs))
    half = half if half * 20 <= max(theirs) else Fraction(0)
    for factor in _FACTORS:
        fitting = sum(_fits(row, factor, half) for row in rows)
        if fitting == len(rows) or (fitting >= _ENOUGH and fitting * 2 > len(rows)):
            return factor, half
    return None


def _fits(row: ReconciledRow, factor: Fraction, half: Fraction) -> bool:
    """Whether theirs is ours times the factor, to the last place that they print or to the tolerance of ours."""
    theirs, ours = Fraction(row.theirs or 0), Fraction(row.ours or 0)
    return row.status == BEYOND and abs(theirs - ours * factor) <= max(half, row.tolerance * factor)


def _decimals(value: Fraction) -> int:
    return next((n for n in range(_MOST) if (value * 10**n).denominator == 1), _MOST)


def _named(row: ReconciledRow, factor: Fraction, half: Fraction) -> ReconciledRow:
    if row.status != BEYOND or not row.ours or not row.theirs:
        return row
    by = f"times {exact_text(factor)}" if factor > 1 else f"divided by {exact_text(1 / factor)}"
    called = f": {_CALLED[row.quantity, factor]}" if (row.quantity, factor) in _CALLED else ""
    text = f"the file's {row.quantity} is ours {by}{called}"
    if not _fits(row, factor, half):
        text += (
            f". On our scale this figure would be {figure_text(row.quantity, row.theirs / factor)}, which differs too"
        )
    return replace(row, causes=(Cause(SCALE, text), *(row.causes if not _fits(row, factor, half) else ())))
