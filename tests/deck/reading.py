"""What a command wrote, as lines of text: tables as they are, workbooks cell by cell, PDFs as their words."""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

STYLE = re.compile(r"(<style[^>]*>)(.*?)(</style>)", re.DOTALL)


def letters(data: bytes) -> str:
    """A short digest without digits, for what is neither a figure nor a word: the look of a page, a binary file."""
    return "".join(chr(97 + byte % 26) for byte in hashlib.sha256(data).digest()[:12])


def number(data: bytes) -> int:
    """A short digest that counts as a figure: the rows of a large table."""
    return int.from_bytes(hashlib.sha256(data).digest()[:4], "big")


def read(path: Path) -> str:
    """A file's content as text."""
    return READERS.get(path.suffix, _text)(path)


def _text(path: Path) -> str:
    data = path.read_bytes()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return f"[{len(data)} bytes that are no text]"
    crlf = "[lines end with CR LF]\n" if "\r\n" in text else ""
    return crlf + text.replace("\r\n", "\n").replace("\ufeff", "[BOM]")


def _json(path: Path) -> str:
    """As it is; on one line, it is laid out so that a difference can be seen."""
    text = _text(path)
    return text if text.count("\n") > 2 else json.dumps(json.loads(text), indent=1, ensure_ascii=False)


def _html(path: Path) -> str:
    """A page as it is, but for its style sheet, which is neither a figure nor a word."""
    return STYLE.sub(lambda m: f"{m[1]}[style {letters(m[2].encode())}]{m[3]}", _text(path))


def _pdf(path: Path) -> str:
    from pypdf import PdfReader

    pages = PdfReader(path).pages
    return "\n".join(f"[page {n}]\n{page.extract_text()}" for n, page in enumerate(pages, 1))


def _workbook(path: Path) -> str:
    """Sheet by sheet: each cell with its value, or its formula and what that came to when it was written."""
    from openpyxl import load_workbook

    data = path.read_bytes()
    formulas, values = load_workbook(io.BytesIO(data)), load_workbook(io.BytesIO(data), data_only=True)
    lines = []
    for sheet in formulas.worksheets:
        lines.append(f"[sheet {sheet.title}, {sheet.sheet_state}]")
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is None:
                    continue
                shown = "" if cell.data_type != "f" else f" -> {values[sheet.title][cell.coordinate].value!r}"
                look = "" if cell.number_format == "General" else f" [{cell.number_format}]"
                lines.append(f"{cell.coordinate}: {cell.value!r}{shown}{look}")
    lines += [f"[name {name}: {defined.attr_text}]" for name, defined in sorted(formulas.defined_names.items())]
    return "\n".join(lines)


def _parquet(path: Path) -> str:
    """A table's rows; of one with more than 20,000, how many there are and a digest of them."""
    import pyarrow.csv as pc
    import pyarrow.parquet as pq

    table = pq.ParquetFile(path).read()
    sink = io.BytesIO()
    pc.write_csv(table, sink, pc.WriteOptions(quoting_style="needed"))
    if table.num_rows > 20_000 or path.parts[0] == "people":
        return f"{', '.join(table.column_names)}\n[{table.num_rows} rows, digest {number(sink.getvalue())}]"
    return sink.getvalue().decode()


READERS: dict[str, Callable[[Path], str]] = {
    ".json": _json,
    ".html": _html,
    ".pdf": _pdf,
    ".xlsx": _workbook,
    ".parquet": _parquet,
}


class Folder:
    """The files below the working folder, so that after each command those can be read which are new or changed."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.seen = self._now()

    def _now(self) -> dict[Path, tuple[int, int, int]]:
        found = {}
        for path in self.root.rglob("*"):
            if path.is_file():
                stat = path.stat()
                found[path.relative_to(self.root)] = (stat.st_ino, stat.st_mtime_ns, stat.st_size)
        return found

    def changes(self) -> Iterator[tuple[str, str]]:
        """Each file that a command wrote, with its content; and each that it took away."""
        before, self.seen = self.seen, self._now()
        for path in sorted({*before, *self.seen}, key=lambda p: p.as_posix()):
            if path not in self.seen:
                yield path.as_posix(), "[removed]"
            elif self.seen[path] != before.get(path):
                yield path.as_posix(), read(path)
