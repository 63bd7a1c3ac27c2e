"""A catalogue as blocks (for HTML and PDF), as CSV rows, as a workbook and as iCalendar (RFC 5545).

Its table stands as the commissioner prints it, a row for each question and a column for each service, word for word.
Asked for reminders, all of them show these, each with the day on which it holds.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import xlsxwriter

from remit.catalogue import Catalogue, Reminder
from remit.catalogue.model import ROWS, Service, cell
from remit.core import say
from remit.core.words import visible
from remit.documents import all_day, figures
from remit.documents.blocks import Block, Bullets, Cell, Column, Document, Facts, Heading, Para, Row, Table
from remit.documents.cells import lines_of

MOST_ACROSS = 6
ALARMS = (28, 7)
"""How many days before a day of a review a calendar speaks up."""
REMINDER_COLUMNS = ("service", "title", "kind", "review", "review_from", "review_to", "on", "standing", "days")
_MADE = datetime(2000, 1, 1)  # noqa: DTZ001 - a fixed day: the same catalogue gives the same bytes


@dataclass(frozen=True)
class Due:
    """The reminders asked for: how many months ahead of which day, and what was found."""

    on: date
    months: int
    found: tuple[Reminder, ...]

    @property
    def title(self) -> str:
        months = f"{self.months} month{'' if self.months == 1 else 's'}"
        return f"Reviews due within {months} of {say.day(self.on)}, and those overdue"

    @property
    def nothing(self) -> str:
        months = f"{self.months} month{'' if self.months == 1 else 's'}"
        return f"No review is overdue or due within {months} of {say.day(self.on)}."


def document(catalogue: Catalogue, due: Due | None) -> Document:
    """The whole catalogue, for files."""
    title = f"{catalogue.title}: {catalogue.commissioner}"
    foot = f"{catalogue.commissioner}, {catalogue.title}"
    return Document(title, tuple(blocks(catalogue, due)), foot, wide=True)


def cards(catalogue: Catalogue, due: Due | None, across: bool) -> Document:
    """The same for a terminal: a card for each service, or the table as the commissioner prints it."""
    return Document(catalogue.title, tuple(_cards(catalogue, due, across)))


def _cards(catalogue: Catalogue, due: Due | None, across: bool) -> Iterator[Block]:
    yield Heading(1, catalogue.commissioner)
    yield Para(f"{catalogue.title}, {say.day(catalogue.as_at)}", "lead")
    if due and not due.found:
        yield Para(due.nothing)
        return
    if due:
        full = reminder_table(due)
        kept = [0, 1, len(full.columns) - 1]  # the days stand in the files
        short = tuple(Row(tuple(row.cells[n] for n in kept)) for row in full.rows)
        yield Table(full.caption, tuple(full.columns[n] for n in kept), short)
    if across:
        head, *rows = catalogue.table()
        columns = tuple(Column(name, 1) for name in head)
        yield Table(head[0], columns, tuple(Row(tuple(row)) for row in rows))
    else:
        for service in catalogue.services:
            yield Heading(2, service.title)
            answers = ((getattr(catalogue.heads, row), cell(service, row)) for row in ROWS if row != "title")
            yield Facts((("Known as", _known_as(service)), *answers))
    if catalogue.about:
        yield Para(catalogue.about, "small")


def _known_as(service: Service) -> str:
    scheme = f", scheme {service.scheme}" if service.scheme else ""
    if service.scheme and service.scheme_inferred:
        scheme += f" (inferred: {say.clean(service.scheme_inferred)})"
    return f"{service.service}: {service.kind}{scheme}"


def list_of(catalogues: Sequence[Catalogue]) -> Document:
    """The catalogues that there are."""
    title = "Catalogues that ship with Remit"
    columns = (Column("Catalogue", 2), Column("Commissioner", 6), Column("Services", 1, True))
    rows = (
        Row((one.catalogue, one.commissioner, figures.count(len(one.services), f"{one.catalogue}/services")))
        for one in catalogues
    )
    return Document(title, (Heading(1, title), Table("By commissioner", columns, tuple(rows))))


def csv_rows(catalogue: Catalogue, due: Due | None) -> tuple[Sequence[str], list[list[str]]]:
    """The head and the rows of the CSV file: the table as printed, or the reminders."""
    if due:
        return REMINDER_COLUMNS, list(reminder_rows(due))
    head, *rows = catalogue.table()
    return head, rows


def blocks(catalogue: Catalogue, due: Due | None) -> Iterator[Block]:
    """The catalogue for people: reminders where they are asked for, the table, what each service is, and the source."""
    yield Heading(1, catalogue.title)
    count = len(catalogue.services)
    yield Para(f"{catalogue.commissioner}: {say.in_words(count)} service{'' if count == 1 else 's'}, "
               f"as at {say.day(catalogue.as_at)}.", "lead")  # fmt: skip
    if due:
        yield Heading(2, "Reviews due")
        yield reminder_table(due) if due.found else Para(due.nothing)
    yield Heading(2, "The services")
    yield from question_tables(catalogue, "Each service as the commissioner describes it")
    yield Heading(2, "Kind, level and review")
    columns = (Column("Service", 4), Column("Kind", 3), Column("Levels", 3), Column("Review", 4), Column("Scheme", 4))
    rows = (Row((s.title, say.capital(s.kind), _levels(s), _days(s), _scheme(s))) for s in catalogue.services)
    yield Table("The same as Remit works with it", columns, tuple(rows))
    inferred = [s for s in catalogue.services if s.scheme and s.scheme_inferred]
    if inferred:
        why = (f"{s.title}, {s.scheme}: {' '.join(s.scheme_inferred.split())}" for s in inferred)
        yield Para("Whose scheme it is, where that is inferred:")
        yield Bullets(tuple(why))
    if catalogue.about:
        yield Para(catalogue.about)
    yield Heading(2, "Source")
    yield Bullets(tuple(_sources(catalogue)))


def _scheme(service: Service) -> str:
    mark = " (inferred)" if service.scheme_inferred else ""
    return f"{service.scheme}{mark}" if service.scheme else "none"


def question_tables(catalogue: Catalogue, caption: str) -> Iterator[Table]:
    """The table as printed, its first row naming the services; more services than a page is wide for go below."""
    head, *rows = catalogue.table()
    parts = range(1, len(head), MOST_ACROSS)
    for n, first in enumerate(parts, 1):
        across = slice(first, first + MOST_ACROSS)
        columns = (Column(head[0], 1), *(Column(name, 1) for name in head[across]))
        called = f"{caption} ({n} of {len(parts)})" if len(parts) > 1 else caption
        yield Table(called, columns, tuple(Row((row[0], *row[across])) for row in rows))


def reminder_table(due: Due) -> Table:
    """Each reminder with its days."""
    columns = (Column("Service", 4), *(Column(name, 3) for name in ("Review", "First day", "Last day", "Standing")))
    rows = (
        Row((r.service.title, r.service.review.printed, say.day(r.service.review.from_), say.day(r.service.review.to),
             Cell(r.said, f"{r.service.service}/standing", tone="poor" if "overdue" in r.said else "")))
        for r in due.found
    )  # fmt: skip
    return Table(due.title, columns, tuple(rows))


def reminder_rows(due: Due) -> Iterator[list[str]]:
    """The reminders as rows of `REMINDER_COLUMNS`."""
    for r in due.found:
        s, review = r.service, r.service.review
        days = (review.from_.isoformat(), review.to.isoformat(), due.on.isoformat())
        yield [s.service, s.title, s.kind, review.printed, *days, r.standing, str(r.days)]


def as_icalendar(catalogue: Catalogue, services: Sequence[Service]) -> bytes:
    """The first and the last day of each review as all-day entries with alarms."""
    return all_day.as_icalendar(
        "Catalogue reviews", f"Reviews: {catalogue.commissioner}", _review_days(catalogue, services)
    )


def _review_days(catalogue: Catalogue, services: Sequence[Service]) -> Iterator[all_day.Entry]:
    for service in services:
        review = service.review
        days = {review.from_: "Review begins", review.to: "Last day of review"}
        for day, what in days.items():
            yield all_day.Entry(
                f"{catalogue.catalogue}-{service.service}-{day.isoformat()}",
                day,
                f"{'Review due' if len(days) == 1 else what}: {service.title}",
                f"{catalogue.heads.review}: {review.printed}",
                ALARMS,
            )


def as_xlsx(catalogue: Catalogue, due: Due | None) -> bytes:
    """The workbook. Sheets: the table as printed, the services as values, reminders where asked for, the source."""
    into = io.BytesIO()
    book = xlsxwriter.Workbook(into, {"in_memory": True})
    book.set_properties({"title": say.clean(f"{catalogue.title}, {catalogue.commissioner}"), "created": _MADE})
    head, *rows = catalogue.table()
    _sheet(book, "Catalogue", head, rows, [26, *[30] * len(catalogue.services)])
    names = ["Service", "Id", "Kind", "Levels", "Review from", "Review to", "Scheme", "Scheme inferred"]
    values: list[list[str | date]] = [
        [
            s.title, s.service, s.kind, ", ".join(s.levels), s.review.from_, s.review.to, s.scheme or "",
            " ".join(s.scheme_inferred.split()),
        ]
        for s in catalogue.services
    ]  # fmt: skip
    _sheet(book, "Values", names, values, [38, 22, 26, 28, 13, 13, 38, 60])
    if due:
        names = ["Service", "Review", "First day", "Last day", "On", "Standing"]
        dated = [(r.service.title, r.service.review, r.said) for r in due.found]
        reminded: list[list[str | date]] = [[t, v.printed, v.from_, v.to, due.on, said] for t, v, said in dated]
        _sheet(book, "Reviews due", names, reminded, [38, 22, 13, 13, 13, 22])
    _sheet(book, "Source", ["Source"], [[text] for text in _sources(catalogue)], [100])
    book.close()
    return into.getvalue()


def _sheet(book: Any, name: str, head: Sequence[str], rows: Sequence[Sequence[str | date]], widths: list[int]) -> None:
    """A sheet whose first row and column stay in sight; text is never read as a formula or a link."""
    common = {"font_name": "Calibri", "valign": "top", "text_wrap": True}
    bold, plain = book.add_format({**common, "bold": True, "bottom": 2}), book.add_format(common)
    first = book.add_format({**common, "bold": True})
    day = book.add_format({**common, "num_format": "d mmm yyyy", "align": "left"})
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 1 if len(head) > 1 else 0)
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    for n, width in enumerate(widths):
        sheet.set_column(n, n, width)
    for r, row in enumerate([head, *rows]):
        lines = max(lines_of(str(text), width - 2) for text, width in zip(row, widths, strict=True))
        sheet.set_row(r, 15 * lines + 3)
        for c, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(r, c, datetime.combine(value, time()), day)
            else:
                style = bold if r == 0 else first if c == 0 and len(head) > 1 else plain
                sheet.write_string(r, c, visible(value), style)


def _levels(service: Service) -> str:
    return say.capital(", ".join(service.levels))


def _days(service: Service) -> str:
    review = service.review
    one = say.day(review.from_)
    return one if review.from_ == review.to else f"{one} to {say.day(review.to)}"


def _sources(catalogue: Catalogue) -> Iterator[str]:
    for name in dict.fromkeys([catalogue.source, *(service.source for service in catalogue.services)]):
        if name is not None:
            source = catalogue.sources[name]
            yield say.sentence(", ".join(filter(None, (source.title, source.published, source.address))))
