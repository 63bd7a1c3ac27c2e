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
