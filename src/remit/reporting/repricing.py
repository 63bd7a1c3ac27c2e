"""What other counts would pay: the run's own engine, over one practice with changed figures.

There is no second formula: a worth shown on a statement is the difference between two awards of the engine.
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Mapping
from dataclasses import replace

from remit.payment.pricing import Award
from remit.runs.engine import PracticeResult, Run
from remit.scheme.kinds import Steps
from remit.scheme.model import Item
from remit.scoring.achievement import Achievement, Measurer

Change = Mapping[tuple[str, str], int]
"""New figures by (subject, measure)."""


class Repricer:
    """Prices one practice of a run again, with other figures."""

    def __init__(self, run: Run, result: PracticeResult) -> None:
        self.run, self.result = run, result
        self.code = result.practice.code
        self.plan = run.plans[result.scheme.scheme]
        self.subjects = run.inputs.counts.of(self.code)
        self.now = {award.item.item: award for award in result.awards}

    def measurer(self, item: Item) -> Measurer:
        """How an item is measured in this run."""
        return self.plan.measurers[item.item]

    def scheme_item(self, code: str) -> Item:
        """The scheme's item of that code."""
        return self.plan.scheme.item(code)

    def measured(self, item: Item) -> Achievement:
        """What the practice achieved of an item, whether or not the run was narrowed to leave it out."""
        award = self.now.get(item.item)
        return award.achievement if award else self.measurer(item).of(self.result.practice, self.subjects)

    def holder(self, item: Item, measure: str) -> str | None:
        """The subject whose figure an item reads: its own, its definition's or its group's."""
        measurer = self.measurer(item)
        names = (item.item, self.measured(item).definition, measurer.group)
        return next((name for name in names if measure in self.subjects.get(name, {})), None)

    def dependents(self, item: Item) -> list[Item]:
        """The item and those whose table it chooses."""
        return [i for i in self.plan.items if i is item or (isinstance(i.kind, Steps) and i.kind.gate == item.item)]

    def readers(self, subject: str) -> list[Item]:
        """The items whose register, and so whose weight, is this subject's."""
        return [
            item
            for item in self.plan.items
            if self.holder(item, "REGISTER") == subject and (item.measure in ("register", "prevalence") or item.weights)
        ]

    def awards(self, change: Change, items: Collection[Item], without: Collection[str] = ()) -> dict[str, Award]:
        """The awards of `items` with figures changed and those of the subjects `without` left out, by item code."""
        subjects = {name: dict(held) for name, held in self.subjects.items() if name not in without}
        for (subject, measure), value in change.items():
            subjects.setdefault(subject, {})[measure] = value
        inputs = self.run.inputs
        merged = {practice.code: inputs.counts.of(practice.code) for practice in self.result.merged}
        counts = replace(inputs.counts, figures={**merged, self.code: subjects})
        other = copy.copy(self.run)
        other.inputs = replace(inputs, counts=counts)
        wanted = {item.item for item in items}
        plan = replace(self.plan, items=tuple(i for i in self.plan.items if i.item in wanted))
        other.plans = {**self.run.plans, self.result.scheme.scheme: plan}
        return {award.item.item: award for award in other.practice(self.code).awards}

    def worth(self, change: Change, items: Collection[Item]) -> tuple[int | None, dict[str, int], dict[str, Award]]:
        """What a change of figures is worth in pennies, in all and by item; None in all while one is not known."""
        after = self.awards(change, items)
        parts: dict[str, int] = {}
        for code, award in after.items():
            now = self.now[code].pennies
            if award.pennies is None or now is None:
                return None, {}, after
            if award.pennies != now:
                parts[code] = award.pennies - now
        return sum(parts.values()), parts, after
