"""Points that were earned by each practice, beside those that the pooled counts of many practices give.

A line with thresholds bends, so the points of the pooled rate are not the mean of the practices' points. What can be is
bounded twice, for the unit's own number of practices, its numerator and its denominator:

    one size    m practices share all that was achieved and the rest have nothing, or j practices are at 100% and the
                rest share what is left: the most and the least that practices of one size can earn
    any size    one practice or more is at the pooled rate or above it, and one or more at it or below; where 3 patients
                were achieved in all, at most 3 practices have one, and so for those that were not achieved

Within the first non-linear points alone may give it. Outside it several things may, and none is proved: they are named
together as possible causes. A class is named only where no size and no spread can give the figure:

    thresholds do not fit   full points at a pooled rate below the upper threshold, any points below the lower, or more
                            than practices of any size earn
    nobody to count         fewer practices earned full points than have all their patients achieved: where 3 patients
                            in all were not achieved, at most 3 practices of those that count anybody lack a point
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from remit.core.rounding import exact_text
from remit.core.words import listed
from remit.reconciliation.rows import (
    BENT,
    COUNTED,
    HEADER,
    NOBODY,
    POSSIBLE,
    UNEXPLAINED,
    UNFIT,
    YES_NO,
    Cause,
    ReconciledRow,
    figure_text,
)
from remit.scheme.kinds import Kind, OnALine
from remit.scheme.model import Scheme
from remit.scoring.achievement import Achievement


@dataclass(frozen=True, slots=True)
class PooledUnit:
    """A unit's pooled counts, where a higher rate earns more; of what is better when low, those not achieved."""

    practices: int
    numerator: int
    denominator: int
    most: Fraction
    lower: Fraction
    upper: Fraction
    earned: Callable[[Fraction], Fraction]

    @property
    def rate(self) -> Fraction:
        return Fraction(self.numerator, self.denominator)

    def of_one_size(self) -> tuple[Fraction, Fraction]:
        """The least and the most points that each practice earns on average where all are of one size."""
        n, sum_of_rates = self.practices, self.practices * self.rate
        high = max(m * self.earned(min(Fraction(1), sum_of_rates / m)) for m in range(1, n + 1))
        if self.earned(self.lower):  # a step at the lower threshold: the line below which no spread falls
            low = n * max(Fraction(0), self.most * (self.rate - self.lower) / (1 - self.lower)) if self.lower < 1 else 0
        else:
            low = min(
                j * self.most + (n - j) * (self.earned((sum_of_rates - j) / (n - j)) if j < n else 0)
                for j in range(int(sum_of_rates) + 1)
            )
        return Fraction(low) / n, high / n

    def of_any_size(self) -> tuple[Fraction, Fraction]:
        """Below and above which no mean can lie, whatever the sizes, where each practice has a patient or more."""
        n, missed, pooled = self.practices, self.denominator - self.numerator, self.earned(self.rate)
        low = max(pooled, (n - missed) * self.most)
        high = min((n - 1) * self.most + pooled, self.numerator * self.most)
        return low / n, high / n


def unit_of(kind: OnALine, done: Achievement, practices: int) -> PooledUnit | None:
    """A unit for its kind of line; None where its counts are not known, or do not hold that many practices."""
    numerator, denominator, most = done.numerator, done.denominator, kind.most_earned()
    if numerator is None or not denominator or most is None or not 0 <= numerator <= denominator:
        return None
    lower, upper = kind.lower.known(), kind.upper.known()
    if kind.falls:
        turned = denominator - numerator
        return PooledUnit(
            practices, turned, denominator, most, 1 - lower, 1 - upper, lambda rate: kind.earned(1 - rate)
        )
    return PooledUnit(practices, numerator, denominator, most, lower, upper, kind.earned)


def pooled_cause(row: ReconciledRow, kind: Kind, done: Achievement, practices: int) -> Cause:
    """Why the points of a unit, as a mean over its practices, are not those of its pooled rate."""
    most = kind.most_earned()
    if row.theirs is None or most is None:
        return Cause(UNEXPLAINED, "one of the figures is not known")
    theirs = Fraction(row.theirs)
    if not kind.takes_rate:
        earned = theirs * practices / most
        if theirs < most and earned.denominator == 1:
            return Cause(YES_NO, f"{earned} of {practices} practices earned the {exact_text(most)} points")
        return Cause(
            UNEXPLAINED, f"{exact_text(earned, most=2)} of {practices} practices is not a whole number of practices"
        )
    if not isinstance(kind, OnALine):
        return Cause(UNEXPLAINED, "pooled points are explained for a line with thresholds, and this is none")
    unit = unit_of(kind, done, practices)
    if unit is None:
        return Cause(UNEXPLAINED, "one of the figures is not known")
    if unit.rate != done.rate and abs(unit.earned(unit.rate) - theirs) <= row.tolerance:
        return Cause(COUNTED, f"their counts give it: {done.numerator} of {done.denominator}")
    return _impossible(row, kind, unit, theirs) or _possible(row, unit, theirs)


def _impossible(row: ReconciledRow, kind: OnALine, unit: PooledUnit, theirs: Fraction) -> Cause | None:
    """What no sizes and no spread of the practices can give, if it is that."""
    n, most, near = unit.practices, unit.most, row.tolerance
    falls = kind.falls
    shown = f"{exact_text((1 - unit.rate if falls else unit.rate) * 100, most=2)}%"
    if theirs >= most and unit.rate < unit.upper:
        short = "above" if falls else "below"
        return Cause(UNFIT, f"all {n} practices had full points at a pooled {shown}, {short} {kind.upper}")
    if theirs <= 0 and unit.rate > unit.lower:
        over = "below" if falls else "above"
        return Cause(UNFIT, f"none of {n} practices had a point at a pooled {shown}, {over} {kind.lower}")
    high = unit.of_any_size()[1]
    if theirs > high + near:
        return Cause(UNFIT, f"more than the {_points(high)} that practices of any size earn at a pooled {shown}")
    missed = unit.denominator - unit.numerator
    lacking = ceil(n - missed - (theirs + near) * n / most)
    if lacking > 0:
        left = "no patient was" if not missed else f"{missed} patients in all were" if missed > 1 else "1 patient was"
        who = f"{lacking} or more of {n} practices had nobody to count, or sent nothing"
        return Cause(NOBODY, f"{left} not achieved, so that {who}")
    return None


def _possible(row: ReconciledRow, unit: PooledUnit, theirs: Fraction) -> Cause:
    """Whether non-linear points alone may give it; else all that may."""
    shown = f"{exact_text(unit.rate * 100, most=2)}%"
    low, high = unit.of_one_size()
    if low - row.tolerance <= theirs <= high + row.tolerance:
        limits = f"{_points(low)} to {_points(high)}"
        return Cause(BENT, f"{unit.practices} practices of one size with a mean of {shown} earn {limits} points each")
    side, limit = ("more", high) if theirs > high else ("less", low)
    may = ["practices of unequal size"] if theirs >= unit.of_any_size()[0] - row.tolerance else []
    may += [*(["practices with nobody to count"] if side == "less" else []), "other thresholds"]
    text = f"{side} than the {_points(limit)} that {unit.practices} practices of one size earn at {shown}"
    return Cause(POSSIBLE, f"{text}: {listed(may, 'or')} would each give it")


def _points(number: Fraction) -> str:
    return figure_text("points", _short(number))


def _short(number: Fraction) -> Fraction:
    return Fraction(round(number * 100), 100)


def header_cause(row: ReconciledRow, highest: Mapping[str, Fraction]) -> Cause:
    """Why the points printed above a column are not the scheme's."""
    paid = highest.get(row.indicator)
    if row.ours is not None and paid is not None and abs(paid - row.ours) <= Fraction(1, 100):
        printed = figure_text(row.quantity, row.theirs)
        return Cause(HEADER, f"{printed} is printed, and the most that any unit earned is {row.ours} a practice")
    return Cause(UNEXPLAINED, f"they print {row.theirs} points, the scheme has {row.ours}")


def verdicts_of(rows: Sequence[ReconciledRow], scheme: Scheme) -> list[str]:
    """The indicators whose thresholds cannot be right, with how many units show it."""
    points = [row for row in rows if row.quantity == "points"]
    units = Counter(row.indicator for row in points)
    unfit = Counter(row.indicator for row in points if row.cause == UNFIT)
    return [
        f"{code}: {unfit[code]} of {count} units cannot be, with {scheme.item(code).kind.words()}."
        for code, count in units.items()
        if unfit[code]
    ]
