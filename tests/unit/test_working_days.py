"""Working days of section 10(6) of the Freedom of Information Act 2000, counted by hand from the calendar."""

from __future__ import annotations

from datetime import date

import pytest

from remit.catalogue.working_days import is_working_day, working_day_after, working_days_between


@pytest.mark.parametrize(
    ("received", "count", "last"),
    [
        # 20-23 May are 4, 27-30 May 8 (26 May is a bank holiday), 2-6 June 13, 9-13 June 18, 16 and 17 June
        (date(2025, 5, 19), 20, date(2025, 6, 17)),
        # 22-23 May 2, 27-30 May 6, June 2-6 11, 9-13 16, 16-20 21, 23-27 26, 30 June-4 July 31, 7-11 July 36;
        # 14 July is a bank holiday in Northern Ireland (12 July is a Saturday); 15-18 July 40
        (date(2025, 5, 21), 40, date(2025, 7, 18)),
        # received on a Saturday: Monday is the first
        (date(2025, 6, 7), 1, date(2025, 6, 9)),
        # 25, 26 December, 1 January and, in Scotland, 2 January are none: 24, 29, 30, 31 December, 5 January
        (date(2025, 12, 23), 5, date(2026, 1, 5)),
        # Good Friday 18 April and Easter Monday 21 April 2025
        (date(2025, 4, 17), 1, date(2025, 4, 22)),
        # 17 March (Northern Ireland) is none in England either
        (date(2025, 3, 14), 1, date(2025, 3, 18)),
        # Summer bank holiday in Scotland, 4 August 2025
        (date(2025, 8, 1), 1, date(2025, 8, 5)),
        # 31 August 2026, the last Monday of August
        (date(2026, 8, 28), 1, date(2026, 9, 1)),
    ],
)
def test_the_last_day_by_hand(received: date, count: int, last: date) -> None:
    assert working_day_after(received, count) == last
    assert working_days_between(received, last) == count


def test_the_day_of_receipt_never_counts() -> None:
    assert working_days_between(date(2025, 6, 2), date(2025, 6, 2)) == 0
    assert working_days_between(date(2025, 6, 2), date(2025, 6, 3)) == 1


def test_a_day_that_is_none_belongs_to_the_count_up_to_it() -> None:
    assert working_days_between(date(2025, 5, 19), date(2025, 5, 26)) == 4  # 20 to 23 May; then a weekend and a holiday


def test_a_proclaimed_bank_holiday_can_be_given() -> None:
    further = {date(2025, 6, 17)}
    assert not is_working_day(date(2025, 6, 17), further)
    assert working_day_after(date(2025, 5, 19), 20, further) == date(2025, 6, 18)
