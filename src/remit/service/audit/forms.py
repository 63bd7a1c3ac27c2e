"""What a reader of the audit log can ask for, and how a reason that goes into it is checked."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from remit.core.nhs_numbers import holds_nhs_number
from remit.service.audit import reading
from remit.service.audit.events import EVENTS
from remit.service.audit.sentences import title
from remit.service.web.days import Day
from remit.service.web.line import Line

_FIRST, _LAST = date(2000, 1, 1), date(2100, 12, 31)


def no_patient(text: str) -> None:
    """For any field whose text goes into the log. Raises ValidationError where it holds an NHS number."""
    if holds_nhs_number(text):
        raise ValidationError("This holds an NHS number. Say it without: the audit log holds nothing of a patient.")


class Filters(forms.Form):
    """Which entries are shown; whatever is left empty leaves none out."""

    who = Line(label="Name or role", max_length=200, required=False)
    event = forms.ChoiceField(label="What was done", required=False)
    organisation = forms.ChoiceField(label="Organisation", required=False)
    since = Day(label="From", required=False)
    until = Day(label="To", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        events = sorted((title(event), event) for event in EVENTS)
        choices = [(one.code, one.name) for one in reading.organisations()]
        for name, those in (("event", [(event, text) for text, event in events]), ("organisation", choices)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", "All"), *those]

    def clean(self) -> dict[str, Any]:
        """Days that a calendar has, in their order."""
        given = self.cleaned_data
        for name in ("since", "until"):
            if given.get(name) and not _FIRST <= given[name] <= _LAST:
                self.add_error(name, f"Give a day from {_FIRST.year} to {_LAST.year}.")
        if given.get("since") and given.get("until") and given["until"] < given["since"]:
            self.add_error("until", "The last day is before the first.")
        return given

    @property
    def wanted(self) -> reading.Wanted:
        """What was asked for, of what can be read."""
        return reading.Wanted(**{name: value for name, value in self.cleaned_data.items() if value})
