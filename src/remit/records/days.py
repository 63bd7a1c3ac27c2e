"""How the days of records are read: what is written, and what it means where it is not a day but a way to say "none".

A day is written 2025-03-31. A time behind it, as databases and data frames write it, is left out: the day is the local
one, as it is written. Only of an instant said to be of UTC it is the day in Britain: 23:00 of the day before is how
systems write a midnight of summer. Systems say by a day of long ago or of far away that there is none. What that means
rests on the column: no end yet, a beginning that nobody knows, or no answer to what was asked.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from remit.records.cells import NO_DAY, OPEN, WRITTEN, Otherwise
from remit.records.model import OPEN_DAY, UNKNOWN_DAY

_FORM = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)"
    r"(?P<time>[T ](?P<hour>[01]\d|2[0-3]):[0-5]\d(:[0-5]\d([.,]\d{1,12})?)? ?"
    r"((?P<utc>Z|UTC|[+-]00(:?00)?)|[+-]\d\d(:?\d\d)?)?)?",
    re.ASCII,
)
_EARLY = frozenset(
    date.fromisoformat(text)
    for text in (
        "0001-01-01", "0001-01-02", "1677-09-21", "1753-01-01", "1800-01-01", "1840-12-31", "1858-11-17", "1899-12-30",
        "1899-12-31", "1900-01-01",
    )
)  # fmt: skip
"""The first days of .NET, of data frames, of SQL Server, of MUMPS, of VMS and of spreadsheets; and the 1800 and 1900 of
suppliers: by these systems say that a day is not known."""

_NO_YEAR = "0000-00-00"
_EXPECTED = "expected a date written as 2025-03-31"
_OUTSIDE = "expected a day of 1800 to 2199"


def early(day: date) -> bool:
    """Whether systems say by a day of long ago that none is known."""
    return day in _EARLY


def late(day: date) -> bool:
    """Whether systems say by a day to come that there is no end: 2099-12-31, 2999-12-31, 4000-01-01, 9999-12-31."""
    edge = (day.month, day.day) in ((1, 1), (12, 31))
    return day.year == 9999 or (day.year >= 2099 and edge) or day == date(2262, 4, 11)  # the last of data frames


def parsed(text: str, expected: str = _EXPECTED) -> tuple[date, bool]:
    """A day of any year, and whether a time stood behind it."""
    if text.startswith(_NO_YEAR):
        text = "0001-01-01" + text[len(_NO_YEAR) :]  # as one database writes that there is none
    if len(text) == 10 and text[4] == text[7] == "-":  # as nearly all are
        try:
            return date.fromisoformat(text), False
        except ValueError:
            pass  # of another form, or no day
    match = _FORM.fullmatch(text)
    if not match:
        raise ValueError(expected)
    try:
        day = date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        raise ValueError("there is no such day") from None
    late_hour = match["utc"] and match["hour"] == "23"  # Britain is an hour before UTC at most
    return (_in_britain(day) if late_hour else day), bool(match["time"])


@cache
def _in_britain(day: date) -> date:
    """The day in Britain at 23:00 of UTC. Days before 1972, with other rules, and those of far away are as written."""
    if not 1972 <= day.year < 2200:
        return day
    return datetime(day.year, day.month, day.day, 23, tzinfo=UTC).astimezone(ZoneInfo("Europe/London")).date()


def _within(day: date, timed: bool) -> Any:
    if not 1800 <= day.year < 2200:
        raise ValueError(_OUTSIDE)
    return Otherwise(day, WRITTEN) if timed else day


def known(text: str) -> Any:
    """A day that must be known."""
    day, timed = parsed(text)
    if early(day) or late(day):
        raise ValueError("is a day by which systems say that it is not known: expected the day itself")
    return _within(day, timed)


def begin(text: str) -> Any:
    """The day on which something was or began; one by which systems say that it is not known is that."""
    day, timed = parsed(text)
    if early(day):
        return Otherwise(UNKNOWN_DAY, NO_DAY)
    if late(day):
        raise ValueError("is a day by which systems say that there is no end: expected the day of the beginning")
    return _within(day, timed)


def end(text: str) -> Any:
    """The day on which something ended; one by which systems say that it did not is nothing."""
    day, timed = parsed(text)
    return Otherwise(None, OPEN) if early(day) or late(day) else _within(day, timed)


def since(text: str) -> Any:
    """The day from which something holds; one of long ago is from the beginning."""
    found = begin(text)
    return Otherwise(None, WRITTEN) if found == Otherwise(UNKNOWN_DAY, NO_DAY) else found


def end_of_record(text: str) -> Any:
    """The last day of a record, `open` or `unknown`; a day of far away is open, and one of long ago unknown."""
    small = text.lower()
    if small in ("open", "unknown"):
        return OPEN_DAY if small == "open" else UNKNOWN_DAY
    day, timed = parsed(text, f"{_EXPECTED}, open or unknown")
    if late(day):
        return Otherwise(OPEN_DAY, OPEN)
    return Otherwise(UNKNOWN_DAY, NO_DAY) if early(day) else _within(day, timed)
