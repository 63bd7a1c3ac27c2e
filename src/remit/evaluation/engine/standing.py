"""What is kept of practices that are run together; and what was kept of them, set by their patients as they are now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from remit.evaluation.engine import nodes as n
from remit.evaluation.engine.results import Cells, Decided, Found
from remit.evaluation.kept_results.practice import Columns, KeptPractice
from remit.evaluation.model import LeftOut
from remit.files.hashes import sha256_text


@dataclass(frozen=True)
class Keys:
    """What the nodes and decisions of a plan are found again by: two that say the same have the same."""

    nodes: dict[n.Node, str]
    decisions: dict[int, str]
    """By where a decision of the plan is in memory."""

    @classmethod
    def of(cls, plan: n.QueryPlan) -> Keys:
        """The keys of a plan."""
        every = [*plan.indicators, *(register for stage in plan.stages for register in stage.registers)]
        return cls({node: _key(node) for node in plan.nodes()}, {id(one): _key(one) for one in every})


def _key(thing: n.Node | n.Decision) -> str:
    return sha256_text(repr(thing))[:32]


class Before:
    """The columns that were kept, by patient as they are now; a column that one of the practices lacks is not known."""

    def __init__(self, keys: Keys, kept: Sequence[KeptPractice], ids: Sequence[pa.Array], found: Found) -> None:
        """`ids` are the patients of each practice, in their order."""
        self.keys, self.patients = keys, found.patients
        self.new = np.ones(self.patients, bool)
        """Who was not among them then."""
        starts = np.cumsum([0, *map(len, ids)])
        places = [_places(one, own, start) for one, own, start in zip(kept, ids, starts[:-1], strict=True)]
        for there in places:
            self.new[there[there >= 0]] = False
        self.facts = {name: self._fact(name, found.columns[name], kept, places) for name in found.facts if name != "p"}
        """Of each fact for whom it is another than it was; all where it was not kept."""
        of = [dict(zip(one.columns.names, one.columns.of, strict=True)) for one in kept]
        self.of = {
            name: said if all(other[name] == said for other in of) else None
            for name, said in of[0].items()
            if all(name in other for other in of)
        }
        """Of each column that is known, what it was worked out by; None where that differs."""
        self._each = [_Laid.of(one.columns, there) for one, there in zip(kept, places, strict=True)]

    def _fact(self, name: str, now: pa.Array, kept: Sequence[KeptPractice], places: Sequence[np.ndarray]) -> np.ndarray:
        """For whom a fact is another than it was."""
        if any(name not in one.patients.column_names or one.patients[name].type != now.type for one in kept):
            return np.ones(self.patients, bool)
        was = pa.chunked_array([chunk for one in kept for chunk in one.patients[name].chunks], now.type)
        every = np.concatenate(places)
        back = np.full(self.patients, -1)
        back[every[every >= 0]] = np.flatnonzero(every >= 0)
        then = was.take(pa.array(back, mask=back < 0))
        same = pc.or_(pc.fill_null(pc.equal(then, now), False), pc.and_(pc.is_null(then), pc.is_null(now)))
        differs: np.ndarray = self.new | ~np.asarray(same)
        return differs

    def node(self, node: n.Node, part: int) -> Cells | None:
        """A column of a node; None where it is not known."""
        return self.cells(_of_node(self.keys, node, part), "i4" if node.kinds[part] == "date" else "i8")

    def cells(self, name: str, type_: str = "i8") -> Cells | None:
        """A column by its name; None where it is not known."""
        if name not in self.of:
            return None
        values, missing = np.zeros(self.patients, type_), np.ones(self.patients, bool)
        for one in self._each:
            at, said = one.of_column(name)
            values[at] = said
            missing[at] = False
        return Cells(values, missing)


@dataclass(frozen=True)
class _Laid:
    """The columns of a practice, and where its patients stand now."""

    columns: Columns
    ends: dict[str, tuple[int, int]]
    places: np.ndarray
    gone: bool

    @classmethod
    def of(cls, columns: Columns, places: np.ndarray) -> _Laid:
        """`places`: where each of its patients stands, -1 for those who are gone."""
        bounds = np.cumsum([0, *columns.counts.tolist()]).tolist()
        ends = dict(zip(columns.names, pairwise(bounds), strict=True))
        return cls(columns, ends, places, bool((places < 0).any()))

    def of_column(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """Where the patients stand of whom a column says something, and what."""
        start, end = self.ends[name]
        at, said = self.places[self.columns.places[start:end]], self.columns.values[start:end]
        return (at[at >= 0], said[at >= 0]) if self.gone else (at, said)


def _places(kept: KeptPractice, ids: pa.Array, start: int) -> np.ndarray:
    """The place that each kept patient has now; -1 for those who are gone."""
    at = pc.index_in(kept.patients["patient_id"], ids).combine_chunks().fill_null(-1).to_numpy()
    return np.where(at >= 0, at + start, -1)


# What is kept.


def kept_of(
    found: Found,
    keys: Keys,
    of_all: Decided,
    ids: Sequence[pa.Array],
    left_out: Sequence[Counter[LeftOut]],
    units: Sequence[Sequence[str] | None],
) -> list[KeptPractice]:
    """What is kept of each practice; `ids` are its patients, in their order."""
    names, of, places, values = zip(*_columns(found, keys, of_all), strict=True)
    counts = np.array([len(there) for there in places])
    number = np.arange(len(names), dtype="i4").repeat(counts)
    place, value = np.concatenate(places), np.concatenate(values)
    starts = np.cumsum([0, *map(len, ids)])
    whose = np.searchsorted(starts, place, side="right") - 1
    order = np.argsort(whose.astype("i4"), kind="stable")
    bounds = np.searchsorted(whose[order], np.arange(len(ids) + 1))
    number, place, value = number[order], place[order], value[order]
    facts = {name: column for name, column in found.columns.items() if name in found.facts and name != "p"}
    kept = []
    for at, (own, left, written) in enumerate(zip(ids, left_out, units, strict=True)):
        part = slice(bounds[at], bounds[at + 1])
        columns = Columns(
            names, of, np.bincount(number[part], minlength=len(names)),
            (place[part] - starts[at]).astype("i4"), value[part],
        )  # fmt: skip
        patients = {name: column.slice(starts[at], len(own)) for name, column in facts.items()}
        kept.append(KeptPractice(pa.table({"patient_id": own, **patients}), columns, left, units=written))
    return kept


def _columns(found: Found, keys: Keys, of_all: Decided) -> Iterator[tuple[str, str, np.ndarray, np.ndarray]]:
    """Of each column its name, what it was worked out by, the patients of whom it says something, and what."""
    plan = found.plan
    for (node, part), number in plan.columns.items():
        cells = found.cells[number]
        there = np.flatnonzero(~cells.missing)
        yield _of_node(keys, node, part), "", there, cells.values[there].astype("i8")
    for stage in plan.stages:
        for register in stage.registers:
            yield f"on:{register.code}", keys.decisions[id(register)], *_where_true(found.members[register.code])
    for at, indicator in enumerate(plan.indicators):
        name, of = indicator.code, keys.decisions[id(indicator)]
        there = np.flatnonzero(of_all.codes[at] >= 0)
        yield f"d:{name}", of, there, of_all.codes[at][there].astype("i8")
        if (days := of_all.days[at]) is not None:
            there = np.flatnonzero(days[1])
            yield f"day:{name}", of, there, days[0][there].astype("i8")
        for place, met in enumerate(of_all.parts[at]):
            yield f"m:{name}.{place}", of, *_where_true(met)


def _where_true(whom: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    there = np.flatnonzero(whom)
    return there, np.ones(len(there), "i8")


def _of_node(keys: Keys, node: n.Node, part: int) -> str:
    return f"c:{keys.nodes[node]}.{part}"
