"""A payment file that was checked: what it is, what it comes to by kind, and the hash to compare."""

from __future__ import annotations

from remit.core import say
from remit.core.dates import parse_date
from remit.documents.blocks import Column, Document, Fold, Heading, Para, Row, Table
from remit.documents.figures import count, pounds
from remit.payment.payment_file import Totals

_HOW = (
    "Each row was read. No key is in the file twice; the totals by kind, the number of payments, their pounds and the "
    "sum of the practices' codes are those that the file states. Compare the SHA-256 with the one of the release: "
    "where they are the same, this is the file that was released."
)

_REHEARSAL = "It was made in a rehearsal: nothing of it is to be paid."


def payment_file(
    commissioner: str,
    run: str,
    month: str,
    pay_on: str,
    prepared_at: str,
    totals: Totals,
    sha256: str,
    is_rehearsal: bool,
) -> Document:
    """The document of a file that is as it should be."""
    title = f"Payment file of run {run} for {month}"
    lead = (
        f"The file is whole: {say.money(totals.pence)} in {totals.records:,} "
        f"payment{'' if totals.records == 1 else 's'} of {say.clean(commissioner)}, to be paid on {_day(pay_on)}."
    )
    rows = [
        Row((kind, count(records, f"{kind}/payments"), pounds(pence, f"{kind}/pounds")))
        for kind, records, pence in totals.by_kind
    ]
    whole = Row(("All", count(totals.records, "all/payments"), pounds(totals.pence, "all/pounds")), kind="total")
    columns = (Column("Kind", 4), Column("Payments", 2, True), Column("Pounds", 3, True))
    return Document(
        title,
        (
            Heading(1, title),
            Para(lead, kind="lead"),
            *([Para(_REHEARSAL)] if is_rehearsal else []),
            Para(f"SHA-256: {sha256}"),
            Table("Payments by kind", columns, (*rows, whole)),
            Fold("How it was checked", (Para(f"{_HOW} It was prepared at {prepared_at}."),)),
        ),
    )


def _day(text: str) -> str:
    try:
        return say.day(parse_date(text))
    except ValueError:
        return text
