"""The forms of the register. Whose a version is, its state and its authors are never among their fields."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from remit.application.new import kinds
from remit.application.schemes import evaluate as schemes
from remit.core.dates import SchemeYear
from remit.service.register.text import LARGEST, is_id, settings_lines, settings_of
from remit.service.web.days import Day
from remit.service.web.line import Line

_ID_HINT = "Small letters, digits and hyphens, such as our-scheme-2025-26."


class SchemeFile(forms.FileField):
    """A scheme's file, no larger than one can be."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            widget=forms.FileInput(attrs={"accept": ".yaml,.yml"}),
            error_messages={"required": "Choose a file.", "empty": "The file is empty."},
            max_length=200,
            **options,
        )

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if isinstance(file, UploadedFile) and (file.size or 0) > LARGEST:
            raise forms.ValidationError(
                f"The file has {file.size:,} bytes. A scheme has {LARGEST:,} at most: is it the right file?"
            )
        return file


class SchemeId(Line):
    """A scheme's id."""

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and not is_id(value):
            tidy = re.sub(r"[^a-z0-9]+", "-", value.lower()).strip("-")[:60]
            raise forms.ValidationError(f"This is not an id. {_ID_HINT if not tidy else f'Such as {tidy}.'}")


class UploadForm(forms.Form):
    """To begin with a file."""

    file = SchemeFile(label="The scheme's file", help_text="A YAML file. It is kept exactly as it is.")
    scheme_id = SchemeId(
        label="The scheme's id, if the file does not say it", required=False, max_length=60, help_text=_ID_HINT
    )


class LibraryForm(forms.Form):
    """To begin with a scheme that ships."""

    scheme = forms.ChoiceField(label="Scheme", error_messages={"required": "Choose a scheme."})

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["scheme"].choices = [  # type: ignore[attr-defined]
            ("", "Choose a scheme"),
            *((one.scheme, f"{one.title} ({one.scheme})") for one in schemes()),
        ]


class TemplateForm(forms.Form):
    """To begin with a template."""

    kind = forms.ChoiceField(label="How it pays", error_messages={"required": "Choose how it pays."})
    scheme_id = SchemeId(
        label="The scheme's id", max_length=60, help_text=_ID_HINT, error_messages={"required": "Give it an id."}
    )
    title = Line(label="Title", max_length=200, required=False)
    year = Line(label="Year", max_length=7, help_text="Such as 2025-26.")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            (one.name, f"{one.name}: {one.about}") for one in kinds()
        ]

    def clean_year(self) -> SchemeYear:
        """The year."""
        try:
            return SchemeYear.parse(self.cleaned_data["year"].strip())
        except ValueError:
            raise forms.ValidationError("Write the year as 2025-26.") from None


class SettingsField(forms.CharField):
    """Names and values, one of each a line."""

    def __init__(self) -> None:
        super().__init__(
            label="Settings",
            required=False,
            widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
            help_text="What the scheme leaves open, one name=value a line. They are approved with the text.",
        )

    def prepare_value(self, value: Any) -> Any:
        return settings_lines(value) if isinstance(value, dict) else value

    def to_python(self, value: Any) -> Any:
        try:
            return settings_of(super().to_python(value) or "")
        except ValueError as wrong:
            raise forms.ValidationError(str(wrong)) from None

    def validate(self, value: Any) -> None:
        """No settings are settings too."""

    def run_validators(self, value: Any) -> None:
        """They are checked against the scheme, with the text."""


class DraftForm(forms.Form):
    """A draft's text, its settings, and what it was when it was opened."""

    text = forms.CharField(label="The scheme's text", strip=False, error_messages={"required": "The text is empty."})
    settings = SettingsField()
    based_on = forms.CharField(widget=forms.HiddenInput, max_length=64)


class ReplaceForm(forms.Form):
    """Another file in place of a draft's text."""

    file = SchemeFile(label="Another file in its place", help_text="It is kept exactly as it is.")
    based_on = forms.CharField(widget=forms.HiddenInput, max_length=64)


class StepForm(forms.Form):
    """A step without words."""

    based_on = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)


class CommentForm(StepForm):
    """An approval: what was checked."""

    words = forms.CharField(
        label="What you checked", widget=forms.Textarea(attrs={"rows": 3}), max_length=2000,
        error_messages={"required": "Say what you checked."},
    )  # fmt: skip


class ReasonForm(StepForm):
    """What has to change, where a version is sent back."""

    words = forms.CharField(
        label="What has to change", widget=forms.Textarea(attrs={"rows": 3}), max_length=2000,
        error_messages={"required": "Say what has to change."},
    )  # fmt: skip


class PublishForm(StepForm):
    """The day from which a version holds."""

    day = Day(label="From which day it holds", help_text="A day of its year, for example 1/4/2025")


class NewVersionForm(forms.Form):
    """Why a published version is to be followed by another."""

    reason = forms.CharField(
        label="Why there is to be a new version", widget=forms.Textarea(attrs={"rows": 3}), max_length=2000,
        help_text="Everybody who may see the scheme reads this.",
        error_messages={"required": "Say why there is to be a new version."},
    )  # fmt: skip


class FiguresForm(forms.Form):
    """The figures over which two versions are priced."""

    practices = forms.FileField(
        label="Practices", help_text="A CSV file, as for remit run.",
        error_messages={"required": "Choose the file of practices.", "empty": "The file of practices is empty."},
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )  # fmt: skip
    counts = forms.FileField(
        label="Counts", help_text="A CSV file, as for remit run. No patients.",
        error_messages={"required": "Choose the file of counts.", "empty": "The file of counts is empty."},
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )  # fmt: skip
