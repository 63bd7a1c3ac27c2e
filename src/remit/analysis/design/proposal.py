"""What a design starts from and what it comes to: the base year, the aims, and the proposal by item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from remit.core.dates import SchemeYear
from remit.core.sums import Sum
from remit.organisation import Practice
from remit.scheme.model import Group, Indicator, Measure

if TYPE_CHECKING:
    from remit.analysis.beta_binomial import BetaBinomial, NotFitted
    from remit.analysis.design.budget import Tariff
    from remit.analysis.design.health_gain import PaidForGain
    from remit.analysis.design.placing import Placed, Sizes
    from remit.analysis.design.step_luck import ItemLuck
    from remit.analysis.design.thresholds import Marks

Column = Literal["weighted_list_size", "list_size"]
Meets = Literal["full", "baseline", "improved"]
"""On which achievement the budget is met: all practices at the highest step, the base year's, or that improved."""


@dataclass(frozen=True)
class Aims:
    """What a design is to reach, with a budget in pence.

    `limit` is the chance above which a step is too easily reached by luck, `for_smallest` says that it holds for the
    smallest tenth of practices too. `improvement` is by item, or of all others by "", by what share of its patients
    each practice is taken to improve, such as 1/20; none is assumed. `shares` are items' shares of the money beside
    each other, 1 where none is given. `decimals` of a penny are allowed in a rate.
    """

    budget: int
    limit: Fraction = Fraction(1, 10)
    for_smallest: bool = False
    meets: Meets = "full"
    improvement: Mapping[str, Fraction] = field(default_factory=dict)
    shares: Mapping[str, Fraction] = field(default_factory=dict)
    decimals: int = 4


@dataclass(frozen=True)
class BaseItem:
    """What the practices achieved of an item: by practice, numerator and denominator, of those who counted anybody.

    `empty` are the practices that had nobody to count, `unknown` those of which it is not known. `unfit` says why no
    steps can be proposed for what it is. `steps` are those that it had in the base year, where it paid by steps
    that are the same whatever another item does; a rate reached them where it was not below them, or `above` them.
    """

    code: str
    title: str
    indicator: str
    measure: Measure
    counts: Mapping[str, tuple[int, int]]
    empty: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    unfit: str = ""
    steps: tuple[Fraction, ...] = ()
    above: bool = False


@dataclass(frozen=True)
class BaseYear:
    """The practices and items that a design starts from.

    `column` is the list that the design pays by. `before` are the pence that each practice was paid for the items in
    the base year's run, by item and practice; None where the base is no run. `part_of_year` are the practices that
    joined, left or closed in the year, and take no part.
    """

    about: str
    year: SchemeYear
    column: Column
    practices: Mapping[str, Practice]
    items: Mapping[str, BaseItem]
    groups: tuple[Group, ...]
    indicators: tuple[Indicator, ...]
    before: Mapping[str, Mapping[str, int | None]] | None
    part_of_year: tuple[str, ...]
    counted_on: date | None


@dataclass(frozen=True)
class DesignedItem:
    """What is proposed for an item, and what it rests on. Without steps, `why_not` says why there are none.

    `reached` has how many practices reach each step in the base year, none at all first; `paid_for_luck` the pence that
    are expected to be paid in a year for steps that are reached by luck, `missed_by_luck` those that are not paid for
    steps that are missed by bad luck. `luck_now` is what luck does at the steps of the base year.
    """

    base: BaseItem
    marks: Marks | None = None
    sizes: Sizes | None = None
    fitted: BetaBinomial | NotFitted | None = None
    placed: Placed | None = None
    pays: tuple[Fraction, ...] = ()
    luck: ItemLuck | None = None
    reached: tuple[int, ...] = ()
    paid_for_luck: int | None = None
    missed_by_luck: int | None = None
    luck_now: ItemLuck | None = None
    why_not: str = ""


@dataclass(frozen=True)
class Costs:
    """What the draft pays, in pence: at full achievement, on the base year's counts, and on those improved; and what
    the base year's run paid for the same items. The parts of a sum that are not known are counted with it."""

    full: int
    baseline: Sum
    improved: Sum | None
    before: Sum | None


@dataclass(frozen=True)
class Proposal:
    """Items, rates, costs, who would be paid what by item and practice, and what is expected of the money.

    `whole_pence` is the tariff in whole pence, where the budget holds as much. `lucky` is the share of practices that
    would reach at least one step by luck; None where no item says it.
    """

    base: BaseYear
    aims: Aims
    items: Mapping[str, DesignedItem]
    tariff: Tariff
    whole_pence: Tariff | None
    costs: Costs
    paid: Mapping[str, Mapping[str, int | None]]
    lucky: float | None
    gains: Mapping[str, PaidForGain]
