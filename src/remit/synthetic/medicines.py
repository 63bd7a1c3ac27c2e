"""Medicines: issued again and again, to the people who are on them."""

from __future__ import annotations

import numpy as np

from remit.synthetic.care import members, since
from remit.synthetic.chance import Floats, Ints, mixed, share_below
from remit.synthetic.codes import Codes
from remit.synthetic.persons import Persons
from remit.synthetic.sheet import MILLION, Sheet
from remit.synthetic.tables import CareTables, Medicine


def add_medicines(persons: Persons, table: CareTables, codes: Codes, sheet: Sheet) -> None:
    """Draw every row of the table of medicines."""
    lean = persons.reached_as_a_rule()
    ranks: dict[str, Floats] = {}
    for row in table.medicines:
        for trait in row.trait.split():
            persons.has[trait] = np.zeros(persons.count, dtype=bool)
            persons.onset[trait] = persons.born
    for number, row in enumerate(table.medicines):
        draw = persons.draw("medicine", *row.of, *row.give, number)
        name = row.group or str(number)
        if name not in ranks:
            noise = persons.draw("group", name).standard_normal(persons.count)
            ranks[name] = share_below(mixed([(-row.leans, lean)], noise))
        rank = ranks[name]
        who = members(persons, row)
        on = rank[who] < row.share
        # Of a group nobody has two: who has this one is past every share, and the others' rank is among themselves.
        rank[who] = np.where(on, 2.0, (rank[who] - row.share) / max(1 - row.share, 1e-9))
        for trait in row.trait.split():
            persons.has[trait][who[on]] = True
        _issue(draw, persons, row, who[on], codes, sheet)


def _issue(draw: np.random.Generator, persons: Persons, row: Medicine, who: Ints, codes: Codes, sheet: Sheet) -> None:
    """One kind for each person, from some time after the beginning until the end of the record, or until stopped."""
    begins = since(persons, row, who) + draw.integers(row.starts[0], row.starts[1] + 1, len(who))
    phase = draw.integers(0, row.days, len(who))
    begins = np.maximum(begins, persons.run.first - row.days) + phase
    ends = persons.until[who].copy()
    stopped = draw.random(len(who)) < row.stopped
    ends[stopped] -= (draw.random(int(stopped.sum())) * 1500).astype(np.int64) + 200
    many = np.maximum((ends - begins) // row.days + 1, 0)
    kind = codes.pick_weighted(draw, row.give, len(who))
    position = np.repeat(np.arange(len(who)), many)
    rank = np.arange(len(position)) - np.repeat(np.cumsum(many) - many, many)
    day = begins[position] + rank * row.days + draw.integers(-4, 5, len(position))
    quantity = np.full(len(position), row.quantity * MILLION)
    sheet.add(who[position], day, kind[position], quantity, sheet.unit(row.unit))
