"""The book of a scheme year: its postings by hand, what they come to, and what is no transfer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from remit.core.dates import month_end
from remit.core.problems import Refused
from remit.payment import book
from remit.payment.book import ADVANCE, CASH, COST, OWED, PracticeYear, Transfer
from remit.payment.recovery_plan import recovery_plan
from remit.scheme import load_scheme

A, B = PracticeYear("A81001", "qif"), PracticeYear("A81002", "qif")
END = date(2025, 3, 31)


def test_a_year_that_earned_less_than_its_advances_ends_at_nothing_owed() -> None:
    """Paid £168.00 in advance, earned £161.00: £7.00 comes back."""
    year = [
        *book.instalment_paid(A, date(2024, 4, 30), 8400, 1, "instalment 1 of 2"),
        *book.instalment_paid(A, date(2024, 5, 31), 8400, 2, "instalment 2 of 2"),
        *book.award_approved(A, END, 16100, "award for the year"),
        *book.advances_set_against(A, END, 16800, "advances set against the award"),
    ]
    assert book.trial_balance(year) == {CASH: -16800, ADVANCE: 0, COST: 16100, OWED: 700}
    year += book.recovery_received(A, date(2025, 8, 31), 700, 1, "recovery 1 of 1")
    assert book.trial_balance(year) == {CASH: -16100, ADVANCE: 0, COST: 16100, OWED: 0}
    assert book.balances(year)[book.Balance(CASH, *A)] == -16100
    assert year[0].key == "qif:A81001:instalment:1"
    assert not book.repeated_keys(year)


def test_a_restatement_points_at_what_it_corrects_and_moves_the_difference() -> None:
    (award,) = book.award_approved(A, END, 16100, "award for the year")
    (up,) = book.restatement(award, date(2025, 9, 30), 16100, 16350, 1, "25 more patients")
    assert (up.debit, up.credit, up.pence, up.corrects) == (COST, OWED, 250, award.key)
    (down,) = book.restatement(award, date(2025, 10, 31), 16350, 16000, 2, "a code list was corrected")
    assert (down.debit, down.credit, down.pence) == (OWED, COST, 350)
    assert book.restated([award, up, down], award) == (16000, 2, date(2025, 10, 31))
    assert book.restatement(award, END, 16000, 16000, 3, "nothing") == ()
    assert book.trial_balance([award, up, down]) == {CASH: 0, ADVANCE: 0, COST: 16000, OWED: -16000}


def test_an_adjustment_goes_either_way_and_has_its_reason() -> None:
    (more,) = book.adjustment(A, END, 5000, 1, "a late claim")
    (less,) = book.adjustment(A, END, -2000, 2, "claimed twice")
    assert (more.debit, more.credit, less.debit, less.credit) == (COST, OWED, OWED, COST)
    assert book.paid_to_date([more, less])[A][book.ADJUSTMENT] == (3000, 2, END)
    with pytest.raises(ValueError, match="reason in words"):
        book.adjustment(A, END, 1, 3, "  ")


def test_activity_beyond_the_award_is_owed_by_the_practice() -> None:
    year = [*book.activity_paid(A, END, 900, 1, "activity"), *book.award_approved(A, END, -400, "award for the year")]
    assert book.trial_balance(year) == {CASH: -900, ADVANCE: 0, COST: 500, OWED: 400}


def test_activity_of_a_practice_that_merged_becomes_an_advance() -> None:
    year = [
        *book.activity_paid(A, END, 900, 1, "activity"),
        *book.activity_carried_on(A, END, 900, 1, "merged into A81002"),
        *book.award_approved(B, END, 2000, "award for the year"),
        *book.advances_set_against(B, END, 900, "what A81001 was paid"),
        *book.balance_paid(B, END, 1100, 1, "balance"),
    ]
    assert book.trial_balance(year) == {CASH: -2000, ADVANCE: 0, COST: 2000, OWED: 0}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"credit": "cash", "debit": "cash"}, "the same account"),
        ({"debit": "petty cash"}, "the accounts are cash, paid in advance"),
        ({"pence": 0}, "pence above zero"),
        ({"pence": -1}, "pence above zero"),
        ({"kind": "present"}, "no kind of transfer"),
    ],
)
def test_what_is_no_transfer_is_refused(change: dict[str, object], words: str) -> None:
    fields: dict[str, object] = {
        "key": "k", "day": END, "practice": "A81001", "scheme_year": "qif", "debit": COST, "credit": OWED, "pence": 1,
        "kind": book.AWARD, "memo": "",
    }  # fmt: skip
    with pytest.raises(ValueError, match=words):
        Transfer(**{**fields, **change})  # type: ignore[arg-type]


POSTINGS: list[Callable[[int], book.Transfers]] = [
    lambda pence: book.instalment_paid(A, END, pence, 1, ""),
    lambda pence: book.activity_paid(A, END, pence, 1, ""),
    lambda pence: book.activity_carried_on(A, END, pence, 1, ""),
    lambda pence: book.advances_set_against(A, END, pence, ""),
    lambda pence: book.balance_paid(A, END, pence, 1, ""),
    lambda pence: book.adjustment_paid(A, END, pence, 1, ""),
    lambda pence: book.recovery_received(A, END, pence, 1, ""),
]


@pytest.mark.parametrize("posting", POSTINGS)
def test_nothing_below_zero_is_paid_and_nothing_is_posted_of_nothing(
    posting: Callable[[int], book.Transfers],
) -> None:
    assert posting(0) == ()
    with pytest.raises(ValueError, match="below zero"):
        posting(-1)


def test_a_recovery_plan_adds_up_and_keeps_to_the_scheme() -> None:
    """£7.00 in six: five of £1.17 and £1.15, on the last days of the months after the notification."""
    plan = recovery_plan(load_scheme("qif-2024-25"), 700, date(2025, 6, 30))
    assert [due.pence for due in plan.instalments] == [117, 117, 117, 117, 117, 115]
    assert [due.day for due in plan.instalments][:2] == [date(2025, 7, 30), date(2025, 8, 30)]
    assert (plan.pence, plan.months, plan.exceptional) == (700, 6, "")
    assert month_end(2025, 12).month == plan.instalments[-1].day.month  # type: ignore[union-attr]


def test_a_recovery_takes_longer_only_with_its_reason() -> None:
    qif = load_scheme("qif-2024-25")
    with pytest.raises(Refused, match="9 months are more than the 6"):
        recovery_plan(qif, 700, END, 9)
    plan = recovery_plan(qif, 700, END, 9, " The practice was flooded. ")
    assert (len(plan.instalments), plan.pence, plan.exceptional) == (9, 700, "The practice was flooded.")
    assert recovery_plan(qif, 700, END, 3, "not needed").exceptional == ""
    for pence, months in ((0, 6), (-1, 6), (700, 0), (700, 121)):
        with pytest.raises(Refused):
            recovery_plan(qif, pence, END, months, "words")
