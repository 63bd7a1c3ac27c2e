"""Reading and writing CSV tables: one way in, one way out, with rows that errors can name.

Every table is read here: UTF-8 with or without a mark, columns by name, each row as wide as the header.
Written tables are UTF-8 with `\\n` line ends and no quoting where none is needed: the same rows, the same bytes.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import Any, Literal, TextIO

from remit.core.problems import Collector, Place, Refused, did_you_mean, error, refuse
from remit.core.rows import clean as clean_cell
from remit.core.rows import column_name, positions
from remit.core.words import agreed
from remit.files.formulas import may_need_marks, read_cell, written_cell

Mark = Literal[",", "\t"]
"""What separates the cells. With tabs, as in the releases of terminologies, a quote is a letter like another."""

_MARKS = {"\t": "tabs", ";": "semicolons", "|": "bars"}
_UNCLEAN = (b" ", b"\t", b"\v", b"\f", b"\x1c", b"\x1d", b"\x1e", b"\x1f", b'"', b",'", b"\n'", b"\r'")
_BLOCK = 8 << 20
_LONGEST_HEADER = 1 << 20


@dataclass(frozen=True)
class Header:
    """The first line of a table: its cells as they stand, and what separates them (also `;` and `|`)."""

    cells: tuple[str, ...]
    mark: str
    place: Place

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names, as they are asked for."""
        return tuple(map(column_name, self.cells))

    def find(self, required: Sequence[str], optional: Sequence[str] = (), mark: Mark = ",") -> tuple[int, ...]:
        """Where the columns stand, whatever their capitals; -1 for an optional one that is not there.

        Raises Refused for a missing or doubled column, and for another separator.
        """
        if self.mark != mark and self.mark in _MARKS:
            shown = _MARKS[self.mark]
            message = f"the columns are separated by {shown}; commas are expected."
            raise refuse("files.not-by-commas", message, self.place, "Save it with commas.", separator=shown)
        return positions(self.cells, required, optional, self.place)


@dataclass(frozen=True)
class Table:
    """A table as read: the columns asked for, found whatever their capitals, and the rows as text.

    `data` is its text as UTF-8. `rows()` gives (row number as an editor shows it, the cells of `columns` in their
    order, stripped).
    """

    name: str
    data: bytes
    columns: tuple[str, ...]
    positions: tuple[int, ...]
    width: int
    mark: Mark = ","

    def rows(self, problems: Collector | None = None) -> Iterator[tuple[int, list[str]]]:
        """The rows; blank lines are passed over, and a line end within a cell is a space.

        A row of another width goes to `problems`, or is refused where they are not gathered.
        """
        reader = _reader(self.data, self.mark)
        next(reader)
        pick, width, clean = itemgetter(*self.positions), self.width, self.plain()
        read = read_cell if self.mark == "," else str  # a quote is a letter where tabs separate
        try:
            for row in reader:
                if not any(row):
                    continue
                if len(row) == width:
                    row.append("")  # position -1: a column that the file does not have
                    cells = pick(row)
                    yield reader.line_num, [*cells] if clean else [read(clean_cell(cell)) for cell in cells]
                elif len(row) > 1 or row[0].strip():
                    wrong = error(
                        "files.cells-unlike-header",
                        f"the row has {len(row)} {agreed('cell{|s}', len(row))} where the header has {width}.",
                        Place(self.name, reader.line_num),
                        "Look for a missing or an unquoted comma." if self.mark == "," else "",
                        found=len(row),
                        expected=width,
                    )
                    if problems is None:
                        raise Refused([wrong])
                    problems.take(wrong)
        except csv.Error as broken:
            raise _malformed(broken, Place(self.name, reader.line_num)) from None

    def plain(self) -> bool:
        """Whether no cell has blanks around it, line ends in it or a mark before it: then none is looked at."""
        body = max(self.data.find(b"\n"), 0)
        return self.data.isascii() and all(self.data.find(mark, body) < 0 for mark in _UNCLEAN)

    def place(self, row: int) -> Place:
        return Place(self.name, row)


class _Text:
    """A file's text as its bytes come, block by block: UTF-8, with or without a mark, and no NUL bytes.

    `lines` is how many line feeds have come.
    """

    def __init__(self, path: Path, errors: str = "strict") -> None:
        self.name, self.lines, self.begun = str(path), 0, False
        self.decoder = codecs.getincrementaldecoder("utf-8-sig")(errors)
        self.way_out = "Save it as UTF-8." if self.name.endswith((".yaml", ".yml")) else "Save it as CSV UTF-8."

    def more(self, data: bytes, final: bool = False) -> str:
        """The next of the text. Raises Refused for UTF-16, a NUL byte and what is not UTF-8, at its line."""
        if not self.begun and data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise refuse("files.utf-16", "is written in UTF-16.", Place(self.name), self.way_out)
        self.begun = True
        if b"\0" in data:
            line = self.lines + data[: data.index(b"\0")].count(b"\n") + 1
            message = "has a NUL byte: it is damaged, or is not a text file."
            raise refuse("files.nul-byte", message, Place(self.name, line), "Export it again.")
        try:
            text = self.decoder.decode(data, final)
        except UnicodeDecodeError as error:
            line = self.lines + error.object[: error.start].count(b"\n") + 1
            raise refuse("files.not-utf-8", "is not UTF-8 here.", Place(self.name, line), self.way_out) from None
        self.lines += data.count(b"\n")
        return text

    def whole(self, data: bytes) -> str:
        """All of the text. Raises Refused as `more` does, and where there is none."""
        text = self.more(data, final=True)
        if not text.strip():
            raise refuse("files.empty", "is empty.", Place(self.name))
        return text


def read_text(path: Path, errors: Literal["strict", "replace"] = "strict") -> str:
    """A file's text: UTF-8, with or without a mark. Refuses other encodings, NUL bytes and an empty file.

    With `replace`, what is not UTF-8 becomes a mark for it.
    """
    return _Text(path, errors).whole(_bytes(path))


def text_of(data: bytes, name: str) -> str:
    """The text of bytes that are in no file yet, as `read_text` has that of a file; `name` is whose they are."""
    return _Text(Path(name)).whole(data)


def _bytes(path: Path) -> bytes:
    """All that is in a file. Raises Refused where it is not there, or cannot be read."""
    place = Place(str(path))
    try:
        return path.read_bytes()
    except FileNotFoundError:
        near = sorted(p.name for p in path.parent.iterdir()) if path.parent.is_dir() else []
        raise refuse(
            "files.no-such-file", "there is no such file.", place, did_you_mean(path.name, near), name=path.name
        ) from None
    except OSError as error:
        raise refuse(
            "files.cannot-be-read", f"cannot be read: {error.strerror}.", place, reason=error.strerror
        ) from None


def read_header(path: Path) -> Header:
    """The header of a table, whatever separates its columns. Raises Refused as `read_text` does."""
    return _header(read_text(path).encode(), path)


def read_table(
    path: Path,
    required: Sequence[str],
    optional: Sequence[str] = (),
    mark: Mark = ",",
    errors: Literal["strict", "replace"] = "strict",
) -> Table:
    """Open a table and find its columns by name, whatever their capitals; further columns are passed over.

    Raises Refused for a missing or doubled column, another separator, or what `read_text` refuses.
    """
    assert len(required) + len(optional) > 1, "one column alone would not come as a row"
    data = _bytes(path)
    if not (data[:1].isalnum() and data.isascii()) or b"\0" in data:  # else it is its own text
        data = _Text(path, errors).whole(data).encode()
    header = _header(data, path, mark)
    positions = header.find(required, optional, mark)
    return Table(str(path), data, (*required, *optional), positions, len(header.cells), mark)


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


@dataclass(frozen=True)
class Scanned:
    """A CSV file that was looked through without being held in memory: its hash, its header, the lines below that."""

    sha256: str
    header: Header
    lines: int


def scan(path: Path) -> Scanned:
    """Look through a large CSV file, each of whose rows is to stand on one line.

    Raises Refused as `read_text` does, and for lines that end with a carriage return alone.
    """
    digest, text = hashlib.sha256(), _Text(path)
    first, alone, last = "", 0, b""  # `alone`: carriage returns that no line feed follows
    with path.open("rb") as file:
        while data := file.read(_BLOCK):
            piece = text.more(data)
            first += piece if "\n" not in first and len(first) < _LONGEST_HEADER else ""
            digest.update(data)
            alone += data.count(b"\r") - data.count(b"\r\n") - (last == b"\r" and data[:1] == b"\n")
            last = data[-1:]
    text.more(b"", final=True)
    if alone:
        message = "has lines that end with a carriage return alone."
        raise refuse("files.carriage-returns", message, Place(str(path)), "Save it as CSV UTF-8.")
    if not last:
        raise refuse("files.empty", "is empty.", Place(str(path)))
    return Scanned(digest.hexdigest(), _header(first.partition("\n")[0].encode(), path), text.lines - (last == b"\n"))


def _header(data: bytes, path: Path, mark: Mark = ",") -> Header:
    place = Place(str(path), 1)
    try:
        cells: list[str] = next(_reader(data, mark), [])
    except csv.Error as error:
        raise _malformed(error, place) from None
    other = next((one for one in _MARKS if len(cells) == 1 and one in cells[0]), mark)
    return Header(tuple(cells[0].split("\t") if other == "\t" != mark else cells), other, place)


def _reader(data: bytes, mark: Mark) -> Any:
    """The rows of a text, its lines as a file has them: `str.splitlines` would break at form feeds too."""
    lines = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", newline="")
    return csv.reader(lines, delimiter=mark, quoting=csv.QUOTE_MINIMAL if mark == "," else csv.QUOTE_NONE, strict=True)


def _malformed(error: csv.Error, place: Place) -> Refused:
    return refuse("files.not-csv", f"is not well-formed CSV: {error}.", place, reason=error)


def own_rows(path: Path) -> Iterator[list[str]]:
    """The rows of a table without a header that `write_rows` wrote."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.reader(file):
            yield list(map(read_cell, row))


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
        if may_need_marks(text):
            chunk = [list(map(written_cell, row)) for row in chunk]
            text = "\n".join(map(",".join, chunk))
        commas, breaks = sum(map(len, chunk)) - len(chunk), len(chunk) - 1
        if text.count(",") == commas and text.count("\n") == breaks and '"' not in text and "\r" not in text:
            file.write(f"{text}\n")
        else:
            csv.writer(file, lineterminator="\n").writerows(chunk)


def column_in(text: str, name: str) -> list[tuple[int, str]] | None:
    """The cells of one column of a table that somebody pasted or sent, each with its row; None where there is none."""
    rows = csv.reader(text.removeprefix("\ufeff").splitlines())
    head = [cell.strip().lower() for cell in next(rows, [])]
    if name not in head:
        return None
    at = head.index(name)
    return [(row, cells[at].strip()) for row, cells in enumerate(rows, 2) if len(cells) > at and cells[at].strip()]
