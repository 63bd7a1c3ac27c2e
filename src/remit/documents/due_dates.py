"""What is due when, and who takes part in what: as a page, and as iCalendar (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from remit.core import say
from remit.core.words import agreed
from remit.documents import all_day
from remit.documents.blocks import Amounts, Block, Cell, Column, Document, Fold, Heading, Para, Row, Table
from remit.documents.figures import count, pounds

_SOON = timedelta(days=28)


@dataclass(frozen=True)
class DueDate:
    """A thing that is due: `uid` is no other's. `open` is how many practices have still to do it, `pence` what is paid
    or recovered; `is_task` whether somebody has to do it, so that it can be late; `link` the page where it is done."""

    uid: str
    day: date
    what: str
    whose: str
    done: bool
    is_task: bool
    open: int | None = None
    pence: int | None = None
    link: str = ""


@dataclass(frozen=True)
class TakesPart:
    """A practice, and in words what became of each scheme there."""

    name: str
    schemes: Mapping[str, str]


@dataclass(frozen=True)
class DueDates:
    """What is due for an organisation as of a day; `late` is what single practices are late with. `schemes` are the
    columns of who takes part in what."""

    name: str
    on: date
    dates: tuple[DueDate, ...]
    late: tuple[DueDate, ...]
    schemes: tuple[str, ...]
    practices: tuple[TakesPart, ...]
    is_practice: bool

    def is_late(self, one: DueDate) -> bool:
        """Whether its day has passed, and it is not done."""
        return one.is_task and not one.done and one.day < self.on


def due_dates(of: DueDates) -> Document:
    """The document: what is late and next, all that is still due, who takes part in what, and what is done."""
    title = f"Calendar: {of.name}"
    blocks = (Heading(1, title), *_head(of), *_sections(of), *_practices_late(of), *_grid(of), *_past(of))
    return Document(title, blocks, wide=True)


def answer(of: DueDates) -> str:
    """How much is late, and what is due next."""
    late, ahead = [one for one in of.dates if of.is_late(one)], _ahead(of)
    parts = []
    if late:
        n = len(late)
        parts.append(f"{say.capital(say.in_words(n))} {agreed('{thing is|things are}', n)} late.")
    if ahead:
        parts.append(f"Next: {ahead[0].what}, by {say.day(ahead[0].day)}.")
    return " ".join(parts) or "Nothing is due."


def _ahead(of: DueDates) -> list[DueDate]:
    return [one for one in of.dates if not one.done and one.day >= of.on]


def _head(of: DueDates) -> Iterator[Block]:
    yield Para(answer(of), "lead")
    late = sum(of.is_late(one) for one in of.dates)
    soon = sum(one.day <= of.on + _SOON for one in _ahead(of))
    yield Amounts((("Late", count(late, "all/late")), ("Due within four weeks", count(soon, "all/soon"))))


def _sections(of: DueDates) -> Iterator[Block]:
    late, ahead = [one for one in of.dates if of.is_late(one)], _ahead(of)
    soon = [one for one in ahead if one.day <= of.on + _SOON]
    parts = (
        ("Late", "What is late", "late", late),
        ("The next four weeks", "What is due in the next four weeks", "soon", soon),
        ("Later", "What is due later", "later", ahead[len(soon) :]),
    )
    for title, caption, figure, those in parts:
        if those:
            yield Heading(2, title)
            yield _table(caption, those, figure)


def _table(caption: str, those: Sequence[DueDate], figure: str) -> Table:
    with_open = any(one.open is not None for one in those)
    with_pounds = any(one.pence is not None for one in those)
    columns = [Column("What", 6), Column("Due by", 2, kept=True)]
    columns += [Column("Practices still to do it", 2, True)] if with_open else []
    columns += [Column("Pounds", 2, True)] if with_pounds else []
    rows = []
    for n, one in enumerate(those, 1):
        cells: list[str | Cell] = [
            Cell(one.what, link=one.link),
            Cell(say.short_day(one.day), f"{figure}/{n}/day", one.day, "day"),
        ]
        if with_open:
            cells.append("" if one.open is None else count(one.open, f"{figure}/{n}/open"))
        if with_pounds:
            cells.append("" if one.pence is None else pounds(one.pence, f"{figure}/{n}/pounds"))
        rows.append(Row(tuple(cells)))
    return Table(caption, tuple(columns), tuple(rows))


def _practices_late(of: DueDates) -> Iterator[Block]:
    if of.is_practice or not of.late:
        return
    yield Heading(2, "Practices that are late")
    columns = (Column("Practice", 4), Column("What", 5), Column("Was due by", 2))
    rows = (
        Row((one.whose, one.what, Cell(say.short_day(one.day), f"practice/{n}/day", one.day, "day")))
        for n, one in enumerate(of.late, 1)
    )
    yield Table("Answers and declarations that are late", columns, tuple(rows), sortable=True)


def _grid(of: DueDates) -> Iterator[Block]:
    if not of.practices:
        return
    yield Heading(2, "Takes part in" if of.is_practice else "Who takes part in what")
    columns = (Column("Practice", 3), *(Column(scheme, 3) for scheme in of.schemes))
    rows = (Row((one.name, *(one.schemes.get(scheme, "–") for scheme in of.schemes))) for one in of.practices)
    yield Table("Each practice and each scheme that was offered", columns, tuple(rows), sortable=not of.is_practice)


def _past(of: DueDates) -> Iterator[Block]:
    past = [one for one in of.dates if one.done or (one.day < of.on and not one.is_task)]
    if past:
        yield Fold("What is done or past", (_table("What is done, or was on a day that has passed", past, "past"),))


def as_icalendar(of: DueDates, days_before: int) -> bytes:
    """What is not done yet as all-day entries; a calendar speaks up as many days before as reminders come."""
    entries = (
        all_day.Entry(
            one.uid, one.day, f"{one.what}{_amount(one)}", f"{of.name}. {_open(one)}".strip(),
            (days_before,) if one.is_task else (),
        )
        for one in of.dates
        if not one.done
    )  # fmt: skip
    return all_day.as_icalendar("Due dates", f"Due dates: {of.name}", entries)


def _amount(one: DueDate) -> str:
    return "" if one.pence is None else f", {say.money(one.pence)}"


def _open(one: DueDate) -> str:
    if one.open is None:
        return ""
    return f"{one.open:,} {agreed('{practice has|practices have}', one.open)} still to do it."
