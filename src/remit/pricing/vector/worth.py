"""What a point is worth to each practice, in floats with a proven bound on their error; and each practice's base."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from remit.core.figures import REGISTER
from remit.organisation import Practice
from remit.organisation.mergers import with_their_lists
from remit.pricing.award import Base
from remit.pricing.evaluator import unclear_items
from remit.pricing.part_of_year import Participation, with_mergers
from remit.pricing.plan import PlannedItem, PricingPlan
from remit.pricing.scenario import Standing
from remit.pricing.vector.columns import Column, Counts, Floats, Mask, both, either
from remit.pricing.vector.rates import list_size, whole
from remit.pricing.vector.settling import ULP, settle

_PREVALENCES = ("prevalence", "target_population")


@dataclass(frozen=True, slots=True)
class Worth:
    """Pounds per point x share of the year: `value`, each within `error` (a part of itself) of the exact amount.

    `known` is False where a factor is not known (None: nowhere), `unsure` True where a rounding on the way could fall
    on the other side (None: nowhere).
    """

    value: Floats
    error: float
    known: Mask | None = None
    unsure: Mask | None = None


class Bases:
    """What each practice's money rests on whatever it counts: lists, share of the year, what is not clear."""

    def __init__(self, plan: PricingPlan, standings: Sequence[Standing]) -> None:
        self.plan, self.standings = plan, standings
        self.practices: list[Practice] = [with_their_lists(one.practice, one.merged) for one in standings]
        self.parts: list[Participation] = [with_mergers(plan.resolved, one.practice, one.merged) for one in standings]
        both_ = zip(standings, self.parts, strict=True)
        self.bases: list[Base] = [plan.base(one.practice, one.merged, part) for one, part in both_]
        year, rule = plan.scheme.year, plan.resolved.merger.value
        self.gone = np.array([bool(one.practice.merged_in(year) and rule) for one in standings], dtype=bool)
        """Those that merged into another, whose award is the successor's."""
        self.unclear = [unclear_items(plan, one, part) for one, part in zip(standings, self.parts, strict=True)]
        self.shared = np.array([base.share is not None for base in self.bases], dtype=bool)
        self.summed = np.array([base.sums is not None for base in self.bases], dtype=bool)

    def __len__(self) -> int:
        return len(self.standings)

    @cached_property
    def lists(self) -> Column | None:
        """The practices' own lists, people registered."""
        return whole([one.list_size for one in self.practices])

    def fixed(self, line: PlannedItem) -> tuple[list[Fraction | None], list[Fraction]]:
        """A point's value x the list's weight, by practice, None while not known; and the share of the year."""
        by_list = "list" in line.item.weights
        pounds: list[Fraction | None] = []
        for base in self.bases:
            value = base.per_point
            if by_list and value is not None:
                assert base.list_factor is not None
                factor = base.list_factor.rounded
                value = None if factor is None else value * factor
            pounds.append(value)
        shares = [base.share_of(line.item.weights) for base in self.bases]
        return (
            [None if share is None else one for one, share in zip(pounds, shares, strict=True)],
            [share or Fraction(0) for share in shares],
        )


class Worths:
    """What a point is worth under the weights of each item, each set of weights worked out once."""

    def __init__(self, bases: Bases) -> None:
        self.bases, self.plan = bases, bases.plan
        self._fixed: dict[bool, tuple[Floats, Floats, Mask | None]] = {}

    def of(self, line: PlannedItem, counts: Counts) -> Worth:
        """A point of an item. Its prevalence rests on `counts`."""
        pounds, shares, known = self._fixed_of(line)
        names = [name for name in line.item.weights if name in _PREVALENCES]
        step = self.plan.scheme.rounding.pounds_per_point
        value, error, unsure = pounds, ULP, None
        for name in names:
            factor = self._factor(line, counts, name)
            value, error = value * factor.value, error + factor.error + 2 * ULP
            known, unsure = both(known, factor.known), either(unsure, factor.unsure)
        if step.places is not None:
            scale = 10.0**step.places
            raw = value * scale
            rounded, open_ = settle(raw.copy(), np.abs(raw) * (error + 4 * ULP), step.mode)
            value, error, unsure = rounded / scale, 2 * ULP, either(unsure, open_)
        value = value * shares
        error += 3 * ULP
        if known is not None:
            value = np.where(known, value, 0.0)
            unsure = None if unsure is None else unsure & known
        return Worth(value, error, known, unsure if unsure is not None and unsure.any() else None)

    def _fixed_of(self, line: PlannedItem) -> tuple[Floats, Floats, Mask | None]:
        by_list = "list" in line.item.weights
        if by_list not in self._fixed:
            pounds, shares = self.bases.fixed(line)
            known = np.array([one is not None for one in pounds], dtype=bool)
            self._fixed[by_list] = (
                np.array([float(one) if one is not None else 0.0 for one in pounds]),
                np.array([float(one) for one in shares]),
                None if known.all() else known,
            )
        return self._fixed[by_list]

    def _factor(self, line: PlannedItem, counts: Counts, name: str) -> Worth:
        """APDF or its like: (register / list) / the nation's, rounded as the scheme says."""
        measurer, weigher, size_ = line.measurer, self.plan.weigher, len(self.bases)
        step = weigher.rounding.prevalence if name == "prevalence" else weigher.rounding.target_population
        register = counts.own_or_group(measurer.code, measurer.group, REGISTER)
        lists = self.bases.lists
        size = lists if weigher.basis == "registered" else list_size(measurer, counts, lists)
        nation = weigher.national_prevalence(measurer.group)
        if register is None or size is None or nation is None:
            return Worth(np.zeros(size_), 0.0, np.zeros(size_, dtype=bool))
        known = both(register.known, size.known)
        wrong = (size.values == 0) | (register.values > size.values)
        if size.unfit is not None:
            wrong = wrong & ~size.unfit
        divisor = size.values
        if wrong.any():
            known, divisor = both(known, ~wrong), np.where(divisor == 0, 1, divisor)
        top, below = nation
        value = (register.values * float(below)) / (divisor * float(top))
        unsure, error = either(register.unfit, size.unfit), 8 * ULP
        if step.places is not None:
            scale = 10.0**step.places
            raw = value * scale
            rounded, open_ = settle(raw.copy(), np.abs(raw) * (error + 3 * ULP), step.mode)
            value, unsure, error = rounded / scale, either(unsure, open_), 2 * ULP
        return Worth(value, error, known, unsure)
