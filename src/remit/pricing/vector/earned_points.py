"""The points that rates earn, exactly, as whole numbers over whole numbers."""

from __future__ import annotations

from math import lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from remit.core.rounding import Mode, Rounding
from remit.pricing.vector.curves import Curve
from remit.pricing.vector.outcomes import Points
from remit.pricing.vector.rates import Rates

_FITS = 1 << 62
Numbers = NDArray[Any]
"""Whole numbers of 64 bits, or Python's own where those do not fit."""


def points_of(curve: Curve, rates: Rates, rounding: Rounding) -> Points:
    """What rates earn on a curve, as the scheme rounds points; where `rates` are unsure it need not be right."""
    under = lcm(*(one.denominator for piece in curve.pieces for one in (piece.amount, piece.slope)))
    parts = [(int(piece.amount * under), int(piece.slope * under)) for piece in curve.pieces]
    top, below = _fitting(rates, max(abs(c) + abs(s) for c, s in parts), under, rounding)
    over = parts[0][0] * below + parts[0][1] * top
    for piece, (amount, slope) in zip(curve.pieces[1:], parts[1:], strict=True):
        assert piece.at is not None
        here = rates.value > float(piece.at) if piece.above else rates.value >= float(piece.at)
        over = np.where(here, amount * below + slope * top, over)
    below = below * under
    if rates.empty is not None:
        over = np.where(rates.empty, 0, over)
    known = None if rates.known is None else rates.known if rates.empty is None else rates.known | rates.empty
    if rounding.places is None:
        return Points(over, below, known)
    return Points(scaled_columns(over, below, rounding.places, rounding.mode), 10**rounding.places, known)


def _fitting(rates: Rates, most: int, under: int, rounding: Rounding) -> tuple[Numbers, Numbers]:
    """Top and below, as Python's own numbers where what comes of them may not fit into 64 bits."""
    top, below = np.broadcast_arrays(rates.top, rates.below)
    largest = max(int(top.max(initial=0)), int(below.max(initial=0)), 1)
    reach = largest * max(most, under) * (1 if rounding.places is None else 4 * 10**rounding.places)
    return (top, below) if reach < _FITS else (top.astype(object), below.astype(object))


def scaled_columns(over: Any, below: Any, places: int, mode: Mode) -> Any:
    """As `core.rounding.scaled`, for numbers of 0 or more."""
    over = over * 10**places
    if mode == "half up":
        return (2 * over + below) // (2 * below)
    quotient, rest = over // below, over % below
    if mode == "up":
        return quotient + (rest > 0)
    if mode == "half even":
        twice = 2 * rest
        return quotient + ((twice > below) | ((twice == below) & (quotient % 2 == 1)))
    return quotient
