"""What differs between two payment runs, by cause: by hand, and every penny once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from remit.payment.book import PracticeYear
from remit.payment.run_differences import CAUSES, RunLine, differences, total

A, B, C = (PracticeYear(code, "qif-2024-25") for code in ("A1", "A2", "A3"))


def test_by_hand() -> None:
    before = [RunLine(A, "instalment", 140_000), RunLine(B, "instalment", 70_000), RunLine(C, "instalment", 50_000)]
    now = [
        RunLine(A, "instalment", 150_000, corrects=True),
        RunLine(A, "recovery", -20_000, first=True),
        RunLine(B, "instalment", 70_000, held=True),
        RunLine(PracticeYear("A4", "qif-2024-25"), "instalment", 30_000, first=True),
    ]
    assert [(one.whose.practice, one.cause, one.pence) for one in differences(now, before)] == [
        ("A1", "correction", 10_000),
        ("A1", "recovery", -20_000),
        ("A2", "held", -70_000),
        ("A3", "ended", -50_000),
        ("A4", "new", 30_000),
    ]


def test_a_payment_that_was_held_and_a_balance() -> None:
    before = [RunLine(A, "instalment", None, held=True), RunLine(B, "instalment", 70_000)]
    now = [RunLine(A, "instalment", 100, first=True), RunLine(B, "balance", 5_000, first=True)]
    assert [(one.whose.practice, one.cause, one.pence) for one in differences(now, before)] == [
        ("A1", "held", 100),
        ("A2", "instalment", -70_000),
        ("A2", "balance", 5_000),
    ]


LINES = st.lists(
    st.builds(
        RunLine,
        st.sampled_from((A, B, C)),
        st.sampled_from(("instalment", "activity", "balance", "adjustment paid", "recovery")),
        st.integers(-10_000, 10_000),
        st.booleans(),
        st.booleans(),
        st.booleans(),
    ),
    max_size=8,
)


@given(LINES, LINES)
def test_every_penny_has_one_cause(now: list[RunLine], before: list[RunLine]) -> None:
    found = differences(now, before)
    assert sum(one.pence for one in found) == total(now) - total(before)
    assert {one.cause for one in found} <= {*CAUSES}
