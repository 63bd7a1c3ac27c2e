"""Who was on which list when, and what the practice says of itself."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from remit.core.dates import SchemeYear
from remit.records.layout import VALUE
from remit.synthetic.chance import Flags, Ints
from remit.synthetic.persons import NEVER, Persons
from remit.synthetic.sheet import days
from remit.synthetic.tables import people

_EPOCH = date(1970, 1, 1).toordinal()


def registration_table(persons: Persons, named: pa.Array, others: list[str], extract: str) -> pa.Table:
    """The stay of each person, and for some an earlier one: elsewhere, or here with a gap."""
    draw = persons.draw("registrations")
    table = people().joined
    n = persons.count
    own = persons.practice.code
    end = np.minimum(persons.left, persons.died)
    who, at, start, stop = [np.arange(n)], [np.zeros(n, dtype=np.int64)], [persons.joined], [end]
    room = persons.joined - persons.born
    moved = np.flatnonzero((draw.random(n) < table["elsewhere"]) & (room > 400))
    if others and len(moved):
        length = np.minimum(draw.integers(200, 4000, len(moved)), room[moved] - 1)
        place = draw.integers(1, len(others) + 1, len(moved))
        who.append(moved)
        at.append(place)
        start.append(persons.joined[moved] - length)
        stop.append(persons.joined[moved] - 1)
    back = np.flatnonzero((draw.random(n) < table["returned"]) & (room > 3000))
    away = draw.integers(1, 700, len(back))
    who.append(back)
    at.append(np.zeros(len(back), dtype=np.int64))
    start.append(persons.joined[back] - away - draw.integers(100, 2000, len(back)))
    stop.append(persons.joined[back] - away)
    return _table(np.concatenate(who), np.concatenate(at), np.concatenate(start), np.concatenate(stop), named,
                  [own, *others], extract)  # fmt: skip


def _table(who: Ints, at: Ints, start: Ints, stop: Ints, named: pa.Array, codes: list[str], extract: str) -> pa.Table:
    """By person, first day, practice and last day, as the store keeps them."""
    rank = np.argsort(np.argsort(np.array(codes)))
    order = np.lexsort((stop, rank[at], start, who))
    who, at, start, stop = who[order], at[order], start[order], stop[order]
    open_ = stop >= NEVER
    return pa.table(
        {
            "patient_id": named.take(pa.array(who)),
            "registered_at": pa.array(codes).take(pa.array(at)),
            "start_date": days(start),
            "end_date": pc.if_else(pa.array(open_), None, days(np.where(open_, 0, stop))),
            "extract": pa.repeat(extract, len(who)),
        }
    )


def on_list(persons: Persons, day: int) -> Flags:
    """Who is on the list on a day, both ends counted."""
    return (persons.joined <= day) & (np.minimum(persons.left, persons.died) >= day)


def practice_table(persons: Persons, extract: str) -> pa.Table:
    """The practice from the beginning of each quarter of the year in which the records end, and on their last day.

    What it was in the first quarter stands for all the time before too; that row, without a day, sorts last.
    """
    last = persons.run.last_day
    begins = SchemeYear(last.year if last.month >= 4 else last.year - 1).begins
    quarters = [date(begins, 4, 1), date(begins, 7, 1), date(begins, 10, 1), date(begins + 1, 1, 1)]
    first, *rest = sorted({last, *(day for day in quarters if day <= last)})
    sizes = [_sizes(persons, day) for day in (*rest, first)]
    n = len(sizes)
    return pa.table(
        {
            "since": pa.array([*rest, None], pa.date32()),
            "practice_name": [persons.practice.name] * n,
            "list_size": pa.array([size for size, _ in sizes], pa.int64()),
            "weighted_list_size": pa.array([weighted for _, weighted in sizes], VALUE),
            "place_code": [persons.practice.place] * n,
            "network_code": [persons.practice.network] * n,
            "extract": [extract] * n,
        }
    )


def _sizes(persons: Persons, since: date) -> tuple[int, Decimal]:
    """The list on a day, and its weighted size: the old, the very young, women and the deprived weigh more."""
    listed = on_list(persons, since.toordinal() - _EPOCH)
    weight = 0.75 + 0.0035 * np.maximum(persons.age - 5, 0) + 0.12 * persons.deprived + 0.05 * persons.female
    weight = np.where(persons.age < 5, 1.3, weight)
    return int(listed.sum()), Decimal(int(np.rint(weight[listed].sum() * 100))) / 100
