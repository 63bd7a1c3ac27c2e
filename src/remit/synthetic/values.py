"""Values: a number for each entry, about a mean, with a part that each person keeps over the years."""

from __future__ import annotations

import numpy as np

from remit.synthetic.chance import Floats, Ints, chosen, mixed
from remit.synthetic.persons import Persons
from remit.synthetic.sheet import MILLION
from remit.synthetic.tables import Value


def drawn(draw: np.random.Generator, name: str, value: Value, persons: Persons, who: Ints) -> Ints:
    """The value of each entry, in millionths."""
    if value.of:
        numbers = np.array(list(value.of))[chosen(draw, list(value.of.values()), len(who))]
    else:
        z = value.keeps**0.5 * own_part(persons, value.like or name, value)[who]
        z = z + (1 - value.keeps) ** 0.5 * draw.standard_normal(len(who))
        decades = (persons.age[who] - 50) / 10
        if value.skew:
            spread = np.sqrt(np.log1p((value.sd / value.mean) ** 2))
            numbers = (value.mean + value.age * decades) * np.exp(spread * z - spread**2 / 2)
        else:
            numbers = value.mean + value.age * decades + value.sd * z
    scale = 10**value.decimals
    whole = np.rint(np.clip(numbers, value.low, value.high) * scale).astype(np.int64)
    return np.asarray(whole * (MILLION // scale))


def own_part(persons: Persons, name: str, value: Value | None = None) -> Floats:
    """A person's own part of a value: standard normal, the same for every entry of that name."""
    leaning = [(weight, persons.factors[factor]) for factor, weight in (value.leans if value else {}).items()]
    return mixed(leaning, persons.draw("value", name).standard_normal(persons.count))
