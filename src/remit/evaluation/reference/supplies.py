"""Days of supply in a window: which are covered, and the gaps between."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from remit.records.model import UNKNOWN_DAY, Event


class Gap(NamedTuple):
    """Days without supply: the first of them, and how many."""

    first: date
    days: int


def supplied(event: Event) -> tuple[date, date] | None:
    """The first and the last day that an entry covers; its own day alone where nobody knows when it ended. An entry
    without a day covers none."""
    if event.date == UNKNOWN_DAY:
        return None
    match event.lasts:
        case "ended":
            return (event.date, event.end) if event.end is not None and event.end >= event.date else None
        case "open":
            return event.date, date.max
        case _:
            return event.date, event.date


def gaps(events: Iterable[Event], first: date, last: date) -> list[Gap]:
    """The gaps of a window, in their order. Days that two entries cover are covered once: overlaps do not add."""
    spans = sorted(span for event in events if (span := supplied(event)))
    result = []
    free = first.toordinal()
    """The first day that nothing before covers."""
    for begins, ends in spans:
        if ends < first or begins > last:
            continue
        if begins.toordinal() > free:
            result.append(Gap(date.fromordinal(free), begins.toordinal() - free))
        free = max(free, ends.toordinal() + 1)
    if free <= last.toordinal():
        result.append(Gap(date.fromordinal(free), last.toordinal() - free + 1))
    return result
