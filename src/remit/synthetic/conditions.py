"""Who has which condition, and since when: prevalence by age, sex and deprivation, and what goes with what.

A condition's percentage is published for a nation. It is spread over ages, sexes and tenths of deprivation by the
table's ratios, with one constant that makes the standard population come out at the percentage; a practice with older
people has more of it. What goes with what is a normal number for each person that leans on common factors.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from remit.synthetic.chance import Flags, Floats, Ints, chosen, mixed, share_below
from remit.synthetic.codes import Codes
from remit.synthetic.persons import NEVER, YEAR, Persons
from remit.synthetic.sheet import Sheet
from remit.synthetic.tables import Condition, conditions, people

_AGES = np.arange(0, 110.5, 0.5)


def add_conditions(persons: Persons, codes: Codes, sheet: Sheet) -> None:
    """Draw every condition of the table and enter its diagnoses."""
    persons.has["everybody"] = np.ones(persons.count, dtype=bool)
    persons.onset["everybody"] = persons.born
    for name, condition in conditions().items():
        _add(persons, name, condition, codes, sheet)
    persons.has["NEVER_SMOKER"] = ~persons.has["SMOKER"] & ~persons.has["EX_SMOKER"] & (persons.age >= 15)
    persons.onset["NEVER_SMOKER"] = persons.born


def _add(persons: Persons, name: str, condition: Condition, codes: Codes, sheet: Sheet) -> None:
    draw = persons.draw("condition", name)
    n = persons.count
    leaning = [(-weight, persons.factors[factor]) for factor, weight in condition.leans.items()]
    share = share_below(mixed(leaning, draw.standard_normal(n)))
    extra = condition.resolved.share if condition.resolved else 0.0
    ever = share < _chances(persons, name, condition) * (1 + extra)
    for other in condition.without:
        ever &= ~persons.has[other]
    if condition.among:
        ever &= np.logical_or.reduce([persons.has[other] for other in condition.among])
    onset = np.where(ever, _onsets(draw, persons, condition, ever), NEVER)
    if condition.among:  # it begins when, or some time after, what it belongs to does
        first = np.minimum.reduce([persons.onset[other] for other in condition.among])
        onset = np.where(ever, np.maximum(onset, first), NEVER)
    ever &= onset <= persons.until
    over = ever & (draw.random(n) < extra / (1 + extra))
    persons.has[name], persons.onset[name] = ever & ~over, np.where(ever, onset, NEVER)
    if not condition.give:
        return
    who = np.flatnonzero(ever)
    _enter(draw, who, onset[who], persons.has[name][who], condition, codes, sheet)
    if condition.resolved:
        gone = np.flatnonzero(over)
        span = np.maximum(persons.until[gone] - onset[gone], 1)
        day = onset[gone] + 1 + (draw.random(len(gone)) * span).astype(np.int64)
        sheet.add(gone, day, codes.pick(draw, condition.resolved.give, len(gone)))


def _enter(
    draw: np.random.Generator, who: Ints, onset: Ints, lasts: Flags, condition: Condition, codes: Codes, sheet: Sheet
) -> None:
    """The diagnosis, and for some a second entry later; a later entry says that the problem goes on."""
    words = [sheet.episode(word) for word in condition.episodes]
    episode = np.array(words)[chosen(draw, list(condition.episodes.values()), len(who))]
    code = codes.pick_weighted(draw, condition.give, len(who))
    sheet.add(who, onset, code, episode=episode)
    again = np.flatnonzero((draw.random(len(who)) < condition.later) & lasts)
    day = onset[again] + 30 + (draw.random(len(again)) * 2500).astype(np.int64)
    sheet.add(who[again], day, code[again], episode=sheet.episode("continuing"))


def _chances(persons: Persons, name: str, condition: Condition) -> Floats:
    """Each person's chance of having it."""
    group = np.ones(persons.count)
    if condition.diabetes_like:
        group = np.array([one.diabetes for one in people().ethnicity])[persons.ethnicity]
    chance = _relative(condition, persons.age, persons.female, persons.deprived) * group * _constant(name)
    return np.asarray(np.minimum(chance, 0.97))


def _relative(condition: Condition, age: Floats, female: Flags, deprived: Floats) -> Floats:
    by_age = np.interp(age, list(condition.ages), list(condition.ages.values()))
    if condition.only:
        by_age = np.where((age >= condition.only[0]) & (age < condition.only[1] + 1), by_age, 0.0)
    sex = np.where(female, condition.women, 1.0) / max(1.0, condition.women)
    return np.asarray(by_age * sex * np.exp(np.log(condition.deprived) / 2 * deprived))


@cache
def _constant(name: str) -> float:
    """What makes the standard population come out at the table's percentage. Found by halving."""
    condition = conditions()[name]
    age, female, deprived, diabetic, weight = _standard()
    ethnic: Floats = diabetic if condition.diabetes_like else np.ones(len(age))
    relative = _relative(condition, age, female, deprived) * ethnic
    if condition.among:
        listed: Floats = weight * _relative(conditions()[condition.among[0]], age, female, deprived)
    else:
        listed = weight * ((age >= condition.aged[0]) & (age < condition.aged[1] + 1))
    free: Floats = np.ones(len(age))
    for other in condition.without:
        if not condition.among:
            free = free - np.minimum(_relative(conditions()[other], age, female, deprived) * _constant(other), 0.97)
    needed = condition.percent * condition.adjust / 100 * listed.sum()
    low, high = 0.0, 1e6
    for _ in range(100):
        middle = (low + high) / 2
        reached = (np.minimum(relative * middle, 0.97) * free * listed).sum()
        low, high = (middle, high) if reached < needed else (low, middle)
    return (low + high) / 2


@cache
def _standard() -> tuple[Floats, Flags, Floats, Floats, Floats]:
    """The standard population: every age, sex, tenth of deprivation and group of diabetes with its weight."""
    table = people()
    starts = list(table.ages)
    age = np.concatenate([start + np.arange(0.25, 5, 0.5) for start in starts])
    of_age = np.repeat(list(table.ages.values()), 10)
    tenths = (5.5 - np.arange(1, 11)) / 4.5
    groups = np.array([[one.diabetes, one.share] for one in table.ethnicity])
    shape = len(age), 2, 10, len(groups)

    def spread(values: Floats, axis: int) -> Floats:
        return np.broadcast_to(np.expand_dims(values, [a for a in range(4) if a != axis]), shape).ravel()

    sexes = np.array([1 - table.women, table.women])
    weight = spread(of_age, 0) * spread(sexes, 1) * spread(groups[:, 1], 3)
    return (
        spread(age, 0), spread(np.array([0.0, 1.0]), 1) > 0, spread(tenths, 2), spread(groups[:, 0], 3),
        weight / weight.sum(),
    )  # fmt: skip


def _onsets(draw: np.random.Generator, persons: Persons, condition: Condition, ever: Flags) -> Ints:
    """The day it began: at the age at which as many have it as a share of those of today's age, or lately."""
    part = draw.random(persons.count)
    until = persons.until
    if condition.begins == "recently":
        return np.asarray(until - (part * condition.within * 365).astype(np.int64))
    ages = np.maximum.accumulate(np.interp(_AGES, list(condition.ages), list(condition.ages.values()))) + _AGES * 1e-6
    if condition.only:
        ages = np.where(condition.only[0] > _AGES, _AGES * 1e-9, ages)
    today = np.interp(persons.age, _AGES, ages)
    began = np.interp(part * today, ages, _AGES)
    return np.asarray(np.maximum(persons.born + (began * YEAR).astype(np.int64), persons.born))
