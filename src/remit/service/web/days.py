"""A day in an address: `<day:since>` of 2025-03-31."""

from __future__ import annotations

from datetime import date

from django.urls import register_converter

DAY = "day"
"""The converter's name: whoever imports it has it registered."""


class DayConverter:
    """A day as ISO 8601 writes it."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()


register_converter(DayConverter, DAY)
