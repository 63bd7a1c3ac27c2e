"""The forms of the books."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms

from remit.contract.adjustment import Step
from remit.service.offers.models import Participation, SchemeYear
from remit.service.organisations.models import Organisation
from remit.service.web.days import Day

_WORDS = {
    Step.APPROVE: "Approve it: it is entered in the books",
    Step.REFUSE: "Refuse it",
    Step.TAKE_BACK: "Take it back",
}


class DaysForm(forms.Form):
    """From which day to which, both counted."""

    since = Day(label="From")
    until = Day(label="To")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        since, until = data.get("since"), data.get("until")
        if since and until and since > until:
            self.add_error("until", "This day is before the first. Choose a later one.")
        return data


class AccrualForm(forms.Form):
    """The day of an accrual, and one before it to say what moved since."""

    day = Day(label="Day", help_text="The accrual at the end of this day")
    before = Day(label="What moved since (if you like)", required=False, help_text="An earlier day")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        day, before = data.get("day"), data.get("before")
        if day and before and before >= day:
            self.add_error("before", "Choose a day before the day of the accrual.")
        return data


class AdjustmentForm(forms.Form):
    """An amount for a practice, or against it, with its reason."""

    year = forms.ChoiceField(label="Scheme", error_messages={"required": "Choose the scheme."})
    practice = forms.CharField(
        label="Code of the practice", max_length=40, error_messages={"required": "Enter the code of the practice."}
    )
    pounds = forms.DecimalField(
        label="Amount in pounds",
        help_text="For example 250.00. Below zero, the practice is to pay it: -250.00",
        max_digits=11,
        decimal_places=2,
        error_messages={"required": "Enter the amount.", "invalid": "Write the amount as 250.00 or -250.00."},
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    day = Day(label="Day", help_text="In a month whose books are open, for example 31/7/2024")
    reason = forms.CharField(
        label="Reason",
        help_text="The practice reads it",
        max_length=2000,
        error_messages={"required": "Say why the amount is adjusted."},
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, years: Sequence[SchemeYear], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.years = {str(one.pk): one for one in years}
        choices = [(key, str(one)) for key, one in self.years.items()]
        self.fields["year"].choices = choices  # type: ignore[attr-defined]

    def clean_pounds(self) -> int:
        """The amount in pence."""
        pounds: Decimal = self.cleaned_data["pounds"]
        if not pounds:
            raise forms.ValidationError("Enter an amount other than zero.")
        return int(pounds * 100)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        year, code = self.years.get(data.get("year", "")), str(data.get("practice", "")).strip()
        if year is not None and code:
            parts = Participation.objects.filter(scheme_year=year, practice__code__iexact=code)
            data["of"] = Organisation.objects.filter(pk__in=parts.values("practice")).first()
            if data["of"] is None:
                self.add_error("practice", f"No practice with this code was offered a part in {year}.")
        return data


class DecisionForm(forms.Form):
    """What to do with an adjustment; a refusal says why."""

    step = forms.ChoiceField(
        label="What do you decide?", widget=forms.RadioSelect, error_messages={"required": "Choose what you decide."}
    )
    words = forms.CharField(
        label="Reason (if you refuse it)", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, steps: Sequence[Step], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["step"].choices = [(one.value, _WORDS[one]) for one in steps]  # type: ignore[attr-defined]
        if Step.REFUSE not in steps:
            del self.fields["words"]
