"""Which rows of several extracts stand, and which are superseded by another extract's.

A row with a key: the latest extract's stands. An event or a prescription has none: where two extracts say the same, the
earlier one's stands, once. Where it says more, it may be known again: by the source's own id of the record; by all that
it says but for what becomes of a record, its status and its end; and by what an extract says that cannot say more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from remit.records.layout import Layout

BECOMES = ("status", "end_date")
RECORD = ("patient_id", "record")


def resolve(layout: Layout, rows: pa.Table, extracts: Sequence[str]) -> tuple[pa.Table, pa.Table]:
    """The rows that stand and those that another extract's rows supersede, both sorted; `extracts`: earliest first.

    What one extract says twice is kept twice, for the check to report.
    """
    rows = rows.combine_chunks()
    everything = layout.order(rows.column_names)
    if len(extracts) < 2 or not rows.num_rows:
        return sorted_rows(rows, everything), rows.slice(0, 0)
    position = pc.index_in(rows["extract"].combine_chunks(), pa.array(extracts, pa.string()))
    current = pa.array(_current(layout, rows, position.to_numpy()))
    return tuple(sorted_rows(rows.filter(mask), [*everything, "extract"]) for mask in (current, pc.invert(current)))


def _current(layout: Layout, rows: pa.Table, position: np.ndarray) -> np.ndarray:
    """Of each row whether it stands; `position` is its extract's place."""
    if layout.key:
        return _of_one_extract(rows, layout.key, position, latest=True)
    everything = layout.order(rows.column_names)
    there = [name for name in layout.optional if name in everything]
    says = {name: layout.says(rows, name).to_numpy(zero_copy_only=False) for name in there}
    more = np.zeros(len(position), bool)
    for says_it in says.values():
        more |= says_it
    if not more.any():
        return _of_one_extract(rows, everything, position, latest=False)
    recorded = says.get("record", np.zeros(len(position), bool))
    base = [name for name in everything if name not in layout.optional]
    ways = [
        (~more, base, False),
        (recorded, RECORD, True),
        (more & ~recorded, [name for name in everything if name not in BECOMES], True),
    ]
    current: np.ndarray = more | ~_is_repeated(rows, base, position, more)
    for which, names, latest in ways:
        if which.any():
            current[which] &= _of_one_extract(rows.filter(pa.array(which)), names, position[which], latest)
    return current


def _of_one_extract(rows: pa.Table, names: Sequence[str], position: np.ndarray, latest: bool) -> np.ndarray:
    """Of each row whether it is from the latest, or the earliest, extract that has one alike in these columns."""
    group = groups(rows, names)
    best = np.full(len(position), -1 if latest else np.iinfo("i4").max)
    (np.maximum if latest else np.minimum).at(best, group, position)
    from_best: np.ndarray = best[group] == position
    return from_best


def _is_repeated(rows: pa.Table, base: Sequence[str], position: np.ndarray, more: np.ndarray) -> np.ndarray:
    """Of each row whether another extract has one that is alike in the columns of old and says more."""
    group, none = groups(rows, base), np.iinfo("i4").max
    first, last = np.full(len(position), none), np.full(len(position), -1)
    np.minimum.at(first, group[more], position[more])
    np.maximum.at(last, group[more], position[more])
    repeated: np.ndarray = (last[group] >= 0) & ((first[group] != position) | (last[group] != position))
    return repeated


def groups(rows: pa.Table, names: Sequence[str]) -> np.ndarray:
    """Of each row the number of those that are alike in these columns."""
    order = pc.sort_indices(rows, [(name, "ascending") for name in names]).to_numpy()
    same = same_as_before(rows.select(names).take(pa.array(order)), names).to_numpy(zero_copy_only=False)
    group = np.empty(len(order), "i8")
    group[order] = np.cumsum(~same) - 1
    return group


def same_as_before(table: pa.Table, names: Iterable[str]) -> pa.Array:
    """For each row of a sorted table, whether it is the row before it in these columns; two empty cells are alike."""
    if not table.num_rows:
        return pa.array([], pa.bool_())

    def alike(name: str) -> pa.Array:
        column = table[name].combine_chunks()
        one, next_ = column.slice(0, len(column) - 1), column.slice(1)
        empty = pc.and_(pc.is_null(one), pc.is_null(next_))
        return pc.or_(pc.fill_null(pc.equal(one, next_), False), empty)

    return pa.concat_arrays([pa.array([False]), reduce(pc.and_, map(alike, names))])


def sorted_rows(table: pa.Table, names: Sequence[str]) -> pa.Table:
    """A table by these columns, in their order."""
    return table.take(pc.sort_indices(table, [(name, "ascending") for name in names]))
