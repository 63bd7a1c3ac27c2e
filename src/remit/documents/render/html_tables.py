"""What a page needs to know of a table: the attributes of its cells, what it can be filtered by, and its label."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from markupsafe import Markup, escape

from remit.core.dates import MONTHS
from remit.documents.blocks import Cell, Column, Row, Table

_WIDE = 3
"""A table of more columns than these may need to scroll on a phone."""

_SHORT, _LINE = 24, 90
"""A text of so many letters stays on one line, in tables whose columns of such texts leave room on a line for the
first: together they have so many letters."""

_LONG = 40
"""A table of more rows than these is set closer, so that it takes fewer screens."""

_ROOM, _LEAST, _MOST = 48, 4, 20
"""The room in `rem` that columns of text share out, and the least and the most that one asks for."""


@dataclass(frozen=True)
class Facet:
    """One thing that rows can be filtered by: its values, each with the number of rows that have it."""

    name: str
    values: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Body:
    """Rows under the name of their group, if they have one."""

    name: str | Cell
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Shown:
    """A table as the page shows it; `n` counts the tables of a page, and `label` is like no other."""

    table: Table
    n: int
    label: str
    facets: tuple[Facet, ...]
    bodies: tuple[Body, ...]

    @property
    def many(self) -> bool:
        """Whether it may have to scroll on a phone."""
        return len(self.table.columns) > _WIDE

    @property
    def interactive(self) -> bool:
        """Whether the reader can sort or filter it."""
        return self.table.sortable or bool(self.facets)

    @property
    def classes(self) -> str:
        """The classes of the whole table."""
        dense = self.one_line and len(self.table.rows) > _LONG
        of_figures = not self.many and any(column.numeric for column in self.table.columns)
        names = {"many": self.many, "narrow": of_figures, "one-line": self.one_line, "dense": dense}
        return " ".join(("table", *(name for name, given in names.items() if given)))

    @cached_property
    def one_line(self) -> bool:
        """Whether its short texts stay on one line where the screen is wide."""
        rows = [row.cells[1:] for row in self.table.rows if row.kind != "group"]
        lengths = (
            [len(text) for cell in cells if len(text := str(cell)) <= _SHORT] for cells in zip(*rows, strict=True)
        )
        return self.many and sum(max(each, default=_SHORT) for each in lengths) <= _LINE

    def cell(self, cell: str | Cell, column: Column) -> Markup:
        """The attributes of a cell: its column's, its figure, and whether it takes more than a line."""
        wordy = column.numeric and len(str(cell)) > _SHORT and not (isinstance(cell, Cell) and cell.value is not None)
        long = wordy or (self.one_line and not column.numeric and len(str(cell)) > _SHORT)
        more = (*(("long",) if long else ()), *(("wordy",) if wordy else ()))
        return attributes(cell, column, self.table.sortable, more)

    def head(self, column: Column) -> Markup:
        """The attributes of a head: how much room its column asks for."""
        classes = _classes(column)
        if not column.numeric:
            share = _ROOM * column.width / sum(each.width for each in self.table.columns)
            classes.append(f"m{round(min(max(share, _LEAST), _MOST))}")
        return _classed(classes)

    def row(self, row: Row) -> Markup:
        """The attributes of a row: its kind, and by which values of the facets it is found."""
        found = []
        for name, value in row.facets:
            for f, facet in enumerate(self.facets):
                if facet.name == name:
                    found.append(f"{f}.{next(v for v, (text, _) in enumerate(facet.values) if text == value)}")
        known = Markup(' data-facets="{}"').format(" ".join(found)) if found else Markup()
        return _classed([row.kind] if row.kind else []) + known


class Tables:
    """The tables of one page in their order: each region of a page has a label of its own."""

    def __init__(self) -> None:
        self.captions: Counter[str] = Counter()

    def __call__(self, table: Table) -> Shown:
        """The next table."""
        self.captions[table.caption] += 1
        again = self.captions[table.caption]
        label = table.caption if again == 1 else f"{table.caption} ({again})"
        return Shown(table, self.captions.total(), label, tuple(_facets(table)), tuple(_bodies(table.rows)))


def _bodies(rows: Iterable[Row]) -> Iterator[Body]:
    name: str | Cell = ""
    held: list[Row] = []
    for row in rows:
        if row.kind == "group":
            if held or str(name):
                yield Body(name, tuple(held))
            name, held = row.cells[0], []
        else:
            held.append(row)
    yield Body(name, tuple(held))


def _facets(table: Table) -> Iterator[Facet]:
    for name in table.facets:
        values = Counter(value for row in table.rows for facet, value in set(row.facets) if facet == name)
        if values:
            yield Facet(name, tuple((value, values[value]) for value in sorted(values, key=_in_order)))


def _in_order(value: str) -> tuple[int, list[tuple[int, int | str]]]:
    """Months in the order of the year, those of a year by it, else as people count: `Group 2` before `Group 10`."""
    if value in MONTHS:
        return MONTHS.index(value), []
    month, _, year = value.partition(" ")
    if month in MONTHS and year.isdecimal():
        return len(MONTHS) * int(year) + MONTHS.index(month), []
    parts = re.findall(r"\d+|\D+", value.casefold())
    return len(MONTHS), [(0, int(part)) if part.isdecimal() else (1, part) for part in parts]


def attributes(
    said: str | Cell, column: Column | None = None, sortable: bool = False, more: Sequence[str] = ()
) -> Markup:
    """The attributes of the element that a cell stands in: its figure, its tone, and what it is sorted by."""
    classes = [*(_classes(column) if column else []), *more]
    if not isinstance(said, Cell):
        return _classed(classes)
    classes += ["day"] if isinstance(said.value, date) else []
    classes += [said.tone] if said.tone else []
    made = _classed(classes)
    if said.figure:
        made += Markup(' data-figure="{}"').format(said.figure)
    if sortable and said.value is not None:
        value = said.value.toordinal() if isinstance(said.value, date) else float(said.value)
        made += Markup(' data-value="{}"').format(f"{value:.15g}")
    return made


def inside(said: str | Cell) -> Markup:
    """What stands in the element: the text, with the cell's small picture before it, and the link that it is."""
    if not isinstance(said, Cell):
        return escape(said)
    text = escape(said.text)
    if said.link and not re.match(r"(?!https?:)[a-z][a-z0-9+.-]*:", said.link, re.IGNORECASE):
        text = Markup('<a href="{}">{}</a>').format(said.link, text)
    return Markup(said.picture) + Markup(" ") + text if said.picture else text


def _classes(column: Column) -> list[str]:
    return [*(["number"] if column.numeric else []), *(["kept"] if column.kept else [])]


def _classed(classes: Sequence[str]) -> Markup:
    return Markup(' class="{}"').format(" ".join(classes)) if classes else Markup()
