"""What a payment kind pays at each rate, as pieces: from a threshold on a set amount, or an amount on a line.

All kinds that turn one rate into an award have this form. The pieces are exact fractions; floats enter in `amounts`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

from remit.scheme.kinds import Boolean, Kind, Linear, Protected, Steps, StepThenLinear
from remit.scheme.quantity import Range, Step

_ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Piece:
    """From the rate `at` on (`above`: only beyond it) this is earned: `amount` + `slope` x rate. `at` is None for the
    first piece, which begins where rates do. `met` says whether what requires the item may pay."""

    at: Fraction | None
    above: bool
    amount: Fraction
    slope: Fraction = _ZERO
    met: bool = True


@dataclass(frozen=True)
class Curve:
    """Pieces by their thresholds, lowest first; each holds until the next begins."""

    pieces: tuple[Piece, ...]

    @cached_property
    def under(self) -> int:
        """The largest denominator of a threshold."""
        return max((piece.at.denominator for piece in self.pieces if piece.at is not None), default=1)

    @cached_property
    def size(self) -> Fraction:
        """The most that the parts of an amount come to on the way: what rounding errors are in proportion to."""
        ends = [piece.at for piece in self.pieces[1:]]
        return max(
            abs(piece.amount) + abs(piece.slope) * max(end or _ZERO, Fraction(1))
            for piece, end in zip(self.pieces, [*ends, None], strict=True)
        )


def curve_of(kind: Kind) -> Curve | None:
    """The pieces of a kind that turns one rate into an award; None where it has none (or waits for its numbers)."""
    if kind.missing():
        return None
    if isinstance(kind, Linear):
        return _linear(kind)
    if isinstance(kind, StepThenLinear):
        return _step_then_linear(kind)
    if isinstance(kind, Boolean):
        return Curve((_nothing(), Piece(_ZERO, True, kind.amount.known())))
    if isinstance(kind, Protected):
        return Curve((_nothing(), Piece(_ZERO, True, _ZERO, kind.points.known())))
    if isinstance(kind, Steps) and not kind.tables:
        return steps(kind.steps, kind.falls)
    return None


def tables_of(kind: Kind) -> tuple[tuple[Range, Curve], ...] | None:
    """The pieces of gated steps, each table with the range of the gate's rate in which it holds."""
    if not isinstance(kind, Steps) or not kind.tables:
        return None
    curves = [(table.when, steps(table.steps, kind.falls)) for table in kind.tables]
    if any(curve is None for _, curve in curves):
        return None
    return tuple((when, curve) for when, curve in curves if curve is not None)


def steps(of: Iterable[Step], falls: bool = False) -> Curve | None:
    """Each step from its threshold on, or where lower is better up to it; None where they do not stand in order, as a
    checked scheme's do."""
    steps_ = tuple(of)
    pieces = [Piece(step.at, step.above, step.pays) for step in steps_]
    order = [(piece.at or _ZERO, piece.above) for piece in pieces]
    if any(one >= other for one, other in pairwise(order)):
        return None
    if falls and steps_:
        worse = [Piece(one.at, one.above, after.pays) for one, after in pairwise(steps_)]
        return Curve((Piece(None, False, steps_[0].pays), *worse, _nothing(steps_[-1].at, steps_[-1].above)))
    return Curve((_nothing(), *pieces))


def _nothing(at: Fraction | None = None, above: bool = False, met: bool = False) -> Piece:
    return Piece(at, above, _ZERO, met=met)


def _linear(kind: Linear) -> Curve:
    lower, upper, points = kind.lower.known(), kind.upper.known(), kind.amount.known()
    slope = points / (upper - lower)
    line = -lower * slope
    if kind.falls:
        full = Piece(None, False, points)
        return Curve((full, Piece(upper, True, line, slope), _nothing(lower)))
    return Curve((_nothing(), Piece(lower, True, line, slope), Piece(upper, False, points)))


def _step_then_linear(kind: StepThenLinear) -> Curve:
    lower, upper, points = kind.lower.known(), kind.upper.known(), kind.amount.known()
    start = kind.at_lower
    slope = (points - start) / (upper - lower)
    line = Piece(lower, True, start - slope * lower, slope)
    if kind.falls:
        return Curve((Piece(None, False, points), Piece(upper, True, line.amount, slope), _nothing(lower, True)))
    return Curve((_nothing(), Piece(lower, False, start), line, Piece(upper, False, points)))
