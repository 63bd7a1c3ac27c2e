"""What other counts would pay one practice: the plan that priced it, with a scenario.

There is no second formula: a worth is the difference between two awards of the evaluator.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cached_property

from remit.core.figures import REGISTER, FigureKey
from remit.pricing.award import Award
from remit.pricing.evaluator import price
from remit.pricing.plan import PricingPlan
from remit.pricing.scenario import Change, Scenario, Standing
from remit.scheme.model import Item
from remit.scoring.achievement import Achievement


class WhatIf:
    """One practice or network priced again, by itself, with other figures. `now` are its awards as they stand."""

    def __init__(self, plan: PricingPlan, standing: Standing, awards: Iterable[Award]) -> None:
        self.plan, self.standing, self.figures = plan, standing, standing.figures
        self.now = {award.item.item: award for award in awards}
        self._asked = _asked(plan)
        self._touched: dict[tuple[str, FigureKey], frozenset[str]] = {}

    def measured(self, code: str) -> Achievement:
        """What the practice achieved of an item, whether or not the run was narrowed to leave it out."""
        award = self.now.get(code)
        return (
            award.achievement if award else self.plan.measurer(code).achievement(self.standing.practice, self.figures)
        )

    def holder(self, code: str, key: FigureKey) -> str | None:
        """The subject whose figure an item reads: its own, its definition's or its group's."""
        names = (code, self.measured(code).definition, self.plan.measurer(code).group)
        return next((name for name in names if key in self.figures.get(name, {})), None)

    def readers(self, subject: str) -> list[Item]:
        """The items whose register, and so whose weight, is this subject's."""
        return [
            item
            for item in self.plan.items
            if self.holder(item.item, REGISTER) == subject
            and (item.measure in ("register", "prevalence") or item.weights)
        ]

    def touched(self, change: Change) -> frozenset[str]:
        """The items that read any of these figures, for their rate, their weight or their own sum, and those that rest
        on them."""
        return frozenset().union(*(self._touched_by(subject, key) for subject, key in change))

    def _touched_by(self, subject: str, key: FigureKey) -> frozenset[str]:
        if (subject, key) not in self._touched:
            codes = {item.item for item in self.readers(subject)} if key == REGISTER else set[str]()
            for item in self._by_subject.get(subject, ()):
                reads = any(r.measure == key.measure and (r.subject or item.item) == subject for r in item.kind.reads())
                if reads or (key != REGISTER and item.measure and self.holder(item.item, key) == subject):
                    codes.add(item.item)
            codes |= {code for read, code in self._asked if read == (subject, key.measure)}
            dependents = (self.plan.dependents(code) for code in codes)
            self._touched[subject, key] = frozenset(codes).union(*dependents)
        return self._touched[subject, key]

    @cached_property
    def _by_subject(self) -> dict[str, list[Item]]:
        """The items that could read a subject's figures, those too that a run was narrowed to leave out."""
        items: dict[str, list[Item]] = {}
        for item in (line.item for line in self.plan.lines.values()):
            own = (item.item, self.measured(item.item).definition, self.plan.measurer(item.item).group)
            for subject in {*own, *(read.subject for read in item.kind.reads())}:
                items.setdefault(subject, []).append(item)
        return items

    def awards(self, change: Change, items: Collection[str], without: Collection[str] = ()) -> dict[str, Award]:
        """The awards of `items` with figures changed and those of the subjects `without` left out, by item code."""
        scenario = Scenario(figures=change, without=frozenset(without), items=frozenset(items))
        return price(self.plan, self.standing, scenario).by_item()

    def worth(self, change: Change, items: Collection[str]) -> tuple[int | None, dict[str, int], dict[str, Award]]:
        """What a change of figures is worth in pence, in all and by item; None in all while one is not known.

        What is paid within another item counts there.
        """
        after = self.awards(change, items)
        parts: dict[str, int] = {}
        for code, award in after.items():
            now = self.now[code]
            if award.within in after:
                continue
            if award.pence is None or now.pence is None:
                return None, {}, after
            if award.pence != now.pence:
                parts[code] = award.pence - now.pence
        return sum(parts.values()), parts, after


def _asked(plan: PricingPlan) -> frozenset[tuple[tuple[str, str], str]]:
    """The figures that conditions look at, by subject and measure, each with the item whose condition it is."""
    return frozenset(
        ((read.subject, read.measure), code)
        for code, line in plan.lines.items()
        if plan.conditional
        for _, when in line.item.conditions
        for read in when.reads()
    )
