"""A measurement period other than the payment period, as a definition says it: its first and its last day.

`2024-01-01 to 2024-12-31`, `the 15 months to PPED`, `the calendar year of PPED`, `the quarter of (PPED - 3 months)`.
Rules name its days MPSD and MPED; without one they are those of the payment period.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from remit.rules.conditions import Shift, Term, Unit

Whole = Literal["calendar year", "quarter", "month"]


@dataclass(frozen=True)
class Between:
    """From a day to a day, both counted."""

    first: Term
    last: Term


@dataclass(frozen=True)
class Ending:
    """So many days, weeks, months or years that end with a day: the 12 months to 31 March begin on 1 April."""

    amount: int
    unit: Unit
    last: Term


@dataclass(frozen=True)
class Containing:
    """The calendar year, quarter or month that a day is in; quarters begin in January, April, July and October."""

    whole: Whole
    day: Term


Period = Between | Ending | Containing


def period_terms(period: Period) -> tuple[Term, ...]:
    """The days that define a period, as written, with those that they are moved from."""
    terms: list[Term] = []
    match period:
        case Between():
            terms = [period.first, period.last]
        case Ending():
            terms = [period.last]
        case Containing():
            terms = [period.day]
    for term in terms:
        if isinstance(term, Shift):
            terms.append(term.term)
    return tuple(terms)
