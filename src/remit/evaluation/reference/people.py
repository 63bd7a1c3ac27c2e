"""Days and people without a code: the dates of a run, moved days, ages, stays on a list."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import assert_never

from remit.core.dates import add_months
from remit.evaluation.model import Dates
from remit.records.model import Patient, Registration
from remit.rules import model as r

SEX = {"F": "female", "M": "male", "I": "indeterminate", "U": "unknown"}


def named_dates(dates: Dates) -> dict[str, date]:
    """The dates of a run by their names in rules."""
    return {
        "ACHV_DAT": dates.achievement,
        "PPSD": dates.start,
        "PPED": dates.end,
        "QSSD": dates.start,
        "QSED": dates.end,
        "MPSD": dates.start,
        "MPED": dates.end,
    }


def measurement_period(period: r.Period, dates: dict[str, date]) -> tuple[date | None, date | None]:
    """The first and the last day of a definition's own period; missing where a calendar has no such day."""
    match period:
        case r.Between():
            return _day_of_the_run(period.first, dates), _day_of_the_run(period.last, dates)
        case r.Ending():
            last = _day_of_the_run(period.last, dates)
            before = shifted(last, -period.amount, period.unit) if last else None
            return (shifted(before, 1, "day") if before else None), last
        case r.Containing():
            day = _day_of_the_run(period.day, dates)
            if day is None:
                return None, None
            months = {"calendar year": 12, "quarter": 3, "month": 1}[period.whole]
            first = date(day.year, day.month - (day.month - 1) % months, 1)
            last_month = first.month + months - 1
            return first, date(day.year, last_month, monthrange(day.year, last_month)[1])
        case _:
            assert_never(period)


def _day_of_the_run(term: r.Term, dates: dict[str, date]) -> date | None:
    """A day that is known before any record is read."""
    match term:
        case r.Constant():
            return term.value if isinstance(term.value, date) else None
        case r.Name():
            return dates[term.name]
        case r.Shift():
            day = _day_of_the_run(term.term, dates)
            return shifted(day, term.amount, term.unit) if day else None
        case _:
            raise AssertionError(f"{term} is no day of the run")


def year_before(dates: Dates) -> Dates | None:
    """The twelve months before a payment period, asked on their last day; None before the calendar."""
    start, end = shifted(dates.start, -12, "month"), shifted(dates.start, -1, "day")
    return Dates(end, start, end) if start is not None and end is not None else None


def age(born: date, on: date) -> int:
    """Age in full years: it changes on the birthday, for 29 February on 1 March where there is none."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def shifted(day: date, amount: int, unit: r.Unit) -> date | None:
    """A date moved by calendar units: 31 March less 9 months is 30 June. Missing outside the years 1 to 9999."""
    try:
        match unit:
            case "day":
                return day + timedelta(days=amount)
            case "week":
                return day + timedelta(weeks=amount)
            case "month":
                return add_months(day, amount)
            case "year":
                return add_months(day, amount * 12)
            case _:
                assert_never(unit)
    except (ValueError, OverflowError):
        return None


def registration_on(patient: Patient, day: date) -> Registration | None:
    """The stay with the practice of the history that covers a day: both ends count; the dead and who is not born yet
    are on no list.

    Someone who died on the day itself was still registered on it.
    """
    if patient.born > day:
        return None
    if patient.died is not None and patient.died < day:
        return None
    stays = [
        stay
        for stay in patient.registrations
        if stay.practice == patient.practice and stay.start <= day and (stay.end is None or stay.end >= day)
    ]
    return max(stays, key=lambda stay: stay.start, default=None)
