"""How sure a rate is: 95% intervals of a proportion and of the gap between two, exact to any decimal that is printed.

A proportion has the score interval of Wilson (1927); a gap between two groups has Newcombe's hybrid of the two score
intervals (Statistics in Medicine 1998; 17: 873-890, method 10). Both hold for few people. Roots are carried to
40 decimals, so what is printed is right to its last digit; nothing is a float.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import isqrt

Z = Fraction(1_959_964, 1_000_000)
"""The 97.5th percentile of the normal distribution, to six decimals."""

METHOD = "Wilson score interval"
GAP_METHOD = "Newcombe's interval of a difference, from two Wilson score intervals"

_DIGITS = 10**40


@dataclass(frozen=True)
class Interval:
    """From where to where."""

    low: Fraction
    high: Fraction


@dataclass(frozen=True)
class RateGap:
    """How far one proportion is above another, and the interval of that."""

    size: Fraction
    interval: Interval


def of_rate(numerator: int, denominator: int) -> Interval:
    """The Wilson score interval of a proportion; `denominator` is above 0 and no less than `numerator`."""
    others = denominator - numerator
    middle = 2 * numerator + Z**2
    reach = Z * _root(Z**2 + Fraction(4 * numerator * others, denominator))
    whole = 2 * (denominator + Z**2)
    return Interval((middle - reach) / whole, (middle + reach) / whole)


def of_gap(upper: tuple[int, int], lower: tuple[int, int]) -> RateGap:
    """One proportion less another, each a numerator and a denominator."""
    first, second = Fraction(*upper), Fraction(*lower)
    of_first, of_second = of_rate(*upper), of_rate(*lower)
    size = first - second
    down = _root((first - of_first.low) ** 2 + (of_second.high - second) ** 2)
    up = _root((of_first.high - first) ** 2 + (second - of_second.low) ** 2)
    return RateGap(size, Interval(size - down, size + up))


def _root(value: Fraction) -> Fraction:
    """The square root: exact where it is a fraction, else cut off after 40 decimals."""
    numerator, denominator = isqrt(value.numerator), isqrt(value.denominator)
    if numerator**2 == value.numerator and denominator**2 == value.denominator:
        return Fraction(numerator, denominator)
    return Fraction(isqrt(value.numerator * _DIGITS**2 // value.denominator), _DIGITS)
