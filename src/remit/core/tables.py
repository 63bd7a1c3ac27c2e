"""Reading and writing CSV tables: one way in, one way out, with rows that errors can name.

Written tables are UTF-8 with `\\n` line ends and no quoting where none is needed: the same rows, the same bytes.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from remit.core.problems import Place, did_you_mean, refuse


@dataclass(frozen=True)
class Table:
    """A CSV table as read: the columns asked for, found whatever their capitals, and the rows as text.

    `rows()` gives (row number as an editor shows it, the cells of `columns` in their order, stripped).
    """

    name: str
    text: str
    columns: tuple[str, ...]
    positions: tuple[int, ...]
    width: int

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """The rows; blank lines are passed over. Raises Refused for a row of another width."""
        reader = csv.reader(self.text.splitlines(keepends=True), strict=True)
        next(reader)
        positions, width = self.positions, self.width
        try:
            for row in reader:
                if len(row) == width:
                    yield reader.line_num, [row[p].strip() if p >= 0 else "" for p in positions]
                elif row:
                    raise refuse(
                        f"the row has {len(row)} cells where the header has {width}.",
                        Place(self.name, reader.line_num),
                        "Look for a missing or an unquoted comma.",
                    )
        except csv.Error as error:
            raise refuse(f"is not well-formed CSV: {error}.", Place(self.name, reader.line_num)) from None

    def place(self, row: int) -> Place:
        return Place(self.name, row)


def read_text(path: Path) -> str:
    """A file's text: UTF-8, with or without a mark. Refuses other encodings, NUL bytes and an empty file."""
    place = Place(str(path))
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        near = [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else []
        raise refuse("there is no such file.", place, did_you_mean(path.name, near)) from None
    except OSError as error:
        raise refuse(f"cannot be read: {error.strerror}.", place) from None
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise refuse("is written in UTF-16.", place, "Save it as CSV UTF-8.")
    if b"\0" in data:
        line = data[: data.index(b"\0")].count(b"\n") + 1
        raise refuse("has a NUL byte: it is damaged, or no text.", Place(str(path), line), "Export it again.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise refuse("is not UTF-8 here.", Place(str(path), line), "Save it as CSV UTF-8.") from None
    if not text.strip():
        raise refuse("is empty.", place)
    return text


def read_table(path: Path, required: Sequence[str], optional: Sequence[str] = ()) -> Table:
    """Open a table and find its columns by name, whatever their capitals; further columns are passed over.

    Raises Refused for a missing or doubled column, another delimiter, or what `read_text` refuses.
    """
    text = read_text(path)
    name = str(path)
    try:
        header = next(csv.reader([text.splitlines()[0]], strict=True), [])
    except csv.Error as error:
        raise refuse(f"is not well-formed CSV: {error}.", Place(name, 1)) from None
    names = [cell.strip().casefold().replace(" ", "_") for cell in header]
    if len(header) == 1 and any(mark in header[0] for mark in ";\t|"):
        mark = next(mark for mark in ";\t|" if mark in header[0])
        shown = {"\t": "tabs", ";": "semicolons", "|": "bars"}[mark]
        raise refuse(f"the columns are parted by {shown}.", Place(name, 1), "Save it with commas.")
    doubled = sorted({n for n in names if n and names.count(n) > 1 and n in {*required, *optional}})
    if doubled:
        raise refuse(f"the header names {', '.join(doubled)} more than once.", Place(name, 1))
    missing = [column for column in required if column not in names]
    if missing:
        near = did_you_mean(missing[0], names)
        hint = near if near.startswith("Did") else f"The header has: {', '.join(cell.strip() for cell in header)}."
        raise refuse(f"there is no column {', '.join(missing)}.", Place(name, 1), hint)
    columns = (*required, *optional)
    positions = tuple(names.index(column) if column in names else -1 for column in columns)
    return Table(name, text, columns, positions, len(header))


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a table; every cell is text already."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
