"""Records that last, whole day by whole day: how one stands to a window, and which of two comes first.

A record lasts from its date to its end, both days counted. One of one day ends on it; an end that has not come is later
than every day; of one that nobody knows nothing is true. A day that is not known meets no window.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal, NamedTuple, assert_never

from remit.records.model import OPEN_DAY, UNKNOWN_DAY, Event
from remit.rules import model as r


class Days(NamedTuple):
    """From a day to a day; None is missing."""

    first: date | None
    last: date | None


class Moment(NamedTuple):
    """A day, and where it is known the time of that day, in seconds."""

    day: date | None
    time: int | None = None


def end_of(event: Event) -> date | None:
    """The last day of a record; None where nobody knows it."""
    match event.lasts:
        case "":
            return event.date
        case "open":
            return OPEN_DAY
        case "ended":
            return event.end
        case _:
            return None


def days_of(event: Event) -> Days:
    """All the days of a record."""
    return Days(event.date, end_of(event))


def stands(relation: r.Relation, own: Days, window: Days) -> bool:
    """Whether the days of a record overlap a window, are all within it, or start or end in it."""
    first, last = window
    if first is None or last is None or not first <= last or first == UNKNOWN_DAY:
        return False
    begin = None if own.first == UNKNOWN_DAY else own.first
    end = None if own.last == UNKNOWN_DAY else own.last
    match relation:
        case "starts in":
            return begin is not None and first <= begin <= last
        case "ends in":
            return end is not None and first <= end <= last and end != OPEN_DAY
        case "overlaps":
            return begin is not None and end is not None and begin <= end and begin <= last and first <= end
        case "during":
            return begin is not None and end is not None and first <= begin <= end <= last
        case _:
            assert_never(relation)


def in_order(order: r.Order, own: Moment, other: Moment) -> bool:
    """Whether a record comes before or after another: of one day, only where both say the time."""
    before, after = (own, other) if order == "before" else (other, own)
    if before.day is None or after.day is None:
        return False
    if before.day == after.day:
        return before.time is not None and after.time is not None and before.time < after.time
    return before.day < after.day


def picked(which: Literal["latest", "earliest"], events: Iterable[Event]) -> Event | None:
    """The one record that a field picks: by its day, then by its time where one is known, then the longest."""

    def rank(event: Event) -> tuple[int, int, bool, date]:
        day, end, time = event.date.toordinal(), end_of(event), event.time
        if which == "latest":
            at = day, -1 if time is None else time
        else:
            at = -day, -86_400 if time is None else -time
        return *at, end is not None, end or date.min

    return max(events, key=rank, default=None)
