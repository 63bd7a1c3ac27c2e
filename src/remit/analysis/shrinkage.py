"""A share drawn towards the mean of all, by as much as chance explains: what is expected when it is counted again.

With x of n, and a beta-binomial of all the units fitted, the expected share is (x + alpha) / (n + alpha + beta): the
unit's own share weighs n, the mean of all weighs alpha + beta. Where units differ by chance alone, it is the mean.
"""

from __future__ import annotations

from math import isinf

import numpy as np
from numpy.typing import NDArray

from remit.analysis.beta_binomial import BetaBinomial

Floats = NDArray[np.float64]


def drawn_in(fitted: BetaBinomial, shares: Floats, sizes: NDArray[np.int64]) -> Floats:
    """The expected share of each unit, from its own (0 to 1) and the number that it rests on."""
    if isinf(fitted.alike):
        return np.full(len(shares), fitted.mean)
    return (shares * sizes + fitted.alpha) / (sizes + fitted.alike)
