"""An item that turns one rate into points or pounds per head."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from remit.pricing.plan import PlannedItem
from remit.pricing.vector.by_rate import ByPoints, Earned, InPounds, NoPoint, Pays, earn, earn_by_table
from remit.pricing.vector.columns import Cell, Counts, both, both_or, either
from remit.pricing.vector.curves import curve_of, tables_of
from remit.pricing.vector.earned_points import points_of
from remit.pricing.vector.exactly import weight_cells
from remit.pricing.vector.item import VectorItem, Wanted, nothing_known, spread_, spread_points
from remit.pricing.vector.outcomes import Met, Outcome
from remit.pricing.vector.rates import Rates, rates
from remit.pricing.vector.worth import Bases, Worths


class ItemInPoints(VectorItem):
    """What items that pay by points share: what a point is worth, worked out once where no draw changes it."""

    def __init__(self, line: PlannedItem, bases: Bases, worths: Worths, wanted: Wanted) -> None:
        super().__init__(line, bases, worths, wanted)
        weighs = bool({"prevalence", "target_population"} & set(line.item.weights))
        self._weighed_by = weight_cells(line) if weighs else frozenset[Cell]()
        self._fixed: Pays | None = None

    def _pays(self, counts: Counts) -> Pays:
        fixed = not (self._weighed_by & counts.changed.keys())
        if fixed and self._fixed is not None:
            return self._fixed
        pays: Pays
        if not self.line.in_points:
            pays = InPounds(self.line, self.bases)
        elif self.bases.plan.scheme.point is None:  # paid within another, by its share of the points
            pays = NoPoint(len(self.bases))
        else:
            pays = ByPoints(self.line, self.bases, self.worths.of(self.line, counts), fixed)
        if fixed:
            self._fixed = pays
        return pays


class RatedItem(ItemInPoints):
    """Linear, step then linear, yes or no, protected, steps; or one whose numbers are still to be supplied."""

    def __init__(self, line: PlannedItem, bases: Bases, worths: Worths, wanted: Wanted) -> None:
        super().__init__(line, bases, worths, wanted)
        self.curve, self.tables = curve_of(line.kind), tables_of(line.kind)
        self.waits = bool(line.missing or line.lacks_weights)
        self.paid_for = bases.shared
        """The practices whose part of the year is known."""

    @property
    def has_form(self) -> bool:
        return self.waits or self.curve is not None or self.tables is not None

    def _outcome_of(
        self, counts: Counts, others: Mapping[str, Outcome], shape: tuple[int, ...], points: bool
    ) -> Outcome:
        if self.waits:
            return self._waiting(counts, shape)
        line, bases = self.line, self.bases
        of = rates(line.measurer, counts, bases.lists, self._under())
        if of is None:
            return nothing_known(shape)
        known, unsure, gate = both_or(of.known, of.empty), of.unsure, None
        if line.gate:
            gate = self._gate(counts)
            if gate is None:
                known = np.zeros(shape, dtype=bool) if of.empty is None else np.broadcast_to(of.empty, shape)
            elif gate.known is not None:
                known = both(known, both_or(gate.known, of.empty))
            unsure = either(unsure, gate.unsure if gate is not None else None)
        pays = self._pays(counts)
        earned = self._earned(of, gate, pays, shape)
        pence = np.broadcast_to(earned.pence, shape)
        unsure = either(unsure, earned.unsure)
        met = Met(np.broadcast_to(earned.met, shape), spread_(known, shape)) if earned.met is not None else None
        paid = both(known, None if self.paid_for.all() else self.paid_for)
        if isinstance(pays, ByPoints) and pays.worth.known is not None:
            assert earned.nothing is not None
            zero = earned.nothing if of.empty is None else earned.nothing | of.empty
            paid = both(paid, pays.worth.known | zero)
        elif isinstance(pays, InPounds) and not pays.known.all():
            paid = both(paid, pays.known)
        if of.empty is not None:
            pence = np.where(of.empty, 0.0, pence)
            unsure = None if unsure is None else unsure & ~of.empty
            if met is not None:
                met.yes = met.yes & ~of.empty
        found = Outcome(pence, spread_(paid, shape), spread_(unsure, shape), met)
        if points and self.curve is not None:
            found.points = spread_points(points_of(self.curve, of, bases.plan.scheme.rounding.points), shape)
        return found

    def _waiting(self, counts: Counts, shape: tuple[int, ...]) -> Outcome:
        """An item whose numbers are still to be supplied pays nothing that is known; whether it is done may be."""
        found, line = nothing_known(shape), self.line
        done_or_not = not (line.calculated or line.kind.takes_rate or line.item.requires)
        if line.missing and done_or_not:
            of = rates(line.measurer, counts, self.bases.lists, 1)
            if of is not None:
                known = of.known if of.empty is None else both(of.known, ~of.empty)
                yes = np.broadcast_to(of.value > 0, shape)
                found.met = Met(yes, None if known is None else np.broadcast_to(known, shape))
        return found

    def _earned(self, of: Rates, gate: Rates | None, pays: Pays, shape: tuple[int, ...]) -> Earned:
        nothing = isinstance(pays, ByPoints) and pays.worth.known is not None
        if self.curve is not None:
            return earn(self.curve, of, pays, self.wanted.met, nothing)
        if gate is None or self.tables is None:
            return Earned(np.zeros(shape), None, np.zeros(shape, dtype=bool) if self.wanted.met else None, None)
        rate = gate.value if gate.empty is None else np.where(gate.empty, 0.0, gate.value)
        return earn_by_table(self.tables, of, rate, pays, self.wanted.met)

    def _gate(self, counts: Counts) -> Rates | None:
        """The rates of the item that chooses what this one pays; known, and 0, where nobody was there to be counted."""
        measurer = self.bases.plan.lines[self.line.gate].measurer
        of = rates(measurer, counts, self.bases.lists, self._under())
        return None if of is None else replace(of, known=both_or(of.known, of.empty))

    def _under(self) -> int:
        """The largest denominator of a threshold that a rate is compared with."""
        if self.curve is not None:
            return self.curve.under
        ends = [end for when, _ in self.tables or () for end in (when.low, when.high) if end is not None]
        return max([1, *(curve.under for _, curve in self.tables or ()), *(end.denominator for end in ends)])
