"""Values that are left out: made missing in `records` where nobody can have them, and counted with those that no rule
reads.

What is least and greatest by slice and unit says whether there is anything to do; mostly there is not.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import duckdb

from remit.evaluation.engine import nodes as n
from remit.evaluation.engine import value_limits
from remit.evaluation.model import IMPOSSIBLE, UNIT_NOT_READ, LeftOut
from remit.records.measures import Measures
from remit.records.values import unit_key

Fetched = Callable[[str], list[tuple[str, int, int]]]
"""Runs a statement."""


@dataclass
class Units:
    """The units that are written in records, by their numbers there.

    A number says which of the plan's units it is, and in which spelling: the first of a unit is its place in the plan,
    each further one `dialect.UNITS` more. None is no unit; what the plan does not know has no number.
    """

    plan: n.QueryPlan
    measures: Measures
    numbers: dict[str, int | None] = field(default_factory=dict)
    texts: dict[int, str] = field(default_factory=dict)

    def number(self, written: Sequence[str]) -> dict[str, int | None]:
        """The numbers of those among some units that have one."""
        places = {key: at for at, key in enumerate(self.plan.units)}
        for text in written:
            key = unit_key(self.measures, text)
            if text in self.numbers or (key and key not in places):
                continue
            at = places[key] if key else None
            while at in self.texts:
                at += value_limits.UNITS
            self.numbers[text] = at
            if at is not None:
                self.texts[at] = text
        return {text: self.numbers[text] for text in written if text in self.numbers}


def leave_out(
    connection: duckdb.DuckDBPyConnection, plan: n.QueryPlan, units: Units, spans: bool = False
) -> tuple[dict[str, Counter[LeftOut]], list[int]]:
    """Make the values missing that nobody can have. Returns how many are left out, by practice; and the slices that
    have some in a unit of which only the records tell how it is written."""
    reads = {plan.slices[one.slice]: one for one in plan.values}
    counts: dict[str, Counter[LeftOut]] = defaultdict(Counter)
    unknown = set()
    for slice_, unit, least, greatest in (
        connection.execute(value_limits.value_ranges(reads, spans)).fetchall() if reads else ()
    ):
        read, at = reads[slice_], unit if unit is None or unit < 0 else unit % value_limits.UNITS
        limits, unsaid = read.limits[at], read.unsaid if unit is None else ()
        outside = least < limits[0] or greatest > limits[1]
        unread = unit is not None and not is_read(read, plan.units[at] if at >= 0 else "?")
        unfit = unsaid and not any(low <= least and greatest <= high for low, high in unsaid)
        if unit is not None and unit < 0 and (outside or unread):
            unknown.add(slice_)
        elif outside or unread or unfit:
            sql = value_limits.values_counted(slice_, unit, [limits, *unsaid], spans, plan.needs)
            text, clusters = "" if unit is None else units.texts[unit], " or ".join(read.slice)
            for practice, many, impossible in connection.execute(sql).fetchall():
                if unread or impossible:
                    why = UNIT_NOT_READ if unread else IMPOSSIBLE
                    counts[practice][clusters, text, why] += many if unread else impossible
        if outside:
            connection.execute(value_limits.leave_out(slice_, unit, limits, spans))
    return counts, sorted(unknown)


def is_read(read: n.ValuesRead, unit: str) -> bool:
    """Whether values in a unit, by its key, are read at all."""
    return not read.units or "" in read.units or unit in read.units


def count_unknown_units(
    fetched: Fetched,
    scanned: str,
    plan: n.QueryPlan,
    slices: Sequence[int],
    numbered: Mapping[str, int | None],
    spans: bool = False,
) -> Counter[LeftOut]:
    """How many values of a practice's scan are in a unit that the plan does not know: which no rule reads, or where any
    is read, such as nobody can have."""
    reads = {plan.slices[one.slice]: one for one in plan.values}
    counts: Counter[LeftOut] = Counter()
    for slice_ in slices:
        read = reads[slice_]
        for unit, many, impossible in fetched(value_limits.values_written(scanned, slice_, read.limits[-1], spans)):
            unread = not is_read(read, "?")
            if unit and unit not in numbered and (unread or impossible):
                why = UNIT_NOT_READ if unread else IMPOSSIBLE
                counts[" or ".join(read.slice), unit, why] += many if unread else impossible
    return counts
