"""One item of a plan in vector form: what it comes to for all practices and draws, as the evaluator would say it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from remit.pricing.plan import PlannedItem
from remit.pricing.scenario import Standing
from remit.pricing.vector.by_rate import ByHeads, ByPoints, Earned, Paid, Pays, earn, earn_by_table
from remit.pricing.vector.columns import Cell, Column, Counts, Floats, Mask, both, either
from remit.pricing.vector.curves import Piece, curve_of, tables_of
from remit.pricing.vector.earned_points import points_of
from remit.pricing.vector.exactly import Exact, Exactly, cells_read, weight_cells
from remit.pricing.vector.outcomes import Met, Outcome, Points, spread, unmet_and_open
from remit.pricing.vector.rates import Rates, rates
from remit.pricing.vector.worth import Bases, Worths


def vector_item(line: PlannedItem, bases: Bases, worths: Worths, wants_met: bool) -> VectorItem:
    """The vector form of an item, or one that has every cell priced exactly and says why."""
    return VectorItem(line, bases, worths, wants_met)


class VectorItem:
    """An item of which `cells` are the figures that it reads by itself, `why_not` why it has no vector form, or ''."""

    def __init__(self, line: PlannedItem, bases: Bases, worths: Worths, wants_met: bool) -> None:
        self.line, self.bases, self.worths, self.wants_met = line, bases, worths, wants_met
        self.cells = cells_read(bases.plan, line)
        self.curve, self.tables = curve_of(line.kind), tables_of(line.kind)
        self.waits = bool(line.missing) or bool(line.lacks_weights)
        self.why_not = ""
        if line.calculated is not None:
            self.why_not = f"{line.kind.name} is calculated from figures of its own, one practice at a time"
        elif not self.waits and self.curve is None and self.tables is None:
            self.why_not = f"{line.kind.name} has no pieces between thresholds"
        self._exactly: Exactly | None = None
        self._fixed: Pays | None = None
        weighs = bool({"prevalence", "target_population"} & set(line.item.weights))
        self._weighed_by = weight_cells(line) if weighs else frozenset[Cell]()
        unclear = np.array([line.code in one.unclear for one in bases.standings], dtype=bool)
        self.blank = bases.gone | unclear
        """The practices of which nothing is known here: another is paid, or it is not clear what mergers bring."""

    def exactly(self, cells: frozenset[Cell]) -> Exactly:
        """The exact evaluator for this item; `cells` are its figures and those of what it rests on."""
        if self._exactly is None:
            self._exactly = Exactly(self.bases.plan, self.line, cells)
        return self._exactly

    def outcome(self, counts: Counts, others: Mapping[str, Outcome], points: bool, draws: int | None = None) -> Outcome:
        """What the item comes to on these counts, with its cells that are unsure; `others` are those before it."""
        shape = (len(self.bases),) if draws is None else (draws, len(self.bases))
        if self.why_not:
            found = _nothing_known(shape)
            found.unsure = np.broadcast_to(~self.bases.gone, shape).copy()
            if points and self.line.in_points:
                found.points = Points(
                    np.zeros(shape, dtype=object), np.ones(shape, dtype=object), np.zeros(shape, bool)
                )
            return found
        found = self._waiting(counts, shape) if self.waits else self._by_rate(counts, shape, points)
        if self.line.item.requires and not self.line.lacks_weights:
            self._requires(found, others)
        if self.blank.any():
            clear = spread(~self.blank, shape)
            found.known = both(found.known, clear)
            found.unsure = None if found.unsure is None else found.unsure & clear
            for part in (found.met, found.points):
                if part is not None:
                    part.known = both(part.known, clear)
        return found

    def _waiting(self, counts: Counts, shape: tuple[int, ...]) -> Outcome:
        """An item whose numbers are still to be supplied pays nothing that is known; whether it is done may be."""
        found, line = _nothing_known(shape), self.line
        if self.line.missing and not line.kind.takes_rate and not line.item.requires:
            of = rates(line.measurer, counts, self.bases.lists, 1)
            if of is not None:
                known = of.known if of.empty is None else both(of.known, ~of.empty)
                yes = np.broadcast_to(of.value > 0, shape)
                found.met = Met(yes, None if known is None else np.broadcast_to(known, shape))
        return found

    def _by_rate(self, counts: Counts, shape: tuple[int, ...], points: bool) -> Outcome:
        line, bases = self.line, self.bases
        of = rates(line.measurer, counts, bases.lists, self._under())
        if of is None:
            return _nothing_known(shape)
        known, unsure, gate = both_or(of.known, of.empty), of.unsure, None
        if line.gate:
            gate = self._gate(counts)
            if gate is None:
                known = np.zeros(shape, dtype=bool) if of.empty is None else np.broadcast_to(of.empty, shape)
            elif gate.known is not None:
                known = both(known, both_or(gate.known, of.empty))
            unsure = either(unsure, gate.unsure if gate is not None else None)
        if line.in_points and bases.plan.scheme.point is None:  # paid within another, by its share of the points
            pays: Pays | None = None
        else:
            pays = self._pays(counts)
        earned = self._earned(of, gate, pays, shape)
        pence = np.broadcast_to(earned.pence, shape)
        unsure = either(unsure, earned.unsure)
        met = Met(np.broadcast_to(earned.met, shape), _spread(known, shape)) if earned.met is not None else None
        paid = both(known, None if bases.shared.all() else bases.shared)
        if isinstance(pays, ByPoints) and pays.worth.known is not None:
            assert earned.nothing is not None
            zero = earned.nothing if of.empty is None else earned.nothing | of.empty
            paid = both(paid, pays.worth.known | zero)
        elif isinstance(pays, ByHeads) and not bases.headed.all():
            paid = both(paid, bases.headed)
        if of.empty is not None:
            pence = np.where(of.empty, 0.0, pence)
            unsure = None if unsure is None else unsure & ~of.empty
            if met is not None:
                met.yes = met.yes & ~of.empty
        found = Outcome(pence, _spread(paid, shape), _spread(unsure, shape), met)
        if points and line.in_points and self.curve is not None:
            found.points = _spread_points(points_of(self.curve, of, bases.plan.scheme.rounding.points), shape)
        return found

    def _earned(self, of: Rates, gate: Rates | None, pays: Pays | None, shape: tuple[int, ...]) -> Earned:
        if pays is None:
            pays, nothing = NoPoint(len(self.bases)), False
        else:
            nothing = isinstance(pays, ByPoints) and pays.worth.known is not None
        if self.curve is not None:
            return earn(self.curve, of, pays, self.wants_met, nothing)
        if gate is None or self.tables is None:
            return Earned(np.zeros(shape), None, np.zeros(shape, dtype=bool) if self.wants_met else None, None)
        rate = gate.value if gate.empty is None else np.where(gate.empty, 0.0, gate.value)
        return earn_by_table(self.tables, of, rate, pays, self.wants_met)

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

    def _pays(self, counts: Counts) -> Pays:
        """What a point or a head is worth; worked out once where no draw changes it."""
        fixed = not (self._weighed_by & counts.changed.keys())
        if fixed and self._fixed is not None:
            return self._fixed
        pays: Pays
        if self.line.in_points:
            pays = ByPoints(self.line, self.bases, self.worths.of(self.line, counts), fixed)
        else:
            pays = ByHeads(self.line, self.bases, {})
        if fixed:
            self._fixed = pays
        return pays

    def _requires(self, found: Outcome, others: Mapping[str, Outcome]) -> None:
        """Nothing where an item that this one requires is not met; not known where that is not."""
        required = [others[code].met or _met_unknown(found) for code in self.line.item.requires if code in others]
        unmet, open_ = unmet_and_open(required)
        if unmet is None:
            return
        shape = found.pence.shape
        unmet = spread(unmet, shape)
        if unmet.any():
            found.pence = np.where(unmet, 0, found.pence)
            known = np.ones(shape, dtype=bool) if found.known is None else found.known
            found.known = np.where(unmet, self.bases.summed, known)
            found.unsure = None if found.unsure is None else found.unsure & ~unmet
            if found.met is not None:
                found.met = Met(found.met.yes & ~unmet, None if found.met.known is None else found.met.known | unmet)
            if found.points is not None:
                earned = found.points.known
                over = np.where(unmet, 0, found.points.over)
                found.points = Points(over, found.points.under, None if earned is None else earned | unmet)
        if open_ is not None and open_.any():
            shut = spread(~open_, shape)
            found.known, found.unsure = both(found.known, shut), None if found.unsure is None else found.unsure & shut
            for part in (found.met, found.points):
                if part is not None:
                    part.known = both(part.known, shut)

    def put_right(
        self,
        found: Outcome,
        exactly: Exactly,
        standings: Sequence[Standing],
        columns: Mapping[Cell, Column],
        draws: int | None,
    ) -> int:
        """Put what the exact evaluator says in the place of cells that are unsure; how many those were."""
        assert found.unsure is not None
        shape = found.pence.shape
        rows = list(zip(*(index.tolist() for index in np.nonzero(found.unsure)), strict=True))
        pence, known = np.array(found.pence, dtype=np.int64), _writable(found.known, shape)
        met = _writable(None if found.met is None else found.met.yes, shape)
        met_known = _writable(None if found.met is None else found.met.known, shape)
        over: dict[tuple[int, ...], Exact] = {}
        for at in rows:
            exact = exactly.of(at[-1], standings[at[-1]], columns, at[0] if draws is not None else None)
            pence[at], known[at] = exact.pence or 0, exact.pence is not None
            met[at], met_known[at] = bool(exact.met), exact.met is not None
            over[at] = exact
        found.pence, found.known = pence, None if known.all() else known
        if self.wants_met:
            found.met = Met(met, None if met_known.all() else met_known)
        if found.points is not None:
            found.points = _points_right(found.points, over, shape)
        found.unsure = None
        return len(rows)


class NoPoint(ByHeads):
    """Points of a scheme that gives them no value: another item pays by their share."""

    def __init__(self, practices: int) -> None:
        self._nothing = np.zeros(practices)

    def set_amount(self, amount: Fraction) -> Paid:
        return self._nothing, None

    def on_a_line(self, piece: Piece, rate: Floats, size: Fraction) -> tuple[Floats, Mask | None, Mask | None]:
        return self._nothing, None, None


def both_or(known: Mask | None, empty: Mask | None) -> Mask | None:
    """Where a rate is known, or known not to exist."""
    return None if known is None else known if empty is None else known | empty


def _nothing_known(shape: tuple[int, ...]) -> Outcome:
    nowhere = np.zeros(shape, dtype=bool)
    return Outcome(np.zeros(shape), nowhere, None, Met(nowhere, nowhere))


def _met_unknown(found: Outcome) -> Met:
    nowhere = np.zeros(found.pence.shape, dtype=bool)
    return Met(nowhere, nowhere)


def _spread(mask: Mask | None, shape: tuple[int, ...]) -> Mask | None:
    return None if mask is None else spread(mask, shape)


def _writable(mask: Mask | None, shape: tuple[int, ...]) -> Mask:
    return np.ones(shape, dtype=bool) if mask is None else np.array(np.broadcast_to(mask, shape))


def _spread_points(points: Points, shape: tuple[int, ...]) -> Points:
    return Points(np.broadcast_to(points.over, shape), points.under, _spread(points.known, shape))


def _points_right(points: Points, exact: Mapping[tuple[int, ...], Exact], shape: tuple[int, ...]) -> Points:
    """Points with those of cells that were priced exactly in their place."""
    over, under = np.array(points.over, dtype=object), np.array(np.broadcast_to(points.under, shape), dtype=object)
    known = _writable(points.known, shape)
    for at, one in exact.items():
        known[at] = one.earned is not None
        over[at], under[at] = (one.earned or Fraction(0)).as_integer_ratio()
    return Points(over, under, None if known.all() else known)
