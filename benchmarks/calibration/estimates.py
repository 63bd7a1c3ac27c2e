"""Reliability and the network that it asks for: estimates without an interval, so shown beside the truth of an area."""

from __future__ import annotations

from dataclasses import dataclass
from math import isinf
from statistics import median

from areas import Area, Shape

from remit.analysis.beta_binomial import BetaBinomial

ADEQUATE = 0.7


@dataclass(frozen=True)
class Estimated:
    """Of one area: reliability at the middle denominator, and the reliability that the denominator said to give 0.7
    truly gives; None where no denominator is said to, since practices look alike."""

    reliability: float
    at_needed: float | None


def estimated(area: Area, spread: BetaBinomial) -> Estimated:
    """From an area's counts alone, and then set against its truth."""
    size = float(median(area.under))
    needed = spread.size_for(ADEQUATE)
    return Estimated(spread.reliability(size), None if isinf(needed) else true_reliability(area.shape, needed))


def true_reliability(shape: Shape, size: float) -> float:
    """Which share of the variance of rates is of the practices, at a denominator: from how the area is made."""
    if isinf(shape.alike):
        return 0.0
    parts = [(2 / 3, shape.mean), (1 / 3, shape.beside)] if shape.beside is not None else [(1.0, shape.mean)]
    mean = sum(weight * at for weight, at in parts)
    within = sum(weight * at * (1 - at) / (shape.alike + 1) for weight, at in parts)
    between = within + sum(weight * (at - mean) ** 2 for weight, at in parts)
    noise = (mean * (1 - mean) - between) / size
    return between / (between + noise)
