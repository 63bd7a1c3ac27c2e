"""What a practice can do about an item: the figures that would reach a threshold, and what that is called.

A move is a change of figures and no more; what it is worth is for `prospects.py` to ask the evaluator.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from math import inf

from remit.core import say
from remit.core.figures import DECLARED, NUMERATOR, REGISTER, FigureKey
from remit.pricing.award import Award
from remit.pricing.plan import PricingPlan
from remit.pricing.scenario import Change
from remit.pricing.what_if import WhatIf
from remit.scheme.kinds import Activity, BetterOfTwoYears, Fixed, Gateway, Kind, QualityImprovement, Steps, Threshold
from remit.scheme.kinds.figures import named
from remit.scheme.model import RATES, Item
from remit.scheme.quantity import STEP_WORDS

EVIDENCED = FigureKey("EVIDENCED")


@dataclass(frozen=True)
class Move:
    """A change of figures: what it `reaches` in short, the rule in `words`, and what is `done` for it.

    `patients` are how many more it takes, or with `fewer` how many fewer; None where it is no matter of patients.
    `change` is empty where no number of patients reaches it.
    """

    reaches: str
    words: str
    done: str
    change: Change = field(default_factory=dict)
    patients: int | None = None
    fewer: bool = False


def moves(award: Award, price: WhatIf) -> Iterator[Move]:
    """What would earn an item more, nearest first, by its own rule."""
    item, kind = award.item, award.item.kind
    if isinstance(kind, Gateway):
        yield from _elements(award, kind, price)
    elif isinstance(kind, QualityImprovement):
        yield from _topics(kind, price)
    elif isinstance(kind, Fixed) and not kind.target:
        yield from _done(item, kind, price)
    elif kind.takes_rate or kind.uses_rate():
        if item.measure in ("register", "declared"):
            yield from _yes_or_no(award, price)
        elif award.achievement.rate is not None:
            own = award.calculation.thresholds if award.calculation else ()
            yield from patients_to(item, own or thresholds(kind, award.gate), price)


def to_meet(award: Award, price: WhatIf) -> Move | None:
    """The nearest move by which an item is met; None where a practice cannot bring that about."""
    kind = award.item.kind
    if isinstance(kind, Activity):
        return _one_more(award.item, kind, price)
    if isinstance(kind, Fixed) and kind.milestones:
        return next(iter([*_done(award.item, kind, price)][-1:]), None)
    return next((move for move in moves(award, price) if move.change), None)


def thresholds(kind: Kind, gate: Fraction | None) -> tuple[Threshold, ...]:
    """The thresholds of a kind on the scale of this year's achievement, lowest first."""
    if isinstance(kind, BetterOfTwoYears):
        return kind.award.thresholds(gate)
    return kind.thresholds(gate)


def asked_of(item: Item, plan: PricingPlan) -> tuple[Threshold, ...]:
    """Where on the scale of an item's achievement the conditions of items begin or cease to hold, lowest first."""
    wanted = [(line, when) for line in plan.lines.values() for _, when in line.item.conditions]
    marks: dict[tuple[Fraction, bool], dict[str, None]] = {}
    while wanted:
        line, when = wanted.pop()
        wanted += [(line, part) for _, part in when.parts()]
        for at, above in when.marks_of(item.item):
            marks.setdefault((at, above), {})[line.code] = None
    asking = {mark: say.listed([say.item(code) for code in codes]) for mark, codes in marks.items()}
    return tuple(Threshold(at, above, f"what {asking[at, above]} asks for") for at, above in sorted(marks))


def patients_to(item: Item, thresholds: tuple[Threshold, ...], price: WhatIf) -> Iterator[Move]:
    """The patients that it takes to each threshold on the better side of where the practice stands, nearest first."""
    key = REGISTER if item.measure == "prevalence" else NUMERATOR
    holder, done = price.holder(item.item, key), price.measured(item.item)
    top, denominator, falls = done.numerator, done.denominator, item.kind.falls
    if holder is None or top is None or not denominator:
        return
    for threshold in reversed(thresholds) if falls else thresholds:
        need = patients_for(threshold, denominator) - falls  # falls: the most that still lie on the better side
        name = _named(threshold, falls, item.kind.rates_per)
        if need > denominator and item.measure != "per_1000":
            text = f"{name} cannot be reached: it takes {need:,} of the {denominator:,} patients."
            yield Move(name, threshold.words, text)
        elif (0 <= need < top) if falls else need > top:
            more = abs(need - top)
            whom = "in the numerator" if falls else "on the register" if key == REGISTER else "achieved"
            people = f"{say.patients(more, 'fewer ' if falls else 'more ')} {whom} ({need:,} of {denominator:,})"
            if item.measure == "per_1000":
                people = f"{more:,} {'fewer' if falls else 'more'} ({need:,} for {denominator:,} patients)"
            yield Move(name, threshold.words, people, {(holder, key): need}, more, falls)


def one_patient(item: Item, price: WhatIf) -> Change | None:
    """One patient more, or one fewer where lower is better; None where there is none."""
    key = REGISTER if item.measure == "prevalence" else NUMERATOR
    holder, done = price.holder(item.item, key), price.measured(item.item)
    if holder is None or done.numerator is None or not done.denominator:
        return None
    count = done.numerator - 1 if item.kind.falls else done.numerator + 1
    return {(holder, key): count} if 0 <= count <= _most(item, done.denominator) else None


def _most(item: Item, people: int) -> float:
    """The most that can be counted of so many people: events have no limit."""
    return inf if item.measure == "per_1000" else people


def more_patients(item: Item, price: WhatIf, many: int) -> Change | None:
    """So many patients more on the better side, or fewer where `many` is below 0, as far as there are patients; None
    where nobody is counted."""
    key = REGISTER if item.measure == "prevalence" else NUMERATOR
    holder, done = price.holder(item.item, key), price.measured(item.item)
    if item.measure not in RATES or done.numerator is None or not done.denominator:
        return None
    count = done.numerator + (-many if item.kind.falls else many)
    return {(holder, key): int(min(max(count, 0), _most(item, done.denominator)))} if holder else None


def patients_for(threshold: Threshold, patients: int) -> int:
    """The fewest of `of` patients whose share is above the threshold, or at it where the threshold itself counts."""
    exact = threshold.at * patients
    whole = exact.numerator // exact.denominator
    return whole + 1 if threshold.above or whole < exact else whole


def table_edges(kind: Steps) -> tuple[Threshold, ...]:
    """Where another table begins to hold, on the scale of the gate's achievement, lowest first."""
    edges = {(t.when.low, t.when.low_above) for t in kind.tables if t.when.low is not None}
    edges |= {(t.when.high, not t.when.high_below) for t in kind.tables if t.when.high is not None}
    return tuple(Threshold(at, above, "") for at, above in sorted((at, above) for at, above in edges if at is not None))


def _named(threshold: Threshold, falls: bool, per: int) -> str:
    return f"{STEP_WORDS[falls][threshold.above]} {say.rate(threshold.at, per)}"


def _yes_or_no(award: Award, price: WhatIf) -> Iterator[Move]:
    key = REGISTER if award.item.measure == "register" else DECLARED
    holder = price.holder(award.item.item, key)
    if award.achievement.rate or holder is None:
        return
    what = "one patient on the register" if key == REGISTER else "declared as done"
    yield Move(what, "", "", {(holder, key): 1}, 1 if key == REGISTER else None)


def _elements(award: Award, kind: Gateway, price: WhatIf) -> Iterator[Move]:
    """The elements that a gateway lacks: so many of those that are not declared as it needs."""
    declared = {code: price.figures.get(code, {}).get(DECLARED) for code in kind.elements()}
    open_ = [code for code, yes in declared.items() if not yes]
    lacks = kind.needed - (len(declared) - len(open_))
    if award.earned is None or lacks < 1 or (kind.needs and kind.needs.required):
        return
    if lacks == len(open_):
        names = f"{named(open_, kind.elements())} declared"
    else:
        names = f"{say.in_words(lacks)} of these declared: {named(open_, kind.elements())}"
    yield Move(names, "", "", {(code, DECLARED): 1 for code in open_[:lacks]})


def _topics(kind: QualityImprovement, price: WhatIf) -> Iterator[Move]:
    """Each topic that is not complete yet."""
    for code in kind.elements():
        needed = (DECLARED, EVIDENCED) if kind.evidence else (DECLARED,)
        change = {(code, key): 1 for key in needed if not price.figures.get(code, {}).get(key)}
        if change:
            proof = "declared and evidenced" if kind.evidence else "declared"
            yield Move(f"{named([code], kind.elements())} {proof}", "", "", change)


def _done(item: Item, kind: Fixed, price: WhatIf) -> Iterator[Move]:
    """What is not declared: the item itself, or each milestone; then all of those together."""
    if kind.declared == "not asked":
        return
    parts = kind.elements() or {item.item: kind.for_}
    open_ = [code for code in parts if not price.figures.get(code, {}).get(DECLARED)]
    for codes in [[code] for code in open_] + ([open_] if len(open_) > 1 else []):
        name = named(codes, parts) if kind.milestones else kind.for_
        yield Move(f"{name} declared", "", "", {(code, DECLARED): 1 for code in codes})


def _one_more(item: Item, kind: Activity, price: WhatIf) -> Move | None:
    """One more of what is paid for by the piece, in the quarter with the fewest."""
    activity = {
        key: int(value) for key, value in price.figures.get(item.item, {}).items() if key.measure == kind.measure
    }
    if kind.counted == "days" or not activity:
        return None
    key = min(activity, key=lambda each: activity[each])
    return Move(f"one more {kind.each}", "", "", {(item.item, key): activity[key] + 1})
