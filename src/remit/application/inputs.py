"""What several use cases read: rules, clusters, and the day that counts are of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from remit.core.problems import refuse

if TYPE_CHECKING:
    from remit.rules.definitions import Definitions
    from remit.scheme.model import Scheme
    from remit.terminology.clusters import ClusterSet


def read_rules(files: Sequence[Path] = ()) -> Definitions:
    """The registers and indicators that ship, with those of the files given."""
    from remit.rules.definitions import all_that_ship, read_definitions

    return read_definitions(list(files), all_that_ship()) if files else all_that_ship()


def read_clusters(reference: str | None = None) -> ClusterSet:
    """The cluster set that is named, or the demonstration's."""
    from remit.terminology.sets import demonstration, load_clusters

    return load_clusters(reference) if reference else demonstration()


def achievement_date(scheme: Scheme, on: date | None = None) -> date:
    """The day that was asked for, else the scheme's achievement date. Raises Refused for one outside its year."""
    day = on or scheme.achievement_date
    if not scheme.year.start <= day <= scheme.year.end:
        raise refuse(
            "evaluation.day-outside-year",
            f"{day} is not in {scheme.scheme}'s year, {scheme.year}.",
            None,
            f"Give a day from {scheme.year.start} to {scheme.year.end}.",
            day=day,
            scheme=scheme.scheme,
        )
    return day
