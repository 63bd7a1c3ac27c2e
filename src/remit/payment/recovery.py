"""What Finance agreed with practices about paying back: the day of notification, and more months with a reason."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from remit.core import exact
from remit.core.dates import parse_date
from remit.core.problems import Collector, did_you_mean
from remit.core.rows import RowSource
from remit.payment.terms import RecoveryPlan
from remit.scheme.model import Scheme


def check_recoveries(
    rows: RowSource, practices: Collection[str], scheme: Scheme, limit: int = 20
) -> dict[str, RecoveryPlan]:
    """The plan of each practice that rows of `practice_code, notified, months, reason` give.

    Raises Refused with all row errors, up to `limit`.
    """
    table = rows.select(("practice_code", "notified"), ("months", "reason"))
    problems, plans = Collector(limit), dict[str, RecoveryPlan]()
    most = scheme.terms.recovery.months.value
    for number, (practice, notified, months_text, reason) in table.rows(problems):
        place = table.place(number)
        if practice not in practices:
            problems.add(
                "recovery.practice-unknown",
                f"practice '{practice}' is not among the practices.",
                place,
                partial(did_you_mean, practice, practices),
                practice=practice,
            )
            continue
        if practice in plans:
            problems.add("recovery.practice-twice", f"practice {practice} is listed twice.", place, practice=practice)
            continue
        try:
            day = parse_date(notified)
            months = exact.whole(months_text) if months_text else None
        except ValueError as error:
            problems.add("recovery.value-unreadable", f"{error}.", place, practice=practice, reason=error)
            continue
        if months is not None and not 1 <= months <= 120:
            problems.add(
                "recovery.months-out-of-range",
                f"a recovery has 1 to 120 months, not {months}.",
                place,
                practice=practice,
                found=months,
            )
            continue
        if months and most is not None and months > most and not reason:
            words = f" ({scheme.terms.recovery.exception})" if scheme.terms.recovery.exception else ""
            problems.add(
                "recovery.months-above-the-most",
                f"{months} months are more than the {most} that {scheme.scheme} allows.",
                place,
                f"Record the exception{words} in the column 'reason'.",
                practice=practice,
                found=months,
                most=most,
            )
        plans[practice] = RecoveryPlan(day, months, reason)
    problems.refuse_if_any()
    return plans
