"""Scales, as contracts say them, in fractions: imports nothing of Remit.

"Nothing up to 30%; in proportion between 30% and 70%; £1.10 per weighted patient at 70% and above."
"Below 90, £1.00 per weighted patient; 90 to under 120, 60p; 120 to under 150, 25p; 150 and over, nothing."
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction


def pence(pounds: Fraction) -> int:
    """Rounded to the penny, half up."""
    return int(pounds * 100 + Fraction(1, 2))


def in_proportion(rate: Fraction, nothing: Fraction, full: Fraction, amount: Fraction) -> Fraction:
    """Nothing at one end, all of it at the other and beyond, in proportion between; either end may be higher."""
    way = (rate - nothing) / (full - nothing)
    return amount * min(max(way, Fraction(0)), Fraction(1))


def start_then_proportion(
    rate: Fraction, begins: Fraction, full: Fraction, start: Fraction, amount: Fraction
) -> Fraction:
    """A start on reaching one end, then in proportion to the whole amount at the other; either end may be higher."""
    reached = rate <= begins if full < begins else rate >= begins
    return start + in_proportion(rate, begins, full, amount - start) if reached else Fraction(0)


def by_bands(rate: Fraction, bands: Sequence[tuple[Fraction, bool, Fraction]]) -> Fraction:
    """Lower is better: the first band that the rate is below, or up to where the band says so, pays; else nothing."""
    for at, up_to, pays in bands:
        if rate < at or (up_to and rate == at):
            return pays
    return Fraction(0)
