"""What the examination of chance in a run comes to, as its document shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from remit.analysis.chance import PracticeChance, RunTotals
from remit.analysis.item_chance import ItemReport, SizeClass
from remit.analysis.run_counts import WithoutChance


@dataclass(frozen=True)
class PracticeReport:
    """One practice: its items, the chance that its own rate earns a different award, its reliability in each (by their
    places), and the 90% interval of its pounds in pence."""

    chance: PracticeChance
    name: str
    own_rate: tuple[float, ...]
    reliability: tuple[float | None, ...]
    interval: tuple[float, float] | None


@dataclass(frozen=True)
class ChanceResult:
    """How much of a run is chance. `totals` is None where that cannot be said of any item; `named` says that practices
    were asked for. `sensitive` has the items of which pounds alone are shown, with what they are about; `least_shown`
    is the largest count that is not shown to others."""

    titles: tuple[str, ...]
    totals: RunTotals | None
    items: tuple[ItemReport, ...]
    without: tuple[WithoutChance, ...]
    practices: tuple[PracticeReport, ...]
    sizes: tuple[SizeClass, ...]
    sensitive: dict[str, str]
    years: int
    named: bool
    by_item: bool
    least_shown: int
    counted_on: date | None = None
