"""Items that are paid from what other items come to: blends, a floor under income, pots."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import Any

import numpy as np

from remit.core.figures import FigureKey
from remit.core.rounding import Rounding
from remit.pricing.plan import PlannedItem
from remit.pricing.vector.columns import Counts, Floats, Mask, both
from remit.pricing.vector.earned_points import scaled_columns
from remit.pricing.vector.item import VectorItem, Wanted, all_unsure, nothing_known, spread_
from remit.pricing.vector.outcomes import Met, Outcome
from remit.pricing.vector.settling import ULP, in_pence, settle
from remit.pricing.vector.worth import Bases, Worths
from remit.scheme.kinds import Blend, IncomeProtection, Pot

_FITS = 1 << 61


class FromOthers(VectorItem):
    """An item that calculates pounds from the pence of those before it."""

    def _outcome(
        self, pence: Any, earned: Mask, known: Mask | None, shape: tuple[int, ...], unsure: Mask | None = None
    ) -> Outcome:
        """`earned` is where more than nothing is earned."""
        sums = np.array([bool(base.sums) for base in self.bases.bases], dtype=bool)
        if not sums.all():
            pence = np.where(sums, pence, 0)
            unsure = None if unsure is None else unsure & sums
        known = spread_(known, shape)
        earned = np.broadcast_to(earned, shape)
        paid = both(known, None if self.bases.summed.all() else self.bases.summed)
        found = Outcome(np.broadcast_to(pence, shape), spread_(paid, shape), spread_(unsure, shape), Met(earned, known))
        found.idle = ~earned if known is None else ~earned & known
        return found

    def _rounded(self, over: Any, below: Any) -> Any:
        """Pounds, exactly `over` / `below`, in whole pence as the scheme rounds them."""
        step = self.bases.plan.scheme.rounding.pounds
        step = step if step.places is not None else Rounding(2)
        places = step.places or 0
        if int(np.max(np.abs(over), initial=1)) * 4 * 10 ** max(places, 2) >= _FITS or int(np.max(below)) * 4 >= _FITS:
            over, below = np.asarray(over).astype(object), np.asarray(below).astype(object)
        rounded = scaled_columns(over, below, places, step.mode)
        pence = scaled_columns(rounded, 10**places, 2, "half up") if places > 2 else rounded * 10 ** (2 - places)
        return np.asarray(pence).astype(np.int64)


def _most(outcome: Outcome) -> int:
    return int(np.abs(outcome.pence).max(initial=0))


class BlendItem(FromOthers):
    """Other items' pence, each at its share."""

    def __init__(self, line: PlannedItem, bases: Bases, worths: Worths, wanted: Wanted) -> None:
        super().__init__(line, bases, worths, wanted)
        kind = line.kind
        assert isinstance(kind, Blend)
        year = str(bases.plan.scheme.year)
        shares = {part: kind.share(part, year) for part in kind.parts}
        self.shares: dict[str, Fraction] | None = None
        if not (line.missing or line.lacks_weights or None in shares.values()):
            self.shares = {part: share.known() for part, share in shares.items() if share is not None}

    def _outcome_of(
        self, counts: Counts, others: Mapping[str, Outcome], shape: tuple[int, ...], points: bool
    ) -> Outcome:
        if self.shares is None:
            return nothing_known(shape)
        parts = {part: share for part, share in self.shares.items() if share}
        under = lcm(*(share.denominator for share in parts.values()))
        over: Any = np.zeros(len(self.bases), dtype=np.int64)
        known: Mask | None = None
        for part, share in parts.items():
            if _most(others[part]) * under * len(parts) >= _FITS:
                return all_unsure(shape)
            over = over + others[part].pence.astype(np.int64) * int(share * under)
            known = both(known, others[part].known)
        return self._outcome(self._rounded(over, np.int64(100 * under)), over > 0, known, shape)


class FloorItem(FromOthers):
    """What the items that it covers leave below a share of an earlier year's pounds."""

    def __init__(self, line: PlannedItem, bases: Bases, worths: Worths, wanted: Wanted) -> None:
        super().__init__(line, bases, worths, wanted)
        assert isinstance(line.kind, IncomeProtection)
        self.kind = line.kind
        self.paid_then = (line.code, FigureKey("HISTORIC_POUNDS", line.kind.year))

    @cached_property
    def _floors(self) -> list[Fraction | None]:
        """The floor of each practice, in pounds; None where the earlier year's are not known."""
        subject, key = self.paid_then
        floor = self.kind.floor.known()
        figures = [one.figures.get(subject, {}).get(key) for one in self.bases.standings]
        shares = [base.sums or Fraction(0) for base in self.bases.bases]
        return [None if one is None else one * floor * share for one, share in zip(figures, shares, strict=True)]

    def _outcome_of(
        self, counts: Counts, others: Mapping[str, Outcome], shape: tuple[int, ...], points: bool
    ) -> Outcome:
        if self.line.missing or self.line.lacks_weights:
            return nothing_known(shape)
        if self.paid_then in counts.changed:
            return all_unsure(shape)
        lines = self.bases.plan.lines
        covers = self.kind.covers or [code for code in self.before if not lines[code].within]
        under = lcm(100, *(one.denominator for one in self._floors if one is not None))
        if under >= _FITS >> 20:
            return all_unsure(shape)
        paid: Any = np.zeros(len(self.bases), dtype=np.int64)
        known: Mask | None = np.array([one is not None for one in self._floors], dtype=bool)
        for code in covers:
            if _most(others[code]) * (under // 100) * len(covers) >= _FITS:
                return all_unsure(shape)
            paid = paid + others[code].pence.astype(np.int64)
            known = both(known, others[code].known)
        floors = [0 if one is None else int(one * under) for one in self._floors]
        if max([abs(one) for one in floors], default=0) >= _FITS:
            return all_unsure(shape)
        short = np.maximum(np.array(floors, dtype=np.int64) - paid * (under // 100), 0)
        return self._outcome(self._rounded(short, np.int64(under)), short > 0, known, shape)


class PotItem(FromOthers):
    """Money by the share of other items' points that was earned; in floats, with what they cannot decide left exact.

    Each quotient of points, their sum, its product with the money and the scale come to less than 8 ulp and one for
    each item more."""

    def __init__(self, line: PlannedItem, bases: Bases, worths: Worths, wanted: Wanted) -> None:
        super().__init__(line, bases, worths, wanted)
        assert isinstance(line.kind, Pot)
        self.kind = line.kind

    def _outcome_of(
        self, counts: Counts, others: Mapping[str, Outcome], shape: tuple[int, ...], points: bool
    ) -> Outcome:
        kind, lines = self.kind, self.bases.plan.lines
        most = [lines[code].kind.most_earned() for code in kind.items]
        waits = bool(self.line.missing or self.line.lacks_weights)
        if waits or not others.keys() >= {*kind.items, *([kind.of] if kind.of else [])}:
            return nothing_known(shape)
        if None in most or not all(lines[code].in_points for code in kind.items) or not sum(one or 0 for one in most):
            return nothing_known(shape)
        earned: Floats = np.zeros(len(self.bases))
        known: Mask | None = None
        for code in kind.items:
            scored = others[code].points
            assert scored is not None
            earned = earned + (scored.over / scored.under).astype(np.float64)
            known = both(known, scored.known)
        money: Floats
        if kind.money is not None:
            money = np.array([float(kind.money.known() * (base.sums or 0)) for base in self.bases.bases])
        else:
            money, known = others[kind.of or ""].pence / 100.0, both(known, others[kind.of or ""].known)
        return self._shared_out(
            money, earned, float(sum((one or Fraction(0) for one in most), Fraction(0))), known, shape
        )

    def _shared_out(
        self, money: Floats, earned: Floats, most: float, known: Mask | None, shape: tuple[int, ...]
    ) -> Outcome:
        step = self.bases.plan.scheme.rounding.pounds
        step = step if step.places is not None else Rounding(2)
        value = np.broadcast_to(money * earned / most, shape)
        places = step.places or 0
        scaled = value * 10.0**places
        whole, unsure = settle(scaled.copy(), scaled * (12 + len(self.kind.items)) * ULP, step.mode)
        pence, unsure = in_pence(whole, unsure, places)
        return self._outcome(pence, earned > 0, known, shape, unsure)
