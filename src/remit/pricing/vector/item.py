"""One item of a plan, practices and draws at once: what every kind has in common, and what an exact cell puts right."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from remit.pricing.plan import PlannedItem
from remit.pricing.scenario import Standing
from remit.pricing.vector.columns import Cell, Column, Counts, Mask, both
from remit.pricing.vector.exactly import Exact, Exactly, cells_read
from remit.pricing.vector.outcomes import Met, Outcome, Points, spread, unmet_and_open
from remit.pricing.vector.worth import Bases, Worths


@dataclass(frozen=True, slots=True)
class Wanted:
    """What other items ask of an item: whether it is met, how many points it earned."""

    met: bool
    points: bool


class VectorItem(ABC):
    """An item of which `cells` are the figures that it reads by itself, `why_not` why it has no vector form, or ''."""

    why_not = ""

    def __init__(self, line: PlannedItem, bases: Bases, worths: Worths, wanted: Wanted) -> None:
        self.line, self.bases, self.worths, self.wanted = line, bases, worths, wanted
        self.cells = cells_read(bases.plan, line)
        self.blank = bases.gone | np.array([line.code in unclear for unclear in bases.unclear], dtype=bool)
        """The practices of which nothing is known here: another is paid, or it is not clear what mergers bring."""
        codes = [one.code for one in bases.plan.priced]
        self.before = frozenset(codes[: codes.index(line.code)])
        self._exactly: Exactly | None = None

    def exactly(self, cells: frozenset[Cell]) -> Exactly:
        """The exact evaluator for this item; `cells` are its figures and those of what it rests on."""
        if self._exactly is None:
            self._exactly = Exactly(self.bases.plan, self.line, cells)
        return self._exactly

    def outcome(self, counts: Counts, others: Mapping[str, Outcome], points: bool, draws: int | None = None) -> Outcome:
        """What the item comes to on these counts, with its cells that are unsure; `others` are those before it."""
        shape = (len(self.bases),) if draws is None else (draws, len(self.bases))
        points = (points or self.wanted.points) and self.line.in_points
        found = self._outcome_of(counts, others, shape, points)
        if points and found.points is None:
            none = np.zeros(shape, dtype=np.int64)
            found.points = Points(none, 1, none.astype(bool))
        if self.line.item.requires and not (self.line.lacks_weights or self.why_not):
            self._requires(found, others)
        if self.blank.any():
            _leave(found, spread(~self.blank, shape))
        return found

    @abstractmethod
    def _outcome_of(
        self, counts: Counts, others: Mapping[str, Outcome], shape: tuple[int, ...], points: bool
    ) -> Outcome:
        """What the item comes to, were nothing required of it."""

    def _requires(self, found: Outcome, others: Mapping[str, Outcome]) -> None:
        """Nothing where an item that this one requires is not met; not known where that is not."""
        nowhere = np.zeros(found.pence.shape, dtype=bool)
        codes = [code for code in self.line.item.requires if code in self.before]
        unmet, open_ = unmet_and_open([others[code].met or Met(nowhere, nowhere) for code in codes])
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
            open_ = spread(open_, shape)
            _leave(found, ~open_ if found.idle is None else ~open_ | found.idle)

    def put_right(
        self,
        found: Outcome,
        exactly: Exactly,
        standings: Sequence[Standing],
        columns: Mapping[Cell, Column],
        draws: int | None,
    ) -> int:
        """Put what the exact evaluator says in the place of cells that are unsure; how many those were.

        Raises OverflowError for pence that no 64 bits hold.
        """
        assert found.unsure is not None
        shape = found.pence.shape
        rows = list(zip(*(index.tolist() for index in np.nonzero(found.unsure)), strict=True))
        pence = np.where(found.unsure, 0, found.pence).astype(np.int64)
        known = _writable(found.known, shape)
        met = _writable(None if found.met is None else found.met.yes, shape)
        met_known = _writable(None if found.met is None else found.met.known, shape)
        over: dict[tuple[int, ...], Exact] = {}
        for at in rows:
            exact = exactly.of(at[-1], standings[at[-1]], columns, at[0] if draws is not None else None)
            pence[at], known[at] = exact.pence or 0, exact.pence is not None
            met[at], met_known[at] = bool(exact.met), exact.met is not None
            over[at] = exact
        found.pence, found.known = pence, None if known.all() else known
        if self.wanted.met:
            found.met = Met(met, None if met_known.all() else met_known)
        if found.points is not None:
            found.points = _points_right(found.points, over, shape)
        found.unsure = None
        return len(rows)


def _leave(found: Outcome, here: Mask) -> None:
    """Leave what is known `here`, and nowhere else."""
    found.pence = np.where(here, found.pence, 0)
    found.known = both(found.known, here)
    found.unsure = None if found.unsure is None else found.unsure & here
    for part in (found.met, found.points):
        if part is not None:
            part.known = both(part.known, here)


def nothing_known(shape: tuple[int, ...]) -> Outcome:
    """No pence that are known, and nothing that is met."""
    nowhere = np.zeros(shape, dtype=bool)
    return Outcome(np.zeros(shape), nowhere, None, Met(nowhere, nowhere))


def all_unsure(shape: tuple[int, ...]) -> Outcome:
    """Every cell for the exact evaluator, which knows too what is required."""
    found = nothing_known(shape)
    found.unsure = found.idle = np.ones(shape, dtype=bool)
    return found


def spread_(mask: Mask | None, shape: tuple[int, ...]) -> Mask | None:
    """A mask, where there is one, for each draw."""
    return None if mask is None else spread(mask, shape)


def _writable(mask: Mask | None, shape: tuple[int, ...]) -> Mask:
    return np.ones(shape, dtype=bool) if mask is None else np.array(np.broadcast_to(mask, shape))


def spread_points(points: Points, shape: tuple[int, ...]) -> Points:
    """Points for each draw."""
    return Points(np.broadcast_to(points.over, shape), points.under, spread_(points.known, shape))


def _points_right(points: Points, exact: Mapping[tuple[int, ...], Exact], shape: tuple[int, ...]) -> Points:
    """Points with those of cells that were priced exactly in their place."""
    over, under = np.array(points.over, dtype=object), np.array(np.broadcast_to(points.under, shape), dtype=object)
    known = _writable(points.known, shape)
    for at, one in exact.items():
        known[at] = one.earned is not None
        over[at], under[at] = (one.earned or Fraction(0)).as_integer_ratio()
    return Points(over, under, None if known.all() else known)
