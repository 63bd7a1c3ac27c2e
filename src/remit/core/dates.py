"""Dates by the calendar: whole months clamped to the month's end, scheme years and their quarters."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
"""The months in English, whatever the language of the machine: no output of Remit rests on its locale."""

_YEAR = re.compile(r"(20\d\d)[-/](\d\d)", re.ASCII)
_QUARTER = re.compile(r"(20\d\d)(?:[-/](\d\d))?[- ]Q([1-4])", re.IGNORECASE | re.ASCII)


def parse_date(text: str) -> date:
    """`2025-03-31`. Raises ValueError, naming the form, for anything else and for a day that is not in the calendar."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
        raise ValueError(f"expected a date written as 2025-03-31, found '{text}'")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"there is no such day as {text}") from None
    if not 1800 <= day.year < 2200:
        raise ValueError(f"expected a day of 1800 to 2199, found {text}")
    return day


def month_end(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or the month's last day where it has no such day (31 Jan + 1 = 28 Feb)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def whole_months(start: date, end: date) -> int:
    """How many calendar months (April, May …) lie wholly between the two days, both counted."""
    after = end + timedelta(days=1)
    first = start if start.day == 1 else add_months(start, 1)
    return max(0, (after.year - first.year) * 12 + after.month - first.month)


@dataclass(frozen=True, order=True)
class SchemeYear:
    """A year from 1 April to 31 March, written `2024-25`."""

    begins: int

    @classmethod
    def parse(cls, text: str) -> SchemeYear:
        """Read `2024-25` or `2024/25`. Raises ValueError."""
        match = _YEAR.fullmatch(text)
        if not match or (int(match[1]) + 1) % 100 != int(match[2]):
            raise ValueError(f"expected a year written as 2024-25, found '{text}'")
        return cls(int(match[1]))

    @property
    def start(self) -> date:
        return date(self.begins, 4, 1)

    @property
    def end(self) -> date:
        return date(self.begins + 1, 3, 31)

    def __str__(self) -> str:
        return f"{self.begins}-{(self.begins + 1) % 100:02d}"

    def months(self) -> list[date]:
        """The last days of its twelve months, April first."""
        return [month_end(add_months(self.start, n).year, add_months(self.start, n).month) for n in range(12)]

    def quarter_days(self) -> tuple[int, ...]:
        """How many days its quarters have: 91, 92, 92, and 90 or, with a 29 February, 91."""
        days = [end.day for end in self.months()]
        return tuple(sum(days[first : first + 3]) for first in (0, 3, 6, 9))


@dataclass(frozen=True)
class Period:
    """What a figure is for: a whole year, or a position on a day within one (a quarter stands for its last day)."""

    year: SchemeYear
    day: date | None = None

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read `2024-25`, `2024-Q3` (of the year that begins in April 2024: October to December) or a date.

        Raises ValueError.
        """
        if match := _YEAR.fullmatch(text):
            return cls(SchemeYear.parse(text))
        if match := _QUARTER.fullmatch(text):
            if match[2]:
                SchemeYear.parse(f"{match[1]}-{match[2]}")
            year = SchemeYear(int(match[1]))
            return cls(year, year.months()[int(match[3]) * 3 - 1])
        try:
            day = parse_date(text)
        except ValueError as error:
            wanted = f"expected a year 2024-25, a quarter 2024-Q3 or a date 2024-12-31, found '{text}'"
            raise ValueError(wanted if "no such day" not in str(error) else str(error)) from None
        return cls(SchemeYear(day.year if day.month >= 4 else day.year - 1), day)

    def __str__(self) -> str:
        return self.day.isoformat() if self.day else str(self.year)
