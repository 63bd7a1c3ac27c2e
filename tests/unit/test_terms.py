from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from remit.organisation import Practice
from remit.payment.terms import Advance, RecoveryPlan, Settlement, advance, instalments, settle
from remit.pricing.part_of_year import participation
from remit.scheme import Scheme, load_scheme
from remit.scheme.resolve import resolve

SET = {"joiners": "whole months", "leavers": "days", "balance_due": "2025-07-31", "notified": "2025-06-30"}


@pytest.fixture(scope="module")
def qif() -> Scheme:
    return load_scheme("qif-2024-25")


def share(scheme: Scheme, joined: str = "", left: str = "", **settings: str) -> Fraction | None:
    practice = Practice(
        "A1", joined=date.fromisoformat(joined) if joined else None, left=date.fromisoformat(left) if left else None
    )
    return participation(resolve(scheme, settings), practice).share


@pytest.mark.parametrize(
    ("joined", "left", "rule", "part"),
    [
        ("2024-04-01", "", "nothing", Fraction(1)),
        ("", "2025-03-31", "nothing", Fraction(1)),
        ("2024-04-02", "", "whole months", Fraction(11, 12)),
        ("2024-04-02", "", "days", Fraction(364, 365)),
        ("2025-03-31", "", "whole months", Fraction(0)),
        ("2025-03-31", "", "days", Fraction(1, 365)),
        ("2025-03-31", "", "full year", Fraction(1)),
        ("2024-04-02", "", "nothing", Fraction(0)),
        ("", "2024-04-01", "days", Fraction(1, 365)),
        ("", "2024-03-31", "full year", Fraction(0)),
        ("2025-04-01", "", "full year", Fraction(0)),
    ],
)
def test_the_part_of_the_year(qif: Scheme, joined: str, left: str, rule: str, part: Fraction) -> None:
    assert share(qif, joined, left, joiners=rule, leavers=rule) == part


def test_without_a_rule_the_part_is_not_known(qif: Scheme) -> None:
    assert share(qif, joined="2024-05-01") is None
    assert share(qif, joined="2024-05-01", leavers="days") is None
    assert share(qif, left="2024-05-01", joiners="days") is None


def paid(scheme: Scheme, heads: str, part: Fraction = Fraction(1)) -> int | None:
    return advance(scheme, scheme.terms.advances[0], Fraction(heads), {}, None, part).pence


def test_the_advance_is_a_share_of_the_most_in_whole_pence(qif: Scheme) -> None:
    """2.10 × 10,000 × 80%; 2.10 × 0.01 = 0.021, 0.02 to the penny, 80% of that 0.016, 0.02."""
    assert paid(qif, "10000") == 1_680_000
    assert paid(qif, "10000", Fraction(9, 12)) == 1_260_000
    assert paid(qif, "0.01") == 2
    assert paid(qif, "0") == 0


def test_instalments_fall_in_the_months_of_the_practice(qif: Scheme) -> None:
    dues = instalments(qif, qif.terms.advances[0], 900, date(2024, 7, 15), date(2025, 3, 31))
    assert [str(due.day) for due in dues][:1] == ["2024-07-31"]
    assert (len(dues), sum(due.pence for due in dues)) == (9, 900)
    short = instalments(qif, qif.terms.advances[0], 900, date(2024, 7, 5), date(2024, 7, 20))
    assert [(str(due.day), due.pence) for due in short] == [("2024-07-31", 900)]


@pytest.mark.parametrize(("earned", "balance", "recovery"), [(1500, 500, 0), (1000, 0, 0), (400, 0, 600), (0, 0, 1000)])
def test_balance_or_recovery(qif: Scheme, earned: int, balance: int, recovery: int) -> None:
    settled = settle(resolve(qif, SET), earned, Advance(1000), [], None)
    assert (settled.balance, settled.recovery) == (balance, recovery)
    assert sum(due.pence for due in settled.schedule) == balance + recovery
    assert {str(due.day) for due in settled.schedule if due.kind == "balance"} <= {"2025-07-31"}


def test_nothing_is_settled_while_the_award_or_the_advance_is_open(qif: Scheme) -> None:
    assert settle(resolve(qif, SET), None, Advance(1000), [], None) == Settlement(1000, None, None, ())
    assert settle(resolve(qif, SET), 900, Advance(None, reason="why"), [], None) == Settlement(
        None, None, None, (), "why"
    )


def test_a_recovery_plan_goes_before_the_terms(qif: Scheme) -> None:
    plan = RecoveryPlan(date(2025, 1, 31), 2, "")
    settled = settle(resolve(qif, SET), 0, Advance(101), [], plan)
    assert [(str(d.day), d.pence) for d in settled.schedule] == [("2025-02-28", 51), ("2025-03-31", 50)]
