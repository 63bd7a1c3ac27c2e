"""Bounds by an attribute of the patient: a body mass index counts from 30, and from 27.5 for some family backgrounds.

The latest record of the attribute decides; where there is none, the patient's own column does.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Attribute = Literal["ethnicity", "sex"]
"""The columns of a patient that a bound may rest on."""


@dataclass(frozen=True)
class Group:
    """Those who share a bound: by the clusters that their latest record is in, or the texts of their column."""

    bound: Decimal
    clusters: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Bounds:
    """A table of bounds. Of two groups that the latest day has records of, the first that the table lists stands.

    `latest` are the clusters of all records of the attribute. `others` is for whom none of the groups has, `unknown`
    for whom neither a record nor the column tells, or only a text that is `not_stated`; None is missing.
    """

    by: Attribute
    groups: tuple[Group, ...]
    latest: tuple[str, ...] = ()
    others: Decimal | None = None
    unknown: Decimal | None = None
    not_stated: tuple[str, ...] = ()

    def clusters(self) -> tuple[str, ...]:
        """Every cluster of the attribute's records, each once."""
        return tuple(dict.fromkeys([*self.latest, *(name for group in self.groups for name in group.clusters)]))
