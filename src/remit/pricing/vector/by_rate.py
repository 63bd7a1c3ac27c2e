"""Items that turn one rate into points or pounds per head: linear, step then linear, yes or no, protected, steps.

A set amount is worked out exactly, once for each practice, and looked up. An amount on a line is
worth x (amount + slope x rate): rates are correctly rounded quotients, and with

    |amount| + |slope| x rate <= size     and     the worth of a point within `error` of itself

the pence are within size x worth x (error + 12 ulp) of the exact ones: one ulp (2^-53) each for the quotient, amount,
slope, their product and sum, the worth x scale, the product with it, the half that is added and the sum; three are
to spare. Where that could change the penny the cell is unsure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from remit.core.rounding import Rounding
from remit.pricing.per_point import points_to_pence, to_pence, worth_of_a_point
from remit.pricing.plan import PlannedItem
from remit.pricing.vector.columns import MOST, Floats, Mask, either
from remit.pricing.vector.curves import Curve, Piece
from remit.pricing.vector.rates import Rates
from remit.pricing.vector.settling import ULP, in_pence, settle
from remit.pricing.vector.worth import Bases, Worth
from remit.scheme.quantity import Range

Paid = tuple[Floats, "Mask | None"]
"""Whole pence, and where they are unsure."""


def in_floats(pence: Sequence[int]) -> Paid:
    """Whole pence as floats; those that are too large for floats to hold are unsure."""
    large = np.array([abs(one) >= MOST for one in pence], dtype=bool)
    return np.array(pence, dtype=np.float64), large if large.any() else None


@dataclass(slots=True)
class Earned:
    """What rates earn: pence, and where they are unsure; if wanted, where it is met and where nothing is earned."""

    pence: Floats
    unsure: Mask | None
    met: Mask | None
    nothing: Mask | None


class InPounds:
    """Pounds per head x heads x the share of the year, or a set sum x its share: set amounts exactly, each once."""

    def __init__(self, line: PlannedItem, bases: Bases) -> None:
        self.factors = [base.times(line.kind.unit) for base in bases.bases]
        self.known = np.array([factor is not None for factor in self.factors], dtype=bool)
        self.rounding = bases.plan.scheme.rounding.pounds
        self.pounds = self.rounding if self.rounding.places is not None else Rounding(2)
        self.places = self.pounds.places or 0
        self.per_unit = np.array([float(factor or 0) for factor in self.factors]) * 10.0**self.places
        self._set: dict[Fraction, Paid] = {}

    def set_amount(self, amount: Fraction) -> Paid:
        if amount not in self._set:
            step, due = self.rounding, (amount * (factor or 0) for factor in self.factors)
            self._set[amount] = in_floats([to_pence(one, step.places, step.mode) for one in due])
        return self._set[amount]

    def on_a_line(self, piece: Piece, rate: Floats, size: Fraction) -> tuple[Floats, Mask | None, Mask | None]:
        value = (float(piece.amount) + float(piece.slope) * rate) * self.per_unit
        whole, unsure = settle(value, self.per_unit * (float(size) * 16 * ULP), self.pounds.mode)
        return *in_pence(whole, unsure, self.places), None

    def is_nothing(self, amount: Fraction) -> bool:
        return not amount


class ByPoints:
    """Points, as the scheme rounds them, by what a point is worth to each practice."""

    def __init__(self, line: PlannedItem, bases: Bases, worth: Worth, fixed: bool) -> None:
        self.line, self.bases, self.worth, self.fixed = line, bases, worth, fixed
        rounding = bases.plan.scheme.rounding
        self.points: Rounding = rounding.points
        self.pounds = rounding.pounds if rounding.pounds.places is not None else Rounding(2)
        self.scale = 10.0 ** (self.pounds.places or 0)
        self.per_unit = worth.value * self.scale
        self.error = worth.error + ULP
        self._set: dict[Fraction, Paid] = {}

    def set_amount(self, amount: Fraction) -> Paid:
        """What a set number of points pays; exactly, where a point's worth does not change from draw to draw."""
        if amount not in self._set:
            rounded = self.points.apply(amount)
            paid = self._paid(float(rounded) * self.per_unit, abs(float(rounded)) * np.abs(self.per_unit))
            if not rounded:
                paid = np.zeros_like(self.per_unit), None
            elif self.fixed:
                paid = self._exactly(rounded, paid)
            self._set[amount] = paid
        return self._set[amount]

    def is_nothing(self, amount: Fraction) -> bool:
        """Whether so many points are rounded to none."""
        return not self.points.apply(amount)

    def on_a_line(self, piece: Piece, rate: Floats, size: Fraction) -> tuple[Floats, Mask | None, Mask | None]:
        """Pence at each rate, where they are unsure, and where the points are rounded to none."""
        places = self.points.places
        amount, slope, most = float(piece.amount), float(piece.slope), float(size)
        if places is None:
            if self.fixed and rate.ndim == 2:
                value = rate * (self.per_unit * slope)
                value += self.per_unit * amount
            else:
                value = (amount + slope * rate) * self.per_unit
            pence, unsure = self._paid(value, self.per_unit * most)
            return pence, unsure, None
        unit = 10.0**places
        earned, open_ = settle((amount + slope * rate) * unit, most * unit * 12 * ULP, self.points.mode)
        value = earned * (self.per_unit / unit)
        pence, unsure = self._paid(value, value.copy())
        return pence, either(open_, unsure), earned == 0

    def _paid(self, value: Floats, size: Floats) -> Paid:
        whole, unsure = settle(value, size * (self.error + 12 * ULP), self.pounds.mode)
        pence, unsure = in_pence(whole, unsure, self.pounds.places or 0)
        unsure_ = either(unsure, self.worth.unsure)
        return pence, unsure_ if unsure_ is not None and unsure_.any() else None

    def _exactly(self, points: Fraction, paid: Paid) -> Paid:
        """Set amounts, those that are unsure worked out in fractions."""
        pence, unsure = paid
        if unsure is None:
            return paid
        plan, bases = self.bases.plan, self.bases
        for n in np.flatnonzero(unsure).tolist():
            figures = bases.standings[n].figures
            per_point = worth_of_a_point(plan, bases.bases[n], bases.practices[n], figures, self.line).pounds
            exact = points_to_pence(points.numerator, points.denominator, per_point, plan.scheme.rounding.pounds)
            pence[n] = exact or 0
        large = np.abs(pence) >= MOST
        return pence, large if large.any() else None


class NoPoint:
    """Points of a scheme that gives them no value: another item pays by their share."""

    def __init__(self, practices: int) -> None:
        self._nothing = np.zeros(practices)

    def set_amount(self, amount: Fraction) -> Paid:
        return self._nothing, None

    def on_a_line(self, piece: Piece, rate: Floats, size: Fraction) -> tuple[Floats, Mask | None, Mask | None]:
        return self._nothing, None, None

    def is_nothing(self, amount: Fraction) -> bool:
        return True


@dataclass(slots=True)
class BySum:
    """A set sum in pounds, paid once; nothing to whom nothing is due for the year."""

    bases: Bases

    def set_amount(self, amount: Fraction) -> Paid:
        step = self.bases.plan.scheme.rounding.pounds
        pence = to_pence(amount, step.places, step.mode)
        return in_floats([pence if base.sums else 0 for base in self.bases.bases])

    def on_a_line(self, piece: Piece, rate: Floats, size: Fraction) -> tuple[Floats, Mask | None, Mask | None]:
        raise ValueError("a set sum has no line")

    def is_nothing(self, amount: Fraction) -> bool:
        return not amount


Pays = InPounds | ByPoints | BySum | NoPoint


def earn(curve: Curve, rates: Rates, pays: Pays, wants_met: bool, wants_nothing: bool) -> Earned:
    """What the rates of an item earn on its pieces; where it is met, and where nothing is earned, if that is wanted.

    Each piece's pence are multiplied by the mask of where it holds, and added up: that is several times as quick as to
    choose among them cell by cell.
    """
    rate, pieces = rates.value, curve.pieces
    shape = np.broadcast_shapes(rate.shape, pays.set_amount(pieces[0].amount)[0].shape)
    pence: Floats = np.zeros(shape)
    unsure: Mask | None = None
    met = np.zeros(shape, dtype=bool) if wants_met else None
    nothing = np.zeros(shape, dtype=bool) if wants_nothing else None
    from_here = np.ones(rate.shape, dtype=bool)
    for piece, after in zip(pieces, [*pieces[1:], None], strict=True):
        from_next = _reached(after, rate) if after is not None else None
        here = from_here if from_next is None else from_here ^ from_next  # who has reached the next has reached this
        zero: Mask | None = None
        if piece.slope:
            amounts, open_, zero = pays.on_a_line(piece, rate, curve.size)
            pence += np.multiply(amounts, here, out=amounts if amounts.shape == shape else None)
        elif piece.amount:
            amounts, open_ = pays.set_amount(piece.amount)
            pence += amounts * here
        else:
            open_ = None
        if open_ is not None:
            unsure = either(unsure, np.broadcast_to(open_ & here, shape))
        if met is not None and piece.met:
            met |= here
        if nothing is not None and zero is not None:
            nothing |= here & zero
        elif nothing is not None and not piece.slope and pays.is_nothing(piece.amount):
            nothing |= here
        from_here = here if from_next is None else from_next
    return Earned(pence, unsure, met, nothing)


def _reached(piece: Piece, rate: Floats) -> Mask:
    at = float(piece.at or 0)
    return rate > at if piece.above else rate >= at


def earn_by_table(
    tables: Sequence[tuple[Range, Curve]], rates: Rates, gate: Floats, pays: Pays, wants_met: bool
) -> Earned:
    """Gated steps: the first table that holds at the gate's rate says what is earned; where none does, nothing is."""
    shape = np.broadcast_shapes(rates.value.shape, gate.shape, pays.set_amount(Fraction(0))[0].shape)
    pence, met = np.zeros(shape), np.zeros(shape, dtype=bool) if wants_met else None
    unsure: Mask | None = None
    left = np.ones(gate.shape, dtype=bool)
    for when, curve in tables:
        here = left & _holds(when, gate)
        left &= ~here
        one = earn(curve, rates, pays, wants_met, False)
        pence += one.pence * here
        if one.unsure is not None:
            unsure = either(unsure, np.broadcast_to(one.unsure & here, shape))
        if met is not None and one.met is not None:
            met |= one.met & here
    return Earned(pence, unsure, met, None)


def _holds(when: Range, gate: Floats) -> Mask:
    here = np.ones(gate.shape, dtype=bool)
    if when.low is not None:
        here &= gate > float(when.low) if when.low_above else gate >= float(when.low)
    if when.high is not None:
        here &= gate < float(when.high) if when.high_below else gate <= float(when.high)
    return here
