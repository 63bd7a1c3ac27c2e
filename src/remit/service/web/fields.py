"""A field of a Django form as the design system's macros want it: its label, hint, value, choices and errors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

_KEPT = ("autocomplete", "inputmode", "spellcheck", "accept", "rows", "maxlength", "multiple")
"""Attributes of a widget that reach the page; placeholders do not, since they vanish when somebody types."""


def params(bound: BoundField) -> dict[str, Any]:
    """What to hand to the macro of the field's `kind`."""
    widget = bound.field.widget
    attributes = {name: value for name, value in widget.attrs.items() if name in _KEPT and value is not False}
    described: dict[str, Any] = {
        "kind": kind(widget),
        "id": first_id(bound),
        "name": bound.html_name,
        "label": {"text": str(bound.label), "classes": "nhsuk-label--s"},
        "attributes": attributes,
    }
    hint = str(bound.help_text) or ("For example, 31/3/2025" if isinstance(bound.field, forms.DateField) else "")
    if hint:
        described["hint"] = {"text": hint}
    if bound.errors:
        described["errorMessage"] = {"text": " ".join(map(str, bound.errors))}
    if described["kind"] in ("radios", "checkboxes"):
        del described["id"]  # the macro would give it to the list of choices, and the first of them has it
    if described["kind"] in ("radios", "checkboxes", "select"):
        return described | _choices(bound)
    if described["kind"] == "checkbox":
        item = {"value": "on", "text": str(bound.label), "checked": bool(bound.value()), "id": described["id"]}
        beside = {"hint": described.pop("hint")} if hint else {}
        del described["id"]
        return described | {"items": [item | beside]}
    if described["kind"] not in ("file", "password"):  # neither is ever sent back
        value = bound.value()
        described["value"] = "" if value is None else str(value)
    if described["kind"] == "input":
        described["type"] = widget.input_type
    if isinstance(bound.field, forms.DateField | forms.DecimalField):
        described["classes"] = "nhsuk-input--width-10"
    elif isinstance(bound.field, forms.IntegerField) and described["kind"] == "input":
        described["classes"] = "nhsuk-input--width-5"
    return described


def kind(widget: forms.Widget) -> str:
    """Which macro shows a widget."""
    kinds: tuple[tuple[type[forms.Widget], str], ...] = (
        (forms.HiddenInput, "hidden"),
        (forms.PasswordInput, "password"),
        (forms.ClearableFileInput, "file"),
        (forms.FileInput, "file"),
        (forms.Textarea, "textarea"),
        (forms.CheckboxInput, "checkbox"),
        (forms.CheckboxSelectMultiple, "checkboxes"),
        (forms.RadioSelect, "radios"),
        (forms.Select, "select"),
    )
    return next((name for of, name in kinds if isinstance(widget, of)), "input")


def first_id(bound: BoundField) -> str:
    """The id of the element that a link to the field leads to: of several choices, the first."""
    several = isinstance(bound.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple)
    return f"{bound.auto_id}_0" if several else str(bound.auto_id)


def errors(form: forms.BaseForm) -> list[dict[str, str]]:
    """Every error of a form for its summary, each with the field that it leads to."""
    return [*_of_fields(form), *({"text": str(text)} for text in form.non_field_errors())]


def _of_fields(form: forms.BaseForm) -> Iterator[dict[str, str]]:
    for bound in form:
        for text in bound.errors:
            yield {"text": str(text), "href": f"#{first_id(bound)}"}


def _choices(bound: BoundField) -> dict[str, Any]:
    value = bound.value()
    given = {str(one) for one in (value if isinstance(value, list | tuple | set) else [value]) if one is not None}
    chosen = "selected" if kind(bound.field.widget) == "select" else "checked"
    items = [
        {"value": str(each), "text": str(text), chosen: str(each) in given, "id": f"{bound.auto_id}_{n}"}
        for n, (each, text) in enumerate(bound.field.widget.choices)
    ]
    if chosen == "selected":
        return {"items": [{name: each for name, each in item.items() if name != "id"} for item in items]}
    return {"items": items, "idPrefix": str(bound.auto_id), "fieldset": {"legend": _legend(bound)}}


def _legend(bound: BoundField) -> dict[str, str]:
    return {"text": str(bound.label), "classes": "nhsuk-fieldset__legend--s"}
