"""How likely a practice is to reach a step by luck, and how far apart steps must stand so that few do.

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
"""Above this, a denominator is not searched for: no list is as long."""
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
    count = needed(step, patients, above)
    below = own.below(float(step))
    reached, lucky = _joint(own, count, patients, float(step))
    return Luck(below, reached, lucky)


def any_lucky(own: OwnRate, steps: Sequence[Fraction], patients: int) -> float:
    """The chance that the year's step is higher than the one of the own rate. The steps ascend."""
    chance, previous = 0.0, 0.0
    for step in steps:
        count = needed(step, patients)
        chance += _joint(own, count, patients, float(step))[1] - _joint(own, count, patients, previous)[1]
        previous = float(step)
    return chance


def _joint(own: OwnRate, count: int, patients: int, rate: float) -> tuple[float, float]:
    """P(the year's count is at least `count`), and P(that, and the own rate is below `rate`)."""
    if not isfinite(own.a):
        reached = _at_least(count, patients, own.mean)
        return reached, reached * own.below(rate)
    if count > patients:
        return 0.0, 0.0
    a, b = own.a, own.b
    every = np.arange(max(count, 0), _last_that_matters(own, count, patients) + 1)
    weight = np.exp(
        gammaln(patients + 1) - gammaln(every + 1) - gammaln(patients - every + 1)
        + betaln(every + a, patients - every + b) - betaln(a, b)
    )  # fmt: skip
    given = betainc(a + every, b + patients - every, rate) if rate > 0 else np.zeros(len(every))
    return min(1.0, float(weight.sum())), float((weight * given).sum())


def _last_that_matters(own: OwnRate, count: int, patients: int) -> int:
    """Above it the sum of the chances is nothing that a float could hold: twelve standard deviations, and fifty."""
    alike = own.a + own.b
    if alike < patients:
        return patients
    middle = own.a / alike
    spread = sqrt(patients * middle * (1 - middle) * (alike + patients) / (alike + 1))
    return min(patients, max(count, int(patients * middle)) + int(12 * spread) + 50)


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
