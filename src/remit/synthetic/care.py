"""Care as it is recorded: tests, reviews, invitations, what was declined or unsuitable, year by year.

For each row of the table and each person whom it is about, a normal number decides in every year whether it was done.
It leans on how well the practice reaches that person in that year, so that care of one person goes together, care
varies by practice, and yet the share over the whole area is the table's.
"""

from __future__ import annotations

import numpy as np

from remit.synthetic.chance import Flags, Floats, Ints, below, chosen
from remit.synthetic.codes import Codes
from remit.synthetic.persons import EPOCH, Persons
from remit.synthetic.sheet import Sheet
from remit.synthetic.tables import Care, CareTables, Who
from remit.synthetic.values import drawn


def members(persons: Persons, row: Who) -> Ints:
    """The people whom a row is about."""
    chosen: Flags = np.logical_or.reduce([persons.has[name] for name in row.of])
    for name in row.without:
        chosen = chosen & ~persons.has[name]
    if row.ages != (0, 120):
        chosen = chosen & (persons.age >= row.ages[0]) & (persons.age < row.ages[1] + 1)
    if row.sex:
        chosen = chosen & (persons.female == (row.sex == "F"))
    return np.flatnonzero(chosen)


def since(persons: Persons, row: Who, who: Ints) -> Ints:
    """The day from which a row is about each person: when the first of what it names began."""
    onset = [np.where(persons.has[name], persons.onset[name], np.iinfo(np.int64).max)[who] for name in row.of]
    return np.asarray(np.minimum.reduce(onset))


def add_care(persons: Persons, table: CareTables, codes: Codes, sheet: Sheet) -> None:
    """Draw every row of the table of care."""
    for number, row in enumerate(table.care):
        draw = persons.draw("care", *row.of, *row.give, row.ages, row.when, row.sex, number)
        who = members(persons, row)
        begins = since(persons, row, who)
        if row.when in ("once", "after onset"):
            who, day = _once(draw, persons, row, who, begins)
        else:
            who, day = yearly(draw, persons, who, begins, row.share, row.every, row.leans, row.when == "review",
                              row.recent)  # fmt: skip
        if row.times != {1: 1.0}:
            who, day = _repeated(draw, row, who, day)
        _enter(draw, persons, table, row, who, day, codes, sheet)


def yearly(
    draw: np.random.Generator, persons: Persons, who: Ints, begins: Ints, share: float, every: int, leans: float,
    review: bool, recent: int = 0,
) -> tuple[Ints, Ints]:  # fmt: skip
    """Whom it was done for and when: one day of each period of `every` years back from the run's last day."""
    run = persons.run
    years = min(run.years, recent) if recent else run.years
    z = persons.reached[who][:, 0:years:every]
    noise = draw.standard_normal(z.shape, dtype=np.float32)
    chance: Floats = leans * z + (1 - leans**2) ** 0.5 * noise
    row, period = np.nonzero(chance > -below(share))
    people = who[row]
    if review:
        day = persons.review[people, period * every]
        if every > 1:
            day = day - 365 * draw.integers(0, every, len(people))
    else:
        day = run.last - 365 * every * period - draw.integers(0, 365 * every, len(people))
    kept = day >= begins[row]
    return people[kept], day[kept]


def _once(draw: np.random.Generator, persons: Persons, row: Care, who: Ints, begins: Ints) -> tuple[Ints, Ints]:
    """Whom it was done for at all: on a day of the history, or some days after the beginning."""
    z = persons.reached[who, 0]
    done = row.leans * z + (1 - row.leans**2) ** 0.5 * draw.standard_normal(len(who)) > -below(row.share)
    who, begins = who[done], begins[done]
    if row.when == "after onset":
        return who, begins + draw.integers(row.after[0], row.after[1] + 1, len(who))
    last = persons.until[who]
    first = np.maximum(begins, persons.run.first)
    if row.upto is not None:
        day = row.upto.toordinal() - EPOCH
        last, first = np.minimum(last, day), np.maximum(begins, day - 5 * 365)
        who, first, last = who[first <= last], first[first <= last], last[first <= last]
    span = np.maximum(last - first, 0)
    return who, first + (draw.random(len(who)) * (span + 1)).astype(np.int64)


def _repeated(draw: np.random.Generator, row: Care, who: Ints, day: Ints) -> tuple[Ints, Ints]:
    """The same again after a gap, for as many as the row says."""
    many = np.array(list(row.times))[chosen(draw, list(row.times.values()), len(who))]
    position = np.repeat(np.arange(len(who)), many)
    rank = np.arange(len(position)) - np.repeat(np.cumsum(many) - many, many)
    gaps = draw.integers(row.gap[0], row.gap[1] + 1, len(position))
    return who[position], day[position] + rank * gaps


def _enter(
    draw: np.random.Generator, persons: Persons, table: CareTables, row: Care, who: Ints, day: Ints, codes: Codes,
    sheet: Sheet,
) -> None:  # fmt: skip
    episode = sheet.episode(row.episode)
    for place, expression in enumerate(row.give):
        mine, when = who, day
        if row.apart and place:
            other = persons.draw("apart", expression)
            moved = other.random(len(who)) < row.apart
            when = day + np.where(moved, other.integers(-40, 11, len(who)), 0)
        if row.each < 1 and len(row.give) > 1:
            kept = draw.random(len(who)) < row.each
            mine, when = who[kept], when[kept]
        value = table.values[row.value] if row.value else None
        sheet.add(
            mine, when, codes.pick(draw, expression, len(mine)),
            drawn(draw, row.value, value, persons, mine) if value else None,
            sheet.unit(value.unit) if value else None, episode,
        )  # fmt: skip
