"""What comes beside care: the coded ethnicity, the end of life, faults of coding, and days on the edge of a window."""

from __future__ import annotations

import numpy as np

from remit.core.dates import add_months
from remit.synthetic.chance import Floats, Ints
from remit.synthetic.codes import Codes
from remit.synthetic.persons import EPOCH, NEVER, Persons
from remit.synthetic.sheet import Columns, Sheet
from remit.synthetic.tables import people


def add_ethnicity(persons: Persons, codes: Codes, sheet: Sheet) -> None:
    """The coded entry of those whose ethnicity is recorded, for most of them."""
    table = people()
    draw = persons.draw("ethnicity")
    coded = persons.ethnicity_known & (draw.random(persons.count) >= table.missing["ethnicity_code"])
    who = np.flatnonzero(coded)
    numbers = np.array([codes.numbers_of(group.give)[0] for group in table.ethnicity])
    sheet.add(who, persons.joined[who] + draw.integers(0, 900, len(who)), numbers[persons.ethnicity[who]])


def add_ending(persons: Persons, codes: Codes, sheet: Sheet) -> None:
    """Where somebody died is entered on the day or some weeks after, for some."""
    draw = persons.draw("ending")
    who = np.flatnonzero(persons.died < NEVER)
    is_recorded = draw.random(len(who)) < 0.35 + 0.1 * _shift(persons.reached[who, 0])
    who = who[is_recorded]
    day = persons.died[who] + draw.integers(0, 40, len(who))
    sheet.add(who, day, codes.pick(draw, "ACTPLACE_COD", len(who)), until=np.full(persons.count, persons.run.last))


def _on_edges(persons: Persons, rows: Columns, share: float) -> Ints:
    """The days, of which some that lie near the edge of a usual window are put on it, or a day before or after it.

    All that was entered of somebody on one day stays together, so the draw is by person and day.
    """
    day = rows.day.copy()
    for months in (3, 6, 9, 12, 24):
        edge = add_months(persons.run.last_day, -months).toordinal() - EPOCH
        near = np.flatnonzero(np.abs(rows.day - edge) <= 4)
        lot = (rows.who[near].astype(np.int64) * 7919 + rows.day[near] * 104729) % 1000
        near, lot = near[lot < 1000 * share], lot[lot < 1000 * share]
        moved = edge - 1 + lot % 3
        kept = (moved >= persons.born[rows.who[near]]) & (moved <= persons.until[rows.who[near]])
        day[near[kept]] = moved[kept]
    return day


def _shift(z: Floats) -> Floats:
    return np.clip(z, -2, 2)


def spoiled(persons: Persons, rows: Columns, table: str) -> Columns:
    """The rows with the faults that real records have: entered twice, on impossible days, without their unit."""
    faults = people().faults
    draw = persons.draw("faults", table)
    chance = draw.random(len(rows), dtype=np.float32)
    early = chance < faults["before_birth"]
    late = (chance >= 0.5) & (chance < 0.5 + faults["after_the_last_day"])
    day = _on_edges(persons, rows, faults["on_an_edge"])
    day[early] = persons.born[rows.who[early]] - draw.integers(1, 300, int(early.sum()))
    day[late] = persons.run.last + draw.integers(1, 900, int(late.sum()))
    unit = rows.unit.copy()
    bare = (chance >= 0.6) & (chance < 0.6 + faults["value_without_unit"])
    if table == "events":
        unit[bare] = Sheet.unit("")
    twice = np.flatnonzero((chance >= 0.8) & (chance < 0.8 + faults["doubled"]))
    spoilt = Columns(rows.who, day, rows.code, rows.value, unit, rows.episode, rows.reading)
    again = spoilt.take(twice)
    return Columns(
        *(np.concatenate([getattr(spoilt, name), getattr(again, name)]) for name in
          ("who", "day", "code", "value", "unit", "episode", "reading"))
    )  # fmt: skip
