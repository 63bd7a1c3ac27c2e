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


def moment(value: datetime) -> str:
    """`31 March 2025 at 14:05`, by the clock of the United Kingdom."""
    local = timezone.localtime(value)
    return f"{say.day(local.date())} at {local:%H:%M}"
