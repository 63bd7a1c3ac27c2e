"""A recovery plan: what a practice pays back by the month, and when.

The instalments are `instalments.shares`, which add up exactly, on `instalments.recovery_days`: a month after the
notification, two months after it, and so on; not before the first day that a scheme states.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from remit.core.dates import parse_date
from remit.core.problems import Collector
from remit.payment.instalments import DuePayment, on_days, recovery_days, shares, stated_first
from remit.scheme.model import Scheme

USUAL_MONTHS = 6
"""What a recovery takes at most where a scheme does not say."""


@dataclass(frozen=True)
class Plan:
    """A recovery by the month; `exceptional` says why it takes longer than the scheme has it."""

    notified: date
    months: int
    instalments: tuple[DuePayment, ...]
    exceptional: str = ""

    @property
    def pence(self) -> int:
        return sum(due.pence for due in self.instalments)


def most_months(scheme: Scheme) -> int:
    """The months that a scheme allows."""
    months = scheme.terms.recovery.months.value
    return USUAL_MONTHS if months is None else int(months)


def recovery_plan(scheme: Scheme, pence: int, notified: date, months: int | None = None, exceptional: str = "") -> Plan:
    """The plan for an amount above zero, in as many months as the scheme allows unless fewer are given, or more with
    exceptional circumstances in words. Raises Refused."""
    most, problems = most_months(scheme), Collector()
    months = most if months is None else months
    if pence <= 0:
        problems.add("recovery.nothing-to-recover", f"a recovery is of an amount above zero, not of {pence} pence.")
    if not 1 <= months <= 120:
        what = f"a recovery has 1 to 120 months, not {months}."
        problems.add("recovery.months-out-of-range", what, found=months)
    elif months > most and not exceptional.strip():
        problems.add(
            "recovery.months-above-the-most",
            f"{months} months are more than the {most} that {scheme.scheme} allows.",
            hint="Say which exceptional circumstances there are, or choose fewer months.",
            found=months,
            most=most,
        )
    problems.refuse_if_any()
    amounts = shares(pence, months, scheme.terms.recovery.remainder)
    terms = scheme.terms.recovery
    first = parse_date(terms.first) if terms.first and terms.first not in scheme.parameters else None
    days = recovery_days(notified, months, stated_first(first, notified), terms.at_month_ends)
    dues = on_days(amounts, days, "recovery")
    return Plan(notified, months, tuple(dues), exceptional.strip() if months > most else "")
