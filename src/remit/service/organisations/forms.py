"""The forms of organisations. Each change asks for its reason."""

from __future__ import annotations

from typing import Any

from django import forms

from remit.service.organisations.models import KINDS, NETWORK, PLACE, PRACTICE, Organisation
from remit.service.web.days import Day
from remit.service.web.line import Line


class Code(Line):
    """The code of an organisation, in capitals."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=20, **kwargs)

    def clean(self, value: Any) -> str:
        """Without blanks around it."""
        return str(super().clean(value)).upper()


class Reasoned(forms.Form):
    """A change with its reason."""

    reason = forms.CharField(
        max_length=500,
        help_text="It is kept in the audit log. Write nothing about a patient.",
        error_messages={"required": "Enter a reason."},
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    field_order: list[str] | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields([name for name in self.fields if name != "reason"] + ["reason"])


class Import(forms.Form):
    """A map and the day from which it holds."""

    file = forms.FileField(
        label="File",
        help_text="The NHS practice map as published, or a table of your own. A CSV file of at most 5 MB.",
        error_messages={"required": "Choose a file.", "empty": "The file is empty."},
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )
    day = Day(label="First day on which it holds")


class Confirm(Reasoned):
    """That the difference was read."""

    read = forms.CharField(widget=forms.HiddenInput)


class Add(Reasoned):
    """A new organisation below another."""

    code = Code(label="Code (ODS)", error_messages={"required": "Enter its code."})
    name = Line(max_length=200, label="Name", error_messages={"required": "Enter its name."})
    kind = forms.ChoiceField(
        label="Kind",
        choices=[(kind, title) for kind, title in KINDS if kind in (PLACE, NETWORK, PRACTICE)],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what it is."},
    )
    since = Day(label="First day")


class Correct(Reasoned):
    """A name or days that were recorded wrongly."""

    name = Line(max_length=200, label="Name", error_messages={"required": "Enter its name."})
    opened = Day(label="Day on which it opened", required=False)
    closed = Day(label="Last day", required=False, help_text="Leave it empty where it is open.")


class Rename(Reasoned):
    """A new name from a day on."""

    name = Line(max_length=200, label="New name", error_messages={"required": "Enter its new name."})
    day = Day(label="First day of the new name")


class ListSizeOf(Reasoned):
    """How many people a practice had on a day."""

    people = forms.IntegerField(
        label="People on its list", min_value=0, max_value=1_000_000,
        error_messages={
            "required": "Enter how many people are on its list.", "invalid": "Write a whole number, such as 10500.",
        },
    )  # fmt: skip
    day = Day(label="Day on which they were counted")
    source = Line(
        max_length=200, label="Where the number is from", help_text="For example: NHS England, patients registered",
        error_messages={"required": "Say where the number is from."},
    )  # fmt: skip


class Move(Reasoned):
    """Another parent from a day on."""

    parent = Code(
        label="Code of the network, place or commissioner",
        help_text="It takes the place of the one of its kind that it belongs to until then.",
        error_messages={"required": "Enter the code of the organisation that it moves to."},
    )
    day = Day(label="First day there")


class Leave(Reasoned):
    """The last day of a membership."""

    last = Day(label="Last day there")


class Close(Reasoned):
    """The last day of an organisation."""

    last = Day(label="Last day")


class Merge(Reasoned):
    """Who takes over, and from which day."""

    successor = Code(
        label="Code of the organisation that takes over",
        error_messages={"required": "Enter the code of who takes over."},
    )
    name = Line(
        max_length=200,
        label="Name of the new commissioner",
        required=False,
        help_text="Only where commissioners become one that does not exist yet.",
    )
    day = Day(label="First day of the merged organisation")

    def __init__(self, *args: Any, of: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if of.kind != "commissioner":
            del self.fields["name"]


class CorrectMembership(Reasoned):
    """The days of a membership that were recorded wrongly."""

    since = Day(label="First day")
    until = Day(label="Last day", required=False, help_text="Leave it empty where it goes on.")
    never = forms.BooleanField(label="It never belonged there: take the entry away", required=False)


class Undo(Reasoned):
    """Why a merger was a mistake."""
