"""What a map of an area says: its organisations, who belongs to whom, mergers and list sizes. Data alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from remit.core.problems import Problem

COMMISSIONER, PLACE, NETWORK, PRACTICE = KINDS = ("commissioner", "place", "network", "practice")
"""From the top down: an organisation is a member of those of earlier kinds."""


@dataclass(frozen=True)
class MapOrganisation:
    """An organisation as a map lists it."""

    code: str
    name: str
    kind: str


@dataclass(frozen=True)
class DatedMembership:
    """That one organisation belongs to another. In a map, `since` may be left open: from the day of the map on."""

    member: str
    parent: str
    since: date | None = None
    until: date | None = None

    def on(self, day: date) -> bool:
        """Whether it holds on a day."""
        return (self.since or day) <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class Merger:
    """That one organisation took over another from a day on."""

    predecessor: str
    successor: str
    day: date


@dataclass(frozen=True)
class MapListSize:
    """How many people were registered with a practice, on a day or, where none is given, on the day of the map."""

    practice: str
    people: int
    day: date | None = None


@dataclass(frozen=True)
class AreaMap:
    """All that a map says of one commissioner's area. `elsewhere` are the practices that it lists under another
    commissioner, with that one's code."""

    commissioner: str
    organisations: Mapping[str, MapOrganisation]
    memberships: tuple[DatedMembership, ...]
    mergers: tuple[Merger, ...] = ()
    lists: tuple[MapListSize, ...] = ()
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[Problem, ...] = ()


def ancestors(code: str, memberships: Iterable[DatedMembership], day: date) -> set[str]:
    """All that an organisation belongs to on a day, whatever lies between."""
    parents: dict[str, set[str]] = {}
    for one in memberships:
        if one.on(day):
            parents.setdefault(one.member, set()).add(one.parent)
    found, ahead = set[str](), {code}
    while ahead:
        ahead = {parent for one in ahead for parent in parents.get(one, ())} - found
        found |= ahead
    return found
