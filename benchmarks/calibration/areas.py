"""Simulated areas whose truth is known: practices with own rates, a year's counts, and the repeat of that year.

Area n of a seed is the same whatever else is drawn, and by however many workers.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isinf, log

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

PRACTICES = 80


@dataclass(frozen=True)
class Shape:
    """How practices differ: own rates are Beta with `mean` and `alike` (alpha + beta), infinite where all are the same.

    `beside` is the mean of another kind of practice, a third of all: then own rates are no Beta. `middle` is the median
    denominator, and `spread` the standard deviation of its logarithm.
    """

    name: str
    mean: float
    alike: float
    middle: int
    spread: float = 0.6
    beside: float | None = None


SHAPES = (
    Shape("practices differ", 0.72, 20, 150),
    Shape("practices are much alike", 0.75, 200, 150),
    Shape("small numbers", 0.75, 50, 25),
    Shape("differ by chance alone", 0.75, inf, 150),
    Shape("two kinds of practice: not Beta", 0.8, 100, 150, beside=0.6),
)


@dataclass(frozen=True)
class Area:
    """The practices of one area: their own `rates`, denominators, and the counts of a year and of its repeat."""

    shape: Shape
    number: int
    rates: Floats
    under: Counts
    over: Counts
    again: Counts
    seed: int

    def random(self, purpose: int) -> np.random.Generator:
        """Draws of this area for a purpose of its own."""
        return _generator(self.seed, self.number, purpose)


def area(shape: Shape, number: int, seed: int, practices: int = PRACTICES) -> Area:
    """The area of that number."""
    random = _generator(seed, number, 0)
    under = np.maximum(random.lognormal(log(shape.middle), shape.spread, practices).astype(np.int64), 3)
    means = np.full(practices, shape.mean)
    if shape.beside is not None:
        means = np.where(random.random(practices) < 1 / 3, shape.beside, shape.mean)
    rates = means if isinf(shape.alike) else random.beta(means * shape.alike, (1 - means) * shape.alike)
    over, again = (random.binomial(under, rates) for _ in range(2))
    return Area(shape, number, rates, under, over, again, seed)


def _generator(seed: int, number: int, purpose: int) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(np.random.SeedSequence([seed, number, purpose])))
