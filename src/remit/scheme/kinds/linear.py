"""Nothing up to the lower threshold, all from the upper, and a straight line between.

points = (A - B) / (C - B) x D, for achievement A, thresholds B and C and points available D. Achievement must be
above the lower threshold to earn anything (drc.bmj.com, Table 1 note); the line is 0 there, so both readings agree.

Where lower is better, B is above C: nothing from B on, all at or below C, points = (B - A) / (B - C) x D between. The
Investment and Impact Fund has such indicators (the formula is unverified, from memory).
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cached_property
from typing import ClassVar, Literal

from pydantic import Field

from remit.core import say
from remit.scheme.kinds.base import Kind, Threshold, Unit, WorkingLine
from remit.scheme.quantity import Percent, Points

_NOTHING = Fraction(0)


class Linear(Kind):
    """`linear: {points: 12, lower: 40%, upper: 90%}`, or `{points: 12, better: lower, lower: 60%, upper: 40%}`"""

    name: ClassVar[str] = "linear"
    paid_in: ClassVar[Unit] = "points"

    points: Points
    lower: Percent
    upper: Percent
    better: Literal["higher", "lower"] = Field(
        default="higher",
        description="Whether a higher achievement earns more, or a lower one; then `lower` is above `upper`",
    )

    @property
    def falls(self) -> bool:
        """Whether it earns less the higher the rate."""
        return self.better == "lower"

    @property
    def at_lower(self) -> Fraction:
        """The points that the lower threshold itself pays."""
        return _NOTHING

    @cached_property
    def _line(self) -> tuple[tuple[int, int], tuple[int, int], tuple[int, int], Fraction, bool]:
        """Lower, upper and points per unit of rate, each over and under the line; points available; if it falls."""
        lower, upper, points = self.lower.known(), self.upper.known(), self.points.known()
        slope = points / (upper - lower)
        return lower.as_integer_ratio(), upper.as_integer_ratio(), slope.as_integer_ratio(), points, self.falls

    def most_earned(self) -> Fraction | None:
        return self.points.value

    def earned(self, rate: Fraction, gate: Fraction | None = None) -> Fraction:
        (low, under_low), (high, under_high), (slope, under_slope), points, falls = self._line
        top, below = rate.as_integer_ratio()
        beyond, begun = top * under_high - high * below, top * under_low - low * below
        if beyond <= 0 if falls else beyond >= 0:
            return points
        if begun >= 0 if falls else begun <= 0:
            return _NOTHING
        return Fraction(begun * slope, below * under_low * under_slope)

    def met(self, rate: Fraction, gate: Fraction | None = None) -> bool:
        return self._has_begun(rate)

    def thresholds(self, gate: Fraction | None = None) -> tuple[Threshold, ...]:
        lower, upper = self.lower.known(), self.upper.known()
        if self.falls:
            return (
                Threshold(upper, True, f"up to {self.upper}: all {self.points} points"),
                Threshold(lower, False, f"below {self.lower}: points begin"),
            )
        return (
            Threshold(lower, True, f"above {self.lower}: points begin"),
            Threshold(upper, False, f"from {self.upper}: all {self.points} points"),
        )

    def reached(self, rate: Fraction, gate: Fraction | None = None) -> str:
        if self._is_full(rate):
            return f"{'up to' if self.falls else 'from'} {self.upper}"
        return f"{self.lower} to {self.upper}" if self._has_begun(rate) else "none"

    def lines(
        self, rate: Fraction, earned: Fraction, counted: str, gate: Fraction | None = None
    ) -> Iterator[WorkingLine]:
        if self._is_full(rate):
            yield WorkingLine("Points", f"at or {'below' if self.falls else 'above'} {self.upper}: all {self.points}")
        elif not self._has_begun(rate):
            yield WorkingLine("Points", f"not {'below' if self.falls else 'above'} {self.lower}: none of {self.points}")
        else:
            lower, upper = say.percent(self.lower.known()), say.percent(self.upper.known())
            line = f"({counted} − {lower}) / ({upper} − {lower})"
            if self.falls:
                line = f"({lower} − {counted}) / ({lower} − {upper})"
            yield WorkingLine("Points", f"{line} × {say.number(self.points.known())}", f"{say.number(earned)} points")

    def _is_full(self, rate: Fraction) -> bool:
        return rate <= self.upper.known() if self.falls else rate >= self.upper.known()

    def _has_begun(self, rate: Fraction) -> bool:
        return rate < self.lower.known() if self.falls else rate > self.lower.known()

    def missing(self) -> str:
        gaps = [name for name in ("lower", "upper") if getattr(self, name).required]
        thresholds = f"{' and '.join(gaps)} threshold{'s' if len(gaps) > 1 else ''}" if gaps else ""
        return ", ".join(filter(None, ["points" if self.points.required else "", thresholds]))

    def faults(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        if self.lower.required or self.upper.required:
            return
        if self.falls and self.lower.known() <= self.upper.known():
            message = f"lower is better, but the upper threshold {self.upper} is not below the lower, {self.lower}"
            yield ("upper",), message
        elif not self.falls and self.lower.known() >= self.upper.known():
            yield ("upper",), f"the upper threshold {self.upper} is not above the lower, {self.lower}"

    def words(self) -> str:
        better = " (lower is better)" if self.falls else ""
        return f"{self.points} points, on a line from {self.lower} to {self.upper}{better}"
