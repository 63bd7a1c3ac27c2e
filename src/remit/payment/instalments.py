"""Sharing an amount out by the month: the parts add up to it exactly, and the remainder's place is stated.

Each part but one is the amount over their number, rounded to the penny; the last (or first) takes what is left. Where
an amount is so small that rounding up would use it up early, later parts are smaller or none. A part is never negative.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from remit.core.dates import add_months, month_end
from remit.core.rounding import scaled


@dataclass(frozen=True)
class DuePayment:
    """An amount of pence (above zero) and its day; no day while what it counts from is not known."""

    day: date | None
    kind: Literal["instalment", "activity", "balance", "recovery"]
    pence: int


def shares(
    pence: int,
    parts: int,
    remainder: Literal["first", "last"] = "last",
    rounding: Literal["nearest", "down"] = "nearest",
) -> list[int]:
    """`pence` in `parts` parts, none negative, adding up exactly; those of zero are kept, so that places are."""
    mode: Literal["half up", "down"] = "half up" if rounding == "nearest" else "down"
    part = scaled(pence, parts, 0, mode)
    left, amounts = pence, []
    for _ in range(parts - 1):
        amount = min(part, left)
        amounts.append(amount)
        left -= amount
    amounts.append(left)
    return amounts if remainder == "last" else amounts[-1:] + amounts[:-1]


def on_days(
    amounts: Sequence[int], days: Sequence[date | None], kind: Literal["instalment", "recovery"]
) -> list[DuePayment]:
    """The amounts with their days; parts of nothing are left out."""
    return [DuePayment(day, kind, amount) for amount, day in zip(amounts, days, strict=True) if amount]


def recovery_days(
    notified: date | None, months: int, first: date | None = None, at_month_ends: bool = False
) -> list[date | None]:
    """From the stated `first` day month by month; without one a month after the notification, two after it, and so on.

    Each counts from the beginning: 31 August is followed by 30 September and then by 31 October. `at_month_ends` each
    falls on its month's last day.
    """
    day = first or notified
    if day is None:
        return [None] * months
    days = [add_months(day, n if first else n + 1) for n in range(months)]
    return [month_end(one.year, one.month) for one in days] if at_month_ends else list(days)


def stated_first(first: date | None, agreed: date | None) -> date | None:
    """The first day that a scheme states, unless it is before a month is over since a practice was notified itself."""
    return None if first and agreed and add_months(agreed, 1) > first else first
