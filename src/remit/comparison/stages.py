"""From one run to another by one cause at a time, through the engine's own measurers and pricers.

The order is stated, because it matters where two causes meet in one product (2 more patients on a longer list): each
cause is reckoned on top of those before it. What the causes move adds up to the difference exactly, whatever the order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from remit.core.figures import LIST_SIZE, REGISTER
from remit.organisation import Practice
from remit.payment.terms import participation, setting
from remit.pricing.evaluator import PerPoint, Pricer, WeightsOf
from remit.pricing.weights import National, Weigher
from remit.runs.engine import Run
from remit.scheme.kinds import Reckoned, Steps, Worth
from remit.scheme.model import Item, Scheme
from remit.scoring.achievement import Achievement, Measurer, Subjects

CAUSES = ("counts", "list", "prevalence", "definition", "terms", "practice")
COUNTS, LIST, PREVALENCE, DEFINITION, TERMS, PRACTICE = range(6)

_DEFINITION = ("items", "indicators", "groups", "achievement_date")
_TERMS = ("heads", "point", "weights", "rounding", "terms", "year", "nobody_to_count")

Pennies = dict[str, int | None]


@dataclass(frozen=True)
class Rules:
    """A scheme made ready to price: one run's, or half of one and half of the other."""

    scheme: Scheme
    settings: dict[str, str]
    measurers: dict[str, Measurer]
    pricer: Pricer
    items: dict[str, Item]

    @classmethod
    def of(cls, scheme: Scheme, settings: dict[str, str], national: Mapping[str, National]) -> Rules:
        measurers = {item.item: Measurer(scheme, item, settings) for item in scheme.items}
        pricer = Pricer(scheme, Weigher(scheme, national, settings), measurers)
        return cls(scheme, settings, measurers, pricer, {item.item: item for item in scheme.items})

    @property
    def leaning(self) -> bool:
        """Whether any item rests on others or on figures of its own: then all are priced, in their order."""
        return any(item.requires or isinstance(item.kind, Reckoned) for item in self.items.values())

    def priceable(self, item: Item) -> bool:
        """Whether the terms have every weight that the item names; terms of another scheme may lack one."""
        return all(getattr(self.scheme.weights, name) is not None for name in item.weights)


@dataclass(frozen=True, slots=True)
class Side:
    """What one run says of one practice."""

    practice: Practice
    merged: tuple[Practice, ...]
    subjects: Subjects

    @classmethod
    def of(cls, run: Run, code: str) -> Side:
        return cls(run.inputs.practices[code], tuple(run.predecessors.get(code, ())), run.counted(code))

    @property
    def membership(self) -> tuple[object, ...]:
        p = self.practice
        return p.joined, p.left, p.successor, [(gone.code, gone.left) for gone in self.merged]


class Stages:
    """The rules after each cause, for the practices that are in scheme `one` of run 1 and scheme `two` of run 2.

    Where both schemes stand side by side in a run, such a practice was assigned to another variant: all that the
    scheme moves is then the definition's.
    """

    def __init__(self, first: Run, second: Run, one: str, two: str) -> None:
        s1, s2 = first.plans[one].scheme, second.plans[two].scheme
        set1, set2 = first.inputs.settings, second.inputs.settings
        national1 = first.plans[one].pricer.weigher.national
        national2 = second.plans[two].pricer.weigher.national
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
        before = Rules.of(s1, set1, national1)
        prevalence = Rules.of(s1, set1, national2)
        after = Rules.of(s2, set2, national2)
        definition = after
        if not reassigned:
            items = {name: getattr(s2, name) for name in _DEFINITION}
            mixed = s1.model_copy(update={**items, "parameters": {**s2.parameters, **s1.parameters}})
            definition = Rules.of(mixed, {**rest1, **dates2}, national2)
        self.rules = (before, before, prevalence, definition, after, after)
        self.alike = frozenset(code for code, item in before.items.items() if _alike(item, after.items.get(code)))
        self.weighs = any(item.weights != ("list",) and item.weights for s in self.schemes for item in s.items)

    def changes(self, one: Side, two: Side, lists: Mapping[str, Practice]) -> list[bool]:
        """Which causes have other inputs for this practice. `lists` are the practices of run 2."""
        counts = one.subjects is not two.subjects and one.subjects != two.subjects
        return [
            counts,
            any(_lists(p) != _lists(lists[p.code]) for p in (one.practice, *one.merged) if p.code in lists),
            self.changed[PREVALENCE]
            or (counts and self.weighs and _registers(one.subjects) != _registers(two.subjects)),
            self.changed[DEFINITION],
            self.changed[TERMS],
            one.membership != two.membership,
        ]

    def walk(
        self,
        one: Side,
        two: Side,
        lists: Mapping[str, Practice],
        changes: Sequence[bool],
        first: Pennies,
        last: Pennies,
    ) -> dict[str, tuple[int, ...]]:
        """What each cause moved of each item that both runs have, in pennies, in the order of `CAUSES`.

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
        return {code: telescope([at[code] for at in known]) for code in items}

    def _pounds(self, stage: int, one: Side, two: Side, lists: Mapping[str, Practice], items: Sequence[str]) -> Pennies:
        practice, merged = one.practice, one.merged
        if stage >= LIST:
            practice, merged = _with_lists(practice, lists), tuple(_with_lists(p, lists) for p in merged)

        def counted(code: str) -> Subjects:
            return two.subjects if stage >= DEFINITION or code in self.alike else one.subjects

        weighed = two.subjects if stage >= PREVALENCE else one.subjects
        return pounds(self.rules[stage], practice, merged, counted, weighed, items)


def pounds(
    rules: Rules,
    practice: Practice,
    merged: tuple[Practice, ...],
    counted: Callable[[str], Subjects],
    weighed: Subjects,
    items: Sequence[str],
) -> Pennies:
    """The pounds of some items, in pennies, as the engine reckons them; None while they are not known.

    An item's achievement is measured on `counted(item)`; prevalence weights rest on `weighed`.
    """
    scheme, settings = rules.scheme, rules.settings
    share = participation(scheme, practice, settings).share
    if merged or practice.successor:
        rule = setting(scheme, settings, scheme.terms.changes.merger)
        if rule and practice.successor:
            return dict.fromkeys(items)
        share = share if rule else None
    base = rules.pricer.base(practice, merged, share)
    cache: dict[WeightsOf, PerPoint] = {}
    done: dict[str, Achievement] = {}

    def achieved(code: str) -> Achievement:
        if code not in done:
            done[code] = rules.measurers[code].of(practice, counted(code))
        return done[code]

    found: Pennies = {}
    others: dict[str, Worth] = {}
    for code in rules.items if rules.leaning else items:
        item, kind = rules.items[code], rules.items[code].kind
        if not rules.priceable(item):
            found[code] = None
            continue
        gate = achieved(kind.gate).rate if isinstance(kind, Steps) and kind.gate else None
        award = rules.pricer.price(item, achieved(code), gate, base, practice, weighed, cache, others, counted(code))
        if rules.leaning:
            others[code] = rules.pricer.worth(award)
        found[code] = 0 if award.within and award.pennies is not None else award.pennies
    return {code: found.get(code) for code in items}


def telescope(pennies: Sequence[int | None]) -> tuple[int, ...]:
    """The steps between amounts; they add up to the last less the first, where None counts as 0.

    An amount that is known again later keeps its last known value meanwhile: a cause that only makes it unknown for a
    step (new counts for a definition that is not yet in force) moves nothing, and the cause that settles it moves all.
    """
    known = [n for n, amount in enumerate(pennies) if amount is not None]
    held, values = 0, []
    for n, amount in enumerate(pennies):
        held = amount if amount is not None else (held if known and n < known[-1] else 0)
        values.append(held)
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
        subject: (held.get(REGISTER), held.get(LIST_SIZE))
        for subject, held in subjects.items()
        if REGISTER in held or LIST_SIZE in held
    }


def _lists(practice: Practice) -> tuple[object, ...]:
    return practice.list_size, practice.weighted_list_size


def _with_lists(practice: Practice, lists: Mapping[str, Practice]) -> Practice:
    other = lists.get(practice.code, practice)
    return replace(practice, list_size=other.list_size, weighted_list_size=other.weighted_list_size)
