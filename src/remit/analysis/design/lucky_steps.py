"""How likely a practice is to reach a step by luck, and how far apart steps must be so that few do.

A practice's own rate is what it would achieve in the long run. A year's count is binomial given it, so that the year's
rate differs from it by chance. A step is reached by luck where the own rate is below it and the year's rate is not. The
own rate is Beta(a, b): of a practice after its counts a = alpha + x, b = beta + n - x; of a practice of which only
the size is known a = alpha, b = beta. Where practices do not differ by more than chance, all have the same own rate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import inf, isfinite, sqrt
from typing import NamedTuple

import numpy as np
from scipy.special import betainc, betaln, gammaln

_MOST_PATIENTS = 1_000_000
"""No denominator above this is searched for: no list is as long."""
_LEAST_SIZES = 64


class OwnRate(NamedTuple):
    """What is known of a practice's own rate: Beta(a, b); where `a` and `b` are infinite, it is `mean`."""

    a: float
    b: float
    mean: float

    def below(self, rate: float) -> float:
        """The probability that it is below a rate."""
        if not isfinite(self.a):
            return float(self.mean < rate)
        return float(betainc(self.a, self.b, min(max(rate, 0.0), 1.0)))


@dataclass(frozen=True)
class Luck:
    """The chances of one step: that it is `reached` at all, that this is by luck, and that it is missed by bad luck.

    `below` is the chance that the own rate is below the step.
    """

    below: float
    reached: float
    lucky: float

    @property
    def unlucky(self) -> float:
        """The own rate is not below the step, and the year's is."""
        return max(0.0, 1 - self.below - (self.reached - self.lucky))

    @property
    def of_those_below(self) -> float | None:
        """Of practices whose own rate is below the step, which share reaches it. None where there is none."""
        return self.lucky / self.below if self.below > 0 else None


def needed(step: Fraction, patients: int, above: bool = False) -> int:
    """The fewest of so many patients whose share reaches a step: is not below it, or is `above` it."""
    at = step * patients
    return at.numerator // at.denominator + 1 if above else -(-at.numerator // at.denominator)


def reach(rate: Fraction | float, step: Fraction, patients: int, above: bool = False) -> float:
    """The chance that a practice with that own rate reaches a step: P(Binomial(patients, rate) >= what it needs)."""
    return _at_least(needed(step, patients, above), patients, float(rate))


def _at_least(count: int, patients: int, rate: float) -> float:
    if count <= 0:
        return 1.0
    return 0.0 if count > patients else float(betainc(count, patients - count + 1, rate))


def luck(own: OwnRate, step: Fraction, patients: int, above: bool = False) -> Luck:
    """The chances of a step for a practice whose year counts so many patients."""
    return _at_step(own, step, patients, None, above)[0]


def lucks(
    own: OwnRate, steps: Sequence[Fraction], patients: int, above: bool = False
) -> tuple[tuple[Luck, ...], float]:
    """The chances of each of some steps, which ascend; and that the year's step is higher than that of the own rate."""
    found: list[Luck] = []
    chance, previous = 0.0, None
    for step in steps:
        one, from_below = _at_step(own, step, patients, previous, above)
        found.append(one)
        chance += one.lucky - from_below  # the own rate is between the step and the one below it
        previous = float(step)
    return tuple(found), chance


def _at_step(
    own: OwnRate, step: Fraction, patients: int, previous: float | None, above: bool = False
) -> tuple[Luck, float]:
    """The chances of a step, and that it is reached while the own rate is below the `previous` one."""
    count, at = needed(step, patients, above), float(step)
    if not isfinite(own.a):
        reached, below = _at_least(count, patients, own.mean), own.below(at)
        return Luck(below, reached, reached * below), reached * own.below(previous) if previous else 0.0
    middle, spread = _middle_and_spread(own, patients)
    counted = own.a + own.b >= patients  # a practice's own counts: the curve has no long ends
    if count > patients or (counted and count > middle + _FAR * spread + _MORE):
        return Luck(own.below(at), 0.0, 0.0), 0.0
    if counted and count < middle - _FAR * spread - _MORE:
        return Luck(0.0, 1.0, 0.0), 0.0
    every = np.arange(max(count, 0), min(patients, _last(own, count, patients, middle, spread)) + 1)
    rest = patients - every
    weight = np.exp(
        gammaln(patients + 1) - gammaln(every + 1) - gammaln(rest + 1)
        + gammaln(every + own.a) + gammaln(rest + own.b) - gammaln(patients + own.a + own.b) - betaln(own.a, own.b)
    )  # fmt: skip
    lucky = float((weight * betainc(own.a + every, own.b + rest, at)).sum())
    reached = min(1.0, float(weight.sum()))
    lower = float((weight * betainc(own.a + every, own.b + rest, previous)).sum()) if previous else 0.0
    return Luck(own.below(at), reached, lucky), lower


_FAR, _MORE = 10, 40
"""So many standard deviations, and so many patients, from the middle a chance is nothing that a sum could show."""


def _middle_and_spread(own: OwnRate, patients: int) -> tuple[float, float]:
    """The mean and the standard deviation of a year's count."""
    alike = own.a + own.b
    rate = own.a / alike
    return patients * rate, sqrt(patients * rate * (1 - rate) * (alike + patients) / (alike + 1))


def _last(own: OwnRate, count: int, patients: int, middle: float, spread: float) -> int:
    """The largest count that matters; all where the own rate is known so little that its curve has long ends."""
    return patients if own.a + own.b < patients else max(count, int(middle)) + int(_FAR * spread) + _MORE


def least_step(below: Fraction, patients: int, limit: float, unit: Fraction) -> Fraction | None:
    """The least step, in whole units, that a practice with an own rate of `below` reaches by luck with at most the
    limit's chance. None where no step up to 100% is so: the denominator is too small."""
    low, high = 0, patients + 1  # the fewest patients that are reached seldom enough
    while low < high:
        middle = (low + high) // 2
        if _at_least(middle, patients, float(below)) <= limit:
            high = middle
        else:
            low = middle + 1
    if low > patients:
        return None
    units = Fraction(low - 1, patients) / unit  # a step above so many of the patients needs one more of them
    step = max((units.numerator // units.denominator + 1) * unit, unit * -(-below // unit))
    return step if step <= 1 else None


def patients_needed(below: Fraction, step: Fraction, limit: float, above: bool = False) -> int | None:
    """The fewest patients from which on a practice with an own rate of `below` reaches a step with at most the limit's
    chance. None where no list could hold them, or the step is not above the rate."""
    if step <= below:
        return None
    most = _LEAST_SIZES
    while most < _MOST_PATIENTS:
        sizes = np.arange(1, most + 1)
        whole = step.numerator * sizes // step.denominator
        counts = whole + 1 if above else -(-step.numerator * sizes // step.denominator)
        over = betainc(np.maximum(counts, 1), np.maximum(sizes - counts + 1, 1), float(below))
        over = np.where(counts <= 0, 1.0, np.where(counts > sizes, 0.0, over))
        unfit = np.nonzero(over > limit)[0]
        last = int(unfit[-1]) + 1 if len(unfit) else 0
        if last + sqrt(most) + step.denominator < most * 0.75:
            return last + 1
        most *= 2
    return None


def own_rate(mean: float, alike: float, numerator: int = 0, denominator: int = 0) -> OwnRate:
    """What is known of the own rate of a practice after its counts, or of any practice where none are given.

    `mean` and `alike` (alpha + beta, infinite where practices do not differ) are those of all practices.
    """
    if not isfinite(alike):
        return OwnRate(inf, inf, mean)
    a, b = mean * alike, (1 - mean) * alike
    return OwnRate(a + numerator, b + denominator - numerator, mean)
