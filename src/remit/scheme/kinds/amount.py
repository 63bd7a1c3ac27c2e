"""What an item pays in full, in one of three units: points, pounds for each head, or a set sum in pounds.

"£1.10 per weighted patient at 70% and above" (Strathcarse, item 1), "12 points", "£5,000 a practice": the rule by
which the amount is earned is the same, and only the unit differs.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cached_property

from pydantic import Field, model_validator

from remit.core import say
from remit.scheme.kinds.base import Kind, Unit, WorkingLine
from remit.scheme.quantity import Money, Points, Quantity

_UNITS: dict[str, Unit] = {"points": "points", "per_head": "pounds per weighted head", "pounds": "pounds"}
_LABELS: dict[Unit, str] = {"points": "Points", "pounds per weighted head": "Per head", "pounds": "Earns"}


class PaysAmount(Kind):
    """`points: 12`, `per_head: 90p` or `pounds: £5,000`: exactly one of them."""

    points: Points | None = Field(default=None, description="All that it pays, in points")
    per_head: Money | None = Field(
        default=None, description="All that it pays, in pounds for each head of the list of `heads`"
    )
    pounds: Money | None = Field(default=None, description="All that it pays, as a set sum in pounds")

    @model_validator(mode="after")
    def _one_amount(self) -> PaysAmount:
        if sum(amount is not None for amount in (self.points, self.per_head, self.pounds)) != 1:
            raise ValueError("give exactly one of 'points', 'per_head' and 'pounds'")
        return self

    @cached_property
    def paid_as(self) -> str:
        """The key that its amount has: `points`, `per_head` or `pounds`."""
        return next(key for key in _UNITS if getattr(self, key) is not None)

    @property
    def unit(self) -> Unit:
        return _UNITS[self.paid_as]

    @property
    def amount(self) -> Quantity:
        """All that it pays, in its unit."""
        amount: Quantity = getattr(self, self.paid_as)
        return amount

    def most_earned(self) -> Fraction | None:
        return self.amount.value

    @property
    def label(self) -> str:
        """What a line of the working that says what is earned is called."""
        return _LABELS[self.unit]

    def lines(
        self, rate: Fraction, earned: Fraction, counted: str, gate: Fraction | None = None
    ) -> Iterator[WorkingLine]:
        shown = in_unit(earned, self.unit) if self.unit == "points" else plain(self.amount, self.unit)
        yield WorkingLine(self.label, f"all {shown}" if earned else f"none of {plain(self.amount, self.unit)}")

    def in_words(self, amount: Quantity | None = None) -> str:
        """An amount as its file has it, with its unit: `12 points`, `£1.10 a head`, `£5,000`."""
        amount = amount or self.amount
        if self.unit != "points":
            return plain(amount, self.unit)
        return f"{amount} {'point' if amount.value == 1 else 'points'}"


def in_unit(value: Fraction, unit: Unit) -> str:
    """What is earned, in its unit: `9.6 points`, `£0.6875 a head`, `£2,500.00`."""
    if unit == "points":
        return f"{say.number(value)} points"
    return f"{say.pounds(value)}{' a head' if unit == 'pounds per weighted head' else ''}"


def plain(amount: Quantity, unit: Unit) -> str:
    """An amount as its file has it; what is paid a head says so."""
    return f"{amount} a head" if unit == "pounds per weighted head" else str(amount)
