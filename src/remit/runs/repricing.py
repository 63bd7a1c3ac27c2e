"""What other counts would pay: the run's own engine, over one practice with changed figures.

There is no second formula: a worth shown on a statement is the difference between two awards of the engine.
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Mapping
from dataclasses import replace

from remit.core.figures import REGISTER, FigureKey
from remit.pricing.evaluator import Award
from remit.runs.engine import Run
from remit.runs.networks import as_one
from remit.runs.results import PracticeResult
from remit.scheme.kinds import IncomeProtection, Reckoned, Steps
from remit.scheme.model import Item
from remit.scoring.achievement import Achievement, Measurer

Change = Mapping[tuple[str, FigureKey], int]
"""New figures by subject and key."""


class Repricer:
    """Prices one practice or network of a run again, by itself, with other figures."""

    def __init__(self, run: Run, result: PracticeResult) -> None:
        self.run, self.result = run, result
        self.code = result.practice.code
        self.plan = run.plans[result.scheme.scheme]
        self.subjects = run.inputs.counts.of(self.code)
        if result.pool and not result.through_network:
            members = [run.inputs.counts.of(member.code) for member in result.pool.members]
            self.subjects = as_one(self.subjects, members)
        self.now = {award.item.item: award for award in result.awards}
        self.needs = {item.item: _needs(item, self.plan.items) for item in self.plan.items}

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

    def holder(self, item: Item, key: FigureKey) -> str | None:
        """The subject whose figure an item reads: its own, its definition's or its group's."""
        measurer = self.measurer(item)
        names = (item.item, self.measured(item).definition, measurer.group)
        return next((name for name in names if key in self.subjects.get(name, {})), None)

    def dependents(self, item: Item) -> list[Item]:
        """The item and those after it that rest on it: whose table it chooses, which it opens or is paid within."""
        codes = {item.item}
        for other in self.plan.items:
            if codes & self.needs[other.item]:
                codes.add(other.item)
        return [other for other in self.plan.items if other.item in codes]

    def readers(self, subject: str) -> list[Item]:
        """The items whose register, and so whose weight, is this subject's."""
        return [
            item
            for item in self.plan.items
            if self.holder(item, REGISTER) == subject and (item.measure in ("register", "prevalence") or item.weights)
        ]

    def awards(self, change: Change, items: Collection[Item], without: Collection[str] = ()) -> dict[str, Award]:
        """The awards of `items` with figures changed and those of the subjects `without` left out, by item code."""
        subjects = {name: dict(held) for name, held in self.subjects.items() if name not in without}
        for (subject, key), value in change.items():
            subjects.setdefault(subject, {})[key] = value
        other = copy.copy(self.run)
        wanted = {item.item for item in items}
        with_needs = set(wanted)
        for item in reversed(self.plan.items):
            if item.item in with_needs:
                with_needs |= self.needs[item.item]
        plan = replace(self.plan, items=tuple(i for i in self.plan.items if i.item in with_needs))
        other.plans = {**self.run.plans, self.result.scheme.scheme: plan}
        found = other.alone(self.result.practice, subjects)
        return {award.item.item: award for award in found.awards if award.item.item in wanted}

    def worth(self, change: Change, items: Collection[Item]) -> tuple[int | None, dict[str, int], dict[str, Award]]:
        """What a change of figures is worth in pennies, in all and by item; None in all while one is not known.

        What is paid within another item counts there.
        """
        after = self.awards(change, items)
        parts: dict[str, int] = {}
        for code, award in after.items():
            now = self.now[code]
            if award.within in after:
                continue
            if award.pennies is None or now.pennies is None:
                return None, {}, after
            if award.pennies != now.pennies:
                parts[code] = award.pennies - now.pennies
        return sum(parts.values()), parts, after


def _needs(item: Item, items: Collection[Item]) -> set[str]:
    """The items before this one that it rests on: its gate, what it requires, what it is reckoned from."""
    kind, found = item.kind, set(item.requires)
    if isinstance(kind, Steps) and kind.gate:
        found.add(kind.gate)
    if isinstance(kind, Reckoned):
        found |= set(kind.rests_on())
    if isinstance(kind, IncomeProtection) and not kind.covers:
        codes = [other.item for other in items]
        found |= set(codes[: codes.index(item.item)])
    return found
