"""A record as the rules see it: a patient, the registrations, the coded events.

Nothing here knows how records are stored (store.py) or where they came from (importing.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

Day = date
"""A date, where a field of that name hides the type."""

SEXES = ("F", "M", "I", "U")
"""Female, male, indeterminate, unknown: the four of the NHS data dictionary, by letter."""

EPISODES = ("", "first", "new", "continuing", "ended")
"""How a record says that a problem began, began again, goes on or ended; '' where it does not say."""

COMPARATORS = ("", "<", "<=", ">", ">=")
"""What a laboratory writes before a value that it could not measure exactly; '' where the value is exact."""

STATUSES = ("", "final", "preliminary", "amended", "planned", "cancelled", "entered-in-error")
HIDDEN = ("cancelled", "entered-in-error")
"""The statuses of what did not happen: no field sees such a record."""

NEGATIONS = ("", "not done", "refused")
"""What a record says did not happen."""

UNASKED: Mapping[Literal["status", "negation"], tuple[str, ...]] = {"status": ("planned",), "negation": NEGATIONS[1:]}
"""What a record says of itself that makes it never the plain code: only a filter that names that part sees it."""

LASTS = ("", "ended", "open", "unknown")
"""How long a record lasts: one day, until its end, still, or until a day that nobody knows."""

UNKNOWN_DAY = date(1900, 1, 1)
"""The day that stands for one that is not known, as the suppliers write it. It comes before all others."""

OPEN_DAY = date.max
"""The end that stands for one that has not come."""


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
    time: int | None = None
    """Seconds since midnight, where the record says the time of day."""
    lasts: str = ""
    """One of `LASTS`."""
    end: Day | None = None
    """The last day, both days counted, of what has ended."""
    system: str = ""
    """The code system, as `snomed` or `loinc`; '' where the record does not say: its code matches one of any."""
    comparator: str = ""
    """One of `COMPARATORS`: `value` is then an end of an open interval."""
    answer: str = ""
    """A coded answer, or a class in words; it may be a code of a cluster."""
    status: str = ""
    """One of `STATUSES`."""
    negation: str = ""
    """One of `NEGATIONS`."""
    record: str = ""
    """The source's own id of the record, which its other codings share; '' where each entry is its own."""


@dataclass(frozen=True, slots=True)
class Registration:
    """A stay on one practice's list, both days counted; `end` is None while it lasts."""

    practice: str
    start: date
    end: date | None = None


@dataclass(frozen=True, slots=True)
class Patient:
    """One patient, as the extract of the practice of registration has them."""

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
