"""Kind: a figure of the books that one format shows otherwise than another: an accrual, and a payment file checked."""

from __future__ import annotations

from datetime import date

from tests.kinds.figures_in_formats import assert_in_every_format

from remit.documents.accrual import accrual_document
from remit.documents.blocks import Document
from remit.documents.payment_file import payment_file
from remit.payment import book
from remit.payment.accrual import Earned, accrual, moved
from remit.payment.book import PracticeYear
from remit.payment.payment_file import Totals

JUNE, JULY = date(2024, 6, 30), date(2024, 7, 31)


def document() -> Document:
    """A1 earned £30.00 by June and £45.00 by July, and was paid £40.00 in July; A2 is not known."""
    one, two = PracticeYear("A1", "qif"), PracticeYear("A2", "qif")
    rows = [*book.instalment_paid(one, JULY, 4000, 1, ""), *book.adjustment(one, JULY, -250, 1, "twice")]
    known = [Earned(one, JUNE, 3000), Earned(one, JULY, 4500), Earned(two, JUNE, None, reason="no list")]
    june, july = accrual(JUNE, known, rows), accrual(JULY, known, rows)
    return accrual_document(july, "QAA", {"A1": "First"}, june, moved(june, july))


def test_an_accrual_and_what_moved() -> None:
    expected = {
        "qif/A1/earned": 4500, "qif/A1/adjusted": -250, "qif/A1/paid": 4000, "qif/A1/accrued": 250,
        "qif/A2/accrued": None, "all/accrued": 250, "before": 3000, "after": 250, "moved/paid since": -4000,
        "moved/adjustments": -250, "moved/figures": 1500, "qif/A1/moved/figures": 1500,
    }  # fmt: skip
    assert_in_every_format(document(), expected)


def test_a_payment_file_that_was_checked() -> None:
    totals = Totals(3, 123338, (("instalment", 2, 123455), ("recovery", 1, -117)), 5)
    made = payment_file("QAA", "7", "2024-07", "2024-07-31", "2024-07-24T09:30:00+00:00", totals, "ab" * 32, False)
    expected = {"instalment/pounds": 123455, "recovery/pounds": -117, "all/payments": 3, "all/pounds": 123338}
    assert_in_every_format(made, expected)
