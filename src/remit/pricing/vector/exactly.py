"""Cells handed back to the exact evaluator: one practice with the figures of one draw, one item."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from remit.core.figures import LIST_SIZE, PCAS, REGISTER, FigureKey, figure_keys
from remit.pricing.evaluator import is_met, price
from remit.pricing.plan import PlannedItem, PricingPlan
from remit.pricing.scenario import Standing
from remit.pricing.vector.columns import Cell, Column
from remit.pricing.vector.rates import cells_of


@dataclass(frozen=True, slots=True)
class Exact:
    """What the exact evaluator says of one item of one practice; None for what is not known."""

    pence: int | None
    earned: Fraction | None
    met: bool | None


def cells_read(plan: PricingPlan, line: PlannedItem) -> frozenset[Cell]:
    """Every figure that an item by itself is priced on: of its rate, its weights, its own sum."""
    cells = set(cells_of(line.measurer))
    if {"prevalence", "target_population"} & set(line.item.weights):
        cells |= weight_cells(line)
    for read in line.calculated.reads() if line.calculated else ():
        keys = figure_keys(read.measure, read.period, plan.scheme.year)
        cells |= {(read.subject or line.code, key) for key in keys}
    for _, when in line.item.conditions:
        cells |= {(read.subject, FigureKey(read.measure)) for read in when.reads()}
        for code in when.pca_rates_of():
            cells |= {(subject, PCAS) for subject in (code, *plan.lines[code].item.indicators)}
    return frozenset(cells)


def weight_cells(line: PlannedItem) -> frozenset[Cell]:
    """The figures that an item's prevalence weight rests on."""
    subjects = (line.code, line.measurer.group)
    return frozenset((subject, key) for subject in subjects for key in (REGISTER, LIST_SIZE))


_MOST_KEPT = 100_000
"""Cells whose price is kept at once, so that memory is bounded."""


class Exactly:
    """The exact evaluator for cells of one plan: practices that meet the same figures again are not priced again."""

    def __init__(self, plan: PricingPlan, line: PlannedItem, cells: Iterable[Cell]) -> None:
        self.line = line
        self.plan = PricingPlan(plan.resolved, plan.weigher, plan.lines, (line.code,))
        self.cells = tuple(sorted(cells))
        self._known: dict[tuple[int, tuple[Cell, ...], tuple[int | Fraction | None, ...]], Exact] = {}

    def of(self, n: int, standing: Standing, columns: Mapping[Cell, Column], draw: int | None) -> Exact:
        """One practice, the `n`th, with its figures in a draw (None: there are no draws)."""
        cells = tuple(cell for cell in self.cells if cell in columns)
        values = tuple(_value(columns[cell], n, draw) for cell in cells)
        key = n, cells, values
        if key not in self._known:
            if len(self._known) >= _MOST_KEPT:
                self._known.clear()
            award = price(self.plan, _with(standing, cells, values)).awards[0]
            self._known[key] = Exact(award.pence, award.earned, is_met(self.line, award))
        return self._known[key]


def _value(column: Column, n: int, draw: int | None) -> int | Fraction | None:
    at = (draw, n) if draw is not None and column.values.ndim == 2 else n
    if column.known is not None and not column.known[at if column.known.ndim == 2 else n]:
        return None
    value = int(column.values[at])
    return value if column.under == 1 else Fraction(value, column.under)


def _with(standing: Standing, cells: tuple[Cell, ...], values: tuple[int | Fraction | None, ...]) -> Standing:
    """A practice with other figures; one that is not known in a draw is not there."""
    if not cells:
        return standing
    figures: dict[str, dict[FigureKey, int | Fraction]] = {**standing.figures}
    for subject in {subject for subject, _ in cells}:
        figures[subject] = dict(figures.get(subject, {}))
    for (subject, key), value in zip(cells, values, strict=True):
        if value is None:
            figures[subject].pop(key, None)
        else:
            figures[subject][key] = value
    kept = {subject: one for subject, one in figures.items() if one or subject in standing.figures}
    return replace(standing, figures=kept)
