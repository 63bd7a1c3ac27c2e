"""Values that are left out: made missing in `records` where nobody can have them, and counted with those that no rule
reads.

What is least and greatest by slice and unit says whether there is anything to do; mostly there is not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import duckdb

from remit.evaluation.engine import nodes as n
from remit.evaluation.engine import scan
from remit.evaluation.model import IMPOSSIBLE, UNIT_NOT_READ, LeftOut
from remit.records.measures import Measures
from remit.records.values import unit_key


def leave_out(connection: duckdb.DuckDBPyConnection, plan: n.QueryPlan, spans: bool = False) -> list[int]:
    """Make the values missing that nobody can have; returns the slices in which some value is left out."""
    reads = {plan.slices[one.slice]: one for one in plan.values}
    found = set()
    for slice_, unit, least, greatest in connection.execute(scan.values_seen(reads, spans)).fetchall() if reads else ():
        read = reads[slice_]
        lowest, highest = read.limits[unit]
        if least < lowest or greatest > highest:
            connection.execute(scan.leave_out(slice_, unit, (lowest, highest), spans))
            found.add(slice_)
        if unit is None:
            whole = any(low <= least and greatest <= high for low, high in read.unsaid)
            found |= set() if whole or not read.unsaid else {slice_}
        elif not is_read(read, plan.units[unit] if unit >= 0 else "?"):
            found.add(slice_)
    return sorted(found)


def is_read(read: n.ValuesRead, unit: str) -> bool:
    """Whether values in a unit, by its key, are read at all."""
    return not read.units or "" in read.units or unit in read.units


def count_left_out(
    fetched: Callable[[str], list[tuple[str, int, int]]],
    scanned: str,
    plan: n.QueryPlan,
    slices: Sequence[int],
    numbers: Mapping[str, int | None],
    measures: Measures,
    spans: bool = False,
) -> Counter[LeftOut]:
    """How many values of a practice's scan nobody can have, and how many are in a unit that no rule reads.

    `numbers` has the plan's number of each unit as it is written, `fetched` runs a statement.
    """
    reads = {plan.slices[one.slice]: one for one in plan.values}
    found: Counter[LeftOut] = Counter()
    for slice_ in slices:
        read = reads[slice_]
        limits = {
            text: [read.limits[at], *(read.unsaid if at is None else ())]
            for text, at in sorted({"": None, **numbers}.items())
        }
        for unit, many, impossible in fetched(scan.values_written(scanned, slice_, limits, read.limits[-1], spans)):
            key = unit_key(measures, unit)
            if key and not is_read(read, key):
                found[" or ".join(read.slice), unit, UNIT_NOT_READ] += many
            elif impossible:
                found[" or ".join(read.slice), unit, IMPOSSIBLE] += impossible
    return found
