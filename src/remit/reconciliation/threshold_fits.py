"""Thresholds or points that would give the other side's figures for every practice of an indicator at once.

One practice can always be fitted by some threshold; that one whole per cent fits them all, those that agree included,
is evidence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from remit.core.rounding import exact_text
from remit.scheme.kinds import Linear

_HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Sample:
    """A practice's achievement (0 to 1) beside the points that the other side gives it, and how near is near enough."""

    rate: Fraction
    points: Fraction
    tolerance: Fraction


def fitted(kind: Linear, samples: Sequence[Sample]) -> str:
    """What would give every sample: one other threshold, other points, or both thresholds; '' where nothing does."""
    lower, upper, points = kind.lower.known(), kind.upper.known(), kind.amount.known()
    telling = [s for s in samples if abs(kind.earned(s.rate) - s.points) > s.tolerance]
    if not telling or kind.rates_per != 100:
        return ""
    first = [*telling, *(s for s in samples if s not in telling)]
    fitting = [low for low in _percents() if low < upper and low != lower and _fits(low, upper, points, first)]
    if fitting:
        return f"a lower threshold of {_span(fitting)} in place of {kind.lower}{_many(samples)}"
    fitting = [up for up in _percents() if up > lower and up != upper and _fits(lower, up, points, first)]
    if fitting:
        return f"an upper threshold of {_span(fitting)} in place of {kind.upper}{_many(samples)}"
    most = [Fraction(n) for n in range(1, 101) if n != points and kind.unit == "points"]
    if any(_fits(lower, upper, n, first) for n in most):
        other = next(n for n in most if _fits(lower, upper, n, first))
        return f"{exact_text(other)} points in place of {kind.amount}{_many(samples)}"
    both = [(low, up) for low in _percents() for up in _percents() if low < up and _fits(low, up, points, first)]
    if len(telling) > 1 and both:
        low, up = min(both, key=lambda pair: abs(pair[0] - lower) + abs(pair[1] - upper))
        text = f"{exact_text(low * 100)}% to {exact_text(up * 100)}% in place of {kind.lower} to {kind.upper}"
        return f"thresholds of {text}{_many(samples)}"
    return ""


def _percents() -> Iterator[Fraction]:
    return (Fraction(n, _HUNDRED) for n in range(_HUNDRED + 1))


def _fits(lower: Fraction, upper: Fraction, points: Fraction, samples: Sequence[Sample]) -> bool:
    for s in samples:
        if s.rate >= upper:
            earned = points
        else:
            earned = (s.rate - lower) * points / (upper - lower) if s.rate > lower else Fraction(0)
        if abs(earned - s.points) > s.tolerance:
            return False
    return True


def _span(values: Sequence[Fraction]) -> str:
    """The one value, or from which to which."""
    low, high = (f"{exact_text(value * 100)}%" for value in (min(values), max(values)))
    return low if low == high else f"{low} to {high}"


def _many(samples: Sequence[Sample]) -> str:
    return f" gives all {len(samples):,} practices" if len(samples) > 1 else " gives it"
