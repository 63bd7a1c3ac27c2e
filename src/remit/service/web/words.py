"""How values stand in a page: pounds, days and moments, as every document says them."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from remit.core import say


def pounds(pence: int | None) -> str:
    """Whole pence in pounds; what is not known is not shown as nought."""
    return "not known" if pence is None else say.money(pence)


def day(value: date) -> str:
    """`31 March 2025`."""
    return say.day(value)


def short_day(value: date) -> str:
    """`31 Mar 2025`, where there is little room."""
    return say.short_day(value)


def gain(pence: int) -> str:
    """Whole pence in pounds with their sign: `+£300.00`."""
    return say.gain(pence)


def grouped(working: str) -> str:
    """A calculation with its thousands separated: `80% × (£2.10 × 10,000)`."""
    return say.grouped(working)


def month_name(month: date) -> str:
    """`May 2024`."""
    return say.month(month)


def moment(value: datetime) -> str:
    """`31 March 2025 at 14:05`, by the clock of the United Kingdom."""
    local = timezone.localtime(value)
    return f"{say.day(local.date())} at {local:%H:%M}"
