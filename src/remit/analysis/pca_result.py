"""What an examination of PCAs came to: all that a document of it shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Literal

from remit.analysis.bunching import Bunching, LastPart
from remit.analysis.pca import ItemPca, Quartiles
from remit.disclosure.practice_pcas import HiddenPcas
from remit.disclosure.result import BreakdownResult
from remit.disclosure.suppression import Policy


@dataclass(frozen=True)
class PartOfYear:
    """A last part of the year: the practices', all of them together, and of whom nothing is shown."""

    part: LastPart
    practices: Mapping[str, Bunching]
    whole: Bunching | None
    hidden: HiddenPcas = field(default_factory=HiddenPcas)


@dataclass(frozen=True)
class PcaDates:
    """What is known of days: the last parts of the year, and the PCAs of each month over all practices where they are
    known (None is hidden). `undated` have no day within the year; None where that is hidden or cannot be known."""

    source: Literal["", "evaluation", "positions"] = ""
    parts: tuple[PartOfYear, ...] = ()
    months: Mapping[str, int | None] = field(default_factory=dict)
    undated: int | None = None


@dataclass(frozen=True)
class IfCounted:
    """What would be paid if the PCAs above the highest reference, `patients`, were back in the denominator as not
    achieved: the change in pence, None where it is not known."""

    patients: int
    pence: int | None


@dataclass(frozen=True)
class ExaminedItem:
    """An item's PCAs as they were examined. `about` says what is sensitive of it: then pounds alone are shown."""

    item: str
    title: str
    type: str
    guarded: bool
    found: ItemPca
    hidden: HiddenPcas
    about: str = ""
    if_counted: Mapping[str, IfCounted] = field(default_factory=dict)

    @property
    def shows_quartiles(self) -> bool:
        """Whether quartiles may be shown: of fewer than ten practices they would tell a rate that is hidden."""
        return not self.hidden.practices or len(self.found.practices) >= 10

    @property
    def lost(self) -> int:
        """What would be lost over all practices for which that is known."""
        return sum(one.pence or 0 for one in self.if_counted.values())


@dataclass(frozen=True)
class TypePca:
    """The PCAs of the items of one type over all practices, and how the practices lie."""

    type: str
    items: int
    pcas: int
    people: int
    quartiles: Quartiles | None
    hidden: bool = False


@dataclass(frozen=True)
class PcaResult:
    """What was found. `benchmarks` are rates of all indicators, by whose they are; `names` are the practices'."""

    titles: tuple[str, ...]
    items: tuple[ExaminedItem, ...]
    names: Mapping[str, str]
    types: tuple[TypePca, ...]
    benchmarks: Mapping[str, Fraction]
    dates: PcaDates
    policy: Policy
    reasons: BreakdownResult | None = None
    counted_on: date | None = None
