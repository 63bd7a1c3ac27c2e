"""Accrual at a day and what moved, by hand; and generated: whatever moved, the causes add up to the difference."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.checked import checked

from remit.payment import accrual as a
from remit.payment import book
from remit.payment.accrual import Accrual, Earned, accrual, moved, total_moves
from remit.payment.book import PracticeYear, Transfer

A, B, C = (PracticeYear(code, "qif") for code in ("A81001", "A81002", "A81003"))
JUNE, JULY, AUGUST = date(2024, 6, 30), date(2024, 7, 31), date(2024, 8, 31)


def test_what_is_owed_and_what_is_prepaid_on_a_day() -> None:
    """A earned £300.00 by June and was paid £240.00; B earned £50.00 and was paid £240.00; C is not known."""
    known = [
        Earned(A, date(2024, 6, 10), 20000), Earned(A, JUNE, 30000, source="extract 3"), Earned(B, JUNE, 5000),
        Earned(C, JUNE, None, reason="The list is not known."), Earned(A, JULY, 99999),
    ]  # fmt: skip
    paid = [*book.instalment_paid(A, JUNE, 24000, 1, ""), *book.instalment_paid(B, JUNE, 24000, 1, "")]
    paid += book.instalment_paid(A, JULY, 1, 2, "")
    found = accrual(JUNE, known, paid)
    assert [(line.whose, line.accrued) for line in found.lines] == [(A, 6000), (B, -19000), (C, None)]
    assert (found.owed, found.prepaid) == (6000, 19000)
    assert (found.sum_of("accrued").pence, found.sum_of("accrued").unknown) == (-13000, 1)
    assert found.lines[2].reason == "The list is not known."


def test_adjustments_and_recoveries_count() -> None:
    rows = [
        *book.balance_paid(A, JUNE, 5000, 1, ""), *book.adjustment(A, JUNE, 1500, 1, "a late claim"),
        *book.adjustment(A, JUNE, -200, 2, "twice"), *book.recovery_received(A, JUNE, 300, 1, ""),
    ]  # fmt: skip
    (line,) = accrual(JUNE, [Earned(A, JUNE, 4000)], rows).lines
    assert (line.adjusted, line.paid, line.accrued) == (1300, 4700, 600)


def test_what_was_paid_to_a_practice_that_merged_counts_with_its_successor() -> None:
    rows = [*book.instalment_paid(A, JUNE, 700, 1, ""), *book.instalment_paid(C, JUNE, 300, 1, "")]
    known = [Earned(A, JUNE, 0, into="A81002"), Earned(B, JUNE, 0, into="A81003"), Earned(C, JUNE, 2500)]
    found = accrual(JUNE, known, rows)
    assert [(line.whose, line.paid, line.accrued) for line in found.lines] == [(A, 0, 0), (B, 0, 0), (C, 1000, 1500)]


def test_what_moved_by_cause() -> None:
    """A earned £12.00 more by its counts and list, and was paid £24.00; B joined; C became known."""
    july = [*book.instalment_paid(A, JULY, 2400, 1, ""), *book.adjustment(A, JULY, 500, 1, "a claim")]
    before = accrual(JUNE, [Earned(A, JUNE, 3000), Earned(C, JUNE, None)], july)
    known = [Earned(A, JULY, 4200, source="extract 4"), Earned(B, JULY, 700), Earned(C, JULY, 90)]
    moves = moved(before, accrual(JULY, known, july), {A: {"counts": 900, "list": 250}})
    assert moves == {
        A: {a.PAID: -2400, a.ADJUSTED: 500, "counts": 900, "list sizes": 250, a.OTHER: 50},
        B: {a.JOINED: 700},
        C: {a.KNOWN: 90},
    }
    assert total_moves(moves.values()) == {
        a.PAID: -2400, "counts": 900, a.JOINED: 700, a.ADJUSTED: 500, "list sizes": 250, a.KNOWN: 90, a.OTHER: 50,
    }  # fmt: skip


def test_an_approval_and_a_restatement_are_causes_of_their_own() -> None:
    (award,) = book.award_approved(A, JULY, 4200, "award")
    rows = [award, *book.restatement(award, AUGUST, 4200, 4500, 1, "25 more patients")]
    known = [
        Earned(A, JUNE, 3000), Earned(A, JULY, 4200, "approved", "declaration 1"),
        Earned(A, AUGUST, 4500, "approved", "declaration 2"),
    ]  # fmt: skip
    june, july, august = (accrual(day, known, rows) for day in (JUNE, JULY, AUGUST))
    assert moved(june, july) == {A: {a.AGREED: 1200}}
    assert moved(july, august) == {A: {a.RESTATED: 300}}


amounts = st.integers(0, 10**7)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[Earned], list[Transfer]]:
    whose = (A, B, C)
    known = [
        Earned(
            draw(st.sampled_from(whose)), draw(st.sampled_from((JUNE, JULY, AUGUST))), draw(st.none() | amounts),
            draw(st.sampled_from(["figures", "declared", "approved"])), draw(st.sampled_from("12")),
            into=draw(st.sampled_from(["", "", "", "A81001", "A81002", "A81003", "A81009"])),
        )
        for _ in range(draw(st.integers(0, 8)))
    ]  # fmt: skip
    rows: list[Transfer] = []
    for n in range(1, draw(st.integers(1, 12))):
        one, day, pence = draw(st.sampled_from(whose)), draw(st.sampled_from((JUNE, JULY))), draw(amounts)
        post = draw(st.integers(0, 4))
        if post == 0:
            rows += book.instalment_paid(one, day, pence, n, "")
        elif post == 1:
            rows += book.recovery_received(one, day, pence, n, "")
        elif post == 2:
            rows += book.adjustment(one, day, pence - 10**6, n, "a reason")
        elif post == 3:
            rows += book.award_approved(one, day, pence, "", n)
        elif rows:
            rows += book.restatement(rows[-1], day, pence, draw(amounts), n, "")
    return known, rows


def total(found: Accrual) -> int:
    return found.sum_of("accrued").pence


@pytest.mark.checks("something moved")
@given(worlds(), st.dictionaries(st.sampled_from((A, B, C)), st.dictionaries(st.sampled_from(list(a.CAUSES)), amounts)))
def test_the_causes_add_up_to_the_difference_exactly(
    world: tuple[list[Earned], list[Transfer]], causes: dict[PracticeYear, dict[str, int]]
) -> None:
    known, rows = world
    before, after = accrual(JUNE, known, rows), accrual(AUGUST, known, rows)
    moves = moved(before, after, causes)
    checked("something moved", len(moves))
    assert sum(total_moves(moves.values()).values()) == total(after) - total(before)
    first, last = ({line.whose: line.accrued or 0 for line in one.lines} for one in (before, after))
    for whose in {*first, *last}:
        assert sum(moves.get(whose, {}).values()) == last.get(whose, 0) - first.get(whose, 0)
