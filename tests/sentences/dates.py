"""Arithmetic written from the sentences of contracts that say on which days it is paid.

It imports nothing of Remit: days are counted by the calendar, pence by hand.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from fractions import Fraction


def month_end(year: int, month: int) -> date:
    """The last day of a month, where months are counted on beyond December."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, monthrange(year, month)[1])


def quarter_ends_of_the_year(begins: int) -> list[date]:
    """The last day of June, September, December and March."""
    return [date(begins, 6, 30), date(begins, 9, 30), date(begins, 12, 31), date(begins + 1, 3, 31)]


def month_end_instalments(stated: date, many: int) -> list[date]:
    """In so many month-end instalments from a stated day."""
    return [month_end(stated.year, stated.month + n) for n in range(many)]


def same_day_instalments(stated: date, many: int) -> list[date]:
    """In so many months from a stated day: that day of each month, or the last of a month that has no such day."""
    ends = month_end_instalments(stated, many)
    return [end.replace(day=min(end.day, stated.day)) for end in ends]


def equal_parts(pence: int, many: int) -> list[int]:
    """Equal instalments to the nearest penny, the last of which takes what is over; none below nothing."""
    part = int(Fraction(pence, many) + Fraction(1, 2))
    parts: list[int] = []
    for _ in range(many - 1):
        parts.append(min(part, pence - sum(parts)))
    return [*parts, pence - sum(parts)]


def pence_of(pounds: Fraction) -> int:
    """To the penny, half up."""
    return int(pounds * 100 + Fraction(1, 2))


def paid_with_the_first(days: Sequence[date], parts: Sequence[int], agreed: date) -> dict[date, int]:
    """The instalments missed until a contract was agreed are paid with the first one after that."""
    later = next((day for day in days if day >= agreed), agreed)
    paid: dict[date, int] = {}
    for day, pence in zip(days, parts, strict=True):
        on = day if day >= agreed else later
        paid[on] = paid.get(on, 0) + pence
    return {day: pence for day, pence in sorted(paid.items()) if pence}
