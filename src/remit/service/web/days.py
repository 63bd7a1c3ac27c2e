"""A day in an address, `<day:since>` of 2025-03-31; and in a form, as people write it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
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


class Day(forms.DateField):
    """A day as people write it; shown as it is typed in the United Kingdom. Every form has its days by this field."""

    default_error_messages = {"invalid": "Write the day as 31/3/2025.", "required": "Enter a day."}  # noqa: RUF012

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            input_formats=["%d/%m/%Y", "%d/%m/%y", "%Y-%m-%d", "%d %B %Y"],
            widget=forms.DateInput(format="%d/%m/%Y", attrs={"autocomplete": "off"}),
            **kwargs,
        )

    def prepare_value(self, value: Any) -> Any:
        """A day that is known already stands there as people write it."""
        return f"{value.day}/{value.month}/{value.year}" if isinstance(value, date) else value
