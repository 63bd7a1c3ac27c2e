"""A worklist as a workbook: a sheet for each list, one for all care, one by month of birth, and what to know of it.

Headings stay in sight, every sheet filters, and prints landscape with its headings on each page. The same list gives
the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import xlsxwriter

from remit.core import say
from remit.core.words import visible
from remit.documents.figures import NOT_KNOWN
from remit.documents.worklist import words
from remit.documents.worklist.top import lead
from remit.documents.worklist.words import PRIVATE
from remit.worklist.model import State, Worklist, WorklistEntry, recall_place

_MADE = datetime(2000, 1, 1)  # noqa: DTZ001 - a fixed day: the same list gives the same bytes
_POUNDS, _DAY = "£#,##0.00", "d mmm yyyy"
Cell = str | int | Decimal | date | None

_STATES: tuple[tuple[State, str], ...] = (
    ("soon", "Coming due"), ("pca", "PCA, still needs care"), ("declined", "Declined"),
)  # fmt: skip
_PATIENT = (("Patient", 13), ("Born in", 11), ("Age", 6))
_FLAGS = (("Last seen", 12), ("Not seen for a year", 9), ("Flags", 16), ("Notes", 16))


def as_xlsx(listed: Worklist) -> bytes:
    """The workbook."""
    into = io.BytesIO()
    book = xlsxwriter.Workbook(into, {"in_memory": True})
    book.set_properties({"title": say.clean(f"Worklist: {listed.practice}"), "created": _MADE})
    sheets = _Sheets(book, listed)
    sheets.to_do()
    for state, name in _STATES:
        sheets.of_state(name, state)
    if listed.of("after death"):
        sheets.of_state("After death", "after death")
    sheets.all_care()
    sheets.by_contact()
    sheets.by_month()
    sheets.about()
    book.close()
    return into.getvalue()


class _Sheets:
    def __init__(self, book: Any, listed: Worklist) -> None:
        self.book, self.listed = book, listed
        self.formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def style(self, **properties: Any) -> Any:
        """A cell format; the same properties are one format."""
        key = tuple(sorted({"font_name": "Calibri", "valign": "top", **properties}.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format(dict(key))
        return self.formats[key]

    def to_do(self) -> None:
        """Who has gaps, in the order of the list."""
        rows: list[list[Cell]] = []
        for entry in self.listed.of("gap"):
            best = entry.contacts[0]
            rows.append([
                *_patient(entry),
                words.contact_title(self.listed, best),
                say.listed([*map(say.capital, entry.conditions)]),
                "\n".join(care.last for care in entry.risks),
                "\n".join(words.to_do(self.listed, best)),
                len(entry.of("gap")),
                _pounds(words.entry_pence(entry)),
                words.worth_note(entry),
                entry.next.day if entry.next else None,
                words.next_date(entry.next, self.listed).partition(": ")[2],
                "\n".join(words.besides(self.listed, entry)),
                *_seen(entry),
            ])  # fmt: skip
        columns = (
            *_PATIENT, ("Contact", 14), ("Condition", 16), ("High reading", 14), ("To do", 44), ("Care", 6),
            ("Pounds", 10), ("About the pounds", 18), ("Next date", 12), ("Why", 16), ("Besides", 36), *_FLAGS,
        )  # fmt: skip
        self.table("To do", columns, rows)

    def of_state(self, name: str, state: State) -> None:
        """Everybody who has care in that state, those with gaps too."""
        rows: list[list[Cell]] = []
        for entry in self.listed.of(state):
            own = entry.of(state)
            first = own[0].dues[0].day if own[0].dues else own[0].since
            last = "\n".join(care.last for care in own if care.last)
            care = "\n".join(words.lines(entry, state))
            rows.append([*_patient(entry), care, first, last, words.also(entry, state), *_seen(entry)])
        day = "Expires on" if state == "soon" else "Since"
        columns = (*_PATIENT, ("Care", 60), (day, 13), ("Last record", 26), ("Also on this list", 24), *_FLAGS)
        self.table(name, columns, rows)

    def all_care(self) -> None:
        """One row for each patient and indicator, to filter by indicator, contact or state."""
        rows: list[list[Cell]] = []
        for entry in self.listed.shown:
            for care in entry.care:
                due = care.next
                rows.append([
                    *_patient(entry), words.LISTS[care.state], care.code, say.capital(care.action.do),
                    self.listed.contacts[care.action.contact].title, words.reason(care) if care.why else "",
                    care.since, care.last, say.listed(care.missing), due.day if due else None,
                    words.next_date(due, self.listed).partition(": ")[2],
                    _pounds(entry.brings[care.code].pence if care.code in entry.brings else None),
                    ", ".join(say.short_day(day) for day in care.invited[-2:]),
                ])  # fmt: skip
        columns = (
            *_PATIENT, ("List", 16), ("Indicator", 14), ("To do", 26), ("Contact", 24), ("PCA", 16), ("Since", 12),
            ("Last record", 20), ("Still to do", 30), ("Next date", 12), ("Why", 30), ("Pounds", 10), ("Invited", 24),
        )  # fmt: skip
        self.table("All care", columns, rows)

    def by_contact(self) -> None:
        """What clinics to plan."""
        rows: list[list[Cell]] = [[*row[1:]] for row in words.by_contact(self.listed)]
        self.table("Clinics", (("Contact", 50), *((name, 16) for name in words.BY_CONTACT)), rows)

    def by_month(self) -> None:
        """How many patients there are by month of birth, in the order of the scheme year."""
        months = sorted(range(1, 13), key=recall_place)
        rows: list[list[Cell]] = [[words.month(number), *words.by_month(self.listed, number)] for number in months]
        columns = (("Born in", 14), *((name, 14) for name in words.BY_MONTH))
        self.table("By birth month", columns, rows)

    def about(self) -> None:
        """What a gap is worth, and what to know of the list."""
        sheet, listed = self._sheet("About"), self.listed
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 1, 100)
        rows: list[tuple[str, str]] = [
            ("In short", lead(listed)),
            ("As of", say.day(listed.on)),
            ("Records up to", say.day(listed.records_to) if listed.records_to else "not known"),
            *(("Scheme", f"{one.title} ({one.scheme}), to {say.day(one.year_end)}") for one in listed.schemes),
            ("Privacy", PRIVATE),
        ]  # fmt: skip
        for code, worths in listed.worths.items():
            for one in worths:
                first = NOT_KNOWN if one.pence is None else say.gain(one.pence)
                where = f"{one.scheme}, item {one.item}"
                rows.append((f"One more {code}", f"{where}: {first}. {words.step(one)}".strip()))
            if all_ := words.all_listed(listed, code):
                rows.append((f"All listed {code}", all_))
        rows += [("Note", note) for note in (*words.orders(listed), *listed.notes, *listed.not_counted, *listed.asks)]
        for n, (name, text) in enumerate(rows, 2):
            sheet.write_string(n, 0, name, self.style(bold=True))
            sheet.write_string(n, 1, visible(text), self.style(text_wrap=True))

    def table(self, name: str, columns: Sequence[tuple[str, int]], rows: Sequence[Sequence[Cell]]) -> None:
        """A sheet with a title, headings that stay, and rows that wrap."""
        sheet = self._sheet(name)
        for n, (title, width) in enumerate(columns):
            sheet.set_column(n, n, width)
            sheet.write_string(2, n, title, self.style(bold=True, bottom=2, text_wrap=True))
        sheet.set_row(2, 30)
        for at, row in enumerate(rows, 3):
            for n, cell in enumerate(row):
                self._cell(sheet, at, n, cell)
            sheet.set_row(at, 15 * _lines(row, columns))
        sheet.freeze_panes(3, 1)
        sheet.autofilter(2, 0, 2 + max(1, len(rows)), len(columns) - 1)
        sheet.repeat_rows(2)

    def _cell(self, sheet: Any, row: int, column: int, cell: Cell) -> None:
        if isinstance(cell, str):
            if cell:
                sheet.write_string(row, column, visible(cell), self.style(text_wrap=True, bottom=4))
            else:
                sheet.write_blank(row, column, None, self.style(bottom=4))
        elif isinstance(cell, Decimal):
            sheet.write_number(row, column, float(Fraction(cell)), self.style(num_format=_POUNDS, bottom=4))
        elif isinstance(cell, int):
            sheet.write_number(row, column, cell, self.style(align="center", bottom=4))
        elif cell is not None:
            style = self.style(num_format=_DAY, align="left", bottom=4)
            sheet.write_datetime(row, column, datetime.combine(cell, datetime.min.time()), style)
        else:
            sheet.write_blank(row, column, None, self.style(bottom=4))

    def _sheet(self, name: str) -> Any:
        listed = self.listed
        sheet = self.book.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.set_footer(f"&L&8{_footer(listed)}&R&8{name}, page &P of &N")
        of = f"{listed.name} ({listed.practice})" if listed.name else listed.practice
        made_up = " A demonstration: do not call patients from it." if listed.demonstration else ""
        made_up += f" {listed.other_rules}" if listed.other_rules else ""
        sheet.write_string(
            0, 0, visible(f"{name}: {of}, as of {say.day(listed.on)}"), self.style(bold=True, font_size=14)
        )
        cut = f" Of {listed.count('gap'):,} patients with gaps the first {listed.top:,}." if listed.hidden else ""
        sheet.write_string(1, 0, f"For the practice only. Ids are pseudonyms.{made_up}{cut}", self.style(italic=True))
        sheet.set_row(0, 22)
        return sheet


def _footer(listed: Worklist) -> str:
    """A footer of at most 255 characters, in which & is the mark of a field."""
    return f"Practice {listed.practice}, as of {listed.on}. For the practice only".replace("&", "&&")[:160]


def _pounds(pence: int | None) -> Decimal | None:
    return None if pence is None else Decimal(pence).scaleb(-2)


def _patient(entry: WorklistEntry) -> list[Cell]:
    return [entry.patient, words.month(entry.born.month), entry.age]


def _seen(entry: WorklistEntry) -> list[Cell]:
    flags = "\n".join(say.capital(flag) for flag in entry.flags)
    return [entry.last_seen, "yes" if entry.unseen else "", flags, ""]


def _lines(row: Sequence[Cell], columns: Sequence[tuple[str, int]]) -> int:
    """How many lines the row takes: spreadsheets other than Excel do not fit its height themselves."""
    counts = [
        sum(max(1, -(-len(line) // max(1, width - 1))) for line in cell.split("\n"))
        for cell, (_, width) in zip(row, columns, strict=True)
        if isinstance(cell, str)
    ]
    return max([1, *counts])
