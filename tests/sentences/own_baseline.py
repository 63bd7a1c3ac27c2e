"""Arithmetic written from the sentences of contracts that set a result beside the practice's own baseline.

It imports nothing of Remit. "The higher of the points on the ordinary scale and the points on a sliding scale of the
improvement over the practice's own mean of two years" (QOF in England 2026-27, VI001 to VI003).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

Counts = tuple[int, int]


def sliding(at: Fraction, lower: Fraction, upper: Fraction, most: Fraction) -> Fraction:
    """Nothing up to the lower cut-off, all from the upper, a straight line between."""
    if at <= lower:
        return Fraction(0)
    if at >= upper:
        return most
    return most * (at - lower) / (upper - lower)


def own_rate(years: Sequence[Counts], together: bool) -> Fraction:
    """The practice's own mean: of the years' rates, or the rate of their counts together."""
    if together:
        return Fraction(sum(top for top, _ in years), sum(below for _, below in years))
    return sum((Fraction(top, below) for top, below in years), Fraction(0)) / len(years)


def higher_of_two_scales(
    this: Counts,
    years: Sequence[Counts],
    points: Fraction,
    ordinary: tuple[Fraction, Fraction],
    improvement: tuple[Fraction, Fraction],
    share: Fraction = Fraction(1),
    together: bool = False,
) -> Fraction:
    """The points of a practice with a baseline."""
    rate = Fraction(*this)
    change = rate - own_rate(years, together)
    return max(sliding(rate, *ordinary, points), sliding(change, *improvement, points * share))


def on_a_line_of_change(
    this: Counts,
    years: Sequence[Counts],
    amount: Fraction,
    cuts: tuple[Fraction, Fraction],
    falls: bool,
    relative: bool,
    together: bool = False,
) -> Fraction:
    """ "In proportion to the rise over its own rate, from 2 to 10 percentage points", or the fall."""
    before, now = own_rate(years, together), Fraction(*this)
    change = before - now if falls else now - before
    return sliding(change / before if relative else change, *cuts, amount)


def own_target(before: Fraction, rise: Fraction, relative: bool, ceiling: Fraction | None) -> Fraction:
    """ "+10% (own target if above 75%)", where one above the ceiling is to keep its own rate."""
    if ceiling is not None and before > ceiling:
        return before
    return before * (1 + rise) if relative else before + rise
