"""What a practice is priced on, and what is otherwise: every "what if" of Remit is one of these scenarios.

A `Standing` is a practice as it stands. A `Scenario` says what is changed, and only that: the evaluator prices the same
plan on the same standing with it, so that a worth is the difference of two awards and nobody else multiplies.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import NamedTuple

from remit.core.figures import FigureKey
from remit.organisation import Practice
from remit.pricing.area_wide import AreaWide
from remit.pricing.plan import PricingPlan
from remit.scoring.achievement import Achievement, Subjects
from remit.scoring.guard import Band

Change = Mapping[tuple[str, FigureKey], int]
"""New counts by subject and key."""
NewFigures = Mapping[tuple[str, FigureKey], int | Fraction]
"""New figures by subject and key: counts, and pounds of an earlier year."""


class Lists(NamedTuple):
    """A practice's lists: people registered, and its weighted list; None while not known."""

    registered: int | None
    weighted: Fraction | None

    @classmethod
    def of(cls, practice: Practice) -> Lists:
        return cls(practice.list_size, practice.weighted_list_size)


@dataclass(frozen=True, slots=True)
class Standing:
    """A practice or network as it stands: its lists, the practices that merged into it, its figures, and the bands of
    its guarded items, by item. `unclear` says by item why what practices had before they merged cannot be put together.
    `area` has what rests on all practices, as they stand; without it small numbers and budgets change nothing.
    `vetoed` are the pence of items that members of a network vetoed, so that no limit of several items counts more.
    """

    practice: Practice
    merged: tuple[Practice, ...]
    figures: Subjects
    bands: Mapping[str, Band] = field(default_factory=dict)
    unclear: Mapping[str, str] = field(default_factory=dict)
    area: AreaWide | None = None
    vetoed: Mapping[str, int | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Scenario:
    """What is not as it stands; without arguments nothing is.

    `figures` are put in place of the practice's, those of the subjects `without` are left out. `counted` has, by item,
    other figures on which that item alone is measured; on `weighed` the prevalence weights rest. `lists` are other
    lists by practice code, `achieved` stands in for what would be measured. `items` narrows to some items, and to what
    they rest on. Other rules or settings are another plan: `plan`.
    """

    figures: NewFigures = field(default_factory=dict)
    without: frozenset[str] = frozenset()
    counted: Mapping[str, Subjects] = field(default_factory=dict)
    weighed: Subjects | None = None
    lists: Mapping[str, Lists] = field(default_factory=dict)
    achieved: Mapping[str, Achievement] = field(default_factory=dict)
    items: frozenset[str] | None = None
    plan: PricingPlan | None = None

    def standing(self, standing: Standing) -> Standing:
        """The practice with other lists and figures."""
        practice, merged, figures = standing.practice, standing.merged, standing.figures
        if self.lists:
            practice, merged = self._listed(practice), tuple(self._listed(gone) for gone in merged)
        if self.figures or self.without:
            figures = {
                subject: dict(of_subject) for subject, of_subject in figures.items() if subject not in self.without
            }
            for (subject, key), value in self.figures.items():
                figures.setdefault(subject, {})[key] = value
        return replace(standing, practice=practice, merged=merged, figures=figures)

    def _listed(self, practice: Practice) -> Practice:
        lists = self.lists.get(practice.code)
        if lists is None:
            return practice
        return replace(practice, list_size=lists.registered, weighted_list_size=lists.weighted)


AS_IT_STANDS = Scenario()
