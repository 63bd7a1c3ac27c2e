"""What can be looked for among practices and payments."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from remit.documents.year_payments import KINDS
from remit.payment.book import PAID_KINDS, RECOVERY
from remit.service.organisations.models import Organisation
from remit.service.web.line import Line
from remit.service.web.words import month_name
from remit.service.year import area, payments

_POUNDS = re.compile(r"^[-−]?£?\s*(\d{1,12})(?:\.(\d{2}))?$")


def pence_of(text: str) -> int:
    """`£1,234.50`, `1234.50` or `1234` as pence. Raises ValidationError for anything else."""
    found = _POUNDS.match(text.replace(",", "").strip())
    if found is None:
        raise ValidationError("Write the amount in pounds and pence, such as 4,018.36.")
    return int(found[1]) * 100 + int(found[2] or 0)


class PaymentsForm(forms.Form):
    """Which payments are shown; whatever is left empty leaves none out."""

    practice = Line(label="Practice", help_text="Its code, or a part of its name.", max_length=200, required=False)
    month = forms.ChoiceField(label="Month", required=False)
    amount = Line(label="Amount in pounds", help_text="For example, 4,018.36.", max_length=30, required=False)
    kind = forms.ChoiceField(label="What was paid", required=False)

    def __init__(self, months: Iterable[date], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(f"{one:%Y-%m}", month_name(one)) for one in months]
        _choose(self.fields["month"], names)
        _choose(self.fields["kind"], [(kind, KINDS[kind]) for kind in (*PAID_KINDS, RECOVERY)])

    def clean_amount(self) -> int | None:
        """In pence."""
        text = self.cleaned_data["amount"]
        return pence_of(text) if text else None

    @property
    def wanted(self) -> payments.Wanted:
        """What is looked for."""
        given = self.cleaned_data
        month = date.fromisoformat(f"{given['month']}-01") if given["month"] else None
        return payments.Wanted(given["practice"], month, given["amount"], given["kind"])


class AreaForm(forms.Form):
    """Which practices are shown."""

    scheme = forms.ChoiceField(label="Scheme", required=False)
    place = forms.ChoiceField(label="Place", required=False)
    show = forms.ChoiceField(label="Show", required=False)

    def __init__(self, schemes: Mapping[str, str], places: Iterable[Organisation], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self.fields["scheme"], list(schemes.items()))
        _choose(self.fields["place"], [(one.code, one.name) for one in places])
        _choose(self.fields["show"], [(name, title) for name, (title, _) in area.SHOWN.items()])

    @property
    def wanted(self) -> area.Wanted:
        """What is looked for."""
        return area.Wanted(**{name: self.cleaned_data[name] for name in ("scheme", "place", "show")})


def _choose(field: forms.Field, choices: list[tuple[str, str]]) -> None:
    assert isinstance(field, forms.ChoiceField)
    field.choices = [("", "All"), *choices]
