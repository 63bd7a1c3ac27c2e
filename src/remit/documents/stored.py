"""A document as JSON text and back, exactly: the same blocks, the same values of the same types, the same bytes.

A document that is prepared once and shown often is kept as such text. What is at its default is left out. A fraction is
written as `{"fraction": "1/3"}`, a day as `{"day": "2025-03-31"}`, a block as its name beside its fields.
"""

from __future__ import annotations

import json
from dataclasses import MISSING, fields
from datetime import date
from fractions import Fraction
from typing import Any

from remit.documents import blocks
from remit.documents.blocks import Document

FORMAT = 1
"""Raised by one when the blocks change so that an older text can no longer be read."""

_NAME = "is"
_KINDS = {
    kind.__name__: kind
    for kind in (
        blocks.Amounts, blocks.Beside, blocks.Bullets, blocks.Cell, blocks.Column, Document, blocks.Facts, blocks.Fold,
        blocks.Heading, blocks.Keep, blocks.Para, blocks.Picture, blocks.Row, blocks.Table,
    )
}  # fmt: skip


class NotADocument(ValueError):
    """The text is not a document that this version can read."""


def to_json(document: Document) -> str:
    """The document as text, for `from_json`. The same document gives the same text."""
    whole = {"format": FORMAT, "document": _plain(document)}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":"))


def from_json(text: str) -> Document:
    """The document of a text that `to_json` wrote. Raises NotADocument for any other."""
    try:
        whole = json.loads(text)
    except ValueError as error:
        raise NotADocument(f"the text is not JSON: {error}") from error
    if not isinstance(whole, dict) or set(whole) != {"format", "document"}:
        raise NotADocument('a stored document has "format" and "document", and nothing else')
    if whole["format"] != FORMAT:
        raise NotADocument(f"the document is stored in format {whole['format']}; this version reads format {FORMAT}")
    document = _value(whole["document"])
    if not isinstance(document, Document):
        raise NotADocument(f"a document is expected, and a {type(document).__name__} is stored")
    return document


def _plain(value: Any) -> Any:
    """A value as JSON has it."""
    if type(value).__name__ in _KINDS:
        given = {field.name: getattr(value, field.name) for field in fields(value)}
        defaults = {field.name: field.default for field in fields(value) if field.default is not MISSING}
        kept = {name: _plain(each) for name, each in given.items() if name not in defaults or each != defaults[name]}
        return {_NAME: type(value).__name__, **kept}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Fraction):
        return {"fraction": f"{value.numerator}/{value.denominator}"}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if value is None or isinstance(value, str | int | float):
        return value
    raise TypeError(f"a {type(value).__name__} cannot stand in a document")


def _value(plain: Any) -> Any:
    """The value that JSON text has."""
    if isinstance(plain, list):
        return tuple(_value(each) for each in plain)
    if not isinstance(plain, dict):
        return plain
    try:
        if set(plain) == {"fraction"}:
            return Fraction(plain["fraction"])
        if set(plain) == {"day"}:
            return date.fromisoformat(plain["day"])
        kind = _KINDS[plain[_NAME]]
        return kind(**{name: _value(each) for name, each in plain.items() if name != _NAME})
    except (KeyError, TypeError, ValueError, ZeroDivisionError) as error:
        raise NotADocument(f"a part of the document cannot be read: {error}") from error
