"""Funnel plots: which practices lie further from the rate of all than by chance, or than practices usually do.

Spiegelhalter, Funnel plots for comparing institutional performance (Statistics in Medicine 2005;24:1185), and Handling
over-dispersion of performance indicators (Quality and Safety in Health Care 2005;14:347): the limits of chance alone
are the binomial's, drawn between its steps (appendix A.1.1); for overdispersion a variance tau2 between practices is
added, from z values winsorised at 10%.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]

LEVELS = (0.95, 0.998)
"""The limits that are drawn: chance alone leaves 1 in 20, and 1 in 500, outside."""
WINSORISED = 0.1


@dataclass(frozen=True)
class Funnel:
    """The funnel of an item: the `target` is the rate of all, or a given one, `tau2` the variance between practices.

    `phi` is how far z values spread, 1 by chance alone. `z` is each practice's distance from the target in standard
    errors, and `z_over` the same with tau2 added.
    """

    target: float
    phi: float
    tau2: float
    z: Floats
    z_over: Floats

    def limits(self, sizes: Counts, level: float) -> tuple[Floats, Floats]:
        """The rates between which chance alone leaves practices of those sizes: exact binomial, between its steps."""
        from scipy.stats import binom

        tail = (1 - level) / 2
        ends = []
        for p in (tail, 1 - tail):
            count = binom.ppf(p, sizes, self.target)
            above = binom.cdf(count, sizes, self.target)
            within = (above - p) / binom.pmf(count, sizes, self.target)
            ends.append((count - within) / sizes)
        return np.clip(ends[0], 0, 1), np.clip(ends[1], 0, 1)

    def wide_limits(self, sizes: Counts, level: float) -> tuple[Floats, Floats]:
        """The same where practices differ by tau2 in addition to chance."""
        from scipy.special import ndtri

        reach = ndtri((1 + level) / 2) * np.sqrt(self.target * (1 - self.target) / sizes + self.tau2)
        return np.clip(self.target - reach, 0, 1), np.clip(self.target + reach, 0, 1)

    def outside(self, level: float) -> NDArray[np.int64]:
        """The places of the practices beyond the limits with overdispersion."""
        from scipy.special import ndtri

        return np.flatnonzero(np.abs(self.z_over) > ndtri((1 + level) / 2))


@dataclass(frozen=True)
class NoFunnel:
    """Why there is none."""

    reason: str


def funnel(over: Counts, under: Counts, target: float | None = None) -> Funnel | NoFunnel:
    """Of practices with somebody to count, around a `target` of 0 to 1, or the rate of all together."""
    if len(under) < 2:
        return NoFunnel("One practice alone has nothing to be compared with." if len(under) else "Nobody was counted.")
    target = float(over.sum() / under.sum()) if target is None else target
    if target in (0.0, 1.0):
        return NoFunnel("There are no limits around a rate of 0% or 100%.")
    variance = target * (1 - target) / under
    apart = over / under - target
    z = apart / np.sqrt(variance)
    phi = float((winsorised(z) ** 2).mean())
    weights = 1 / variance
    many = len(under)
    below = float(weights.sum() - (weights**2).sum() / weights.sum())
    tau2 = max(0.0, (many * phi - (many - 1)) / below)
    return Funnel(target, phi, tau2, z, apart / np.sqrt(variance + tau2))


def winsorised(z: Floats, share: float = WINSORISED) -> Floats:
    """With those beyond the 10% and the 90% quantile set to them."""
    low, high = np.quantile(z, [share, 1 - share])
    return np.clip(z, low, high)
