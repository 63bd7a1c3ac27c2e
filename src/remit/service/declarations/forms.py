"""The forms of declarations: what is declared, its evidence, the steps, and what a list shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from remit.application.declared_figures import NumberAsked
from remit.contract.declaration import State
from remit.contract.limits import Risk
from remit.service.declarations.evidence import ENDINGS, LARGEST
from remit.service.declarations.models import DeclarationFile
from remit.service.declarations.services import Numbers
from remit.service.web.line import Line


class _Words(forms.CharField):
    widget = forms.Textarea(attrs={"rows": 3})

    def __init__(self, **more: Any) -> None:
        super().__init__(max_length=4000, **more)


class _Shown(forms.Form):
    """A form that names the numbers that its page shows."""

    sha256 = forms.CharField(widget=forms.HiddenInput)
    pence = forms.IntegerField(widget=forms.HiddenInput)

    @property
    def numbers(self) -> Numbers:
        """The numbers that were shown."""
        return Numbers(self.cleaned_data["sha256"], self.cleaned_data["pence"])


class DeclareForm(_Shown):
    """The practice confirms the numbers of a page. `figures` and `entered` say which."""

    figures = forms.IntegerField(widget=forms.HiddenInput)
    entered = forms.IntegerField(widget=forms.HiddenInput, required=False)
    words = _Words(label="What you want to say to them (optional)", required=False)
    right = forms.BooleanField(
        label="I have looked at these numbers, and declare them for the practice",
        error_messages={"required": "Confirm that you have looked at the numbers."},
    )
    earlier = forms.MultipleChoiceField(
        label="Evidence of earlier declarations that goes with this one too", required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    field_order = ("sha256", "pence", "figures", "entered", "earlier", "words", "right")

    def __init__(self, earlier: Sequence[DeclarationFile], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = {str(one.pk): one for one in earlier}
        if not self.offered:
            del self.fields["earlier"]
            return
        choices = [(pk, f"{one.name}: {one.shows}") for pk, one in self.offered.items()]
        self.fields["earlier"].choices = choices  # type: ignore[attr-defined]

    @property
    def chosen(self) -> list[DeclarationFile]:
        """The files of earlier declarations whose boxes were ticked."""
        return [self.offered[pk] for pk in self.cleaned_data.get("earlier", ())]


class EvidenceForm(forms.Form):
    """A file of evidence."""

    file = forms.FileField(
        label="File",
        help_text=f"{', '.join(one[1:].upper() for one in ENDINGS)}; at most {LARGEST >> 20} MB",
        error_messages={"required": "Choose a file.", "empty": "The file is empty. Choose another."},
    )
    shows = Line(
        label="What it shows", max_length=500, error_messages={"required": "Say what the file shows."},
    )  # fmt: skip
    confirmed = forms.BooleanField(
        label="Nothing of a patient is in it: no name, number, birth date, address or picture",
        error_messages={"required": "Confirm that nothing of a patient is in the file."},
    )


def _about(one: NumberAsked) -> str:
    """What a number is about, in few words."""
    return ", ".join(part for part in (one.title or one.question, one.when) if part)


class NumbersForm(forms.Form):
    """Numbers that no record can tell, each with why; what stays empty is not declared."""

    def __init__(self, asked: Sequence[NumberAsked], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = list(asked)
        for n, one in enumerate(self.asked):
            label = one.question
            if one.is_answer:
                choices = [("", "Not said"), ("1", "Yes"), ("0", "No")]
                self.fields[f"value-{n}"] = forms.ChoiceField(choices=choices, label=label, required=False)
            else:
                self.fields[f"value-{n}"] = Line(label=label, required=False, max_length=9)
            self.fields[f"why-{n}"] = Line(
                label=f"Why, or from where you have it: {_about(one)}", required=False, max_length=1000
            )

    @property
    def rows(self) -> list[dict[str, str]]:
        """What was entered."""
        data = self.cleaned_data
        return [
            {"key": one.key, "value": data[f"value-{n}"], "why": data[f"why-{n}"]}
            for n, one in enumerate(self.asked)
            if data[f"value-{n}"]
        ]

    def clean(self) -> dict[str, Any]:
        """Every number has its reason; at least one is entered."""
        data = self.cleaned_data
        for n, one in enumerate(self.asked):
            value, why = data.get(f"value-{n}", ""), data.get(f"why-{n}", "")
            if value and not why:
                self.add_error(f"why-{n}", f"Say why, or from where you have it: {_about(one)}.")
            if value and not (value.isascii() and value.isdigit()):
                self.add_error(f"value-{n}", f"{_about(one)}: enter a whole number, 0 or more.")
            if why and not value and f"value-{n}" not in self.errors:
                self.add_error(f"value-{n}", f"{_about(one)}: enter the number that you give a reason for.")
        if not self.errors and not any(data.get(f"value-{n}") for n in range(len(self.asked))):
            raise forms.ValidationError("Enter at least one number, or declare the figures as they are.")
        return data


class WordsForm(_Shown):
    """A step that may be explained."""

    words = _Words(label="What you want to say (optional)", required=False)


class ReviewForm(_Shown):
    """What was looked at."""

    words = _Words(label="What you looked at", error_messages={"required": "Say what you looked at."})


class ReasonForm(_Shown):
    """What has to change."""

    words = _Words(label="What has to change", error_messages={"required": "Say what has to change."})


class FilterForm(forms.Form):
    """What a list shows."""

    state = forms.ChoiceField(
        label="State", required=False,
        choices=[("waiting", "Those that wait"), ("", "All"), *((one.value, one.value.capitalize()) for one in State)],
    )  # fmt: skip
    risk = forms.ChoiceField(
        label="Risk", required=False, choices=[("", "All"), *((one.value, one.value.capitalize()) for one in Risk)]
    )
    scheme = forms.ChoiceField(label="Scheme", required=False)

    def __init__(self, schemes: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scheme"].choices = [("", "All"), *schemes]  # type: ignore[attr-defined]
