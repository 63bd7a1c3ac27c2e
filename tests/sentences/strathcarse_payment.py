"""Clauses 1, 7 and 10 of Strathcarse, in plain fractions: what is paid in advance, by the quarter, and when.

It imports nothing of Remit. "Half of £2.55 per weighted patient in six monthly instalments, the first on 31 October
2025; the start payment in the first month." "£12.00 for each of the first 50 visits, £9.00 for each after; at most
£1,500 for the term. Paid 45 days after each quarter." "Fewer than 3,000 weighted patients: as if it had 3,000."
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from tests.sentences.dates import equal_parts, month_end_instalments, pence_of

START = 100000


def heads(weighted: Fraction) -> Fraction:
    return max(weighted, Fraction(3000))


def advance(weighted: Fraction) -> int:
    """Without the start payment."""
    return pence_of(Fraction(255, 100) * heads(weighted) / 2)


def instalments(weighted: Fraction) -> dict[date, int]:
    days = month_end_instalments(date(2025, 10, 31), 6)
    paid = dict(zip(days, equal_parts(advance(weighted), 6), strict=True))
    paid[days[0]] += START
    return paid


def visits(third: int, fourth: int) -> dict[date, int]:
    """What is paid for visits, 45 days after 31 December and 31 March."""

    def worth(number: int) -> int:
        return min(min(number, 50) * 1200 + max(0, number - 50) * 900, 150000)

    first, both = worth(third), worth(third + fourth)
    days = {date(2025, 12, 31) + timedelta(45): first, date(2026, 3, 31) + timedelta(45): both - first}
    return {day: pence for day, pence in days.items() if pence}
