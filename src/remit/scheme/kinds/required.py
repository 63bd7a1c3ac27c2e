"""A part of a scheme that the sources do not give: it is named and sized, and must be supplied before it pays."""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar

from remit.scheme.kinds.base import Kind, Unit
from remit.scheme.quantity import Money


class Required(Kind):
    """`required: {most: £1.90, supply: what to write in its place}`"""

    name: ClassVar[str] = "required"
    unit: ClassVar[Unit] = "pounds per weighted head"

    most: Money
    supply: str

    def most_earned(self) -> Fraction | None:
        return self.most.value

    def earned(self, rate: Fraction, gate: Fraction | None = None) -> Fraction:
        raise ValueError("a part that must be supplied earns nothing until it is")

    def missing(self) -> str:
        return self.supply

    def words(self) -> str:
        worth = "worth what no source gives" if self.most.required else f"up to {self.most} per weighted head"
        return f"{worth}; its indicators must be supplied"
