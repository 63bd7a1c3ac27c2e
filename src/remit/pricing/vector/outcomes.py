"""What items come to, practices and draws at once: pence, whether they are known, and what later items may ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from remit.pricing.vector.columns import Floats, Mask, Whole, both


@dataclass(slots=True)
class Met:
    """Whether what requires an item may pay: `yes`, where that is `known` (None: everywhere)."""

    yes: Mask
    known: Mask | None = None


@dataclass(slots=True)
class Points:
    """Points earned, exactly: `over` / `under`, whole numbers of 64 bits, or Python's own where those do not fit.
    `known` is where they are known (None: everywhere)."""

    over: NDArray[Any]
    under: NDArray[Any] | int
    known: Mask | None = None


@dataclass(slots=True)
class Outcome:
    """One item of practices, or of draws x practices.

    `pence` are whole numbers, `known` where they are (None: everywhere), `unsure` the cells that the exact evaluator
    is to price (None: none). `idle` is where a calculated item has nothing to pay whatever it requires (None: nowhere).
    """

    pence: Whole | Floats
    known: Mask | None
    unsure: Mask | None = None
    met: Met | None = None
    points: Points | None = None
    idle: Mask | None = None


def unmet_and_open(required: list[Met]) -> tuple[Mask | None, Mask | None]:
    """Where one of the items that are required is not met, and where that of none is so but one is not known yet."""
    unmet: Mask | None = None
    known: Mask | None = None
    for met in required:
        no = ~met.yes if met.known is None else ~met.yes & met.known
        unmet = no if unmet is None else unmet | no
        known = both(known, met.known)
    if unmet is None or known is None:
        return unmet, None
    return unmet, ~known & ~unmet


def spread(mask: Mask, shape: tuple[int, ...]) -> Mask:
    """A mask of practices for each draw."""
    return mask if mask.shape == shape else np.broadcast_to(mask, shape)
