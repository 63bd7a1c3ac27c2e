"""The cash calendar for people, as CSV rows, and as iCalendar (RFC 5545)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction

from remit.core import say
from remit.core.dates import MONTHS
from remit.core.rounding import pence_text
from remit.core.words import some_of
from remit.documents import all_day
from remit.documents.blocks import Amounts, Block, Bullets, Cell, Column, Document, Heading, Para, Row, Table
from remit.documents.charts.months import months as months_chart
from remit.documents.figures import pounds, so_far
from remit.runs.calendar import Calendar, CashEvent

MOST_NAMED = 8
COLUMNS = ("due_date", "practice_code", "scheme_id", "kind", "pounds", "why")
_MONTHS = tuple(month[:3] for month in MONTHS)
_EACH = (
    Column("Day", 2),
    Column("Scheme", 3),
    Column("Pounds", 2, True, kept=True),
    Column("Why", 6),
)


def month_name(month: str) -> str:
    """`2024-04` as `Apr 2024`."""
    return f"{_MONTHS[int(month[5:]) - 1]} {month[:4]}"


def _whole_pounds(pence: Fraction) -> str:
    return say.money(int(pence)).removesuffix(".00")


def _month_short(month: str) -> str:
    return _MONTHS[int(month[5:]) - 1]


def rows(calendar: Calendar) -> Iterator[list[str]]:
    """The events as rows of `COLUMNS`: pounds below zero for a recovery; date and pounds empty while not known."""
    for e in calendar.events:
        amount = "" if e.pence is None else pence_text(e.pence)
        yield [e.day.isoformat() if e.day else "", e.practice, e.scheme, e.kind, amount, e.why]


def document(calendar: Calendar, one_practice: bool) -> Document:
    """The calendar for people: the answer, the sums, the months with a chart, each payment, and what is still open."""
    return Document(f"Cash calendar: {calendar.title}", tuple(_blocks(calendar, one_practice)))


def answer(calendar: Calendar) -> str:
    """What is received and recovered over the whole calendar, and the first payment to come into it."""
    net, recoveries = calendar.net, calendar.recoveries
    if net.value is None:
        return "No payment of this calendar is known yet."
    parts = [f"{say.so_far(calendar.receipts)} is received"]
    if recoveries.pence:
        parts.append(f"{say.money(-recoveries.pence)} is recovered")
    parts.append(f"{say.so_far(net)} is left")
    text = ", ".join(parts[:-1] if len(parts) == 2 else parts)
    days = [event.day for event in calendar.events if event.day and event.pence]
    if not days:
        return f"{text}."
    first, last = days[0], days[-1]
    return f"{text}, from {say.day(first)} to {say.day(last)}." if first != last else f"{text}, on {say.day(first)}."


def _blocks(calendar: Calendar, one_practice: bool) -> Iterator[Block]:
    yield Heading(1, f"Cash calendar: {calendar.title}")
    yield Para(answer(calendar), "lead")
    sums = (("Receipts", calendar.receipts), ("Recoveries", calendar.recoveries), ("Net", calendar.net))
    yield Amounts(tuple((name, so_far(total, f"all/{name.lower()}")) for name, total in sums))
    if calendar.unknown and not one_practice:
        yield Heading(2, "Not known yet")
        yield Bullets(tuple(_not_known(calendar)))
    for note in calendar.notes:
        yield Para(say.days_in(note), "small")
    months = calendar.months()
    if months:
        yield Heading(2, "By month")
        words = "; ".join(f"{month_name(m)} {say.money(p)}" for m, p, _ in months)
        alt = f"In each month: {words}"
        yield months_chart([(_month_short(m), m[:4], p) for m, p, _ in months], alt, _whole_pounds)
        columns = (Column("Month", 3), Column("In the month", 2, True), Column("Cumulative", 2, True, kept=True))
        shown = tuple(
            Row((month_name(m), pounds(p, f"{m}/net"), pounds(total, f"{m}/cumulative"))) for m, p, total in months
        )
        yield Table("Net receipts by month; recoveries are below zero", columns, shown)
    if one_practice:
        yield Heading(2, "Each payment")
        schemes = short_titles(calendar.schemes)
        rows = tuple(_row(n, event, schemes) for n, event in enumerate(calendar.events, 1))
        yield Table("Every payment with its day and its reason", _EACH, rows)
    undated = calendar.without_a_day()
    if undated:
        yield Heading(2, "Without a day yet")
        yield Bullets(
            tuple(f"{calendar.schemes[scheme]}: {kind}, {say.money(pence)}" for scheme, kind, pence in undated)
        )


def short_titles(schemes: Mapping[str, str]) -> dict[str, str]:
    """What each scheme is called where there is little room: the letters of its title, `QIF`, if they tell it apart."""
    letters = {scheme: re.search(r"\(([A-Z]{2,})\)", title) for scheme, title in schemes.items()}
    short = {scheme: found[1] for scheme, found in letters.items() if found}
    return {s: short[s] if list(short.values()).count(short.get(s, "")) == 1 else schemes[s] for s in schemes}


def _row(n: int, event: CashEvent, schemes: Mapping[str, str]) -> Row:
    day = Cell(say.short_day(event.day), f"payment{n}/day", event.day, "day") if event.day else Cell("not set")
    why = say.days_in(event.why if event.pence is not None else f"{say.capital(event.kind)}: {event.why}")
    return Row((day, schemes[event.scheme], pounds(event.pence, f"payment{n}/pounds"), why))


def _not_known(calendar: Calendar) -> Iterator[str]:
    """What of whom is not known, scheme by scheme; these are in none of the sums."""
    whose: dict[tuple[str, str], list[str]] = {}
    for event in calendar.unknown:
        whose.setdefault((event.scheme, event.kind), []).append(event.practice)
    for (scheme, kind), codes in whose.items():
        many = f"{len(codes):,} practice{'' if len(codes) == 1 else 's'}"
        yield f"{calendar.schemes[scheme]}: {kind} of {many} ({some_of(codes, MOST_NAMED)}); it is in no sum here"


def _in_calendar(event: CashEvent) -> str:
    return "Amount not known yet:" if event.pence is None else say.money(event.pence)


def as_icalendar(calendar: Calendar) -> bytes:
    """The dated events as all-day entries."""
    entries = (
        all_day.Entry(
            f"{event.scheme}-{event.practice}-{event.kind}-{n}",
            event.day,
            f"{_in_calendar(event)} {event.kind}, {event.scheme} ({event.practice})",
            event.why,
        )
        for n, event in enumerate(calendar.events, 1)
        if event.day
    )
    return all_day.as_icalendar("Cash calendar", f"Cash calendar: {calendar.title}", entries)
