"""What practices achieved of one item, all at once: as `scoring.achievement`, in columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from remit.core.figures import DECLARED, DENOMINATOR, HISTORIC_POINTS, LIST_SIZE, NUMERATOR, REGISTER
from remit.pricing.vector.columns import MOST, Cell, Column, Counts, Floats, Mask, Whole, both, column_of, either
from remit.scheme.model import WHOLE_LIST
from remit.scoring.achievement import Measurer


@dataclass(frozen=True, slots=True)
class Rates:
    """The rates of one item: `top` over `below`, whole numbers, and their correctly rounded quotient `value`.

    `known` is where there is a rate (None: everywhere), `empty` where nobody was there to be counted (None: nowhere),
    `unsure` where the numbers are too large for `value` to say exactly which side of a threshold it is on.
    """

    top: Whole
    below: Whole
    value: Floats
    known: Mask | None = None
    empty: Mask | None = None
    unsure: Mask | None = None


def cells_of(measurer: Measurer) -> frozenset[Cell]:
    """The figures that an item's achievement rests on."""
    code, group = measurer.code, measurer.group
    match measurer.measure:
        case "register":
            return frozenset({(code, REGISTER), (group, REGISTER)})
        case "declared":
            return frozenset({(code, DECLARED)})
        case "prevalence":
            return frozenset((whose, key) for whose in (code, group) for key in (REGISTER, LIST_SIZE))
        case "per_1000":
            return frozenset({(code, NUMERATOR), (code, LIST_SIZE), (group, LIST_SIZE)})
        case "historic":
            return frozenset({(code, HISTORIC_POINTS)})
        case "achievement":
            subjects = {code} if measurer.single else {code, *measurer.item.indicators}
            return frozenset((whose, key) for whose in subjects for key in (NUMERATOR, DENOMINATOR))
    return frozenset()


def rates(measurer: Measurer, counts: Counts, lists: Column | None, under: int) -> Rates | None:
    """The rates of an item. `lists` are the practices' own lists, `under` the largest denominator of a threshold.
    None where nobody's is known."""
    match measurer.measure:
        case "register":
            register = counts.own_or_group(measurer.code, measurer.group, REGISTER)
            return None if register is None else _yes_or_no(register, (register.values != 0).astype(np.int64))
        case "declared":
            declared = counts.get(measurer.code, DECLARED)
            return None if declared is None else _yes_or_no(declared, declared.values)
        case "prevalence":
            register = counts.own_or_group(measurer.code, measurer.group, REGISTER)
            size = list_size(measurer, counts, lists)
            if register is None or size is None:
                return None
            return _quotient(register, size, under, at_most_one=True)
        case "per_1000":
            events, size = counts.get(measurer.code, NUMERATOR), list_size(measurer, counts, lists)
            return None if events is None or size is None else _quotient(events, size, under)
        case "historic":
            return _historic(measurer, counts, under)
        case "achievement":
            return _counted(measurer, counts, under)
    return None


def list_size(measurer: Measurer, counts: Counts, lists: Column | None) -> Column | None:
    """The list that a register is part of: a figure, or the practice's own where the population is the whole list."""
    size = counts.own_or_group(measurer.code, measurer.group, LIST_SIZE)
    return size if measurer.population != WHOLE_LIST else else_(size, lists)


def else_(first: Column | None, second: Column | None) -> Column | None:
    """The first where it is known, else the second."""
    if first is None or first.known is None:
        return second if first is None else first
    if second is None:
        return first
    known = None if second.known is None else first.known | second.known
    return Column(np.where(first.known, first.values, second.values), known, either(first.unfit, second.unfit))


def _yes_or_no(figure: Column, value: Whole) -> Rates:
    return Rates(value, np.ones_like(value), value.astype(np.float64), figure.known, None, figure.unfit)


def _quotient(top: Column, below: Column, under: int, at_most_one: bool = False) -> Rates:
    known = both(top.known, below.known)
    zero = below.values == 0 if below.unfit is None else (below.values == 0) & ~below.unfit
    empty = None
    divisor = below.values if below.unfit is None else np.where(below.unfit, 1, below.values)
    if zero.any():
        divisor = np.where(zero, 1, divisor)
        empty = zero if known is None else zero & known
        known = both(known, ~zero)
    if at_most_one:
        above = top.values > divisor
        if below.unfit is not None:
            above = above & ~below.unfit
        if above.any():
            known = both(known, ~above)
    value = np.divide(top.values, divisor.astype(np.float64))
    unsure = either(either(top.unfit, below.unfit), either(_large(top.values, under), _large(divisor, under)))
    return Rates(top.values, divisor, value, known, empty, unsure)


def _large(values: Whole, under: int) -> Mask | None:
    limit = MOST // under
    return None if values.size == 0 or int(values.max()) < limit else values >= limit


def _historic(measurer: Measurer, counts: Counts, under: int) -> Rates | None:
    most, points = measurer.item.kind.most_earned(), counts.get(measurer.code, HISTORIC_POINTS)
    if points is None or not most:
        return None
    share = Fraction(1, points.under) / most
    unfit = points.unfit
    beyond = _large(np.abs(points.values), max(share.numerator, 1) * under)
    values = points.values if beyond is None else np.where(beyond, 0, points.values)
    top = Column(values * share.numerator, points.known, either(unfit, beyond))
    below = Column(np.full_like(points.values, share.denominator))
    return _quotient(top, below, under, at_most_one=True)


def _counted(measurer: Measurer, counts: Counts, under: int) -> Rates | None:
    if measurer.single:
        numerator, denominator = counts.get(measurer.code, NUMERATOR), counts.get(measurer.code, DENOMINATOR)
    else:
        numerator, denominator = _dated(measurer, counts)
    if numerator is None or denominator is None:
        return None
    return _quotient(numerator, denominator, under)


def _dated(measurer: Measurer, counts: Counts) -> tuple[Column | None, Column | None]:
    """The counts of an item with several definitions: its own, or those of the definition in force, never both."""
    codes, in_force = measurer.item.indicators, measurer.in_force.indicator
    own = counts.has(measurer.code)
    counted = np.zeros_like(own)
    for code in codes:
        counted = counted | counts.has(code)
    from_own, from_definition = own & ~counted, counted & ~own
    parts = []
    for key in (NUMERATOR, DENOMINATOR):
        one = _where(counts.get(measurer.code, key), from_own)
        other = _where(counts.get(in_force, key), from_definition) if in_force else None
        parts.append(else_(one, other))
    return parts[0], parts[1]


def _where(column: Column | None, mask: Mask) -> Column | None:
    return None if column is None else Column(column.values, both(column.known, mask), column.unfit)


def whole(figures: Sequence[int | None]) -> Column | None:
    """A column of whole numbers of practices, None for each that is not known."""
    return column_of(figures)
