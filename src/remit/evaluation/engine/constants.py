"""What the engine settles before any record is read: the run's dates, moved days, comparisons.

It is written apart from the interpreter's own: a fault on either side makes the two engines differ, and a test fail.
"""

from __future__ import annotations

from datetime import date
from typing import assert_never

import numpy as np

from remit.evaluation.model import Dates
from remit.records.model import COMPARATORS, EPISODES, LASTS, NEGATIONS, STATUSES
from remit.rules import model as r

WORDS = {"episode": EPISODES, "lasts": LASTS, "comparator": COMPARATORS, "status": STATUSES, "negation": NEGATIONS}
"""What a record says in one of a few words; in the engine's tables a word is the number of its place."""

_FIRST, _LAST = np.datetime64(date.min), np.datetime64(date.max)
_SIGNS: dict[r.Comparison, tuple[int, ...]] = {
    "=": (0,), "<>": (-1, 1), "<": (-1,), "<=": (-1, 0), ">": (1,), ">=": (0, 1),
}  # fmt: skip
"""By comparison: how its left side may stand to its right one (-1 before it, 1 after it)."""


def dates_by_name(dates: Dates) -> dict[str, date]:
    """The run's dates by their names in rules: a quality service lasts as long as the payment period."""
    period = {"SD": dates.start, "ED": dates.end}
    return {
        "ACHV_DAT": dates.achievement,
        **{f"{which}{end}": day for which in ("PP", "QS", "MP") for end, day in period.items()},
    }


def year_before(dates: Dates) -> Dates | None:
    """The year that ends on the day before a payment period, as it was on that day; None where no calendar has it."""
    begins, ends = moved_day(dates.start, -1, "year"), moved_day(dates.start, -1, "day")
    return None if begins is None or ends is None else Dates(ends, begins, ends)


def own_period(period: r.Period, dates: dict[str, date]) -> dict[str, date | None]:
    """MPSD and MPED of a definition that has its own; None beyond the calendar."""

    def day_of(term: r.Term) -> date | None:
        if isinstance(term, r.Shift):
            day = day_of(term.term)
            return None if day is None else moved_day(day, term.amount, term.unit)
        return dates[term.name] if isinstance(term, r.Name) else _written(term)

    match period:
        case r.Between():
            first, last = day_of(period.first), day_of(period.last)
        case r.Ending():
            last = day_of(period.last)
            before = None if last is None else moved_day(last, -period.amount, period.unit)
            first = None if before is None else moved_day(before, 1, "day")
        case r.Containing():
            first = last = day_of(period.day)
            if first is not None and last is not None:
                month = np.datetime64(first, "M")
                since = month.astype("M8[Y]").astype("M8[M]")
                long = _MONTHS[period.whole]
                begins = since + (month - since) // np.timedelta64(long, "M") * long
                ends = (begins + long).astype("M8[D]") - 1
                first, last = (date.fromisoformat(str(day)) for day in (begins.astype("M8[D]"), ends))
        case _:
            assert_never(period)
    return {"MPSD": first, "MPED": last}


_MONTHS = {"calendar year": 12, "quarter": 3, "month": 1}


def _written(term: r.Term) -> date:
    if isinstance(term, r.Constant) and isinstance(term.value, date):
        return term.value
    raise AssertionError(f"{term} is not known before any record")


def moved_day(day: date, amount: int, unit: r.Unit) -> date | None:
    """A day moved by calendar units, to the month's last day where the month is shorter; None beyond the calendar."""
    match unit:
        case "day" | "week":
            moved = np.datetime64(day) + (amount * 7 if unit == "week" else amount)
        case "month" | "year":
            month = np.datetime64(day, "M") + (amount * 12 if unit == "year" else amount)
            first, after = month.astype("M8[D]"), (month + 1).astype("M8[D]")
            moved = min(first + (day.day - 1), after - 1)
        case _:
            assert_never(unit)
    return date.fromisoformat(str(moved)) if _FIRST <= moved <= _LAST else None


def holds(left: date | int | str, op: r.Comparison, right: date | int | str) -> bool:
    """A comparison of two dates, two numbers or two words: nothing else is compared in rules that were read."""
    sign = (left > right) - (left < right)  # type: ignore[operator]  # both sides are of one type
    return sign in _SIGNS[op]
