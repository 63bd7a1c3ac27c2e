"""An indicator or a register as the specification of a search."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from remit.application.definitions import dates_on, definition_of
from remit.application.inputs import read_clusters, read_rules
from remit.application.progress import Cancelled, OnProgress, never, silent

if TYPE_CHECKING:
    from remit.evaluation.model import Dates
    from remit.rules.definitions import Definitions
    from remit.rules.model import Definition
    from remit.terminology.clusters import ClusterSet


@dataclass(frozen=True)
class SpecRequest:
    """Which indicator or register; with `on`, the days of that year are written out."""

    indicator: str
    on: date | None = None
    clusters: str | None = None
    rules: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Specified:
    """The rules, with what they rest on. `elsewhen` says of rules that they are of another year than the day."""

    definition: Definition
    known: Definitions
    clusters: ClusterSet
    dates: Dates | None
    elsewhen: str


def spec(request: SpecRequest, on_progress: OnProgress = silent, cancelled: Cancelled = never) -> Specified:
    """Find the rules. Raises Refused for an unknown indicator and for one that has none."""
    from remit.evaluation.years import of_another_year

    known, clusters = read_rules(request.rules), read_clusters(request.clusters)
    dates = dates_on(request.on) if request.on else None
    known = known.of(dates.year) if dates else known.where_found(request.indicator.upper())
    definition = definition_of(known, request.indicator)
    elsewhen = of_another_year(definition, known, dates.year) if dates else ""
    return Specified(definition, known, clusters, dates, elsewhen)
