"""The payment file of a released run: its text, and whether one is what it says."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from remit.application.progress import Cancelled, OnProgress, never, silent
from remit.core.problems import Place, refuse
from remit.files.formulas import read_cell
from remit.files.hashes import sha256_file, sha256_text
from remit.files.tables import read_text, write_rows
from remit.payment.payment_file import REHEARSAL, FileHeader, Payment, Totals, check_rows, rows

__all__ = ["FileHeader", "Payment", "Request", "Result", "Totals", "check_file", "evaluate", "text_of"]


@dataclass(frozen=True)
class Request:
    """The file to check."""

    file: Path


@dataclass(frozen=True)
class Result:
    """A file that is as it should be: whose, of which run, what it comes to, its SHA-256 to hold beside the one of
    the release, and whether nothing of it is real."""

    commissioner: str
    run: str
    month: str
    pay_on: str
    prepared_at: str
    totals: Totals
    sha256: str
    is_rehearsal: bool = False


def text_of(header: FileHeader, payments: Sequence[Payment]) -> str:
    """The text of a payment file. No cell of it is a formula to a spreadsheet."""
    text = io.StringIO()
    write_rows(text, list(rows(header, payments)))
    return text.getvalue()


def check_file(text: str, name: str = "payment file") -> Result:
    """Whether a text is a whole payment file, with totals that are right and no key twice. Raises Refused."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        found = [(reader.line_num, [read_cell(cell) for cell in row]) for row in reader if row]
    except csv.Error as broken:
        what = f"cannot be read as a table: {broken}."
        raise refuse("payment.file-not-whole", what, Place(name, reader.line_num)) from None
    header, totals = check_rows(found, name)
    _, layout, code, commissioner, run, month, pay_on, prepared_at = header
    return Result(
        f"{commissioner} ({code})", run, month, pay_on, prepared_at, totals, sha256_text(text), layout == REHEARSAL
    )


def evaluate(request: Request, on_progress: OnProgress = silent, cancelled: Cancelled = never) -> Result:
    """Check a payment file. Raises Refused with all that is wrong with it."""
    result = check_file(read_text(request.file), str(request.file))
    return replace(result, sha256=sha256_file(request.file))
