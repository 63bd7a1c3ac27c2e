"""What is to be paid in a month, by hand to the penny: what is due to date less what was paid to date, and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from remit.core.dates import add_months, month_end
from remit.payment.book import (
    ACTIVITY,
    ADJUSTMENT,
    ADJUSTMENT_PAID,
    BALANCE,
    INSTALMENT,
    RECOVERY,
    Paid,
    PracticeYear,
    Transfer,
    paid_to_date,
    trial_balance,
)
from remit.payment.instalments import DuePayment
from remit.payment.to_pay import ToPay, YearToPay, to_pay

BEGINS = date(2024, 4, 1)
A, B, C = (PracticeYear(code, "qif") for code in ("A81001", "A81002", "A81003"))


def end(n: int) -> date:
    """The last day of the year's nth month, April the first."""
    month = add_months(BEGINS, n - 1)
    return month_end(month.year, month.month)


def monthly(pence: int, first: int = 1, last: int = 12) -> tuple[DuePayment, ...]:
    return tuple(DuePayment(end(n), "instalment", pence) for n in range(first, last + 1))


def year(whose: PracticeYear = A, **changes: Any) -> YearToPay:
    return replace(YearToPay(whose, BEGINS, BEGINS, None, monthly(10000)), **changes)


def paid(**kinds: tuple[int, int, int]) -> dict[str, Paid]:
    """Pence, how often, and the number of the last month, by kind."""
    return {kind.replace("_", " "): Paid(pence, times, end(n)) for kind, (pence, times, n) in kinds.items()}


def said(result: ToPay) -> list[tuple[str, str, int, str]]:
    return [(line.whose.practice, line.kind, line.pence, line.why) for line in result.lines]


def test_the_month_s_instalment() -> None:
    result = to_pay([year(paid=paid(instalment=(20000, 2, 2)))], end(3))
    assert said(result) == [("A81001", INSTALMENT, 10000, "instalment 3 of 12")]
    assert result.lines[0].key == "qif:A81001:instalment:3"
    assert result == to_pay([year(paid=paid(instalment=(20000, 2, 2)))], end(3))
    assert to_pay([year(paid=paid(instalment=(30000, 3, 3)))], end(3)) == ToPay((), (), ())


def test_who_joined_late_catches_up() -> None:
    """Joined on 1 October, known in December: the instalments of October to December of six."""
    day = date(2024, 10, 1)
    late = year(accepted=day, joined=day, dues=monthly(8000, 7))
    why = "instalments 1 to 3 of 6: joined on 1 Oct 2024, catches up 2 instalments"
    assert said(to_pay([late], end(9))) == [("A81001", INSTALMENT, 24000, why)]


def test_a_month_that_was_left_out_is_caught_up() -> None:
    result = to_pay([year(paid=paid(instalment=(10000, 1, 1)))], end(3))
    assert said(result) == [("A81001", INSTALMENT, 20000, "instalments 2 and 3 of 12: catches up 1 instalment")]


def test_a_correction_pays_the_difference_and_says_what_moved() -> None:
    """The list of 8,120 gives £101.50 a month; four months at £100.00 were paid: £101.50 and £6.00."""
    moved = year(
        dues=monthly(10150), list_size=8120, list_before=8000, paid=paid(instalment=(40000, 4, 4))
    )  # fmt: skip
    why = "instalment 5 of 12, plus £6.00: correction of July: the list is 8,120, it was 8,000"
    assert said(to_pay([moved], end(5))) == [("A81001", INSTALMENT, 10750, why)]
    alone = to_pay([moved], end(4))
    assert said(alone) == [("A81001", INSTALMENT, 600, "correction of July: the list is 8,120, it was 8,000")]


def test_below_zero_nothing_is_paid_and_it_is_said_what_is_carried_over() -> None:
    """£40.00 a month are right, and £400.00 were paid by July: £200.00 are due by August."""
    fewer = year(dues=monthly(4000), paid=paid(instalment=(40000, 4, 4)))
    result = to_pay([fewer], end(5))
    assert (result.lines, result.held) == ((), ())
    assert [(one.pence, one.why) for one in result.carried] == [
        (
            20000,
            "£200.00 more was paid than is due to 31 August 2024: it is carried over and set against what comes next, "
            "or recovered by a plan",
        )
    ]
    assert said(to_pay([fewer], end(11))) == [
        ("A81001", INSTALMENT, 4000, "instalment 11 of 12")
    ]  # eleven are due, ten's worth was paid


def test_what_was_overpaid_is_set_against_the_balance() -> None:
    over = year(
        dues=monthly(9000), paid=paid(instalment=(120000, 12, 12)),
        released=(DuePayment(date(2025, 6, 30), "balance", 50000),),
    )  # fmt: skip
    why = "balance of the year; less £120.00 that was paid beyond what was due"
    assert said(to_pay([over], date(2025, 6, 30))) == [("A81001", BALANCE, 38000, why)]
    assert to_pay([over], date(2025, 5, 31)).carried[0].pence == 12000


def test_balance_and_activity_flow_from_what_was_released_alone() -> None:
    dues = (*monthly(10000), DuePayment(end(4), "activity", 700), DuePayment(date(2025, 6, 30), "balance", 5))
    whole = year(dues=dues, paid=paid(instalment=(120000, 12, 12)))
    assert to_pay([whole], date(2025, 6, 30)) == ToPay((), (), ())
    released = replace(whole, released=dues[12:])
    assert [line[1:] for line in said(to_pay([released], date(2025, 6, 30)))] == [
        (ACTIVITY, 700, "activity"), (BALANCE, 5, "balance of the year"),
    ]  # fmt: skip
    more = replace(released, paid=paid(instalment=(120000, 12, 12), activity=(500, 1, 4), balance=(5, 1, 12)))
    assert [line[1:] for line in said(to_pay([more], date(2025, 6, 30)))] == [
        (ACTIVITY, 200, "activity, £2.00 more than the £5.00 paid before")
    ]


def test_recoveries_are_receipts_by_the_scheme_or_by_the_plan_that_was_agreed() -> None:
    schedule = tuple(DuePayment(month_end(2025, n), "recovery", 117 if n < 12 else 115) for n in range(7, 13))
    owing = year(paid=paid(instalment=(120000, 12, 12), recovery=(117, 1, 12)), released=schedule)
    result = to_pay([owing], date(2025, 8, 31))
    assert said(result) == [("A81001", RECOVERY, 117, "recovery 2 of 6")]
    assert (result.paid, result.received) == (0, 117)
    plan = (DuePayment(date(2025, 9, 30), "recovery", 400), DuePayment(date(2025, 10, 31), "recovery", 300))
    agreed = replace(owing, plan=plan)
    assert to_pay([agreed], date(2025, 8, 31)) == ToPay((), (), ())
    result = to_pay([agreed], date(2025, 9, 30))
    why = "recovery: what is due to date less £1.17 that was paid back"
    assert said(result) == [("A81001", RECOVERY, 283, why)]


def test_what_was_recovered_and_is_no_longer_owed_goes_back() -> None:
    """£7.00 was owed and £3.51 came back; by corrected figures a balance of £2.00 is right: £5.51 goes out."""
    balance = (DuePayment(date(2025, 6, 30), "balance", 200),)
    now = year(paid=paid(instalment=(120000, 12, 12), recovery=(351, 3, 12)), released=balance)
    why = "balance of the year; £3.51 that was paid back and is no longer owed"
    assert said(to_pay([now], date(2025, 10, 31))) == [("A81001", BALANCE, 551, why)]
    after = replace(now, paid=paid(instalment=(120000, 12, 12), recovery=(351, 3, 12), balance=(551, 1, 12)))
    assert to_pay([after], date(2025, 11, 30)) == ToPay((), (), ())


def test_a_plan_may_cover_what_was_overpaid() -> None:
    """£120.00 too much in instalments and £30.00 of recovery: a plan of £150.00 covers both, and then all is even."""
    recovery = (DuePayment(date(2025, 7, 31), "recovery", 3000),)
    over = year(dues=monthly(9000), paid=paid(instalment=(120000, 12, 12)), released=recovery)
    assert to_pay([over], date(2025, 6, 30)).carried[0].pence == 12000
    plan = (DuePayment(date(2025, 7, 31), "recovery", 7500), DuePayment(date(2025, 8, 31), "recovery", 7500))
    planned = replace(over, plan=plan)
    first = to_pay([planned], date(2025, 7, 31))
    assert (said(first), first.carried) == ([("A81001", RECOVERY, 7500, "recovery 1 of 2")], ())
    back = replace(planned, paid=paid(instalment=(120000, 12, 12), recovery=(15000, 2, 12)))
    assert to_pay([back], date(2025, 12, 31)) == ToPay((), (), ())


def test_what_was_paid_to_a_practice_after_it_merged_is_set_against_its_successor() -> None:
    """A81001 left on 30 November; its December was paid. A81002 is due its own £50.00 and A81001's £100.00 from
    December: of the £200.00 due by January, £100.00 is set off."""
    gone = year(A, dues=monthly(10000, 1, 8), successor="A81002", paid=paid(instalment=(90000, 9, 9)))
    on = year(
        B, dues=(*monthly(5000, 1, 8), *monthly(15000, 9)), paid=paid(instalment=(45000, 9, 9))
    )  # fmt: skip
    result = to_pay([on, gone], end(9))
    assert (result.lines, result.carried) == ((), ())
    result = to_pay([on, gone], end(10))
    why = "instalment 10 of 12; £100.00 that was paid to A81001 after it merged counts as paid"
    assert said(result) == [("A81002", INSTALMENT, 15000, why)]
    chain = [gone, replace(on, successor="A81003", paid={}, dues=()), year(C, dues=monthly(30000, 9), joined=end(8))]
    chain[2] = replace(chain[2], joined=None)
    assert [line[2] for line in said(to_pay(chain, end(9)))] == [20000]


def test_an_adjustment_is_paid_and_one_against_the_practice_is_set_off() -> None:
    more = year(paid={**paid(instalment=(20000, 2, 2)), ADJUSTMENT: Paid(1500, 1, end(2))})
    assert said(to_pay([more], end(2))) == [("A81001", ADJUSTMENT_PAID, 1500, "adjustments")]
    less = year(paid={**paid(instalment=(20000, 2, 2)), ADJUSTMENT: Paid(-1500, 1, end(2))})
    why = "instalment 3 of 12; less £15.00 by adjustments"
    assert said(to_pay([less], end(3))) == [("A81001", INSTALMENT, 8500, why)]


def test_what_is_held_says_why() -> None:
    unknown = year(A, dues=None, reason="The list is not known.", released=(DuePayment(end(1), "activity", 5),))
    refused = year(B, accepted=None)
    other = year(C, joined=date(2024, 7, 1), dues=monthly(10000, 4))
    result = to_pay([other, refused, unknown], end(4))
    assert said(result) == [("A81001", ACTIVITY, 5, "activity")]
    assert [(one.whose.practice, one.kind, one.pence, one.why) for one in result.held] == [
        ("A81001", INSTALMENT, None, "the instalments are not known. The list is not known."),
        ("A81002", INSTALMENT, 40000, "no offer was accepted"),
        (
            "A81003", INSTALMENT, 10000,
            "the practices' file says that it joined on 1 July 2024, and the offer was accepted from 1 April 2024",
        ),
    ]  # fmt: skip
    undated = year(released=(DuePayment(None, "balance", 700),), paid=paid(instalment=(120000, 12, 12)))
    assert [(one.kind, one.pence, one.why) for one in to_pay([undated], end(12)).held] == [
        (BALANCE, 700, "the balance has no day yet")
    ]


def test_a_line_knows_what_the_book_gets() -> None:
    book: list[Transfer] = []
    for n in range(1, 13):
        now = year(paid=paid_to_date(book).get(A, {}))
        for line in to_pay([now], end(n)).lines:
            book += line.transfers(end(n))
    assert [one.pence for one in book] == [10000] * 12
    assert trial_balance(book)["cash"] == -120000
    assert len({one.key for one in book}) == 12
