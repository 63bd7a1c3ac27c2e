"""What a statement holds, before it is laid out: `making` fills it, everything else of this folder reads it.

Nothing is decided here: every amount is the run's, and every "what if" is the run's engine with another figure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from remit.core import say
from remit.core.figures import FigureKey
from remit.core.sums import Sum
from remit.documents.statement import Recipient
from remit.documents.statement.sources import Doubt, Standings
from remit.pricing.award import Award
from remit.pricing.product import sum_of
from remit.pricing.prospects import OnePca, Prospect
from remit.pricing.weights import Factor, National, Origin
from remit.runs.results import PracticeResult
from remit.scheme.kinds import WorkingLine
from remit.scheme.model import Group, Item


@dataclass(frozen=True)
class Other:
    """What a dated item would come to by another definition that was counted too."""

    definition: str
    achievement: str
    pence: int | None


@dataclass(frozen=True)
class ItemStatement:
    """One item: its award, the working line by line, and what would change it."""

    award: Award
    title: str
    wording: str
    lines: tuple[WorkingLine, ...]
    prospects: tuple[Prospect, ...]
    one_pca: OnePca | None
    others: tuple[Other, ...]
    words: tuple[str, ...]
    doubts: tuple[Doubt, ...]
    notes: tuple[str, ...]
    asks: tuple[str, ...] = ()
    sensitive: str = ""
    """What sensitive thing its counts could tell of a person; '' where they tell none."""

    @property
    def code(self) -> str:
        return self.award.item.item

    @property
    def item(self) -> Item:
        return self.award.item


@dataclass(frozen=True)
class Section:
    """Items that are read together: a register group, or the whole of a small scheme. `register_worth` is what one
    more patient on the register would be worth through the weights, in pence."""

    title: str
    domain: str
    items: tuple[ItemStatement, ...]
    group: Group | None = None
    factor: Factor | None = None
    origin: Origin | None = None
    register_worth: int | None = None

    @property
    def pounds(self) -> Sum:
        """What its items come to."""
        return sum_of(view.award for view in self.items)


@dataclass(frozen=True)
class Statement:
    """All that a statement says, before it is laid out. Amounts are whole pence; None is not known."""

    result: PracticeResult
    sections: tuple[Section, ...]
    settings: Mapping[str, str]
    national: Mapping[str, National]
    made_with: str
    scheme_hash: str
    standings: Standings = field(repr=False)
    figures: Mapping[str, Mapping[FigureKey, object]] = field(repr=False, default_factory=dict)
    members: Mapping[str, Mapping[str, Mapping[FigureKey, object]]] = field(repr=False, default_factory=dict)
    """For a network, the figures of its members, by code."""
    recipient: Recipient = "practice"
    by_chance: str = ""
    """The sentence that says how much of the award is chance."""

    @property
    def title(self) -> str:
        name = say.clean(self.result.practice.name)
        return f"{name} ({self.code})" if name else self.code

    @property
    def code(self) -> str:
        return say.clean(self.result.practice.code)

    @cached_property
    def items(self) -> tuple[ItemStatement, ...]:
        return tuple(view for section in self.sections for view in section.items)

    @property
    def by(self) -> str:
        """The achievement date, in words."""
        return say.day(self.result.scheme.achievement_date)
