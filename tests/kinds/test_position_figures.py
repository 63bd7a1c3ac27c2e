"""Kind: a figure of a position or a calendar that one format shows otherwise than another."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from tests.kinds.figures_in_formats import assert_in_every_format

from remit.comparison.movements import Movement, PracticeMovement
from remit.documents.due_dates import DueDate, DueDates, TakesPart, due_dates
from remit.documents.position import DatedFigures, PracticePosition, position
from remit.documents.positions import AreaPosition, AreaPositions, positions
from remit.payment.instalments import DuePayment
from remit.runs.practice_payment import PracticePayment, SettledAs

MAY, JUNE = date(2024, 5, 31), date(2024, 6, 30)
PAYMENT = PracticePayment(
    "qif-2024-25", "provisional", 120_000, 240_000, "80% × £3000.00", "", None, None,
    (DuePayment(MAY, "instalment", 120_000), DuePayment(JUNE, "instalment", 120_000)), None, None, "", "1", "", "",
    "", SettledAs(0, 120_000, (DuePayment(None, "recovery", 120_000),)),
)  # fmt: skip
MOVEMENT = PracticeMovement(
    "A1", "One", ("q", "q"), ("provisional", "provisional"),
    (
        Movement("A1", "1", (50_000, 80_000), (40_000, -10_000, 0, 0, 0, 0), "numerator 5 → 8"),
        Movement("A1", "2", (None, 40_000), (0,) * 6),
    ),
    (240_000, 240_000), (None, None), (None, None),
)  # fmt: skip


def test_each_figure_of_a_practice_is_the_same_in_every_format() -> None:
    of = PracticePosition(
        "A1", "One", "A scheme",
        (
            DatedFigures(MAY, 1, None, {"1": Fraction(5, 13)}), DatedFigures(JUNE, 2, 120_000, {"1": Fraction(8, 13)}),
        ),
        PAYMENT, "12.5", "provisional", "", {"1": "First", "2": "Second"}, date(2024, 6, 15), MOVEMENT, (MAY, 1),
    )  # fmt: skip
    assert_in_every_format(position(of), {
        "earned": 120_000, "advance": 240_000, "fallen-due": 120_000, "balance": 0, "recovery": 120_000,
        "points": Fraction(25, 2), "due/1/pounds": 120_000, "due/2/day": JUNE, "if-final/1/pounds": 120_000,
        "moved/1/change": 30_000, "moved/2/before": None, "moved/2/change": None, "trend/1/earned": None,
        "trend/2/change": None, "1/1/achieved": Fraction(5, 13), "1/2/achieved": Fraction(8, 13),
    })  # fmt: skip


def test_each_figure_of_an_area_is_the_same_in_every_format() -> None:
    rows = (
        AreaPosition("A1", "One", "Place", "N1", False, "provisional", 120_000, "12.5", MOVEMENT),
        AreaPosition("A2", "Two", "Place", "N1", False, "provisional", None, None, None),
        AreaPosition("A3", "Three", "", "", False, "merged", None, None, None),
    )
    of = AreaPositions("A scheme", "Area", JUNE, 2, rows, (MAY, 1), ("Four (A4)",), ("Five (A5)",))
    assert_in_every_format(positions(of), {
        "all/earned": 120_000, "all/change": 30_000, "A1/earned": 120_000, "A1/change": 30_000, "A1/counts": 40_000,
        "A1/list": -10_000, "A2/earned": None, "A2/change": None, "A2/counts": None, "A1/points": Fraction(25, 2),
        "A2/points": None,
    })  # fmt: skip


def test_each_figure_of_a_calendar_is_the_same_in_every_format() -> None:
    dates = (
        DueDate("a", MAY, "Payments of May", "Area (QAA)", False, True, pence=120_000),
        DueDate("b", JUNE, "Answers", "Area (QAA)", False, True, open=3),
        DueDate("c", date(2024, 9, 30), "Close", "Area (QAA)", False, True),
        DueDate("d", date(2024, 4, 30), "Payments of April", "Area (QAA)", True, True, pence=100),
    )
    late = (DueDate("e", MAY, "Answer", "One (A1)", False, True),)
    takes_part = (TakesPart("One (A1)", {"A scheme": "Takes part from 1 Apr 2024"}),)
    of = DueDates("Area", date(2024, 6, 15), dates, late, ("A scheme",), takes_part, False)
    assert_in_every_format(due_dates(of), {
        "all/late": 1, "all/soon": 1, "late/1/day": MAY, "late/1/pounds": 120_000, "soon/1/open": 3,
        "later/1/day": date(2024, 9, 30), "past/1/pounds": 100, "practice/1/day": MAY,
    })  # fmt: skip
