"""How the cells are read that say more of an event than its day, code and number.

Each takes a stripped text that is not empty, and raises ValueError saying what was expected, without quoting it. A
cell that cannot be read is not an empty one: a record of which nobody knows whether it was entered in error, or of
which system its code is, is not taken for one that says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import pyarrow as pa

from remit.records.model import NEGATIONS, STATUSES

TIME = pa.int32()
"""Seconds since midnight."""

END = pa.date32()
"""The last day; `OPEN_DAY` while it lasts, `UNKNOWN_DAY` where nobody knows; empty for an entry of one day."""

_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9])(?:\.[0-9]+)?)?", re.ASCII)

_STATUSES = {
    "final": ("completed", "complete", "finished"),
    "preliminary": ("partial", "registered"),
    "amended": ("corrected", "appended"),
    "planned": ("proposed", "draft", "booked"),
    "cancelled": ("canceled", "not-done", "not done", "noshow", "no show", "revoked", "rejected", "refuted"),
    "entered-in-error": ("entered in error", "entered_in_error", "nullified", "error"),
    "": ("active", "in-progress", "in progress", "on-hold", "on hold", "stopped", "current", "unknown"),
}
"""What else systems write (FHIR, HL7): the last do not say whether anything was different from what the record says."""

_NEGATIONS = {
    "not done": ("not-done", "not_done", "true"),
    "refused": ("declined", "patient refused", "patient declined"),
    "": ("false",),
}
"""`true` and `false` are what a column of FHIR or QDM says of whether something was negated."""


def status(text: str) -> str:
    """The status of a record."""
    return _named(text, STATUSES, _STATUSES)


def negation(text: str) -> str:
    """What a record says did not happen."""
    return _named(text, NEGATIONS, _NEGATIONS)


def _named(text: str, names: tuple[str, ...], others: Mapping[str, tuple[str, ...]]) -> str:
    small = text.lower()
    for name in names:
        if small == name or small in others.get(name, ()):
            return name
    names_shown = [name for name in names if name]
    raise ValueError(f"expected {', '.join(names_shown[:-1])} or {names_shown[-1]}")


def time_of_day(text: str) -> int:
    """Seconds since midnight."""
    match = _TIME.fullmatch(text)
    if not match:
        raise ValueError("expected a time of day written as 08:30 or 08:30:15")
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return (hours * 60 + minutes) * 60 + seconds
