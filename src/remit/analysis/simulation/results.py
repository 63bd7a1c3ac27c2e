"""What a simulation finds: each reform beside the base, over practices and groups, with what chance does to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from remit.analysis.concentration import Concentration
from remit.analysis.effort import Effort
from remit.analysis.simulation.behaviour import RecordedCare
from remit.analysis.simulation.groups import Group
from remit.comparison.before_after import BeforeAfter, PracticeGroup, PricedUnit


def beyond(draws: int) -> int:
    """How many draws lie below the middle 95 of 100, and as many above."""
    return draws * 25 // 1_000


@dataclass(frozen=True)
class Chance:
    """What chance does to a difference in pence: 95 of 100 draws of the year's counts lie from `low` to `high`;
    `loses` is the share of draws with a loss (0 to 1)."""

    low: int
    high: int
    loses: float


@dataclass(frozen=True)
class GroupOutcome:
    """A group of practices before and after; `patients` are those registered, where every list is known."""

    group: Group
    practices: int
    patients: int | None
    sums: PracticeGroup
    chance: Chance | None = None


@dataclass(frozen=True)
class EffortOfOne:
    """A practice's contacts before and after. `to_keep` are the contacts more that it would take after the change to
    earn what it earns before: 0 where it does not lose, None where all that is left to earn does not come to it."""

    reached: int
    to_all_before: int
    to_all_after: int
    to_keep: int | None


@dataclass(frozen=True)
class Efforts:
    """Over all practices. `cannot_keep` counts the practices that could not earn back what they lose. `left_out` are
    the sensitive items, whose contacts are not counted; a practice's contacts of 1 to `few` are not shown."""

    before: Effort
    after: Effort
    to_keep: int
    cannot_keep: int
    losers: int
    left_out: tuple[str, ...] = ()
    few: int = 0


@dataclass(frozen=True)
class Profile:
    """A kind of practice beside the average: `patients` over `practices`, with what they have before and after (pence).

    `made_up` is one that does not exist, with how it was made.
    """

    name: str
    practices: int
    patients: int
    before: int
    after: int
    made_up: str = ""

    @property
    def difference(self) -> int:
        return self.after - self.before

    def per_patient(self, pence: int) -> Fraction:
        """Pence for each registered patient."""
        return Fraction(pence, self.patients)


@dataclass(frozen=True)
class Verdict:
    """A limit or a rule of funding, and whether the reform keeps it: None where that is not known, or the reform sets
    no limit (`limited`); with the figure beside it in words. `funding` is a rule of funding."""

    name: str
    kept: bool | None
    text: str
    limited: bool = True
    funding: bool = False


@dataclass(frozen=True)
class ReformOutcome:
    """One reform beside the base. `changes` say what it rests on; `not_drawn` why parts have no intervals.

    `behaviour` says what practices are assumed to do differently, with sources, `recorded` what is then recorded of
    each item that changes, `evidence` what studies found for and against it.
    """

    name: str
    title: str
    changes: tuple[str, ...]
    sides: BeforeAfter
    groups: tuple[GroupOutcome, ...]
    patients: Mapping[str, int | None]
    chance: Mapping[str, Chance] = field(default_factory=dict)
    effort: Efforts | None = None
    effort_of: Mapping[str, EffortOfOne] = field(default_factory=dict)
    before: Concentration | None = None
    after: Concentration | None = None
    profiles: tuple[Profile, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    behaviour: tuple[str, ...] = ()
    recorded: tuple[RecordedCare, ...] = ()
    evidence: tuple[str, ...] = ()
    not_drawn: tuple[str, ...] = ()

    @property
    def units(self) -> tuple[PricedUnit, ...]:
        """Its practices; its networks where it has no practices."""
        return tuple(one for one in self.sides.units if one.level == "practice") or self.sides.units

    @property
    def everybody(self) -> GroupOutcome:
        return self.groups[0]

    @property
    def gains_and_losses(self) -> int:
        """Pence of all gains and losses together: twice what moves to another practice."""
        return sum(abs(unit.difference or 0) for unit in self.units)

    @property
    def largest_loss(self) -> PricedUnit | None:
        """The practice that loses most pounds; None where nobody loses."""
        losers = [unit for unit in self.units if unit.difference is not None and unit.difference < 0]
        return min(losers, key=lambda one: (one.difference or 0, one.code), default=None)

    def losing_more_than(self, share: Fraction) -> int:
        """How many practices lose more than this share of what they had."""
        return sum(unit.share is not None and unit.share < -share for unit in self.units)


@dataclass(frozen=True)
class Attributes:
    """What is known of what practices are like: the file's name, how many practices have no deprivation or rurality of
    all, and whether fifths of deprivation were given."""

    file: str
    practices: int
    without_deprivation: int
    without_rurality: int
    fifths_given: bool = False


@dataclass(frozen=True)
class Simulation:
    """Reforms side by side on one run. `no_draws` says why nothing is said of chance, where nothing is."""

    titles: tuple[str, ...]
    reforms: tuple[ReformOutcome, ...]
    draws: int
    seed: int
    attributes: Attributes
    no_draws: str = ""
    counted_on: date | None = None
