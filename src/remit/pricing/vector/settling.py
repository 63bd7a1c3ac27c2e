"""Rounding floats that stand for exact amounts: where the error could change the last place, the cell is unsure.

What is unsure is worked out exactly by the exact evaluator, so that the result is always its penny.
"""

from __future__ import annotations

import numpy as np

from remit.core.rounding import Mode
from remit.pricing.vector.columns import Floats, Mask

ULP = 2.0**-53
"""By which part of itself a float64 may differ from the number that it is rounded from."""


_LEAST = 2.0**-50
"""An error below this is lost where it is taken from a half."""


def settle(value: Floats, error: float | Floats, mode: Mode) -> tuple[Floats, Mask]:
    """`value`, in units of the last place, rounded to a whole number by `mode`; and where that is unsure, given the
    absolute `error` of the value. An error of 0 says that a value is exact. `value` is used up."""
    if mode == "half even":  # at the half itself, which is even is for the exact evaluator to say
        error = np.maximum(error, 2.0**-40)
    error = np.where(np.asarray(error) > 0, np.maximum(error, _LEAST), 0.0)
    if mode == "up":
        whole = np.ceil(value)
        value -= whole
        value += 0.5
    else:
        if mode != "down":
            value += 0.5
        whole = np.floor(value)
        value -= whole
        value -= 0.5
    np.abs(value, out=value)
    return whole, value > 0.5 - error


_MOST_PLACES = 12


def in_pence(whole: Floats, unsure: Mask, places: int) -> tuple[Floats, Mask]:
    """Pounds as whole numbers of their last place in whole pence, half up; and where that is unsure. `whole` is used
    up. What `settle` is sure of is below 2^49, so that floats hold it 100 times."""
    if places < 2:
        whole *= 10.0 ** (2 - places)
    elif 2 < places <= _MOST_PLACES:
        over = 10 ** (places - 2)
        digits = np.where(np.abs(whole) < 2.0**49, whole, 0.0).astype(np.int64)
        whole = ((2 * digits + over) // (2 * over)).astype(np.float64)
    elif places > _MOST_PLACES:
        unsure = unsure | (whole != 0)
    return whole, unsure
