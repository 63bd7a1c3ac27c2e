"""What is recorded of everybody and read by no cluster: contacts, letters, common tests, other medicines."""

from __future__ import annotations

import numpy as np

from remit.synthetic.care import members
from remit.synthetic.chance import chosen
from remit.synthetic.codes import Codes
from remit.synthetic.persons import Persons
from remit.synthetic.sheet import MILLION, Sheet
from remit.synthetic.tables import CareTables, people
from remit.synthetic.values import drawn


def add_ordinary(persons: Persons, table: CareTables, codes: Codes, events: Sheet, prescriptions: Sheet) -> None:
    """What no cluster reads: so many a year of each person, more for the old and the ill, and for who comes often."""
    ill = 0.6 * persons.factors["frailty"] + 0.4 * persons.factors["metabolic"] + 0.3 * persons.factors["mind"]
    shape = people().attendance
    comes = persons.draw("ordinary", "attendance").gamma(shape, 1 / shape, persons.count)
    for row in table.ordinary:
        draw = persons.draw("ordinary", row.name)
        who = members(persons, row)
        first = np.maximum(persons.run.first, persons.born[who])
        span = np.maximum(persons.until[who] - first, 0)
        rate = comes[who] * row.yearly * np.exp(row.by_age * (persons.age[who] - 40) / 10 + 0.35 * ill[who] - 0.06)
        many = draw.poisson(rate * span / 365)
        position = np.repeat(np.arange(len(who)), many)
        day = first[position] + (draw.random(len(position)) * (span[position] + 1)).astype(np.int64)
        numbers = np.array([codes.number(code) for code in ordinary_codes(row.name, row.kinds)])
        weights = [1 / (rank + 2) for rank in range(row.kinds)]
        code = numbers[chosen(draw, weights, len(position))]
        listed = who[position]
        if row.prescribed:
            quantity = np.full(len(listed), row.quantity * MILLION)
            prescriptions.add(listed, day, code, quantity, prescriptions.unit("tablet"))
        elif row.value:
            value = table.values[row.value]
            events.add(listed, day, code, drawn(draw, row.value, value, persons, listed), events.unit(value.unit))
        else:
            events.add(listed, day, code)


def ordinary_codes(name: str, kinds: int) -> list[str]:
    """The made-up codes of a kind of ordinary entry: `made-up:letter-03`."""
    return [f"made-up:{name}-{n + 1:02d}" for n in range(kinds)]
