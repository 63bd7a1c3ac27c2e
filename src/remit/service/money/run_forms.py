"""The forms of payment runs and of recovery plans."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from remit.core.dates import add_months
from remit.service.money.ledger import month_name
from remit.service.web.days import Day

_REASON = {"required": "Say why, in a few words."}


class PrepareForm(forms.Form):
    """Which month, and on which day it is paid."""

    month = forms.ChoiceField(
        label="Month",
        help_text="All that is due by its end is paid, with what was not paid before",
        error_messages={"required": "Choose the month."},
    )
    pay_on = Day(label="Day to pay on", help_text="For example 28/5/2025")

    def __init__(self, today: date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        months = [add_months(today.replace(day=1), n) for n in (1, 0, -1, -2)]
        choices = [(month.isoformat(), month_name(month)) for month in months]
        self.fields["month"].choices = choices  # type: ignore[attr-defined]
        self.fields["month"].initial = months[1].isoformat()

    def clean_month(self) -> date:
        """The first day of the month."""
        return date.fromisoformat(self.cleaned_data["month"])


class CancelForm(forms.Form):
    """Why a run is cancelled."""

    words = forms.CharField(
        label="Why it is cancelled", error_messages=_REASON, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )


class PlanForm(forms.Form):
    """How long a practice has to pay back."""

    months = forms.IntegerField(
        label="Months",
        min_value=1,
        max_value=120,
        error_messages={
            "required": "Give the number of months.",
            "invalid": "Give the months as a number.",
            "min_value": "A plan has at least one month.",
            "max_value": "A plan has 120 months at most.",
        },
    )
    exceptional = forms.CharField(
        label="Exceptional circumstances (if it takes longer than the scheme allows)",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    reason = forms.CharField(
        label="Why this plan takes the place of the one that is proposed (if there is one)",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class RefuseForm(forms.Form):
    """Why a practice refuses a plan."""

    words = forms.CharField(
        label="Why the plan is refused", error_messages=_REASON, max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
