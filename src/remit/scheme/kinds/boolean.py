"""All or nothing: a register that is kept, or something that is declared, earns all the points."""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar

from remit.scheme.kinds.base import Kind, Unit
from remit.scheme.quantity import Points


class Boolean(Kind):
    """`boolean: {points: 5}`"""

    name: ClassVar[str] = "boolean"
    paid_in: ClassVar[Unit] = "points"
    takes_rate: ClassVar[bool] = False

    points: Points

    def most_earned(self) -> Fraction | None:
        return self.points.value

    def earned(self, rate: Fraction, gate: Fraction | None = None) -> Fraction:
        return self.points.known() if rate else Fraction(0)

    def met(self, rate: Fraction, gate: Fraction | None = None) -> bool:
        return bool(rate)

    def missing(self) -> str:
        return "points" if self.points.required else ""

    def words(self) -> str:
        return f"{self.points} {'point' if self.points.value == 1 else 'points'}, all or nothing"
