"""Whether a file that somebody sends may be kept: of the type that is expected, by its content, and of no patient.

A file is told by its bytes, whatever its name says. What identifies a patient is looked for in the cells of CSV, in the
sheets of a workbook and in the text of a PDF: NHS numbers by their check digit, however they are written, and columns
headed as a name, a birth date, an address or the like. A finding says where it is, and never repeats what was found.

CSV is read as a stream. Workbooks and PDFs can be made to take all memory or time; they are read by a process of its
own that may have so much of either and no more.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from remit.application.identifying_apart import check_apart
from remit.application.identifying_rows import check_rows, csv_cells
from remit.core.problems import Place, refuse

Type = Literal["csv", "xlsx", "pdf"]

_WORDS = {"csv": "a CSV file", "xlsx": "a workbook (.xlsx)", "pdf": "a PDF"}
_BEGINS = (
    (b"PK\x03\x04", "an archive"), (b"PK\x05\x06", "an archive"), (b"\x1f\x8b", "a compressed file"),
    (b"BZh", "a compressed file"), (b"\xfd7zXZ", "a compressed file"), (b"\x28\xb5\x2f\xfd", "a compressed file"),
    (b"7z\xbc\xaf\x27\x1c", "an archive"), (b"Rar!", "an archive"), (b"\xd0\xcf\x11\xe0", "an older Office file"),
    (b"%PDF", "a PDF"), (b"{\\rtf", "a text of a word processor"), (b"\x7fELF", "a program"), (b"MZ", "a program"),
    (b"\x89PNG", "a picture"), (b"\xff\xd8\xff", "a picture"), (b"GIF8", "a picture"), (b"PAR1", "a Parquet file"),
    (b"SQLite format 3", "a database"), (b"#!", "a program"),
    (b"\xff\xfe", "a text in UTF-16"), (b"\xfe\xff", "a text in UTF-16"), (b"\x00\x00\xfe\xff", "a text in UTF-32"),
)  # fmt: skip
_WITHIN = ((b"PK\x05\x06", "an archive"), (b"PK\x03\x04", "an archive"), (b"%PDF-", "a PDF"))
"""What makes a file another one too, wherever it is: an archive is read from its end, a PDF from near its start."""
_PAGE = re.compile(rb"<\s*(?:!doctype|html|script|svg|body|iframe|\?xml|\?php)", re.IGNORECASE)
_BLOCK, _LONGEST_LINE, _OVERLAP = 1 << 20, 1 << 20, 16
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1b\x1c-\x1f\x7f]")


def check_upload(path: Path, name: str, expected: Sequence[Type] = ("csv",)) -> None:
    """Raises Refused for a file of another type, for one that identifies a patient, and for one that cannot be looked
    through. `name` is what the file is called where it came from."""
    kind = type_of(path, name, expected)
    if kind == "csv":
        with path.open("r", encoding="utf-8-sig", errors="strict", newline="") as file:
            check_rows(csv_cells(file, name), name)
    else:
        check_apart(path, name, kind)


def type_of(path: Path, name: str, expected: Sequence[Type]) -> Type:
    """What a file is by its bytes. Raises Refused where that is none of what is expected, or two things at once."""
    if path.is_symlink() or not path.is_file() or path.stat().st_size == 0:
        raise refuse("files.empty", "is empty.", Place(name), "Export it again.")
    with path.open("rb") as file:
        head = file.read(_BLOCK)
    found = next((what for mark, what in _BEGINS if head.startswith(mark)), "")
    if "pdf" in expected and head.startswith(b"%PDF-"):
        return "pdf"
    if "xlsx" in expected and head.startswith(b"PK\x03\x04"):
        return "xlsx"
    if not found and _PAGE.search(head[:4096]):
        found = "a web page"
    if found:
        raise _of_another_type(name, found, expected)
    _check_text(path, name, expected)
    return "csv"


def _check_text(path: Path, name: str, expected: Sequence[Type]) -> None:
    """Whether the whole of a file is text in UTF-8, in lines, and nothing else beside."""
    if "csv" not in expected:
        raise _of_another_type(name, "a text", expected)
    before, since = b"", 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            both = before + block
            found = next((what for mark, what in _WITHIN if mark in both), "")
            if found:
                raise _of_another_type(name, f"{found} as well", expected)
            if _CONTROL.search(block):
                raise _of_another_type(name, "not plain text", expected)
            end = max(block.rfind(b"\n"), block.rfind(b"\r"))
            since = since + len(block) if end < 0 else len(block) - end
            if since > _LONGEST_LINE:
                raise _of_another_type(name, "one line without an end", expected)
            before = both[-_OVERLAP:]


def _of_another_type(name: str, found: str, expected: Sequence[Type]) -> Exception:
    wanted = " or ".join(_WORDS[one] for one in expected)
    hint = f"Send {wanted}." if expected != ("csv",) else "Save it as CSV UTF-8, and send that."
    return refuse("files.of-another-type", f"is {found}; {wanted} is expected.", Place(name), hint, found=found)
