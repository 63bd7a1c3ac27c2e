"""The form that figures come in by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from remit.core import say
from remit.service.register.models import SchemeVersion
from remit.service.web.days import Day


class ArrivalForm(forms.Form):
    """The files, what they are of, and what the run needs beside them."""

    scheme = forms.ChoiceField(label="Scheme", error_messages={"required": "Choose the scheme."})
    day = Day(label="Day that the figures are of", help_text="The last day that is counted, for example 31/3/2025")
    practices = forms.FileField(
        label="Practices",
        help_text="practices.csv: a row for each practice, with its lists",
        error_messages={"required": "Choose the file of practices.", "empty": "The file of practices is empty."},
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )
    counts = forms.FileField(
        label="Counts",
        help_text="counts.csv: a row for each practice, indicator and measure. No patients.",
        error_messages={"required": "Choose the file of counts.", "empty": "The file of counts is empty."},
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )
    national = forms.FileField(
        label="National figures (if the scheme needs them)",
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )
    settings = forms.CharField(
        label="Settings (if the register has none)",
        help_text="One a line, as name=value",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    reason = forms.CharField(
        label="Why these figures replace earlier ones of the same day (if they do)",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, versions: Sequence[SchemeVersion], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.versions = {str(one.pk): one for one in versions}
        choices = [(key, f"{one.title or one.scheme_id}, version {one.version}") for key, one in self.versions.items()]
        self.fields["scheme"].choices = choices  # type: ignore[attr-defined]

    def clean_settings(self) -> dict[str, str]:
        """The settings by name."""
        found = {}
        for line in self.cleaned_data["settings"].splitlines():
            name, equals, value = line.partition("=")
            if line.strip() and not (equals and name.strip()):
                raise forms.ValidationError(f"“{say.clean(line)[:40]}” is not written as name=value.")
            if line.strip():
                found[name.strip()] = value.strip()
        return found


class DueForm(forms.Form):
    """By which day of the next month a month's figures are expected."""

    day = forms.IntegerField(
        label="Day of the next month",
        help_text="From 1 to 28",
        min_value=1,
        max_value=28,
        error_messages={
            "required": "Give the day, from 1 to 28.",
            "invalid": "Give the day as a number from 1 to 28.",
            "min_value": "Give a day from 1 to 28.",
            "max_value": "Give a day from 1 to 28.",
        },
    )
