"""The payment file of a run, from its lines: the same bytes however often it is written."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from remit.application.payment_file import FileHeader, Payment, text_of
from remit.core.problems import refuse
from remit.service import clock
from remit.service.money.models import PaymentLine, PaymentRun


def file_of(run: PaymentRun, lines: Sequence[PaymentLine]) -> str:
    """The text of a run's payment file; `lines` are those that are paid, in the order of their keys."""
    at = run.prepared_at.replace(microsecond=0)
    header = FileHeader(
        run.organisation.code, run.organisation.name, run.number, run.month, run.pay_on, at, bool(clock.rehearsed())
    )  # fmt: skip
    return text_of(header, [_payment(run, number, line) for number, line in enumerate(lines, 1)])


def _payment(run: PaymentRun, number: int, line: PaymentLine) -> Payment:
    assert line.pence is not None
    rests = line.rests
    extract = f"{rests['extract_of']} {rests['extract']}" if "extract" in rests else ""
    return Payment(
        line.practice.code, line.practice.name, line.scheme_year.scheme_id, line.kind, line.pence,
        f"{run.organisation.code}-{run.number}-{number}", extract, str(rests.get("declaration", "")),
        str(rests.get("scheme_version", "")), str(rests.get("scheme_sha256", "")), str(rests.get("engine", "")),
        line.key,
    )  # fmt: skip


def hash_of(text: str) -> str:
    """The SHA-256 of a file's bytes."""
    return sha256(text.encode("utf-8")).hexdigest()


def bytes_of(run: PaymentRun) -> bytes:
    """The file of a released run, as it was released. Raises Refused where it is not those bytes any more."""
    if not run.sha256:
        raise refuse("service.payment-file", "this run has no payment file: it is not released.", None, "Release it.")
    if hash_of(run.file) != run.sha256:
        what = f"the file of {run} is not the one that was released: its SHA-256 is {hash_of(run.file)}."
        raise refuse("service.payment-file", what, None, "Do not pay it. Restore the newest backup, and report it.")
    return run.file.encode("utf-8")
