"""The dates by which a scheme counts records: its achievement date, and the payment period that rules look at."""

from __future__ import annotations

from datetime import date

from remit.core.problems import refuse
from remit.evaluation.model import Dates
from remit.scheme.model import Scheme


def dates_of(scheme: Scheme, achievement: date | None = None) -> Dates:
    """A scheme's payment period; what is known is known on `achievement`, by default the scheme's own date.

    Raises Refused where achievement is measured on another day than the year's last, and the file does not say which
    days the rules look at: a window of 12 months would end after the day on which all is seen.
    """
    days = scheme.period()
    if days is None:
        raise refuse(
            "evaluation.payment-period-open",
            f"{scheme.scheme} measures achievement on {scheme.achievement_date}, and does not say over which payment "
            f"period: the year {scheme.year}, or the months up to that day.",
            None,
            "Add 'payment_period: {from: …, to: …}' to the scheme, or to a file that extends it.",
            scheme=scheme.scheme,
            day=scheme.achievement_date,
        )
    return Dates(achievement or scheme.achievement_date, *days)
