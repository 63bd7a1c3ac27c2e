"""A part of a scheme that the sources do not give: it is named and sized, and must be supplied before it pays."""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar

from pydantic import Field, model_validator

from remit.scheme.kinds.base import Kind, Unit
from remit.scheme.quantity import Money, Points, Quantity


class Required(Kind):
    """`required: {most: £1.90, supply: what to write in its place}`, or `points: 202`"""

    name: ClassVar[str] = "required"
    paid_in: ClassVar[Unit] = "pounds per weighted head"

    most: Money | None = None
    points: Points | None = None
    pounds: Money | None = None
    supply: str = Field(min_length=1)

    @model_validator(mode="after")
    def _either(self) -> Required:
        if sum(worth is not None for worth in (self.most, self.points, self.pounds)) != 1:
            raise ValueError("give one of 'most' (per weighted head), 'points' or 'pounds'")
        return self

    @property
    def unit(self) -> Unit:
        if self.pounds is not None:
            return "pounds"
        return self.paid_in if self.points is None else "points"

    def most_earned(self) -> Fraction | None:
        return self._worth.value

    @property
    def _worth(self) -> Quantity:
        worth = self.most or self.points or self.pounds
        assert worth is not None
        return worth

    def earned(self, rate: Fraction, gate: Fraction | None = None) -> Fraction:
        raise ValueError("a part that must be supplied earns nothing until it is")

    def missing(self) -> str:
        return self.supply

    def words(self) -> str:
        units = {"pounds per weighted head": " per weighted head", "points": " points", "pounds": ""}
        worth = "worth what no source gives" if self._worth.required else f"up to {self._worth}{units[self.unit]}"
        return f"{worth}; its indicators must be supplied"
