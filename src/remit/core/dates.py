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

_APRIL = 4
_YEAR = re.compile(r"(20\d\d)[-/](\d\d)", re.ASCII)
_CALENDAR_YEAR = re.compile(r"20\d\d", re.ASCII)
_MONTHS = re.compile(r"(20\d\d)-(\d\d) to (20\d\d)-(\d\d)", re.ASCII)
_QUARTER = re.compile(r"(20\d\d)(?:[-/](\d\d))?[- ]Q([1-4])", re.IGNORECASE | re.ASCII)
_QUARTER_OF_MONTHS = re.compile(rf"({_MONTHS.pattern})[- ]Q([1-4])", re.IGNORECASE | re.ASCII)


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
    """Twelve months from the first day of one: from 1 April, written `2024-25`, unless another month is named.

    The calendar year is written `2025`, any other by its first and last month, `2025-07 to 2026-06`. The rules and the
    years of the NHS begin in April, and most of what reads a year reads those alone.
    """

    begins: int
    month: int = _APRIL

    @classmethod
    def parse(cls, text: str) -> SchemeYear:
        """Read a year from April to March, `2024-25` or `2024/25`. Raises ValueError."""
        match = _YEAR.fullmatch(text)
        if not match or (int(match[1]) + 1) % 100 != int(match[2]):
            raise ValueError(f"expected a year written as 2024-25, found '{text}'")
        return cls(int(match[1]))

    @classmethod
    def of_any_month(cls, text: str) -> SchemeYear:
        """Read `2024-25`, the calendar year `2025`, or the first and the last month, `2025-07 to 2026-06`.

        Raises ValueError.
        """
        if _CALENDAR_YEAR.fullmatch(text):
            return cls(int(text), 1)
        match = _MONTHS.fullmatch(text)
        if match is None:
            if _YEAR.fullmatch(text) and int(text[5:]) == (int(text[:4]) + 1) % 100:
                return cls.parse(text)
            wanted = "2024-25 (April to March), 2025 (the calendar year), or its months, 2025-07 to 2026-06"
            raise ValueError(f"expected a year written as {wanted}, found '{text}'")
        first, month, last, last_month = map(int, match.groups())
        for one in (month, last_month):
            if not 1 <= one <= 12:
                raise ValueError(f"there is no month {one:02d}, found '{text}'")
        year, many = cls(first, month), (last - first) * 12 + last_month - month + 1
        if many < 1:
            raise ValueError(f"the year ends before it begins, found '{text}': twelve months are '{year}'")
        if many < 12:
            raise ValueError(
                f"a year is twelve months, and '{text}' is {many}: write the year '{year}', and the contract's days as "
                f"its 'term', from {year.start} to {month_end(last, last_month)}"
            )
        if many > 12:
            raise ValueError(
                f"a year is twelve months, and '{text}' is {many}: write '{year}', and the rest as another year"
            )
        return year

    @property
    def start(self) -> date:
        return date(self.begins, self.month, 1)

    @property
    def end(self) -> date:
        return self.after.start - timedelta(days=1)

    @property
    def before(self) -> SchemeYear:
        """The twelve months before it."""
        return SchemeYear(self.begins - 1, self.month)

    @property
    def after(self) -> SchemeYear:
        """The twelve months after it."""
        return SchemeYear(self.begins + 1, self.month)

    @property
    def from_april(self) -> bool:
        """Whether it runs from April to March, as the years of the NHS do."""
        return self.month == _APRIL

    def holding(self, day: date) -> SchemeYear:
        """The year that begins in the same month and holds a day."""
        return SchemeYear(day.year if day.month >= self.month else day.year - 1, self.month)

    def __str__(self) -> str:
        if self.from_april:
            return f"{self.begins}-{(self.begins + 1) % 100:02d}"
        return str(self.begins) if self.month == 1 else f"{self.start:%Y-%m} to {self.end:%Y-%m}"

    def months(self) -> list[date]:
        """The last days of its twelve months, the first month first."""
        return [month_end(add_months(self.start, n).year, add_months(self.start, n).month) for n in range(12)]

    def quarter_days(self) -> tuple[int, ...]:
        """How many days its quarters have: from April 91, 92, 92, and 90 or, with a 29 February, 91."""
        days = [end.day for end in self.months()]
        return tuple(sum(days[first : first + 3]) for first in (0, 3, 6, 9))


@dataclass(frozen=True)
class Period:
    """What a figure is for: a whole year, or a position on a day within one (a quarter stands for its last day)."""

    year: SchemeYear
    day: date | None = None

    @classmethod
    def parse(cls, text: str, within: SchemeYear | None = None) -> Period:
        """Read `2024-25`, `2024-Q3` (of the year that begins in April 2024: October to December) or a date.

        `within` is the year of the scheme that it is for: where that begins in another month, so do the years of
        quarters and days, and any year is read. Raises ValueError.
        """
        if within is not None and not within.from_april:
            return cls._from_another_month(text, within)
        if match := _YEAR.fullmatch(text):
            return cls(SchemeYear.parse(text))
        if match := _QUARTER.fullmatch(text):
            if match[2]:
                SchemeYear.parse(f"{match[1]}-{match[2]}")
            return cls._quarter(SchemeYear(int(match[1])), match[3])
        return cls._day(text, SchemeYear(2024), "a year 2024-25, a quarter 2024-Q3 or a date 2024-12-31")

    @classmethod
    def _from_another_month(cls, text: str, within: SchemeYear) -> Period:
        if match := _QUARTER_OF_MONTHS.fullmatch(text):
            return cls._quarter(SchemeYear.of_any_month(match[1]), match[6])
        if match := _QUARTER.fullmatch(text):
            named = SchemeYear.parse(f"{match[1]}-{match[2]}") if match[2] else SchemeYear(int(match[1]), within.month)
            return cls._quarter(named, match[3])
        if _CALENDAR_YEAR.fullmatch(text) or _YEAR.fullmatch(text) or " to " in text:
            return cls(SchemeYear.of_any_month(text))
        return cls._day(text, within, f"a year {within}, a quarter {within.begins}-Q3 or a date {within.end}")

    @classmethod
    def _quarter(cls, year: SchemeYear, number: str) -> Period:
        return cls(year, year.months()[int(number) * 3 - 1])

    @classmethod
    def _day(cls, text: str, within: SchemeYear, forms: str) -> Period:
        try:
            day = parse_date(text)
        except ValueError as error:
            raise ValueError(
                str(error) if "no such day" in str(error) else f"expected {forms}, found '{text}'"
            ) from None
        return cls(within.holding(day), day)

    def __str__(self) -> str:
        return self.day.isoformat() if self.day else str(self.year)
