"""The cash calendar as blocks (for the terminal and HTML), as CSV rows and as iCalendar (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from remit.core import say
from remit.core.dates import MONTHS
from remit.core.rounding import pence_text
from remit.core.words import some_of
from remit.documents import all_day
from remit.documents.blocks import Amounts, Block, Bullets, Column, Heading, Para, Picture, Row, Table
from remit.runs.calendar import Calendar, CashEvent

MOST_NAMED = 8
COLUMNS = ("due_date", "practice_code", "scheme_id", "kind", "pounds", "why")
_MONTHS = tuple(month[:3] for month in MONTHS)
_EACH = (Column("Day", 2), Column("Scheme", 3), Column("What", 2), Column("Pounds", 2, True), Column("Why", 6))
_IN, _OUT, _INK = "#3b5668", "#9a1f1f", "#212b32"


def month_name(month: str) -> str:
    """`2024-04` as `Apr 2024`."""
    return f"{_MONTHS[int(month[5:]) - 1]} {month[:4]}"


def rows(calendar: Calendar) -> Iterator[list[str]]:
    """The events as rows of `COLUMNS`: pounds below zero for what goes out; date and pounds empty while not known."""
    for e in calendar.events:
        amount = "" if e.pence is None else pence_text(e.pence)
        yield [e.day.isoformat() if e.day else "", e.practice, e.scheme, e.kind, amount, e.why]


def blocks(calendar: Calendar, one_practice: bool) -> Iterator[Block]:
    """The calendar for people: the sums, the months with a chart, each payment, and what is still open."""
    yield Heading(1, f"Cash calendar: {calendar.title}")
    sums = (("Comes in", calendar.receipts), ("Goes out", calendar.recoveries), ("Together", calendar.net))
    yield Amounts(tuple((name, say.so_far(total)) for name, total in sums))
    if calendar.unknown and not one_practice:
        yield Heading(2, "Not known yet")
        yield Bullets(tuple(_not_known(calendar)))
    for note in calendar.notes:
        yield Para(note, "small")
    months = calendar.months()
    if months:
        yield Heading(2, "By month")
        words = "; ".join(f"{month_name(m)} {say.money(p)}" for m, p, _ in months)
        yield Picture(_bars(months), f"In each month: {words}")
        columns = (Column("Month", 3), Column("In the month", 2, True), Column("From the start", 2, True))
        shown = tuple(Row((month_name(m), say.money(p), say.money(total))) for m, p, total in months)
        yield Table("What comes in (goes out where below zero) by month", columns, shown)
    if one_practice:
        yield Heading(2, "Each payment")
        yield Table("Every payment with its day and its reason", _EACH, tuple(map(_row, calendar.events)))
    undated = calendar.without_a_day()
    if undated:
        yield Heading(2, "Without a day yet")
        yield Bullets(tuple(f"{scheme}: {kind}, {say.money(pence)}" for scheme, kind, pence in undated))


def _row(event: CashEvent) -> Row:
    day = say.short_day(event.day) if event.day else "not set"
    return Row((day, event.scheme, event.kind, _amount(event), event.why))


def _amount(event: CashEvent) -> str:
    return "not known" if event.pence is None else say.money(event.pence)


def _not_known(calendar: Calendar) -> Iterator[str]:
    """What of whom is not known, scheme by scheme; these are in none of the sums."""
    whose: dict[tuple[str, str], list[str]] = {}
    for event in calendar.unknown:
        whose.setdefault((event.scheme, event.kind), []).append(event.practice)
    for (scheme, kind), codes in whose.items():
        many = f"{len(codes):,} practice{'' if len(codes) == 1 else 's'}"
        yield f"{scheme}: {kind} of {many} ({some_of(codes, MOST_NAMED)}); it is in no sum here"


def _bars(months: list[tuple[str, int, int]]) -> str:
    """A bar for each month, up for what comes in and down for what goes out."""
    width, top, floor = 36, 14, 110
    high = max(max(p for _, p, _ in months), 0)
    low = min(min(p for _, p, _ in months), 0)
    scale = (floor - top) / max(high - low, 1)
    zero = top + high * scale
    parts = []
    for n, (month, pence, _) in enumerate(months):
        x = 4 + n * width
        tall = abs(pence) * scale
        y, colour = (zero - tall, _IN) if pence >= 0 else (zero, _OUT)
        parts.append(f'<rect x="{x}" y="{y:.1f}" width="{width - 8}" height="{tall:.1f}" fill="{colour}"/>')
        name = f"{_MONTHS[int(month[5:]) - 1]}"
        parts.append(f'<text x="{x + (width - 8) / 2}" y="{floor + 14}" text-anchor="middle">{name}</text>')
        if n == 0 or month.endswith("-01"):
            parts.append(f'<text x="{x + (width - 8) / 2}" y="{floor + 28}" text-anchor="middle">{month[:4]}</text>')
    wide = 8 + len(months) * width
    parts.append(f'<line x1="0" x2="{wide}" y1="{zero:.1f}" y2="{zero:.1f}" stroke="{_INK}"/>')
    label = escape(f"Pounds by month, at most {say.money(high)}", quote=True)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {floor + 34}" width="{wide}" '
        f'height="{floor + 34}" role="img" aria-label="{label}" font-size="11" fill="{_INK}">{"".join(parts)}</svg>'
    )


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
