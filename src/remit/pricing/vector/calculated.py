"""Calculated items that rest on this year's rate: a set sum from a target on, and the better of two years."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from remit.pricing.evaluator import figures_read
from remit.pricing.per_point import points_to_pence, worth_of_a_point
from remit.pricing.plan import PlannedItem
from remit.pricing.vector.by_rate import BySum, Pays, in_floats
from remit.pricing.vector.columns import Counts, Floats, Mask, both, either
from remit.pricing.vector.curves import Curve, Piece, curve_of
from remit.pricing.vector.exactly import weight_cells
from remit.pricing.vector.item import Wanted, all_unsure, spread_
from remit.pricing.vector.outcomes import Outcome, Points, spread
from remit.pricing.vector.rated import RatedItem
from remit.pricing.vector.rates import cells_of
from remit.pricing.vector.worth import Bases, Worths
from remit.scheme.kinds import BetterOfTwoYears, Fixed, KindInputs

_ZERO = Fraction(0)


class TargetItem(RatedItem):
    """A set sum, in pounds or points, from a target on."""

    def __init__(self, line: PlannedItem, bases: Bases, worths: Worths, wanted: Wanted) -> None:
        super().__init__(line, bases, worths, Wanted(True, wanted.points))
        kind = line.kind
        assert isinstance(kind, Fixed)
        if kind.target is not None and not self.waits:
            whole = kind.sum.known()
            self.curve = Curve((Piece(None, False, _ZERO, met=False), Piece(kind.target.known(), False, whole)))
        self.paid_for = bases.summed

    def _pays(self, counts: Counts) -> Pays:
        return super()._pays(counts) if self.line.in_points else BySum(self.bases)

    def _outcome_of(
        self, counts: Counts, others: Mapping[str, Outcome], shape: tuple[int, ...], points: bool
    ) -> Outcome:
        found = super()._outcome_of(counts, others, shape, points)
        if found.met is not None:
            found.idle = both(~found.met.yes, found.met.known)
        return found


@dataclass(frozen=True, slots=True)
class _Then:
    """The other year, by practice: its points as the scheme rounds them, 0 where not `known`; their pence, where
    those are too `large` for floats, and where they are known; where its threshold was reached."""

    points: list[Fraction]
    known: Mask
    pence: Floats
    large: Mask | None
    paid: Mask
    met: Mask


class BetterItem(RatedItem):
    """The better of this year's points and another year's, which no draw changes. Pence never fall where points rise,
    so the better year's pence are the higher."""

    def __init__(self, line: PlannedItem, bases: Bases, worths: Worths, wanted: Wanted) -> None:
        super().__init__(line, bases, worths, Wanted(True, wanted.points))
        assert isinstance(line.kind, BetterOfTwoYears)
        self.kind = line.kind
        self.curve = None if self.waits else curve_of(line.kind.award)
        self.paid_for = bases.summed
        self._then_reads = self.cells - cells_of(line.measurer) - weight_cells(line)

    @cached_property
    def _then(self) -> _Then:
        """What the kind itself makes of the other year, where nobody was there to be counted in this one."""
        bases, line, scheme = self.bases, self.line, self.bases.plan.scheme
        points, known, pence, met = list[Fraction](), list[bool](), list[int | None](), list[bool]()
        for practice, base, standing in zip(bases.practices, bases.bases, bases.standings, strict=True):
            figures = figures_read(line, standing.figures, scheme.year)
            found = self.kind.calculate(KindInputs(line.code, scheme.year, figures, empty=True))
            earned = scheme.rounding.points.apply(found.earned or _ZERO)
            worth: int | None = 0
            if earned and scheme.point is not None:
                per_point = worth_of_a_point(bases.plan, base, practice, standing.figures, line).pounds
                worth = points_to_pence(*earned.as_integer_ratio(), per_point, scheme.rounding.pounds)
            points.append(earned)
            known.append(found.earned is not None)
            pence.append(worth)
            met.append(bool(found.met))
        paid = np.array([one is not None for one in pence], dtype=bool)
        floats, large = in_floats([one or 0 for one in pence])
        return _Then(points, np.array(known), floats, large, paid, np.array(met))

    def _outcome_of(
        self, counts: Counts, others: Mapping[str, Outcome], shape: tuple[int, ...], points: bool
    ) -> Outcome:
        found = super()._outcome_of(counts, others, shape, points)
        changed = counts.changed.keys()
        if changed & (self._then_reads | self._weighed_by):  # then, or the worth of its points, is not as it stood
            whole = all_unsure(shape)
            whole.points = found.points
            return whole
        if self.waits or found.met is None:
            return found
        then = self._then
        found.pence = np.maximum(found.pence, then.pence)
        found.unsure = spread_(either(found.unsure, then.large), shape)
        found.known = both(found.known, spread(then.known & then.paid, shape))
        found.met.yes = found.met.yes | then.met
        found.met.known = spread_(both(found.met.known, None if then.known.all() else then.known), shape)
        none_then = np.array([not one for one in then.points], dtype=bool)
        found.idle = (
            ~found.met.yes & none_then if found.met.known is None else ~found.met.yes & none_then & found.met.known
        )
        if found.points is not None:
            found.points = _better(found.points, then, shape)
        return found


def _better(points: Points, then: _Then, shape: tuple[int, ...]) -> Points:
    over, under = np.broadcast_arrays(points.over.astype(object), points.under)
    under = under.astype(object)
    over_then, under_then = (
        np.broadcast_to(np.array(parts, dtype=object), shape)
        for parts in ([one.numerator for one in then.points], [one.denominator for one in then.points])
    )
    more = over_then * under > over * under_then
    known = both(points.known, None if then.known.all() else then.known)
    return Points(np.where(more, over_then, over), np.where(more, under_then, under), spread_(known, shape))
