"""`remit payment-file check`: whether a payment file is whole, and what it comes to."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from remit.cli.console import Command
from remit.cli.output import Csv, Files, Html, Pdf, Replace, Xlsx, show

GROUP = "payment-file"
HELP = "The payment file of a released run."


def check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The payment file.")],
    html: Html = None,
    pdf: Pdf = None,
    xlsx: Xlsx = None,
    csv: Csv = None,
    replace: Replace = False,
) -> None:
    """Check that a payment file is whole, that its totals are right, and that no payment is in it twice.

    It prints the file's SHA-256: compare it with the one that the release recorded.
    """
    from remit.application.payment_file import Request, evaluate
    from remit.application.writing import check_files
    from remit.documents.payment_file import payment_file

    files = Files(html, pdf, xlsx, csv, replace)
    check_files(list(files.paths), replace)
    result = evaluate(Request(file))
    made = payment_file(
        result.commissioner,
        result.run,
        result.month,
        result.pay_on,
        result.prepared_at,
        result.totals,
        result.sha256,
        result.is_rehearsal,
    )
    show(made, files)


COMMANDS = (Command(check, "check", ("remit payment-file check payments-run-7.csv",)),)
