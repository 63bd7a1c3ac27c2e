"""Kind: a figure of a year's files, or of a payment run, that one format shows otherwise than another."""

from __future__ import annotations

from datetime import date

from tests.kinds.figures_in_formats import assert_in_every_format

from remit.documents.payment_run import ShownLine, ShownRun, payment_run
from remit.documents.year_area import AreaRow, area_year
from remit.documents.year_payments import Paid, ToCome, payments
from remit.payment.book import PracticeYear
from remit.payment.run_differences import Difference

APRIL, MAY = date(2024, 4, 20), date(2024, 5, 20)


def test_the_payments_of_a_year() -> None:
    """Two instalments of £100.00 and £100.01 are £200.01; £25.00 came back; two more are to come."""
    paid = [
        Paid(1, APRIL, "A1", "QIF", "instalment", 10_000, "instalment 1 of 12"),
        Paid(2, MAY, "A1", "QIF", "instalment", 10_001, "instalment 2 of 12"),
        Paid(3, MAY, "A2", "QIF", "recovery", -2_500, "recovery 1 of 6"),
    ]
    later = [ToCome(date(2025, 6, 30), "A1", "QIF", "balance", 30_005), ToCome(None, "A2", "QIF", "recovery", 12_500)]
    assert_in_every_format(payments("Payments", paid, later), {
        "sum/instalment": 20_001, "sum/recovery": -2_500, "A1/1/pounds": 10_000, "A1/1/day": APRIL,
        "A1/2/pounds": 10_001, "A2/3/pounds": -2_500, "to-come/1/pounds": 30_005, "to-come/1/day": date(2025, 6, 30),
        "to-come/2/pounds": -12_500,
    })  # fmt: skip


def test_the_practices_of_an_area() -> None:
    """One shares its figures, another does not, of a third they are not known: no amount of theirs is nought."""
    due = date(2024, 4, 30)
    rows = [
        AreaRow("A1", "First", "Place", "QIF", "accepted", due, APRIL, "", MAY, 10_001, True, "approved", 10_000,
                "Low risk", False),
        AreaRow("A2", "Second", "Place", "QIF", "offered", due, None, "", MAY, None, False, "not declared", None, "",
                True),
        AreaRow("A3", "Third", "", "QIF", "accepted", due, APRIL, "", MAY, None, True, "not declared", None, "",
                False),
    ]  # fmt: skip
    assert_in_every_format(area_year("Area", "2 of 3 accepted.", rows), {
        "1/A1/due": due, "1/A1/answered": APRIL, "1/A1/figures": MAY, "1/A1/earned": 10_001, "1/A1/declared": 10_000,
        "2/A2/earned": None, "3/A3/earned": None,
    })  # fmt: skip


def test_a_payment_run() -> None:
    """£100.01 and £50.00 go out and £25.00 comes back: £125.01, £25.01 more than the £100.00 before. £7.77 is held."""
    lines = (
        ShownLine("A1", "First", "qif", "QIF", "instalment", 10_001, False, "instalment 2 of 12"),
        ShownLine("A2", "Second", "qif", "QIF", "balance", 5_000, False, "balance of the year"),
        ShownLine("A2", "Second", "qif", "QIF", "recovery", -2_500, False, "recovery 1 of 6"),
        ShownLine("A3", "Third", "qif", "QIF", "instalment", 777, True, "No offer was accepted", "Make an offer."),
        ShownLine("A4", "Fourth", "qif", "QIF", "instalment", None, True, "Not known", "Send figures."),
    )
    one, two = PracticeYear("A1", "qif"), PracticeYear("A2", "qif")
    different = (
        Difference(one, "instalment", 1),
        Difference(two, "balance", 5_000),
        Difference(two, "recovery", -2_500),
    )
    run = ShownRun(2, "ICB", MAY.replace(day=1), MAY, "It is prepared.", lines, 1, 10_000, different)
    assert_in_every_format(payment_run(run), {
        "qif/instalment/pounds": 10_001, "qif/balance/pounds": 5_000, "qif/recovery/pounds": -2_500,
        "all/payments": 3, "all/pounds": 12_501, "cause/instalment/pounds": 1, "cause/balance/pounds": 5_000,
        "cause/recovery/pounds": -2_500, "cause/all/pounds": 2_501, "cause/balance/practices": 1,
        "A1/qif/cause/instalment": 1, "A3/qif/instalment/1/held": 777, "A4/qif/instalment/1/held": None,
        "A2/out": 5_000, "A2/back": 2_500, "A2/left": 2_500, "A1/qif/instalment/1": 10_001,
        "A2/qif/recovery/1": -2_500,
    })  # fmt: skip
