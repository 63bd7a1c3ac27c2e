"""iCalendar files (RFC 5545) of all-day entries. No clock: each entry's stamp is its own day, so the bytes repeat."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from icalendar import Alarm, Calendar, Event

from remit.core import say


@dataclass(frozen=True)
class Entry:
    """A day and what is on it; `uid` is no other entry's. `alarms` are how many days before a calendar speaks up."""

    uid: str
    day: date
    summary: str
    description: str
    alarms: tuple[int, ...] = ()


def as_icalendar(kind: str, name: str, entries: Iterable[Entry]) -> bytes:
    """The file. Text is on one line each and without control characters, which the format forbids."""
    out = Calendar()
    out.add("prodid", f"-//Remit//{kind}//EN")
    out.add("version", "2.0")
    out.add("x-wr-calname", say.clean(name))
    for entry in entries:
        event = Event()
        event.add("uid", say.clean(f"{entry.uid}@remit"))
        event.add("dtstamp", datetime.combine(entry.day, time(), UTC))
        event.add("dtstart", entry.day)
        event.add("dtend", entry.day + timedelta(days=1))
        event.add("summary", say.clean(entry.summary))
        event.add("description", say.clean(entry.description))
        event.add("transp", "TRANSPARENT")
        for days in entry.alarms:
            alarm = Alarm()
            alarm.add("action", "DISPLAY")
            alarm.add("trigger", -timedelta(days=days))
            alarm.add("description", say.clean(entry.summary))
            event.add_component(alarm)
        out.add_component(event)
    made: bytes = out.to_ical()
    return made
