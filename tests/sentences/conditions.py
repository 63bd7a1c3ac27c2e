"""Arithmetic written from the sentences of contracts that pay on a condition. It imports nothing of Remit.

Counts are (numerator, denominator) of a practice; nobody counted is as 0%.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

Counts = tuple[int, int]


def rate(counts: Counts) -> Fraction:
    return Fraction(*counts) if counts[1] else Fraction(0)


def bonus(counts: Sequence[Counts], tops: Sequence[Fraction], needed: int, pounds: Fraction) -> Fraction:
    """ "£1,500 to a practice that reaches the top step of at least two of items 2, 3 and 4"."""
    reached = 0
    for one, top in zip(counts, tops, strict=True):
        if one[1] > 0 and rate(one) >= top:
            reached += 1
    return pounds if reached >= needed else Fraction(0)


def above_a_score(score: Fraction, over: Fraction, pounds: Fraction) -> Fraction:
    """ "£500 to practices with a deprivation score above 35.0"."""
    return pounds if score > over else Fraction(0)


def halved(pounds: Fraction, pcas: int, denominator: int, limit: Fraction) -> Fraction:
    """ "Half of the item where more than 12% of the eligible patients are left out as PCAs"."""
    eligible = pcas + denominator
    return pounds / 2 if eligible and Fraction(pcas, eligible) > limit else pounds


def start_payment(pounds: Fraction, counts: Counts, least: Fraction, repaid: Fraction) -> Fraction:
    """ "It is repaid (in full, or such a share) if the practice is below 20% under item 2": what it keeps."""
    return pounds - pounds * repaid if rate(counts) < least else pounds


def line(counts: Counts, lower: Fraction, upper: Fraction, most: Fraction) -> Fraction:
    """Nothing up to the lower threshold, in proportion between, all from the upper."""
    at = rate(counts)
    if at <= lower:
        return Fraction(0)
    return most if at >= upper else most * (at - lower) / (upper - lower)


def to_the_penny(pounds: Fraction) -> Fraction:
    """Rounded half up."""
    pence = pounds * 100
    return Fraction((2 * pence.numerator + pence.denominator) // (2 * pence.denominator), 100)
