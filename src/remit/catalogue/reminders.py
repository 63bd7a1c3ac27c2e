"""Which reviews are due: overdue, under way, or beginning within so many months of a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from remit.catalogue.model import Service
from remit.core.dates import add_months
from remit.core.problems import refuse

Standing = Literal["overdue", "under way", "due", "later"]
_MOST_MONTHS = 1200


@dataclass(frozen=True)
class Reminder:
    """A service's review as it stands on a day."""

    service: Service
    on: date
    standing: Standing

    @property
    def days(self) -> int:
        """Days since its last day (overdue), to its last day (under way) or to its first day (due, later)."""
        review = self.service.review
        if self.standing == "overdue":
            return (self.on - review.to).days
        return ((review.to if self.standing == "under way" else review.from_) - self.on).days

    @property
    def said(self) -> str:
        """`overdue by 1 day`, `due today`, `due, 41 days left`, `due in 12 days`."""
        days = f"{self.days:,} day{'' if self.days == 1 else 's'}"
        if self.standing == "overdue":
            return f"overdue by {days}"
        if self.standing == "under way":
            return f"due, {days} left" if self.days else "due today"
        return f"due in {days}"


def reminder(service: Service, on: date, months: int) -> Reminder:
    """A review is overdue from the day after its last day, and due when its first day is within `months` months."""
    review = service.review
    standing: Standing
    if review.to < on:
        standing = "overdue"
    elif review.from_ <= on:
        standing = "under way"
    elif review.from_ <= months_after(on, months):
        standing = "due"
    else:
        standing = "later"
    return Reminder(service, on, standing)


def reminders(services: Iterable[Service], on: date, months: int) -> list[Reminder]:
    """The reviews that are overdue, under way or due within `months` months of `on`, the earliest first."""
    all_ = (reminder(service, on, months) for service in services)
    return sorted((r for r in all_ if r.standing != "later"), key=_order)


def months_after(on: date, months: int) -> date:
    """The last day that is within `months` months of `on`. Raises Refused where the calendar ends before it."""
    if not 0 <= months <= _MOST_MONTHS or on.year > 9000:
        raise refuse(
            "catalogue.months-out-of-range",
            f"{months} months after {on} is not a number of months to look ahead.",
            None,
            "Such as 3.",
            months=months,
            on=on,
        )
    return add_months(on, months)


def _order(reminder: Reminder) -> tuple[date, date, str]:
    review = reminder.service.review
    return review.to, review.from_, reminder.service.service
