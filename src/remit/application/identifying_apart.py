"""Looks through workbooks and PDFs for what identifies a patient, in a process that may take so much and no more.

Run as a program it reads one file and prints what it found as JSON: `python -m remit.application.identifying_apart`.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any
from xml.etree import ElementTree

from remit.application.identifying_rows import Cell, check_rows
from remit.core.nhs_numbers import holds_nhs_number
from remit.core.problems import Place, Problem, Refused, refuse

SECONDS, MEMORY = 60, 1 << 30
"""What the process may take: of processor time (and twice that by the clock), and bytes of memory."""
_PARTS, _UNPACKED, _RATIO, _DEEPEST, _PAGES = 2000, 300 << 20, 200, 64, 2000
_READ = re.compile(r"xl/(?:sharedStrings|worksheets/[^/]+|comments[^/]*|threadedComments/[^/]+|workbook|tables/[^/]+"
                   r"|drawings/[^/]+|charts/[^/]+)\.xml|docProps/[^/]+\.xml", re.IGNORECASE)  # fmt: skip
_OF_CELLS = ("v", "t", "is", "r", "rPh", "rPr")
_NOT_KEPT = re.compile(r"vbaProject|embeddings/|externalLinks/|activeX/|\.bin$|\.zip$|\.exe$", re.IGNORECASE)


def check_apart(path: Path, name: str, kind: str) -> None:
    """Raises Refused with what a workbook or PDF has of patients, or where it takes more than the limits."""
    command = [sys.executable, "-m", "remit.application.identifying_apart", kind, str(path), name]
    try:
        done = subprocess.run(command, capture_output=True, timeout=2 * SECONDS, check=False)
        found = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        raise cannot(name, "it takes more time or memory than a file of its kind needs, or is damaged") from None
    if found["problems"]:
        problems = [
            Problem(one["code"], one["message"], Place(name, one["row"], one["column"]), one["hint"])
            for one in found["problems"]
        ]
        raise Refused(problems, found["total"])


def cannot(name: str, why: str) -> Refused:
    """The refusal of a file that cannot be looked through."""
    return refuse(
        "files.cannot-be-looked-through", f"cannot be looked through: {why}.", Place(name), "Send it as CSV, or anew."
    )


def main(kind: str, path: str, name: str) -> None:
    """Look through one file and print what was found."""
    _limit()
    problems: list[Problem] = []
    total = 0
    try:
        cells = _workbook(Path(path), name) if kind == "xlsx" else _pdf(Path(path), name)
        check_rows(cells, name, text_only=kind == "pdf")
    except Refused as refused:
        problems, total = list(refused.problems), refused.total
    except (MemoryError, RecursionError):
        problems, total = list(cannot(name, "it takes more memory than a file of its kind needs").problems), 1
    except Exception:  # whatever a library makes of a hostile file
        problems, total = list(cannot(name, "it is damaged").problems), 1
    rows = [
        {
            "code": one.code, "message": one.message, "hint": one.hint,
            "row": one.place.line if one.place else 0, "column": one.place.column if one.place else 0,
        }
        for one in problems
    ]  # fmt: skip
    print(json.dumps({"problems": rows, "total": total}))


def _limit() -> None:
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _workbook(path: Path, name: str) -> Iterator[Cell]:
    """Every text and number of a workbook: of its sheets, comments, charts and what it says of itself."""
    try:
        archive = zipfile.ZipFile(path)
    except zipfile.BadZipFile:
        raise cannot(name, "it is damaged") from None
    with archive:
        parts = archive.infolist()
        names = {one.filename for one in parts}
        if "[Content_Types].xml" not in names or not any(one.startswith("xl/") for one in names):
            raise refuse(
                "files.of-another-type", "is an archive; a workbook is expected.", Place(name), "Send a workbook."
            )
        if any(one.flag_bits & 1 for one in parts):
            raise cannot(name, "it is encrypted")
        unpacked = sum(one.file_size for one in parts)
        packed = sum(one.compress_size for one in parts)
        if len(parts) > _PARTS or unpacked > _UNPACKED or unpacked > _RATIO * max(packed, 1 << 16):
            raise cannot(name, "it unpacks to more than a workbook has")
        hidden = sorted(one for one in names if _NOT_KEPT.search(one))
        if hidden:
            raise cannot(name, f"it has other files in it ({hidden[0].rpartition('/')[2]})")
        shared = _shared(archive, name) if "xl/sharedStrings.xml" in names else []
        used: set[int] = set()
        for part in sorted(names):
            if _READ.fullmatch(part) and not part.endswith("sharedStrings.xml"):
                yield from _sheet(archive, part, shared, used, name)
        for number, text in enumerate(shared):
            if number not in used:
                yield "a text of no sheet", number + 2, 0, text


def _elements(archive: zipfile.ZipFile, part: str, name: str) -> Iterator[Any]:
    """The elements of a part as they end. Raises Refused for entities and for what is nested too deep."""
    with archive.open(part) as file:
        head = file.read(4096)
    if b"<!DOCTYPE" in head.upper() or b"<!ENTITY" in head.upper():
        raise cannot(name, "it has definitions of its own")
    with archive.open(part) as file:
        depth = 0
        for event, element in ElementTree.iterparse(_Limited(file, name), ("start", "end")):
            depth += 1 if event == "start" else -1
            if depth > _DEEPEST:
                raise cannot(name, "it is nested deeper than a workbook is")
            if event == "end":
                yield element


class _Limited:
    """A part that is read so far and no further, whatever it says of its size."""

    def __init__(self, file: IO[bytes], name: str) -> None:
        self.file, self.name, self.read_so_far = file, name, 0

    def read(self, size: int = -1) -> bytes:
        block = self.file.read(size if 0 < size < 1 << 20 else 1 << 16)
        self.read_so_far += len(block)
        if self.read_so_far > _UNPACKED:
            raise cannot(self.name, "it unpacks to more than a workbook has")
        if b"<!ENTITY" in block or b"<!DOCTYPE" in block:
            raise cannot(self.name, "it has definitions of its own")
        return block


def _shared(archive: zipfile.ZipFile, name: str) -> list[str]:
    texts = []
    for element in _elements(archive, "xl/sharedStrings.xml", name):
        if _tag(element) == "si":
            texts.append("".join(element.itertext()))
            element.clear()
    return texts


def _sheet(archive: zipfile.ZipFile, part: str, shared: list[str], used: set[int], name: str) -> Iterator[Cell]:
    """The cells of a sheet with their places; of another part its texts."""
    label, number = f"sheet {Path(part).stem}", 0
    for element in _elements(archive, part, name):
        tag = _tag(element)
        if tag == "c":
            row, column = _place_of(element.get("r", ""))
            text = "".join("".join(child.itertext()) for child in element if _tag(child) in ("v", "is"))
            if element.get("t") == "s" and text.isdigit() and int(text) < len(shared):
                used.add(int(text))
                text = shared[int(text)]
            yield label, row, column, text
            element.clear()
        elif tag in ("row", "sheetData"):
            element.clear()
        elif not part.startswith("xl/worksheets/") and element.text and element.text.strip():
            number += 1
            yield Path(part).stem, number + 1, 0, element.text
        elif tag not in _OF_CELLS:
            for text in (element.text, *element.attrib.values()):
                if text and len(text) >= 10:
                    yield label, 2, 0, text


def _tag(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _place_of(reference: str) -> tuple[int, int]:
    match = re.fullmatch(r"([A-Z]{1,3})([0-9]{1,7})", reference)
    if not match:
        return 0, 0
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column


def _pdf(path: Path, name: str) -> Iterator[Cell]:
    """The text of each page, line by line, and what the PDF says of itself."""
    from pypdf import PdfReader

    reader = PdfReader(path, strict=False)
    if reader.is_encrypted:
        raise cannot(name, "it is encrypted")
    if len(reader.pages) > _PAGES:
        raise cannot(name, f"it has more than {_PAGES:,} pages")
    if reader.attachments:
        raise cannot(name, "it has other files in it")
    for number, page in enumerate(reader.pages, 1):
        text = page.extract_text()
        if not text.strip() and page.images:
            raise cannot(name, f"page {number} is a picture, whose text nobody can look through")
        lines = text.splitlines()
        for line, part in enumerate(lines, 1):
            yield f"page {number}, line {line}", number, 0, part
        if not any(map(holds_nhs_number, lines)):  # one that is broken over two lines
            yield f"page {number}", number, 0, " ".join(text.split())
    for key, value in (reader.metadata or {}).items():
        yield f"what the PDF says of itself ({str(key).strip('/')})", 1, 0, str(value)


if __name__ == "__main__":
    main(*sys.argv[1:4])
