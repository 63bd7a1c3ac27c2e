"""Nothing up to the lower threshold, all from the upper, and a straight line between.

points = (A - B) / (C - B) x D, for achievement A, thresholds B and C and points available D. Achievement must be
above the lower threshold to earn anything (drc.bmj.com, Table 1 note); the line is 0 there, so both readings agree.
D may be pounds for each head, or a set sum, as well: "nothing up to 30%; in proportion between 30% and 70%; £1.10 per
weighted patient at 70% and above".

Where lower is better, B is above C: nothing from B on, all at or below C, points = (B - A) / (B - C) x D between. The
Investment and Impact Fund has such indicators (the formula is unverified, from memory).
"""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property
from typing import ClassVar

from remit.scheme.kinds.base import Threshold, Unit
from remit.scheme.kinds.line import OnALine

_NOTHING = Fraction(0)


class Linear(OnALine):
    """`linear: {points: 12, lower: 40%, upper: 90%}`, or `{per_head: £1.10, better: lower, lower: 60%, upper: 40%}`"""

    name: ClassVar[str] = "linear"
    paid_in: ClassVar[Unit] = "points"

    @property
    def at_lower(self) -> Fraction:
        return _NOTHING

    @cached_property
    def _line(self) -> tuple[tuple[int, int], tuple[int, int], tuple[int, int], Fraction, bool]:
        """Lower, upper and the amount per unit of rate, each over and under the line; the whole amount; if it falls."""
        lower, upper, most = self.lower.known(), self.upper.known(), self.amount.known()
        slope = most / (upper - lower)
        return lower.as_integer_ratio(), upper.as_integer_ratio(), slope.as_integer_ratio(), most, self.falls

    def earned(self, rate: Fraction, gate: Fraction | None = None) -> Fraction:
        (low, under_low), (high, under_high), (slope, under_slope), most, falls = self._line
        top, below = rate.as_integer_ratio()
        beyond, begun = top * under_high - high * below, top * under_low - low * below
        if beyond <= 0 if falls else beyond >= 0:
            return most
        if begun >= 0 if falls else begun <= 0:
            return _NOTHING
        return Fraction(begun * slope, below * under_low * under_slope)

    def met(self, rate: Fraction, gate: Fraction | None = None) -> bool:
        return rate < self.lower.known() if self.falls else rate > self.lower.known()

    def thresholds(self, gate: Fraction | None = None) -> tuple[Threshold, ...]:
        lower, upper = self.lower.known(), self.upper.known()
        paid = {"points": "points begin", "pounds": "pounds begin"}.get(self.unit, "pay begins")
        full = f"all {self.amount} points" if self.unit == "points" else f"all {self.in_words()}"
        if self.falls:
            return (
                Threshold(upper, True, f"up to {self.upper}: {full}"),
                Threshold(lower, False, f"below {self.lower}: {paid}"),
            )
        return (
            Threshold(lower, True, f"above {self.lower}: {paid}"),
            Threshold(upper, False, f"from {self.upper}: {full}"),
        )

    def missing(self) -> str:
        gaps = [name for name in ("lower", "upper") if getattr(self, name).required]
        thresholds = f"{' and '.join(gaps)} threshold{'s' if len(gaps) > 1 else ''}" if gaps else ""
        amount = self.paid_as.replace("_", " ") if self.amount.required else ""
        return ", ".join(filter(None, [amount, thresholds]))

    def words(self) -> str:
        better = " (lower is better)" if self.falls else ""
        amount = f"{self.amount} points" if self.unit == "points" else self.in_words()
        return f"{amount}, on a line from {self.lower} to {self.upper}{better}"
