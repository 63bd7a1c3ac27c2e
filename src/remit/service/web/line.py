"""A field for text of one line: a name, a title, a reason. Nothing in it can break a page, a letter or a log."""

from __future__ import annotations

from typing import Any

from django import forms

from remit.core import say


class Line(forms.CharField):
    """Text on one line, without control characters and without those that turn the direction of what is read."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return say.clean(text) if isinstance(text, str) and "\x00" not in text else text
