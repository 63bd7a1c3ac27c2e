"""What the two kinds on a straight line share: two thresholds, which way is better, and how a rate's place is said."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from fractions import Fraction
from typing import Literal

from pydantic import Field

from remit.core import say
from remit.scheme.kinds.amount import PaysAmount, in_unit, plain
from remit.scheme.kinds.base import WorkingLine
from remit.scheme.quantity import PER_1000, Quantity, Rate


class OnALine(PaysAmount):
    """A line from the lower threshold to the upper; where lower is better, the lower threshold is above the upper."""

    lower: Rate = Field(description="The threshold that pays least: earning begins on its better side")
    upper: Rate = Field(description="The threshold from which all is earned, or up to which where lower is better")
    better: Literal["higher", "lower"] = Field(
        default="higher",
        description="Whether a higher achievement earns more, or a lower one; then `lower` is above `upper`",
    )

    @property
    def falls(self) -> bool:
        """Whether it earns less the higher the rate."""
        return self.better == "lower"

    @property
    def rates_per(self) -> int:
        return 1000 if PER_1000 in (self.lower.unit, self.upper.unit) else 100

    @property
    @abstractmethod
    def at_lower(self) -> Fraction:
        """What the lower threshold itself pays."""

    @abstractmethod
    def met(self, rate: Fraction, gate: Fraction | None = None) -> bool:
        """Whether the lower threshold is reached, so that something is earned, or about to be."""

    def is_full(self, rate: Fraction) -> bool:
        """Whether the upper threshold is reached."""
        return rate <= self.upper.known() if self.falls else rate >= self.upper.known()

    def reached(self, rate: Fraction, gate: Fraction | None = None) -> str:
        if self.is_full(rate):
            return f"{'up to' if self.falls else 'from'} {self.upper}"
        return f"{self.lower} to {self.upper}" if self.met(rate) else "none"

    def lines(
        self, rate: Fraction, earned: Fraction, counted: str, gate: Fraction | None = None
    ) -> Iterator[WorkingLine]:
        if self.is_full(rate):
            side = "at or below" if self.falls else "at or above"
            yield WorkingLine(self.label, f"{side} {self.upper}: all {plain(self.amount, self.unit)}")
        elif not self.met(rate):
            yield WorkingLine(self.label, f"{self._not_begun} {self.lower}: none of {plain(self.amount, self.unit)}")
        else:
            yield WorkingLine(self.label, self._on_the_line(counted), in_unit(earned, self.unit))

    @property
    def _not_begun(self) -> str:
        """How a rate stands to the lower threshold that has not begun to earn."""
        return "not below" if self.falls else "not above"

    def _on_the_line(self, counted: str) -> str:
        """The arithmetic of a rate between the thresholds."""
        place = self.place(counted)
        full = self._typed(self.amount.known())
        if not self.at_lower:
            return f"{place} × {full}"
        start = self._typed(self.at_lower)
        return f"{start} + {place} × ({full} − {start})"

    def place(self, counted: str) -> str:
        """How far a rate is on the way from the lower threshold to the upper: `(132 / 240 − 30%) / (70% − 30%)`."""
        lower, upper = self._level(self.lower), self._level(self.upper)
        rate = f"{counted} × 1,000" if self.rates_per == 1000 else counted
        if self.falls:
            return f"({lower} − {rate}) / ({lower} − {upper})"
        return f"({rate} − {lower}) / ({upper} − {lower})"

    def _level(self, threshold: Quantity) -> str:
        """A threshold as the arithmetic has it."""
        value = threshold.known()
        return say.number(value * 1000) if self.rates_per == 1000 else say.percent(value)

    def _typed(self, value: Fraction) -> str:
        return say.number(value) if self.unit == "points" else say.pounds(value)

    def faults(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        if self.lower.required or self.upper.required:
            return
        if self.lower.unit != self.upper.unit:
            yield ("upper",), f"one threshold is per 1,000 and the other per cent: {self.lower} and {self.upper}"
        elif self.falls and self.lower.known() <= self.upper.known():
            message = f"lower is better, but the upper threshold {self.upper} is not below the lower, {self.lower}"
            yield ("upper",), message
        elif not self.falls and self.lower.known() >= self.upper.known():
            yield ("upper",), f"the upper threshold {self.upper} is not above the lower, {self.lower}"
