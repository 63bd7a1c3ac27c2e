"""Reading and writing CSV tables: one way in, one way out, with rows that errors can name.

Written tables are UTF-8 with `\\n` line ends and no quoting where none is needed: the same rows, the same bytes.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import TextIO

from remit.core.problems import Collector, Place, Refused, did_you_mean, error, refuse
from remit.core.rows import clean as clean_cell
from remit.core.rows import positions

_UNCLEAN = (b" ", b"\t", b"\v", b"\f", b"\x1c", b"\x1d", b"\x1e", b"\x1f", b'"')


@dataclass(frozen=True)
class Table:
    """A CSV table as read: the columns asked for, found whatever their capitals, and the rows as text.

    `data` is its text as UTF-8. `rows()` gives (row number as an editor shows it, the cells of `columns` in their
    order, stripped).
    """

    name: str
    data: bytes
    columns: tuple[str, ...]
    positions: tuple[int, ...]
    width: int

    def rows(self, problems: Collector | None = None) -> Iterator[tuple[int, list[str]]]:
        """The rows; blank lines are passed over, and a line end within a cell is a space.

        A row of another width goes to `problems`, or is refused where they are not gathered.
        """
        reader = csv.reader(_lines(self.data), strict=True)
        next(reader)
        pick, width, clean = itemgetter(*self.positions), self.width, self._clean()
        try:
            for row in reader:
                if not any(row):
                    continue
                if len(row) == width:
                    row.append("")  # position -1: a column that the file does not have
                    cells = pick(row)
                    yield reader.line_num, [*cells] if clean else [clean_cell(cell) for cell in cells]
                else:
                    wrong = error(
                        "files.cells-unlike-header",
                        f"the row has {len(row)} cells where the header has {width}.",
                        Place(self.name, reader.line_num),
                        "Look for a missing or an unquoted comma.",
                        found=len(row),
                        expected=width,
                    )
                    if problems is None:
                        raise Refused([wrong])
                    problems.take(wrong)
        except csv.Error as broken:
            place = Place(self.name, reader.line_num)
            raise refuse("files.not-csv", f"is not well-formed CSV: {broken}.", place, reason=broken) from None

    def _clean(self) -> bool:
        """Whether no cell has blanks around it or line ends in it, as in most large files: then none is looked at."""
        body = max(self.data.find(b"\n"), 0)
        return self.data.isascii() and all(self.data.find(mark, body) < 0 for mark in _UNCLEAN)

    def place(self, row: int) -> Place:
        return Place(self.name, row)


def read_text(path: Path) -> str:
    """A file's text: UTF-8, with or without a mark. Refuses other encodings, NUL bytes and an empty file."""
    place = Place(str(path))
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        near = [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else []
        raise refuse(
            "files.no-such-file", "there is no such file.", place, did_you_mean(path.name, near), name=path.name
        ) from None
    except OSError as error:
        raise refuse(
            "files.cannot-be-read", f"cannot be read: {error.strerror}.", place, reason=error.strerror
        ) from None
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise refuse("files.utf-16", "is written in UTF-16.", place, "Save it as CSV UTF-8.")
    if b"\0" in data:
        line = data[: data.index(b"\0")].count(b"\n") + 1
        raise refuse(
            "files.nul-byte", "has a NUL byte: it is damaged, or no text.", Place(str(path), line), "Export it again."
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise refuse("files.not-utf-8", "is not UTF-8 here.", Place(str(path), line), "Save it as CSV UTF-8.") from None
    if not text.strip():
        raise refuse("files.empty", "is empty.", place)
    return text


def read_table(path: Path, required: Sequence[str], optional: Sequence[str] = ()) -> Table:
    """Open a table and find its columns by name, whatever their capitals; further columns are passed over.

    Raises Refused for a missing or doubled column, another delimiter, or what `read_text` refuses.
    """
    assert len(required) + len(optional) > 1, "one column alone would not come as a row"
    data = read_text(path).encode()
    name = str(path)
    try:
        header = next(csv.reader(_lines(data), strict=True))
    except csv.Error as error:
        raise refuse("files.not-csv", f"is not well-formed CSV: {error}.", Place(name, 1), reason=error) from None
    if len(header) == 1 and any(mark in header[0] for mark in ";\t|"):
        mark = next(mark for mark in ";\t|" if mark in header[0])
        shown = {"\t": "tabs", ";": "semicolons", "|": "bars"}[mark]
        raise refuse(
            "files.not-by-commas",
            f"the columns are parted by {shown}.",
            Place(name, 1),
            "Save it with commas.",
            separator=shown,
        )
    found = positions(header, required, optional, Place(name, 1))
    return Table(name, data, (*required, *optional), found, len(header))


@dataclass(frozen=True)
class CsvRows:
    """A CSV file as a source of rows for a check: it is read when its columns are asked for."""

    path: Path

    @property
    def name(self) -> str:
        return str(self.path)

    @property
    def head(self) -> Place:
        return Place(self.name, 1)

    def select(self, required: Sequence[str], optional: Sequence[str] = ()) -> Table:
        """The file as `read_table` has it."""
        return read_table(self.path, required, optional)


def _lines(data: bytes) -> Iterator[str]:
    """A text's lines as a file has them: `str.splitlines` would break at form feeds and line separators too."""
    return io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", newline="")


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a table; every cell is text already."""
    with path.open("w", encoding="utf-8", newline="") as file:
        write_rows(file, [columns])
        write_rows(file, rows)


def write_rows(file: TextIO, rows: Iterable[Sequence[str]]) -> None:
    """Write rows of two cells or more as `csv` does; it is asked only where some cell of a chunk needs quotes."""
    rows = iter(rows)
    while chunk := list(islice(rows, 500)):
        text = "\n".join(map(",".join, chunk))
        commas, breaks = sum(map(len, chunk)) - len(chunk), len(chunk) - 1
        if text.count(",") == commas and text.count("\n") == breaks and '"' not in text and "\r" not in text:
            file.write(f"{text}\n")
        else:
            csv.writer(file, lineterminator="\n").writerows(chunk)
