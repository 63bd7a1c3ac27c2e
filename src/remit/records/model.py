"""A record as the rules see it: a patient, the registrations, the coded events.

Nothing here knows how records are stored (store.py) or where they came from (importing.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

SEXES = ("F", "M", "I", "U")
"""Female, male, indeterminate, unknown: the four of the NHS data dictionary, by letter."""

EPISODES = ("", "first", "new", "continuing", "ended")
"""How a record says that a problem began, began again, goes on or ended; '' where it does not say."""


@dataclass(frozen=True, slots=True)
class Event:
    """One coded entry. A prescription is an event too once it reaches the rules."""

    date: date
    code: str
    value: Decimal | None = None
    unit: str = ""
    episode: str = ""
    """One of `EPISODES`."""
    reading: str = ""
    """Shared by the halves of one reading (systolic and diastolic); '' where the record gives none."""


@dataclass(frozen=True, slots=True)
class Registration:
    """A stay on one practice's list, both days counted; `end` is None while it lasts."""

    practice: str
    start: date
    end: date | None = None


@dataclass(frozen=True, slots=True)
class Patient:
    """One patient as the extract of the practice of registration tells it."""

    id: str
    practice: str
    """The practice whose extract holds this history."""
    born: date
    sex: str
    """One of `SEXES`."""
    died: date | None = None
    registrations: tuple[Registration, ...] = ()
    """By start, then practice."""
    events: tuple[Event, ...] = ()
    """By date, then code, then reading; coded events and prescriptions together."""
    ethnicity: str = ""
    deprivation: int | None = None
    """Decile of the home's Index of Multiple Deprivation, 1 the most deprived; None where it is not known."""
    flags: frozenset[str] = frozenset()
    """What the practice marked, such as `accessible-information`."""


@dataclass(frozen=True, slots=True)
class PracticeRow:
    """What the store says of a practice from a day on."""

    code: str
    since: date | None = None
    """The row's first day; None where it holds from the beginning."""
    name: str = ""
    list_size: int | None = None
    weighted_list_size: Decimal | None = None
    place: str = ""
    network: str = ""
