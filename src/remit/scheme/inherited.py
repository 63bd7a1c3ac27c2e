"""What a scheme that is laid over another takes over from it and may not be meant: figures and dates of another year,
and the other file's source for a number of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from remit.scheme.model import Scheme
from remit.scheme.numbers import Number, numbers
from remit.scheme.quantity import cited
from remit.scheme.source import Key, Source

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_FIGURES = {("point",), ("weights", "list", "over"), ("terms", "paid_in_advance", "previous_point_value")}
_YEAR = re.compile(r"20\d\d-\d\d")
_OF_A_YEAR = ("against", "of")
"""Keys that name an earlier year, such as that whose points are protected."""
_TIMELESS = ("sources", "places", "obligations", "groups", "indicators", "scheme", "version", "title", "about", "note")
"""Keys below which a date is no date of the year: when a document was published, or a definition came into force."""


def of_another_year(source: Source) -> list[tuple[Key, str]]:
    """The figures and dates of the other file's year that still hold: where each stands, and its text.

    Nothing where the file is for the same year as the other, or lies over none.
    """
    own, base = source.own, source.base
    if own is None or base is None or source.tree.get("year") == base.tree.get("year"):
        return []
    return [
        (path, text)
        for path, text in _figures(source.tree, ())
        if path[0] not in _TIMELESS and source.place(path).file != own.name
    ]


def _figures(value: Any, path: Key) -> Iterator[tuple[Key, str]]:
    """The texts of a tree that are of one year, with their paths."""
    if isinstance(value, dict) and "value" not in value:
        for key, part in value.items():
            yield from _figures(part, (*path, key))
    elif isinstance(value, list):
        for n, part in enumerate(value):
            yield from _figures(part, (*path, n))
    else:
        text = str(value["value"] if isinstance(value, dict) else value)
        dated = path not in (("year",), ("achievement_date",)) and _DATE.fullmatch(text)
        named = path[-1] in _OF_A_YEAR and _YEAR.fullmatch(text)
        figure = path in _FIGURES or path[:3] == ("weights", "prevalence", "national")
        if dated or named or (figure and text != "required"):
            yield path, cited(text)[0]


def under_anothers_source(scheme: Scheme, source: Source) -> list[Number]:
    """The numbers of an item that the upper file changes and that are shown as seen in a source of the lower file."""
    own, base = source.own, source.base
    if own is None or base is None:
        return []
    before = {item.get("item"): item for item in base.tree.get("items", []) if isinstance(item, dict)}
    again = own.tree.get("removed", [])
    inherited = []
    for number in numbers(scheme):
        path = number.path
        if number.standing != "verified" or path[0] != "items" or source.place(path).file != own.name:
            continue
        code = source.tree["items"][path[1]]["item"]
        old, new = _text_at(before.get(code), path[2:]), _text_at(source.tree, path)
        if old and new and old != new and code not in again and _source_file(source, number, new) != own.name:
            inherited.append(number)
    return inherited


def _source_file(source: Source, number: Number, text: str) -> str:
    """The file that says which source a number has; its own file where the number says so itself."""
    if (*number.path, "source") in source.places or f"[{number.source}]" in text:
        return source.name
    places = [source.places.get((*number.path[:depth], "source")) for depth in range(len(number.path), -1, -1)]
    return next((place.file for place in places if place), source.name)


def _text_at(value: Any, path: Key) -> str:
    for part in path:
        if isinstance(value, list) and isinstance(part, int) and part < len(value):
            value = value[part]
        else:
            value = value.get(part) if isinstance(value, dict) else None
    return str(value.get("value")) if isinstance(value, dict) else str(value or "")


def path_text(path: Key) -> str:
    """A path as a file has it: `weights.list.over`."""
    return ".".join(str(part) for part in path)
