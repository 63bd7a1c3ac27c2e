"""From one run to another by one cause at a time, each stage the same evaluator under a scenario.

The order is stated, because it matters where two causes meet in one product (2 more patients on a longer list): each
cause is calculated on top of those before it. What the causes move adds up to the difference exactly in any order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from remit.core.figures import LIST_SIZE, REGISTER
from remit.organisation import Practice
from remit.pricing.evaluator import price
from remit.pricing.plan import plan_of
from remit.pricing.scenario import Lists, Scenario, Standing
from remit.pricing.weights import National
from remit.runs.engine import Run
from remit.scheme.model import Item, Scheme
from remit.scoring.achievement import Subjects

CAUSES = ("counts", "list", "prevalence", "definition", "terms", "practice")
COUNTS, LIST, PREVALENCE, DEFINITION, TERMS, PRACTICE = range(6)
NOTHING = (0,) * len(CAUSES)

_DEFINITION = ("items", "indicators", "groups", "achievement_date", "payment_period")
_TERMS = ("heads", "point", "weights", "rounding", "terms", "year", "nobody_to_count", "scaled_to", "small_numbers")

Pence = dict[str, int | None]


class Stages:
    """The rules after each cause, for the practices that are in scheme `one` of run 1 and scheme `two` of run 2.

    Where both schemes stand side by side in a run, such a practice was assigned to another variant: all that the
    scheme moves is then the definition's.
    """

    def __init__(self, first: Run, second: Run, one: str, two: str) -> None:
        s1, s2 = first.plans[one].scheme, second.plans[two].scheme
        set1, set2 = first.inputs.settings, second.inputs.settings
        national1 = first.plans[one].weigher.national
        national2 = second.plans[two].weigher.national
        dated = {d.from_ for s in (s1, s2) for i in s.items if isinstance(i.indicator, tuple) for d in i.indicator}
        dated |= {s.retires for s in (s1, s2) if s.retires}
        dates1, dates2 = ({n: v for n, v in s.items() if n in dated} for s in (set1, set2))
        rest1, rest2 = ({n: v for n, v in s.items() if n not in dated} for s in (set1, set2))
        reassigned = one != two and (one in second.inputs.schemes or two in first.inputs.schemes)
        self.schemes, self.dated, self.reassigned = (s1, s2), dated, reassigned
        self.changed = {
            PREVALENCE: figures(national1) != figures(national2),
            DEFINITION: reassigned or dates1 != dates2 or _differ(s1, s2, _DEFINITION),
            TERMS: not reassigned and (rest1 != rest2 or _differ(s1, s2, _TERMS)),
        }
        before = plan_of(s1, set1, national1)
        prevalence = plan_of(s1, set1, national2)
        after = plan_of(s2, set2, national2)
        definition = after
        if not reassigned:
            items = {name: getattr(s2, name) for name in _DEFINITION}
            mixed = s1.model_copy(update={**items, "parameters": {**s2.parameters, **s1.parameters}})
            definition = plan_of(mixed, {**rest1, **dates2}, national2)
        self.plans = (before, before, prevalence, definition, after, after)
        theirs = {item.item: item for item in s2.items}
        self.unlike = tuple(item.item for item in s1.items if not _alike(item, theirs.get(item.item)))
        self.weighs = any(item.weights != ("list",) and item.weights for s in self.schemes for item in s.items)

    def changes(self, one: Standing, two: Standing, lists: Mapping[str, Practice]) -> list[bool]:
        """Which causes have other inputs for this practice. `lists` are the practices of run 2."""
        counts = one.figures is not two.figures and one.figures != two.figures
        return [
            counts,
            any(Lists.of(p) != Lists.of(lists[p.code]) for p in (one.practice, *one.merged) if p.code in lists),
            self.changed[PREVALENCE] or (counts and self.weighs and _registers(one.figures) != _registers(two.figures)),
            self.changed[DEFINITION],
            self.changed[TERMS] or one.area != two.area,
            _membership(one) != _membership(two),
        ]

    def walk(
        self,
        one: Standing,
        two: Standing,
        lists: Mapping[str, Practice],
        changes: Sequence[bool],
        first: Pence,
        last: Pence,
    ) -> dict[str, tuple[int, ...]]:
        """What each cause moved of each item that both runs have, in pence, in the order of `CAUSES`.

        `first` and `last` are the two runs' own pounds; only what lies between is priced again.
        """
        items = [code for code in first if code in last]
        known = [first]
        until = max((n for n, changed in enumerate(changes) if changed), default=len(CAUSES) - 1)
        for stage in range(len(CAUSES)):
            if stage >= until:
                known.append(last)
            elif changes[stage]:
                known.append(self._pounds(stage, one, two, lists, items))
            else:
                known.append(known[-1])
        straight = sum(changes) <= 1  # nothing lies between: what is the same at both ends did not move
        return {
            code: NOTHING if straight and first[code] == last[code] else telescope([at[code] for at in known])
            for code in items
        }

    def _pounds(
        self, stage: int, one: Standing, two: Standing, lists: Mapping[str, Practice], items: Sequence[str]
    ) -> Pence:
        """The pounds of some items with the causes up to `stage` as in run 2, and the others as in run 1."""
        own = (one.practice, *one.merged)
        moved = Scenario(
            counted={} if stage >= DEFINITION else dict.fromkeys(self.unlike, one.figures),
            weighed=two.figures if stage >= PREVALENCE else one.figures,
            lists={p.code: Lists.of(lists[p.code]) for p in own if p.code in lists} if stage >= LIST else {},
            items=frozenset(items),
        )
        standing = replace(one, figures=two.figures, area=(two if stage >= TERMS else one).area)
        by_item = price(self.plans[stage], standing, moved).by_item()
        pence = {
            code: 0 if award.within and award.pence is not None else award.pence for code, award in by_item.items()
        }
        return {code: pence.get(code) for code in items}


def telescope(pence: Sequence[int | None]) -> tuple[int, ...]:
    """The steps between amounts; they add up to the last less the first, where None counts as 0.

    An amount that is known again later keeps its last known value meanwhile: a cause that only makes it unknown for a
    step (new counts for a definition that is not yet in force) moves nothing, and the cause that settles it moves all.
    """
    known = [n for n, amount in enumerate(pence) if amount is not None]
    last_known, values = 0, []
    for n, amount in enumerate(pence):
        last_known = amount if amount is not None else (last_known if known and n < known[-1] else 0)
        values.append(last_known)
    return tuple(after - before for before, after in pairwise(values))


def figures(national: Mapping[str, National]) -> dict[str, tuple[object, object]]:
    """The national figures without their origin."""
    return {group: (n.register, n.list_size) for group, n in national.items()}


def _alike(item: Item, other: Item | None) -> bool:
    """Whether the counts of two runs count the same thing; else they move with the definition."""
    return other is not None and item.measure == other.measure and item.indicators == other.indicators


def _differ(one: Scheme, two: Scheme, names: Sequence[str]) -> bool:
    return one is not two and any(getattr(one, name) != getattr(two, name) for name in names)


def _registers(subjects: Subjects) -> dict[str, tuple[object, object]]:
    """What weights may rest on."""
    return {
        subject: (figures.get(REGISTER), figures.get(LIST_SIZE))
        for subject, figures in subjects.items()
        if REGISTER in figures or LIST_SIZE in figures
    }


def _membership(standing: Standing) -> tuple[object, ...]:
    """When a practice joined, left and merged, and who merged into it."""
    p = standing.practice
    return p.joined, p.left, p.successor, p.counts_merged, [(gone.code, gone.left) for gone in standing.merged]
