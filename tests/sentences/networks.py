"""Clause 6 of Strathcarse in plain arithmetic, from its sentence.

"£6,000 to each cluster whose practices together reach 75% in polypharmacy reviews. It is paid to the practices in
proportion to their weighted lists, unless a practice of the cluster vetoes it by 28 February 2026; then nothing is paid
to any." Parts are in whole pence and add up to the sum: what is left over goes, a penny each, to the largest rests.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction


def reached(counts: Sequence[tuple[int, int]], target: Fraction) -> bool:
    """Whether the practices together reach the target; nobody to review reaches nothing."""
    reviewed, eligible = sum(one for one, _ in counts), sum(of for _, of in counts)
    return eligible > 0 and Fraction(reviewed, eligible) >= target


def parts(
    pence: int, counts: Sequence[tuple[int, int]], weighted: Sequence[Fraction], target: Fraction, vetoed: bool
) -> list[int]:
    """What each practice of a cluster is paid, in pence."""
    if vetoed or not reached(counts, target):
        return [0] * len(counts)
    exact = [pence * own / sum(weighted) for own in weighted]
    paid = [amount.numerator // amount.denominator for amount in exact]
    rests = sorted(range(len(exact)), key=lambda n: (paid[n] - exact[n], n))
    for n in rests[: pence - sum(paid)]:
        paid[n] += 1
    return paid
