from __future__ import annotations

from datetime import date

import pytest

from remit.payment.instalments import on_days, recovery_days, shares


@pytest.mark.parametrize(
    ("pence", "parts", "expected"),
    [
        (1_680_000, 12, [140_000] * 12),
        (70_000, 6, [11_667] * 5 + [11_665]),
        (100, 3, [33, 33, 34]),
        (101, 3, [34, 34, 33]),
        (5, 12, [0] * 11 + [5]),
        (7, 12, [1] * 7 + [0] * 5),
        (0, 12, [0] * 12),
        (1, 1, [1]),
    ],
)
def test_the_last_part_takes_the_remainder(pence: int, parts: int, expected: list[int]) -> None:
    assert shares(pence, parts) == expected


def test_or_the_first_does() -> None:
    assert shares(100, 3, "first") == [34, 33, 33]
    assert shares(70_000, 6, "first") == [11_665] + [11_667] * 5


def test_rounded_down_the_last_is_the_largest() -> None:
    assert shares(70_000, 6, "last", "down") == [11_666] * 5 + [11_670]
    assert shares(11, 12, "last", "down") == [0] * 11 + [11]


def test_parts_of_nothing_are_not_due() -> None:
    days: list[date | None] = [date(2024, 4, 30), date(2024, 5, 31), None]
    assert [(due.day, due.pence) for due in on_days([3, 0, 4], days, "recovery")] == [
        (date(2024, 4, 30), 3),
        (None, 4),
    ]


def test_recoveries_end_within_their_months() -> None:
    """Over no more than six months from the date of notification."""
    days = recovery_days(date(2025, 8, 31), 6)
    assert [str(day) for day in days] == [
        "2025-09-30",
        "2025-10-31",
        "2025-11-30",
        "2025-12-31",
        "2026-01-31",
        "2026-02-28",
    ]
    assert recovery_days(None, 2) == [None, None]
