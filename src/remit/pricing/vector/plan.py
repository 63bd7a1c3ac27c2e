"""The vector evaluator: one plan priced for all practices, and all draws of their figures, at once.

What does not change between draws is worked out when it is first needed, with the exact evaluator's own pieces. Each
draw is then a few operations on whole columns. A cell that floats cannot decide is priced by the exact evaluator, so
every penny is that of `pricing.evaluator.price`. Draws are gone through in chunks that fit the processor's cache.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from remit.pricing.plan import PlannedItem, PricingPlan
from remit.pricing.scenario import Standing
from remit.pricing.vector.columns import Cell, Column, Counts, Figures, Floats, Mask, Whole
from remit.pricing.vector.item import VectorItem, Wanted
from remit.pricing.vector.items import vector_item
from remit.pricing.vector.outcomes import Outcome, Points
from remit.pricing.vector.worth import Bases, Worths
from remit.scheme.kinds import Pot

CHUNK = 1 << 15
"""How many cells are priced at once: a few columns of so many numbers fit the cache of one core."""


_WHOLE_FLOATS = 2.0**52
"""Sums of whole numbers below this are exact in floats."""


@dataclass(frozen=True, slots=True)
class ItemPrices:
    """One item: `pence` of (practices,), or of (draws, practices) where a figure of it is drawn; 0 where not `known`
    (None: all are known). `points` where they were asked for and it pays in points. `exact` says how many of its cells
    the exact evaluator priced."""

    pence: Whole
    known: Mask | None
    points: Points | None = None
    exact: int = 0


@dataclass(frozen=True, slots=True)
class Prices:
    """What items come to. `within` are the items that others pay, which no total counts."""

    items: Mapping[str, ItemPrices]
    within: frozenset[str]

    @property
    def exact(self) -> int:
        """How many cells the exact evaluator priced."""
        return sum(item.exact for item in self.items.values())

    def total(self) -> tuple[Whole, Mask | None]:
        """Pence of all items, as far as they are known, and where all of them are known (None: everywhere)."""
        whole: Whole = np.zeros((), dtype=np.int64)
        known: Mask | None = None
        for code, item in self.items.items():
            if code not in self.within:
                whole = whole + item.pence
                if item.known is not None:
                    known = item.known if known is None else known & item.known
        return whole, known


class VectorPlan:
    """A plan for some practices, in their order. `without_vector_form` says of items why the exact evaluator prices
    them: once for each practice where none of their figures is drawn, else cell by cell."""

    def __init__(self, plan: PricingPlan, standings: Sequence[Standing]) -> None:
        self.plan, self.standings = plan, tuple(standings)
        self.bases = Bases(plan, self.standings)
        self.counts = Counts(self.standings)
        worths, lines = Worths(self.bases), {line.code: line for line in plan.priced}
        asked = {code for line in plan.priced for code in line.item.requires}
        scored = {code for line in plan.priced if isinstance(line.kind, Pot) for code in line.kind.items}
        self._items: dict[str, VectorItem] = {
            code: vector_item(line, self.bases, worths, Wanted(code in asked, code in scored))
            for code, line in lines.items()
        }
        self.without_vector_form = {code: item.why_not for code, item in self._items.items() if item.why_not}
        self._reads = {code: self._read(line) for code, line in lines.items()}
        self._as_it_stands: dict[tuple[str, bool], Outcome] = {}

    def _read(self, line: PlannedItem) -> frozenset[Cell]:
        """The figures of an item and of all that it rests on."""
        codes = self.plan.needs(line.code)
        return frozenset().union(*(self._items[code].cells for code in codes if code in self._items))

    def price(self, figures: Figures | None = None, points: bool = False) -> Prices:
        """Every item with figures in place of the practices' own: (practices,), or (draws, practices)."""
        columns = _columns(figures or {}, len(self.standings))
        exact, codes = Counter[str](), self.plan.codes
        drawn = self._drawn(columns)
        prices: dict[str, ItemPrices] = {}
        settled = self._settled(columns, drawn, points, exact)
        for code in codes:
            if code not in drawn:
                prices[code] = _prices(settled[code], exact[code])
        if drawn:
            draws, wanted = _draws(columns), [code for code in codes if code in drawn]
            shape = draws, len(self.standings)
            pence = {code: np.empty(shape, dtype=np.int64) for code in wanted}
            known: dict[str, Mask] = {}
            earned: dict[str, list[Points]] = {code: [] for code in wanted}
            for part, outcomes in self._chunks(columns, drawn, settled, points, exact):
                for code in wanted:
                    outcome = outcomes[code]
                    pence[code][part] = outcome.pence
                    if outcome.known is not None:
                        mask = known.setdefault(code, np.ones(shape, dtype=bool))
                        mask[part] = outcome.known
                        pence[code][part][~mask[part]] = 0
                    if outcome.points is not None:
                        earned[code].append(outcome.points)
            for code in wanted:
                prices[code] = ItemPrices(pence[code], known.get(code), _together(earned[code], shape), exact[code])
        ordered = {code: prices[code] for code in codes}
        return Prices(ordered, self._within())

    def totals(self, figures: Figures) -> tuple[Whole, Mask | None, int]:
        """Pence of all items together, draws x practices, where all of them are known, and how many cells were priced
        exactly. No item's own pence are kept."""
        columns = _columns(figures, len(self.standings))
        exact, drawn, within = Counter[str](), self._drawn(columns), self._within()
        settled = self._settled(columns, drawn, False, exact)
        codes = [code for code in self.plan.codes if code not in within]
        start = Prices({code: _prices(settled[code]) for code in codes if code not in drawn}, within).total()
        size = len(self.standings)
        whole = np.empty((_draws(columns), size), dtype=np.int64)
        whole[...] = start[0]
        if not drawn:
            return whole, start[1], exact.total()
        known: Mask | None = None if start[1] is None else np.broadcast_to(start[1], whole.shape).copy()
        for part, outcomes in self._chunks(columns, drawn, settled, False, exact):
            here = [outcomes[code] for code in codes if code in drawn]
            _add_up(here, whole[part])
            for outcome in here:
                if outcome.known is not None:
                    known = np.ones(whole.shape, dtype=bool) if known is None else known
                    known[part] &= outcome.known
        return whole, known, exact.total()

    def _within(self) -> frozenset[str]:
        return frozenset(code for code in self.plan.codes if self.plan.lines[code].within)

    def _drawn(self, columns: Mapping[Cell, Column]) -> frozenset[str]:
        """The items that any figure with draws touches."""
        cells = {cell for cell, column in columns.items() if column.values.ndim == 2}
        return frozenset(code for code, reads in self._reads.items() if reads & cells)

    def _settled(
        self, columns: Mapping[Cell, Column], drawn: frozenset[str], points: bool, exact: Counter[str]
    ) -> dict[str, Outcome]:
        """The items of which no figure is drawn, priced once."""
        still = {cell: column for cell, column in columns.items() if column.values.ndim == 1}
        counts, outcomes = self.counts.with_(still), dict[str, Outcome]()
        for code, item in self._items.items():
            if code in drawn:
                continue
            untouched = not self._reads[code] & still.keys()
            kept = self._as_it_stands.get((code, points)) if untouched else None
            if kept is None:
                kept = item.outcome(counts, outcomes, points)
                self._exact(item, kept, still, None, exact)
                if untouched:
                    self._as_it_stands[code, points] = kept
            outcomes[code] = kept
        return outcomes

    def _chunks(
        self,
        columns: Mapping[Cell, Column],
        drawn: frozenset[str],
        settled: Mapping[str, Outcome],
        points: bool,
        exact: Counter[str],
    ) -> Iterator[tuple[slice, dict[str, Outcome]]]:
        """The drawn items, some draws at a time."""
        draws, rows = _draws(columns), max(1, CHUNK // max(1, len(self.standings)))
        for start in range(0, draws, rows):
            part = slice(start, min(start + rows, draws))
            here = {cell: column.rows(part) for cell, column in columns.items()}
            counts, outcomes = self.counts.with_(here), dict(settled)
            for code, item in self._items.items():
                if code in drawn:
                    outcome = item.outcome(counts, outcomes, points, part.stop - part.start)
                    self._exact(item, outcome, here, part.stop - part.start, exact)
                    outcomes[code] = outcome
            yield part, outcomes

    def _exact(
        self, item: VectorItem, outcome: Outcome, columns: Mapping[Cell, Column], draws: int | None, exact: Counter[str]
    ) -> None:
        """Price the cells that are unsure by the exact evaluator, and put that in their place."""
        if outcome.unsure is not None and outcome.unsure.any():
            exactly = item.exactly(self._reads[item.line.code])
            exact[item.line.code] += item.put_right(outcome, exactly, self.standings, columns, draws)


def vector_plan(plan: PricingPlan, standings: Sequence[Standing]) -> VectorPlan:
    """A plan that prices these practices, in this order, for many draws of their figures at once."""
    return VectorPlan(plan, standings)


def _columns(figures: Figures, practices: int) -> dict[Cell, Column]:
    columns = {}
    for cell, figure in figures.items():
        column = figure if isinstance(figure, Column) else Column(np.asarray(figure, dtype=np.int64))
        if column.values.ndim not in (1, 2) or column.values.shape[-1] != practices:
            raise ValueError(f"{cell[0]} {cell[1]}: expected {practices} practices, found {column.values.shape}")
        columns[cell] = column
    if len({column.values.shape[0] for column in columns.values() if column.values.ndim == 2}) > 1:
        raise ValueError("figures with different numbers of draws")
    return columns


def _draws(columns: Mapping[Cell, Column]) -> int:
    return next((column.values.shape[0] for column in columns.values() if column.values.ndim == 2), 1)


def _prices(outcome: Outcome, exact: int = 0) -> ItemPrices:
    pence = outcome.pence.astype(np.int64)
    if outcome.known is not None:
        pence[~outcome.known] = 0
    return ItemPrices(pence, outcome.known, outcome.points, exact)


def _add_up(outcomes: Sequence[Outcome], rows: Whole) -> None:
    """Add the pence of items to `rows`, as far as they are known: as floats first, where whole numbers fit those."""
    floats: Floats = np.zeros(rows.shape)
    for outcome in outcomes:
        pence = outcome.pence if outcome.known is None else outcome.pence * outcome.known
        if pence.dtype == np.int64:
            rows += pence.astype(np.int64)
        else:
            floats += pence
            if floats.max(initial=0) >= _WHOLE_FLOATS:
                floats -= pence
                rows += pence.astype(np.int64)
    rows += floats.astype(np.int64)


def _together(parts: Sequence[Points], shape: tuple[int, ...]) -> Points | None:
    """The points of all chunks of draws."""
    if not parts:
        return None
    whole = [np.broadcast_to(part.under, part.over.shape) for part in parts]
    masks = [part.known for part in parts]
    known = None
    if any(mask is not None for mask in masks):
        known = np.concatenate(
            [
                np.ones(p.over.shape, dtype=bool) if p.known is None else np.broadcast_to(p.known, p.over.shape)
                for p in parts
            ]
        )
    return Points(np.concatenate([part.over for part in parts]).reshape(shape), np.concatenate(whole), known)
