"""Working days of the Freedom of Information Act 2000, and limits counted in them.

Section 10(6): any day other than a Saturday, a Sunday, Christmas Day, Good Friday or a day which is a bank holiday in
any part of the United Kingdom. So 2 January (Scotland) and 12 July (Northern Ireland) are none in England either.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from functools import cache

_PARTS = ("ENG", "WLS", "SCT", "NIR")
_DAY = timedelta(days=1)


@cache
def bank_holidays(year: int) -> dict[date, str]:
    """The bank holidays of a year, Good Friday and Christmas Day among them, with their names."""
    import holidays

    return {
        day: name
        for part in _PARTS
        for day, name in holidays.country_holidays("GB", subdiv=part, years=year, language="en_GB").items()
    }


def is_working_day(day: date, further: Collection[date] = ()) -> bool:
    """Whether a day counts; `further` are bank holidays that were proclaimed and are not known yet."""
    return day.weekday() < 5 and day not in bank_holidays(day.year) and day not in further


def working_day_after(day: date, count: int, further: Collection[date] = ()) -> date:
    """The `count`-th working day following a day; the day itself never counts, whether it is one or not."""
    while count:
        day += _DAY
        count -= is_working_day(day, further)
    return day


def working_days_between(start: date, end: date, further: Collection[date] = ()) -> int:
    """Which working day following `start` the day `end` is; on a day that is none, the count up to it."""
    return sum(is_working_day(start + n * _DAY, further) for n in range(1, (end - start).days + 1))
