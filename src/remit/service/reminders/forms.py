"""The form of when a commissioner's things are due, and reminded of."""

from __future__ import annotations

from django import forms


def _days(label: str, help_text: str, most: int) -> forms.IntegerField:
    wrong = f"Give a number of days from 0 to {most}."
    return forms.IntegerField(
        label=label, help_text=help_text, min_value=0, max_value=most,
        error_messages={"required": wrong, "invalid": wrong, "min_value": wrong, "max_value": wrong},
    )  # fmt: skip


class TimingForm(forms.Form):
    """Days before and after, and the days after a scheme's year."""

    days_before = _days("Remind so many days before", "The first reminder of each thing, from 0 to 60", 60)
    days_after = _days("Remind again so many days after", "Of what is late then, from 0 to 60", 60)
    by_email = forms.BooleanField(
        label="Send reminders by e-mail", required=False, help_text="The first page reminds in any case"
    )
    declare_within = _days("Declarations are due so many days after the year", "30 is 30 April", 366)
    review_within = _days("Evidence is reviewed within so many days after the year", "61 is 31 May", 366)
    close_within = _days("A year is closed within so many days after it", "91 is 30 June", 366)
