"""A set number of points on reaching the lower threshold, then a straight line to all at the upper.

QOF England 2021-22, VI001 to VI003: 3 points at 90%, then on a line to 18 at 95%
(pulse-intelligence.co.uk, the new vaccination and immunisation domain).
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import ClassVar

from remit.core import say
from remit.scheme.kinds.base import Kind, Threshold, Unit, WorkingLine
from remit.scheme.quantity import Percent, Points


class StepThenLinear(Kind):
    """`step_then_linear: {points: 18, points_at_lower: 3, lower: 90%, upper: 95%}`"""

    name: ClassVar[str] = "step_then_linear"
    paid_in: ClassVar[Unit] = "points"

    points: Points
    points_at_lower: Points
    lower: Percent
    upper: Percent

    def most_earned(self) -> Fraction | None:
        return self.points.value

    def earned(self, rate: Fraction, gate: Fraction | None = None) -> Fraction:
        lower, upper, points = self.lower.known(), self.upper.known(), self.points.known()
        start = self.points_at_lower.known()
        if rate < lower:
            return Fraction(0)
        return points if rate >= upper else start + (points - start) * (rate - lower) / (upper - lower)

    def met(self, rate: Fraction, gate: Fraction | None = None) -> bool:
        return rate >= self.lower.known()

    def thresholds(self, gate: Fraction | None = None) -> tuple[Threshold, ...]:
        return (
            Threshold(self.lower.known(), False, f"from {self.lower}: {self.points_at_lower} points"),
            Threshold(self.upper.known(), False, f"from {self.upper}: all {self.points} points"),
        )

    @property
    def at_lower(self) -> Fraction:
        """The points that the lower threshold itself pays."""
        return self.points_at_lower.known()

    def reached(self, rate: Fraction, gate: Fraction | None = None) -> str:
        if rate >= self.upper.known():
            return f"from {self.upper}"
        return f"{self.lower} to {self.upper}" if rate >= self.lower.known() else "none"

    def lines(
        self, rate: Fraction, earned: Fraction, counted: str, gate: Fraction | None = None
    ) -> Iterator[WorkingLine]:
        if rate >= self.upper.known():
            yield WorkingLine("Points", f"at or above {self.upper}: all {self.points}")
        elif rate < self.lower.known():
            yield WorkingLine("Points", f"below {self.lower}: none of {self.points}")
        else:
            lower, upper = say.percent(self.lower.known()), say.percent(self.upper.known())
            start, most = say.number(self.at_lower), say.number(self.points.known())
            line = f"{start} + ({counted} − {lower}) / ({upper} − {lower}) × ({most} − {start})"
            yield WorkingLine("Points", line, f"{say.number(earned)} points")

    def missing(self) -> str:
        names = ("points", "points_at_lower", "lower", "upper")
        return " and ".join(name for name in names if getattr(self, name).required)

    def faults(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        if self.missing():
            return
        if self.lower.known() >= self.upper.known():
            yield ("upper",), f"the upper threshold {self.upper} is not above the lower, {self.lower}"
        if self.points_at_lower.known() > self.points.known():
            yield ("points_at_lower",), f"more points at the lower threshold than the {self.points} in all"

    def words(self) -> str:
        return f"{self.points_at_lower} points at {self.lower}, then on a line to {self.points} at {self.upper}"
