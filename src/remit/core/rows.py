"""Rows of text that checks read, whoever makes them: a CSV file, a database query, a web form.

A check asks a `RowSource` for the columns that it reads, and gets `SelectedRows`: numbered rows of text, and the place
of each number, which its problems name. `remit.files.tables.CsvRows` makes them from a file; `GivenRows` and
`dict_rows` from what a program has already. Cells are text, so that every source is checked by the same rules.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import PurePath
from typing import Protocol

from remit.core.problems import Collector, Place, Refused, did_you_mean, error, refuse
from remit.core.words import agreed


class SelectedRows(Protocol):
    """The rows of a source in the columns that were asked for. They can be gone through again."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns, in the order in which they were asked for."""

    def rows(self, problems: Collector | None = None) -> Iterator[tuple[int, Sequence[str]]]:
        """Each row's number and its cells, clean of blanks around them; a column that the source lacks is empty.

        A row that does not fit the columns goes to `problems`, or is refused where they are not gathered.
        """

    def place(self, row: int) -> Place:
        """Where the row of that number is."""


class RowSource(Protocol):
    """What makes rows. Nothing is read until its columns are asked for."""

    @property
    def name(self) -> str:
        """What errors call it: a path, or such as `counts in payments.db`."""

    @property
    def head(self) -> Place:
        """The place of what is wrong with it as a whole."""

    def select(self, required: Sequence[str], optional: Sequence[str] = ()) -> SelectedRows:
        """The rows in these columns, found whatever their capitals. Raises Refused for a missing or doubled one."""


def short_name(source: RowSource) -> str:
    """A source's name without the folders that a file is in."""
    return PurePath(source.name).name


def column_name(text: str) -> str:
    """A column's name as checks ask for it: small letters, `_` for a space."""
    return text.strip().casefold().replace(" ", "_")


def positions(header: Sequence[str], required: Sequence[str], optional: Sequence[str], place: Place) -> tuple[int, ...]:
    """Where each column asked for stands in a header, -1 for an optional one that is not there.

    Raises Refused for a column that is missing or named twice.
    """
    names = [column_name(text) for text in header]
    doubled = sorted({n for n in names if n and names.count(n) > 1 and n in {*required, *optional}})
    if doubled:
        raise refuse(
            "files.column-twice", f"the header names {', '.join(doubled)} more than once.", place, columns=doubled
        )
    missing = [column for column in required if column not in names]
    if missing:
        near = did_you_mean(missing[0], names)
        hint = near if near.startswith("Did") else f"The header has: {', '.join(text.strip() for text in header)}."
        raise refuse("files.column-missing", f"there is no column {', '.join(missing)}.", place, hint, columns=missing)
    return tuple(names.index(column) if column in names else -1 for column in (*required, *optional))


def clean(cell: str) -> str:
    """A cell without blanks around it; a line end within it is a space."""
    return cell.replace("\r\n", " ").replace("\r", " ").replace("\n", " ").strip()


def text_of(value: object) -> str:
    """A value as a table would have it: nothing for None, 1 and 0 for yes and no, a day as 2025-03-31."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    return clean(format(value, "f") if isinstance(value, Decimal) else str(value))


@dataclass(frozen=True)
class GivenRows:
    """Rows that a program has: `values` gives them anew each time, each with a value for every one of `columns`.

    `at` is the place of a row by its number, from 1; else it is the name with that number.
    """

    name: str
    columns: tuple[str, ...]
    values: Callable[[], Iterable[Sequence[object]]]
    at: Callable[[int], Place] | None = None

    @property
    def head(self) -> Place:
        return Place(self.name)

    def select(self, required: Sequence[str], optional: Sequence[str] = ()) -> SelectedRows:
        """The rows in these columns."""
        positions_ = positions(self.columns, required, optional, self.head)
        return _Selected(self, (*required, *optional), positions_)


def dict_rows(
    name: str, rows: Collection[Mapping[str, object]], at: Callable[[int], Place] | None = None
) -> GivenRows | NoRows:
    """Rows from mappings of column to value, such as a form's or an interface's; a key may be missing in some."""
    columns = tuple(dict.fromkeys(column for row in rows for column in row))
    if not columns:
        return NoRows(name)
    return GivenRows(name, columns, lambda: ([row.get(column) for column in columns] for row in rows), at)


@dataclass(frozen=True)
class NoRows:
    """A source without a row, and so without a column that could be missing."""

    name: str

    @property
    def head(self) -> Place:
        return Place(self.name)

    def select(self, required: Sequence[str], optional: Sequence[str] = ()) -> SelectedRows:
        """No rows in these columns."""
        columns = (*required, *optional)
        return _Selected(GivenRows(self.name, columns, tuple), columns, tuple(range(len(columns))))


@dataclass(frozen=True)
class _Selected:
    source: GivenRows
    columns: tuple[str, ...]
    positions: tuple[int, ...]

    def rows(self, problems: Collector | None = None) -> Iterator[tuple[int, Sequence[str]]]:
        width = len(self.source.columns)
        for number, row in enumerate(self.source.values(), 1):
            if len(row) == width:
                cells = ["" if at < 0 else text_of(row[at]) for at in self.positions]
                if any(cells):
                    yield number, cells
                continue
            problem = error(
                "files.cells-unlike-header",
                f"the row has {len(row)} {agreed('cell{|s}', len(row))} where the header has {width}.",
                self.place(number),
                found=len(row),
                expected=width,
            )
            if problems is None:
                raise Refused([problem])
            problems.take(problem)

    def place(self, row: int) -> Place:
        return self.source.at(row) if self.source.at else Place(self.source.name, row)
