"""Nothing up to the lower threshold, all from the upper, and a straight line between.

points = (A - B) / (C - B) x D, for achievement A, thresholds B and C and points available D. Achievement must be
above the lower threshold to earn anything (drc.bmj.com, Table 1 note); the line is 0 there, so both readings agree.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cached_property
from typing import ClassVar

from remit.scheme.kinds.base import Bound, Kind, Unit
from remit.scheme.quantity import Percent, Points


class Linear(Kind):
    """`linear: {points: 12, lower: 40%, upper: 90%}`"""

    name: ClassVar[str] = "linear"
    unit: ClassVar[Unit] = "points"

    points: Points
    lower: Percent
    upper: Percent

    @cached_property
    def _line(self) -> tuple[Fraction, Fraction, Fraction, Fraction]:
        lower, upper, points = self.lower.known(), self.upper.known(), self.points.known()
        slope = points / (upper - lower)
        return lower, upper, points, slope

    def most_earned(self) -> Fraction | None:
        return self.points.value

    def earned(self, rate: Fraction, gate: Fraction | None = None) -> Fraction:
        lower, upper, points, slope = self._line
        if rate >= upper:
            return points
        return (rate - lower) * slope if rate > lower else Fraction(0)

    def bounds(self, gate: Fraction | None = None) -> tuple[Bound, ...]:
        return (
            Bound(self.lower.known(), True, f"above {self.lower}: points begin"),
            Bound(self.upper.known(), False, f"from {self.upper}: all {self.points} points"),
        )

    def missing(self) -> str:
        gaps = [name for name in ("lower", "upper") if getattr(self, name).required]
        thresholds = f"{' and '.join(gaps)} threshold{'s' if len(gaps) > 1 else ''}" if gaps else ""
        return ", ".join(filter(None, ["points" if self.points.required else "", thresholds]))

    def faults(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        if not (self.lower.required or self.upper.required) and self.lower.known() >= self.upper.known():
            yield ("upper",), f"the upper threshold {self.upper} is not above the lower, {self.lower}"

    def words(self) -> str:
        return f"{self.points} points, on a line from {self.lower} to {self.upper}"
