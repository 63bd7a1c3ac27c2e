"""The forms of consent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from remit.service.organisations.forms import Code, Reasoned
from remit.service.organisations.models import Organisation
from remit.service.web.days import Day


class Give(forms.Form):
    """To whom, and for which days."""

    to = forms.ChoiceField(
        label="Who may see your counts",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who may see your counts."},
    )
    since = Day(label="First day", help_text="Figures of this day and of later days are shared. For example, 1/4/2024")
    until = Day(label="Last day", required=False, help_text="Leave it empty where it goes on until you withdraw it.")

    def __init__(self, *args: Any, to: Sequence[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [(one.code, str(one)) for one in to]  # type: ignore[attr-defined]


class Paper(Reasoned):
    """A form that a practice signed on paper."""

    practice = Code(label="Code of the practice", error_messages={"required": "Enter the code of the practice."})
    since = Day(label="First day")
    until = Day(label="Last day", required=False, help_text="Leave it empty where the form names none.")
    evidence = forms.CharField(
        max_length=500,
        label="The signed form",
        help_text="Who signed it, when, and where it is kept.",
        error_messages={"required": "Enter who signed the form, when, and where it is kept."},
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class Withdraw(Reasoned):
    """From which day on nothing more is shared."""

    day = Day(label="First day on which nothing more is shared")
