"""The forms of offers and answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from remit.contract.limits import Limits
from remit.core import say
from remit.service.organisations.forms import Reasoned
from remit.service.organisations.models import NETWORK, PLACE, Organisation
from remit.service.register.models import SchemeVersion
from remit.service.web.days import Day
from remit.service.web.line import Line

ALL, AREA, NAMED = "all", "area", "named"
_MOST_CODES = 200_000


class Pick(forms.Form):
    """Which scheme is offered."""

    scheme = forms.ChoiceField(
        label="Which scheme do you offer?", widget=forms.RadioSelect, error_messages={"required": "Choose a scheme."}
    )

    def __init__(self, versions: Sequence[SchemeVersion], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            (f"{one.scheme_id}/{one.version}", f"{one.title or one.scheme_id}, version {one.version}")
            for one in versions
        ]
        self.fields["scheme"].choices = choices  # type: ignore[attr-defined]


class Make(forms.Form):
    """The days of an offer, and whom it goes to."""

    starts = Day(label="First day", help_text="Practices take part from this day. One may accept from a later day.")
    ends = Day(label="Last day")
    respond_by = Day(label="Answer by", help_text="An offer that is not answered by this day lapses.")
    whom = forms.ChoiceField(
        label="Whom do you offer it to?", widget=forms.RadioSelect,
        choices=((ALL, "All practices"), (AREA, "The practices of one place or network"), (NAMED, "Named practices")),
        error_messages={"required": "Choose whom you offer it to."},
    )  # fmt: skip
    area = forms.ChoiceField(
        label="Place or network", required=False, help_text="Only for the practices of one place or network."
    )
    codes = forms.CharField(
        label="Codes of practices", required=False, max_length=_MOST_CODES, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Only for named practices: one code on each line, or separated by commas.",
    )  # fmt: skip
    file = forms.FileField(
        label="Or a file of codes", required=False, widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        help_text="Only for named practices: a CSV file with a column practice_code.",
        error_messages={"empty": "The file is empty."},
    )  # fmt: skip
    words = forms.CharField(
        label="What you want to say to the practices", required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}), help_text="It stands with the offer, and in the e-mail about it.",
    )  # fmt: skip

    def __init__(self, areas: Sequence[Organisation], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = {PLACE: "place", NETWORK: "network"}
        choices = [(one.code, f"{one.name} ({names[one.kind]})") for one in areas]
        self.fields["area"].choices = [("", "Choose one"), *choices]  # type: ignore[attr-defined]

    def clean_file(self) -> tuple[str, str]:
        """The text of the file, and its name."""
        sent = self.cleaned_data["file"]
        if not sent:
            return "", ""
        if sent.size > _MOST_CODES:
            raise forms.ValidationError("The file is too large: a list of practices is below 200 KB.")
        try:
            return sent.read().decode("utf-8-sig"), say.clean(sent.name or "the file")
        except UnicodeDecodeError:
            raise forms.ValidationError("The file is not a text in UTF-8. Save it as CSV (UTF-8).") from None

    def clean(self) -> dict[str, Any]:
        """That what the choice needs is there."""
        data = super().clean() or {}
        if data.get("whom") == AREA and not data.get("area"):
            self.add_error("area", "Choose the place or network.")
        given = (data.get("codes") or "").strip() or (data.get("file") or ("",))[0] or "file" in self.errors
        if data.get("whom") == NAMED and not given:
            self.add_error("codes", "Enter the codes of the practices, or choose a file.")
        return data


class Accept(forms.Form):
    """From which day on the practice takes part."""

    starts = Day(label="First day", help_text="The first day of the offer, or a later day that you agreed.")
    agreed = forms.BooleanField(
        label="We take part in this scheme, and share our counts as it says above",
        error_messages={"required": "Confirm that the practice takes part and shares its counts."},
    )


class Reason(Reasoned):
    """A step with its reason."""


class Last(Reasoned):
    """The last day, and why."""

    last = Day(label="Last day in the scheme")


class Again(forms.Form):
    """Another day by which to answer."""

    respond_by = Day(label="Answer by")


class Late(Reasoned):
    """Another day by which to answer, and why."""

    respond_by = Day(label="Answer by")


class StillReported(forms.Form):
    """Where a practice is still reported nationally, and since when."""

    where = Line(
        max_length=300, required=False, label="Where it is still reported",
        help_text="For example: CQRS and GPES. Leave it empty where it no longer is.",
    )  # fmt: skip
    since = Day(label="Since", required=False, help_text="For example, 1/4/2024")


class Pounds(forms.DecimalField):
    """Pounds, as whole pence."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            min_value=0, max_value=100_000_000, decimal_places=2,
            widget=forms.TextInput(attrs={"inputmode": "decimal"}), **kwargs,
        )  # fmt: skip
        self.error_messages |= {"invalid": "Write pounds, such as 15000 or 15000.50."}

    def to_python(self, value: Any) -> Any:
        """What people write: with or without a pound sign and commas."""
        return super().to_python(value.replace("£", "").replace(",", "") if isinstance(value, str) else value)


_POUNDS = ("finance_above", "medium_from", "high_from", "tier_2_above")


class Rules(Reasoned):
    """The limits and steps of a year."""

    finance_above = Pounds(
        label="Finance approves amounts above (pounds)", error_messages={"required": "Enter an amount."}
    )
    medium_from = Pounds(label="Medium risk from (pounds)", error_messages={"required": "Enter an amount."})
    high_from = Pounds(label="High risk from (pounds)", error_messages={"required": "Enter an amount."})
    tier_2_in_bulk = forms.BooleanField(label="Tier 2 checks what is approved in bulk", required=False)
    tier_2_above = Pounds(
        label="Tier 2 checks amounts above (pounds)", required=False, help_text="Leave it empty for no such limit."
    )
    needs_declaration = forms.BooleanField(label="Practices declare their figures", required=False)
    needs_review = forms.BooleanField(label="Evidence is reviewed", required=False)
    needs_approval = forms.BooleanField(label="Payments are approved", required=False)

    def clean(self) -> dict[str, Any]:
        """That high risk is not below medium risk."""
        data = super().clean() or {}
        medium, high = data.get("medium_from"), data.get("high_from")
        if medium is not None and high is not None and high < medium:
            self.add_error("high_from", "High risk begins at the amount of medium risk, or above it.")
        return data

    def rules(self) -> dict[str, object]:
        """The limits as `contract` reads them."""
        data = {name: self.cleaned_data[name] for name in Limits().as_dict()}
        return {
            name: int(value * 100) if name in _POUNDS and value is not None else value for name, value in data.items()
        }


def rules_initial(limits: Limits) -> dict[str, object]:
    """The limits as their form shows them: pence as pounds."""
    return {
        name: f"{value // 100}.{value % 100:02}" if name in _POUNDS and isinstance(value, int) else value
        for name, value in limits.as_dict().items()
    }


def first_days(scheme_starts: date, scheme_ends: date, today: date) -> dict[str, date]:
    """What a new offer's days are at first: the scheme's year, and four weeks to answer."""
    from datetime import timedelta

    return {"starts": scheme_starts, "ends": scheme_ends, "respond_by": today + timedelta(days=28)}
