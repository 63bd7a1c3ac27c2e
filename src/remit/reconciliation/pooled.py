"""Points that were earned by each practice, beside those that the pooled counts of many practices give.

A line with thresholds bends, so the points of the pooled rate are not the mean of the practices' points. For practices
of one size, whose mean achievement is A, the mean of their points lies between the hulls of the line:

    most   min(points, points × A / upper)                    some practices at 0, the rest at the upper threshold
    least  max(0, points × (A - lower) / (1 - lower))         some practices at the lower threshold, the rest at 100%

Above the lower threshold the line only bends down, so that a pooled rate well above it gives the most that equal
practices can earn, unless some of them are below that threshold. Beyond these bounds lie units whose practices differ
in size, and those where some practices had nobody to count or sent nothing: they earn nothing and weigh nothing. Full
points for all are the one exact test, whatever the sizes: then every practice is at the upper threshold or above it,
and so is the pooled rate.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from math import ceil

from remit.core.rounding import exact_text
from remit.reconciliation.rows import (
    BENT,
    HEADER,
    NOBODY,
    UNEQUAL,
    UNEXPLAINED,
    UNFIT,
    YES_NO,
    Cause,
    Row,
    figure_text,
)
from remit.scheme.kinds import Kind, Linear, StepThenLinear
from remit.scheme.model import Scheme

_MANY, _MUCH = Fraction(1, 10), Fraction(1, 50)
"""Where more than a tenth of an indicator's units stand beyond their bound by more than a fiftieth of the points, the
thresholds are doubted and not the units."""
_ENOUGH = 10
"""Fewer units say nothing of the thresholds."""
_EMPTY = Fraction(1, 4)
"""At most this share of a unit's practices is taken to have had nobody to count."""


def pooled_cause(row: Row, kind: Kind, rate: Fraction | None, practices: int) -> Cause:
    """Why the points of a unit, as a mean over its practices, are not those of its pooled rate."""
    most = kind.most_earned()
    if row.theirs is None or rate is None or most is None:
        return Cause(UNEXPLAINED, "one of the figures is not known")
    theirs = Fraction(row.theirs)
    if not kind.takes_rate:
        earned = theirs * practices / most
        if theirs < most and earned.denominator == 1:
            return Cause(YES_NO, f"{earned} of {practices} practices earned the {exact_text(most)} points")
        return Cause(UNEXPLAINED, f"{exact_text(earned, most=2)} of {practices} practices is no whole number of them")
    if not isinstance(kind, Linear | StepThenLinear):
        return Cause(UNEXPLAINED, "pooled points are explained for a line with thresholds, and this is none")
    lower, upper = kind.lower.known(), kind.upper.known()
    shown = f"{exact_text(rate * 100, most=2)}%"
    if theirs >= most - row.tolerance and rate < upper:
        return Cause(UNFIT, f"all {practices} practices had full points at a pooled {shown}, below {kind.upper}")
    if theirs <= row.tolerance and rate > lower:
        return Cause(UNFIT, f"none of {practices} practices had a point at a pooled {shown}, above {kind.lower}")
    line = kind.earned(rate)
    if rate > (lower + upper) / 2 and theirs > line + row.tolerance:
        text = f"{figure_text('points', _short(theirs - line))} more than the line gives at a pooled {shown}"
        return Cause(UNEQUAL, text)
    high = min(most, most * rate / upper)
    low = max(Fraction(0), most * (rate - lower) / (1 - lower)) if lower < 1 else Fraction(0)
    if low - row.tolerance <= theirs <= high + row.tolerance:
        bounds = f"{figure_text('points', _short(low))} to {figure_text('points', _short(high))}"
        return Cause(BENT, f"practices of one size with a mean of {shown} earn {bounds} points each")
    if theirs < low:
        empty = ceil((low - theirs) / most * practices)
        if empty <= 1 or empty <= practices * _EMPTY:
            text = f"{empty} of {practices} practices with nobody to count, or no return, would give it"
            return Cause(NOBODY, text)
    side, bound = ("more", high) if theirs > high else ("less", low)
    text = f"{side} than the {figure_text('points', _short(bound))} that practices of one size earn at {shown}"
    return Cause(UNEQUAL, text)


def _short(number: Fraction) -> Fraction:
    return Fraction(round(number * 100), 100)


def header_cause(row: Row, highest: Mapping[str, Fraction]) -> Cause:
    """Why the points printed above a column are not the scheme's."""
    paid = highest.get(row.indicator)
    if row.ours is not None and paid is not None and abs(paid - row.ours) <= Fraction(1, 100):
        printed = figure_text(row.quantity, row.theirs)
        return Cause(HEADER, f"{printed} is printed, and the most that any unit earned is {row.ours} a practice")
    return Cause(UNEXPLAINED, f"they print {row.theirs} points, the scheme has {row.ours}")


def doubted(rows: Sequence[Row], scheme: Scheme) -> tuple[list[Row], list[str]]:
    """The rows again, with the indicators whose thresholds do not fit named, and what to say of each of those.

    A row beyond the hulls is put down to its unit (practices of unequal size) while such rows are few of their
    indicator; where they are many, to the thresholds.
    """
    points = [row for row in rows if row.quantity == "points"]
    units = Counter(row.indicator for row in points)
    much = Counter(row.indicator for row in points if row.cause == UNEQUAL and _much(row, scheme))
    unfit = Counter(row.indicator for row in points if row.cause == UNFIT)
    many = {code for code, count in much.items() if units[code] >= _ENOUGH and count > units[code] * _MANY}
    verdicts = []
    for code in units:
        words = scheme.item(code).kind.words() if code in many or unfit[code] else ""
        if unfit[code]:
            verdicts.append(f"{code}: {unfit[code]} of {units[code]} units cannot be, with {words}.")
        if code in many:
            over = exact_text(_MUCH * 100)
            verdicts.append(
                f"{code}: {much[code]} of {units[code]} units miss {words} by more than {over}% of the points."
            )
    return [_doubt(row, many) for row in rows], verdicts


def _much(row: Row, scheme: Scheme) -> bool:
    most = scheme.item(row.indicator).kind.most_earned()
    return row.difference is not None and most is not None and abs(Fraction(row.difference)) > most * _MUCH


def _doubt(row: Row, many: set[str]) -> Row:
    if row.quantity != "points" or row.indicator not in many or row.cause != UNEQUAL:
        return row
    first, *rest = row.causes
    return replace(row, causes=(Cause(UNFIT, first.text), *rest))
