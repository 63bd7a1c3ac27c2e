"""Values as the check looks at them: those that nobody can have, and those in a unit that no rule reads.

Both are read as no value when rules run (docs/reference/records.md): the same tables decide here and there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from remit.records.event_rows import plain
from remit.records.layout import EVENTS, VALUE
from remit.records.measures import Measures, shipped_measures
from remit.records.store import Store
from remit.records.values import possible, unit_key, units_read
from remit.rules.definitions import Definitions
from remit.rules.values_read import values_read
from remit.terminology.clusters import ClusterSet

_MOST_SHOWN = 5
Span = tuple[Decimal, Decimal]


@dataclass(frozen=True)
class Reading:
    """What rules read of values: the units (as they write them, '' for any) by the clusters that a field reads
    together; and the codes of each cluster."""

    reads: Mapping[tuple[str, ...], Collection[str]] = field(default_factory=dict)
    codes: Mapping[str, Collection[str]] = field(default_factory=dict)
    measures: Measures = field(default_factory=shipped_measures)

    def limited(self, code: str) -> tuple[str, ...]:
        """The clusters of a code that have limits of their own."""
        named = dict.fromkeys(limit.cluster for limit in self.measures.limits if limit.cluster)
        return tuple(name for name in named if code in self.codes.get(name, ()))

    def units_of(self, code: str) -> Iterator[tuple[tuple[str, ...], frozenset[str]]]:
        """The clusters together with which a code is read, and the units by their keys."""
        for clusters, units in self.reads.items():
            if any(code in self.codes.get(name, ()) for name in clusters):
                keys = frozenset(unit_key(self.measures, unit) for unit in units)
                yield clusters, units_read(self.measures, clusters, keys)


def reading_of(rules: Definitions, cluster_set: ClusterSet) -> Reading:
    """What the rules that are known read of the codes of a cluster set."""
    definitions = [*rules.registers.values(), *rules.indicators.values()]
    codes = {name: frozenset(cluster.codes) for name, cluster in cluster_set.clusters.items()}
    return Reading(values_read(definitions, rules.registers), codes)


@dataclass
class Odd:
    """Some values: how many of each code."""

    codes: dict[str, int] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return sum(self.codes.values())

    def most(self) -> str:
        """The codes that stand most often, each with how often, and how many others there are."""
        counted = sorted(self.codes.items(), key=lambda one: (-one[1], one[0]))
        codes = [f"{code} ({many:,})" for code, many in counted[:_MOST_SHOWN]]
        more = len(counted) - len(codes)
        return ", ".join(codes) + (f" and {more:,} more" if more else "")


def odd_of_import(store: Store, number: int, reading: Reading) -> tuple[Counter[str], Counter[str]]:
    """Of the events that an import brought how many values nobody can have and how many are in a unit that no rule
    reads, by what is said of them."""
    totals: tuple[Counter[str], Counter[str]] = Counter(), Counter()
    for code in store.codes:
        rows = store.brought(code, EVENTS.name, number, ["code", "value", "unit"])
        for total, odd_by_label in zip(
            totals, odd_values(rows.filter(pc.is_valid(rows["value"])), reading), strict=True
        ):
            total.update({label: odd.count for label, odd in odd_by_label.items()})
    return totals


def odd_values(valued: pa.Table, reading: Reading) -> tuple[dict[str, Odd], dict[str, Odd]]:
    """Of rows that have a value: those that nobody can have and those in a unit that no rule reads, by what is said of
    them."""
    impossible: dict[str, Odd] = {}
    unread: dict[str, Odd] = {}
    grouped = valued.group_by(["code", "unit"], use_threads=False)
    groups = grouped.aggregate([("value", "min"), ("value", "max"), ("value", "count")])
    for row in sorted(groups.to_pylist(), key=lambda row: (row["unit"], row["code"])):
        code, unit, key = row["code"], row["unit"], unit_key(reading.measures, row["unit"])
        read_with = list(reading.units_of(code))
        missed = [" or ".join(clusters) for clusters, units in read_with if key and units and not units & {"", key}]
        for clusters_missed in missed:
            unread.setdefault(f"of {clusters_missed} in {unit}", Odd()).codes[code] = row["value_count"]
        if missed and len(missed) == len(read_with):
            continue
        spans = list(_spans(reading, code, key, read_with))
        if all(lowest <= row["value_min"] and row["value_max"] <= highest for lowest, highest in spans):
            continue
        same = valued.filter(pc.and_(pc.equal(valued["code"], code), pc.equal(valued["unit"], unit)))
        lowest, highest = max(low for low, _ in spans), min(high for _, high in spans)
        low, high = pa.scalar(lowest, VALUE), pa.scalar(highest, VALUE)
        many = pc.sum(pc.or_(pc.less(same["value"], low), pc.greater(same["value"], high))).as_py()
        impossible.setdefault(_label(reading.limited(code), lowest, highest, unit), Odd()).codes[code] = many
    return impossible, unread


def _spans(
    reading: Reading, code: str, key: str, read_with: list[tuple[tuple[str, ...], frozenset[str]]]
) -> Iterator[Span]:
    """Between what a value of a code must be: by its unit; without one by each that is read, if only one is."""
    limited = reading.limited(code)
    yield possible(reading.measures, limited, key)
    units = {unit for _, those in read_with for unit in those}
    if not key and len(units) == 1 and "" not in units:
        yield possible(reading.measures, limited, *units)


def _label(limited: tuple[str, ...], lowest: Decimal, highest: Decimal, unit: str) -> str:
    lead = f"{' or '.join(limited)}, " if limited else ""
    if not limited and lowest == 0 and highest > 10**11:
        return "below 0"
    return f"{lead}outside {plain(lowest)} to {plain(highest)} {unit}".rstrip()
