"""A person of the deck as the statements by hand see them: days by cluster, and the windows of a year that ends on 31
March, as the days from which they count. Nothing of Remit's rules stands behind it.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from remit.records.model import Event, Patient


class Person:
    """Somebody on the last day of a year."""

    def __init__(self, patient: Patient, year_end: date) -> None:
        self.patient, self.end = patient, year_end
        self.events = [event for event in patient.events if event.date <= year_end]
        stays = [s for s in patient.registrations if s.start <= year_end and (s.end is None or s.end >= year_end)]
        self.listed = bool(stays)
        self.joined = max((stay.start for stay in stays), default=date.max)

    def since(self, months: int) -> date:
        """The first day of so many months that end with the year: 12 are from 1 April, 9 from 1 July."""
        count = self.end.year * 12 + 3 - months  # April is month 3 from 0
        return date(count // 12, count % 12 + 1, 1)

    def of(self, *clusters: str) -> list[Event]:
        return [event for event in self.events if set(event.code.split("/")) & set(clusters)]

    def days(self, *clusters: str) -> list[date]:
        return sorted(event.date for event in self.of(*clusters))

    def ever(self, *clusters: str) -> bool:
        return bool(self.of(*clusters))

    def first(self, *clusters: str) -> date | None:
        return min(self.days(*clusters), default=None)

    def last(self, *clusters: str) -> date | None:
        return max(self.days(*clusters), default=None)

    def within(self, months: int, *clusters: str) -> bool:
        return any(day >= self.since(months) for day in self.days(*clusters))

    def new_here(self, months: int) -> bool:
        return self.joined >= self.since(months)

    def diagnosed_within(self, months: int, *clusters: str) -> bool:
        first = self.first(*clusters)
        return first is not None and first >= self.since(months)

    def age(self, on: date | None = None) -> int:
        day, born = on or self.end, self.patient.born
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))

    def unresolved(self, diagnosis: str, *ends: str, same_day: bool = False) -> bool:
        """Whether no end follows the latest diagnosis; with `same_day` one on its day ends it too."""
        last = self.last(diagnosis)
        return last is not None and not any(
            day > last or (same_day and day == last) for end in ends for day in self.days(end)
        )

    def invited(self, cluster: str) -> date | None:
        """The first invitation of the year, where another follows it after seven days or more."""
        those = [day for day in self.days(cluster) if day >= self.since(12)]
        return those[0] if those and those[-1] >= those[0] + timedelta(7) else None

    def values(self, cluster: str, day: date | None, unit: str | None = None) -> list[Decimal]:
        """The values on a day: where a unit is named those in it, and those without one."""
        return [
            event.value
            for event in self.of(cluster)
            if event.date == day and event.value is not None and (unit is None or event.unit in (unit, ""))
        ]

    def pressure(self, home: bool) -> tuple[date, Decimal, Decimal] | None:
        """The latest blood pressure of both halves; of several on a day the lowest."""
        top, bottom = ("HOMEBPSYS_COD", "HOMEBPDIA_COD") if home else ("BPSYS_COD", "BPDIA_COD")
        found = [
            (high.date, -high.value, -low.value)
            for high in self.of(top)
            for low in self.of(bottom)
            if (high.date, high.reading) == (low.date, low.reading) and high.value is not None and low.value is not None
        ]
        if not found:
            return None
        day, high, low = max(found)
        return day, -high, -low


EXCLUDED = "exclusion {}".format
PCA = "PCA {}".format
ACHIEVED, MISSED, OUTSIDE = "achieved", "not achieved", "outside"


def decided(*steps: tuple[object, str]) -> str:
    """The word of the first step that holds; the last one's where none does."""
    return next((word for holds, word in steps if holds), MISSED)
