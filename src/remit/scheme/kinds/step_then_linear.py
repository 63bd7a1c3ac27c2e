"""A set amount on reaching the lower threshold, then a straight line to all at the upper.

QOF England 2021-22, VI001 to VI003: 3 points at 90%, then on a line to 18 at 95%
(pulse-intelligence.co.uk, the new vaccination and immunisation domain). The amounts may be pounds for each head or a
set sum as well. Where lower is better, the lower threshold is above the upper, and is reached at or below it.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import ClassVar

from pydantic import Field, model_validator

from remit.scheme.kinds.base import Threshold, Unit
from remit.scheme.kinds.line import OnALine
from remit.scheme.quantity import Money, Points, Quantity


class StepThenLinear(OnALine):
    """`step_then_linear: {points: 18, points_at_lower: 3, lower: 90%, upper: 95%}`, or by head or in pounds"""

    name: ClassVar[str] = "step_then_linear"
    paid_in: ClassVar[Unit] = "points"

    points_at_lower: Points | None = Field(default=None, description="Points at the lower threshold, with `points`")
    per_head_at_lower: Money | None = Field(
        default=None, description="Pounds for each head at the lower threshold, with `per_head`"
    )
    pounds_at_lower: Money | None = Field(default=None, description="Pounds at the lower threshold, with `pounds`")

    @model_validator(mode="after")
    def _start(self) -> StepThenLinear:
        if self.paid_as + "_at_lower" != self.start_key or self.start is None:
            raise ValueError(f"with '{self.paid_as}' goes '{self.paid_as}_at_lower', and no other")
        return self

    @property
    def start_key(self) -> str:
        """The key that says what the lower threshold pays; '' where not exactly one does."""
        keys = ("points_at_lower", "per_head_at_lower", "pounds_at_lower")
        given = [key for key in keys if getattr(self, key) is not None]
        return given[0] if len(given) == 1 else ""

    @property
    def start(self) -> Quantity:
        """What the lower threshold itself pays, as the file has it."""
        start: Quantity = getattr(self, self.start_key)
        return start

    @property
    def at_lower(self) -> Fraction:
        return self.start.known()

    def earned(self, rate: Fraction, gate: Fraction | None = None) -> Fraction:
        lower, upper, most, start = self.lower.known(), self.upper.known(), self.amount.known(), self.at_lower
        if not self.met(rate):
            return Fraction(0)
        return most if self.is_full(rate) else start + (most - start) * (rate - lower) / (upper - lower)

    def met(self, rate: Fraction, gate: Fraction | None = None) -> bool:
        return rate <= self.lower.known() if self.falls else rate >= self.lower.known()

    def thresholds(self, gate: Fraction | None = None) -> tuple[Threshold, ...]:
        if self.unit == "points":
            start, full = f"{self.start} points", f"all {self.amount} points"
        else:
            start, full = self.in_words(self.start), f"all {self.in_words()}"
        lower, upper = self.lower.known(), self.upper.known()
        if self.falls:
            return (
                Threshold(upper, True, f"up to {self.upper}: {full}"),
                Threshold(lower, True, f"up to {self.lower}: {start}"),
            )
        return (
            Threshold(lower, False, f"from {self.lower}: {start}"),
            Threshold(upper, False, f"from {self.upper}: {full}"),
        )

    @property
    def _not_begun(self) -> str:
        return "above" if self.falls else "below"

    def missing(self) -> str:
        names = (self.paid_as, self.start_key, "lower", "upper")
        return " and ".join(name for name in names if getattr(self, name).required)

    def faults(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        if self.missing():
            return
        yield from super().faults()
        if self.at_lower > self.amount.known():
            what = "more points" if self.unit == "points" else "more"
            yield (self.start_key,), f"{what} at the lower threshold than the {self.amount} in all"

    def words(self) -> str:
        start = f"{self.start} points" if self.unit == "points" else self.in_words(self.start)
        better = " (lower is better)" if self.falls else ""
        return f"{start} at {self.lower}, then on a line to {self.amount} at {self.upper}{better}"
