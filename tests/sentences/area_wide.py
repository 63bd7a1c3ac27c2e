"""A budget for all practices, and small numbers paid at the area's average: the sentences in plain fractions.

"If the sum due to all practices is over the budget, each is reduced in proportion." "A practice with fewer than 10
patients in an item's denominator is paid the average rate for it." Nothing here knows of Remit.
"""

from __future__ import annotations

from fractions import Fraction

Counts = dict[str, tuple[int, int]]
"""Numerator and denominator by practice."""


def half_up(amount: Fraction) -> int:
    """Whole pence: half a penny goes up."""
    return int(amount + Fraction(1, 2))


def reduced_in_proportion(due: dict[str, int], budget: int, always: bool = False) -> dict[str, int]:
    """Pence by practice: each times budget / sum where the sum is over the budget (or always), rounded half up."""
    whole = sum(due.values())
    if not whole or (whole <= budget and not always):
        return due
    return {name: half_up(Fraction(pence * budget, whole)) for name, pence in due.items()}


def shared_exactly(due: dict[str, int], budget: int) -> dict[str, int]:
    """Each rounded down; the pence that are left go one each to those that lost most by that, the first of equals."""
    whole = sum(due.values())
    exact = {name: Fraction(pence * budget, whole) for name, pence in due.items()}
    parts = {name: int(amount) for name, amount in exact.items()}
    lost = sorted(parts, key=lambda name: exact[name] - parts[name], reverse=True)
    for name in lost[: budget - sum(parts.values())]:
        parts[name] += 1
    return parts


def paid_rates(counts: Counts, few: int, together: bool, small_count: bool) -> dict[str, Fraction | None]:
    """The rate at which each practice is paid: its own, or the average where its denominator is below `few`.

    The average is of all patients `together` or the mean of practices' rates; with `small_count` small practices count
    in it too. None where there is nobody to take an average of.
    """
    taken = [(x, n) for x, n in counts.values() if n and (small_count or n >= few)]
    average: Fraction | None = None
    if taken and together:
        average = Fraction(sum(x for x, _ in taken), sum(n for _, n in taken))
    elif taken:
        average = sum((Fraction(x, n) for x, n in taken), Fraction(0)) / len(taken)
    return {name: Fraction(x, n) if n >= few else average for name, (x, n) in counts.items()}
