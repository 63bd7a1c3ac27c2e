"""What is to do next in a practice's year, in each of its states: as sentences, without a row of a database."""

from __future__ import annotations

from datetime import date

import pytest

from remit.contract.declaration import State as Declared
from remit.contract.participation import State as Part
from remit.payment.instalments import DuePayment
from remit.service.year.journey import Facts, To, next_step

TITLE = "QIF 2024/25"
JANUARY, MARCH, JUNE = date(2025, 1, 31), date(2025, 3, 31), date(2025, 6, 30)
BALANCE = DuePayment(JUNE, "balance", 300_05)
ACTIVITY = DuePayment(date(2025, 1, 31), "activity", 12_50)
INSTALMENT = DuePayment(date(2025, 2, 28), "instalment", 100_00)
RECOVERY = tuple(DuePayment(date(2025, month, 30), "recovery", 25_00) for month in (6, 7))
APPROVED = Facts(Part.ACCEPTED, figures=JANUARY, declared=Declared.APPROVED, declared_day=JANUARY)
FINAL = Facts(Part.ACCEPTED, figures=MARCH, declared=Declared.APPROVED, declared_day=MARCH, is_final=True)


@pytest.mark.parametrize(
    ("part", "says"),
    [
        (None, "QIF 2024/25 was not offered here, so nothing is declared or paid here. "
               "Its figures came in all the same."),
        (Part.REFUSED, "Nothing is to do: the practice refused the offer of QIF 2024/25, so nothing is declared or "
                       "paid here. Its figures came in all the same."),
        (Part.TAKEN_BACK, "Nothing is to do: the offer of QIF 2024/25 was taken back, so nothing is declared or paid "
                          "here. Its figures came in all the same."),
        (Part.LAPSED, "The offer of QIF 2024/25 was not answered in time, so nothing is declared or paid here. "
                      "The commissioner can allow a late answer. Its figures came in all the same."),
        (Part.CARRIED_ON, "Nothing is to do: the practice merged before it accepted QIF 2024/25, so nothing is "
                          "declared or paid here. Its figures came in all the same."),
        (Part.OFFERED, "Read the offer and answer it by 1 May 2024: nothing is paid before it is accepted."),
    ],
)  # fmt: skip
def test_nobody_is_asked_to_declare_before_an_offer_is_accepted(part: Part | None, says: str) -> None:
    found = next_step(Facts(part, respond_by=date(2024, 5, 1), figures=JANUARY), TITLE)
    assert found.sentence == says
    assert found.to == (To.ANSWER if part == Part.OFFERED else To.NOWHERE)


@pytest.mark.parametrize(
    ("facts", "left", "says"),
    [
        (APPROVED, (INSTALMENT,), "Nothing is to do: the figures of 31 January 2025 are approved, and are provisional. "
         "Instalments go on; a balance, or a recovery, comes with the figures of the year’s end."),
        (APPROVED, (ACTIVITY,), "Nothing is to do: the figures of 31 January 2025 are approved, and are provisional. "
         "£12.50 for activity is still to be paid, due on 31 January 2025. A balance, or a recovery, comes with the "
         "figures of the year’s end."),
        (FINAL, (BALANCE,), "Nothing is to do: the figures of the year are approved. A balance of £300.05 is still to "
         "be paid, due on 30 June 2025."),
        (FINAL, RECOVERY, "Nothing is to do: the figures of the year are approved. £50.00 is still to be paid back, "
         "due from 30 June 2025 to 30 July 2025."),
        (FINAL, (DuePayment(None, "balance", 1_00),), "Nothing is to do: the figures of the year are approved. "
         "A balance of £1.00 is still to be paid, its day is not known yet."),
    ],
)  # fmt: skip
def test_what_comes_of_approved_figures_is_said(facts: Facts, left: tuple[DuePayment, ...], says: str) -> None:
    from dataclasses import replace

    found = next_step(replace(facts, left=left), TITLE)
    assert (found.sentence, found.to) == (says, To.DECLARATION)


def test_the_figures_of_the_years_end_are_declared_after_those_of_the_year() -> None:
    of = Facts(
        Part.ACCEPTED, figures=MARCH, declared=Declared.APPROVED, declared_day=JANUARY, year_end_came=True
    )  # fmt: skip
    found = next_step(of, TITLE)
    assert found.to == To.DECLARE
    assert found.sentence.startswith("Look at the figures of 31 March 2025, the end of the year, and declare them")
