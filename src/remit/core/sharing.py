"""An amount in whole pence shared out in proportion, to the penny."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from remit.core.rounding import scaled


def split(pence: int, weights: Sequence[Fraction]) -> list[int]:
    """`pence` (0 or more) in proportion to `weights` (0 or more), adding up exactly.

    Each part is rounded down; the pence left over go one each to the largest remainders, those of equal remainder in
    the order given. Raises ValueError where all weights are zero.
    """
    total = sum(weights, Fraction(0))
    if not total:
        raise ValueError("nothing to share by: all weights are zero")
    exact = [pence * weight / total for weight in weights]
    parts = [scaled(share.numerator, share.denominator, 0, "down") for share in exact]
    by_remainder = sorted(range(len(parts)), key=lambda n: parts[n] - exact[n])
    for n in by_remainder[: pence - sum(parts)]:
        parts[n] += 1
    return parts
