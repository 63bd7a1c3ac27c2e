"""What one rate earns, as numpy works it out for many counts at once: between its thresholds a kind pays by a line.

Nothing is priced anew: the thresholds are the kind's own, and what it earns at and between them is asked of the kind.
Which side of a threshold a count lies on is decided in whole numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from remit.scheme.kinds import Kind

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class PaymentScale:
    """A kind of payment by one rate: `thresholds` in order, what is earned `at` each, and the lines between them.

    Part k lies above the thresholds before it; there a rate of r earns `start[k] + slope[k] * r`.
    """

    thresholds: tuple[Fraction, ...]
    at: Floats
    start: Floats
    slope: Floats

    @property
    def stepped(self) -> bool:
        """Whether it pays by steps alone."""
        return not self.slope.any()

    def earned(self, counts: Counts, denominators: Counts) -> Floats:
        """What so many patients of so many earn, in the kind's unit; the two have the same shape."""
        part = np.zeros(counts.shape, dtype=np.int64)
        on = np.full(counts.shape, -1, dtype=np.int64)
        for n, threshold in enumerate(self.thresholds):
            side = counts * threshold.denominator - denominators * threshold.numerator
            part += side > 0
            on[side == 0] = n
        earned = self.start[part] + self.slope[part] * (counts / denominators)
        return np.where(on >= 0, self.at[on], earned) if len(self.at) else earned

    def rates_that_earn(self, least: Floats, most: Floats) -> tuple[Floats, Floats]:
        """The ends of the rates (0 to 1) that earn from `least` to `most`: what is earned rises or falls throughout."""
        ends = [0.0, *map(float, self.thresholds), 1.0]
        low, high = np.full(least.shape, np.inf), np.full(least.shape, -np.inf)
        for n, (start, slope) in enumerate(zip(self.start, self.slope, strict=True)):
            first, last = np.full(least.shape, ends[n]), np.full(least.shape, ends[n + 1])
            if slope:
                one, two = (least - start) / slope, (most - start) / slope
                first = np.maximum(first, np.minimum(one, two))
                last = np.minimum(last, np.maximum(one, two))
                inside = first <= last
            else:
                inside = (start >= least) & (start <= most)
            low = np.where(inside, np.minimum(low, first), low)
            high = np.where(inside, np.maximum(high, last), high)
        return low, high


def payment_scale(kind: Kind) -> PaymentScale:
    """The scale of a kind that pays by one rate and by no other item's."""
    thresholds = tuple(sorted({threshold.at for threshold in kind.thresholds() if 0 <= threshold.at <= 1}))
    ends = (Fraction(0), *thresholds, Fraction(1))
    start, slope = [], []
    for low, high in pairwise(ends):
        one, two = low + (high - low) / 3, low + (high - low) * 2 / 3
        earned = kind.earned(one), kind.earned(two)
        by_rate = (earned[1] - earned[0]) / (two - one) if two > one else Fraction(0)
        slope.append(float(by_rate))
        start.append(float(earned[0] - by_rate * one))
    at = np.array([float(kind.earned(threshold)) for threshold in thresholds])
    return PaymentScale(thresholds, at, np.array(start), np.array(slope))
